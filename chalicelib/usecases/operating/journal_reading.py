"""Reads a shop's journal: the whole of it, checked anew, or parts of it to be taken along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from chalicelib.domain.journal import JournalEntry, name_entry
from chalicelib.domain.journal_check import JournalCheck, check_entries
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import PAGE
from chalicelib.usecases.workspace import Workspace

MOST_CHECKED = 4_000
"""How many entries a page checks: one for every day, for longer than they are kept."""

LARGEST_PART = 3_000_000  # bytes, of what one download holds
_LISTED = 60  # entries, on one page


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPart:
    """What one download holds: entries from a number on, of these days."""

    number: int
    first: date
    last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLook:
    """A journal as a page shows it: `listed` entries, newest first, the number before which `older`
    ones are listed, and how many are on a page before these (`newer`: the number before which they
    are listed, 0 for the first page).

    `last` is its newest entry, and `check` what checking it all just now found, `begins` is the
    number and day of the first entry that is kept; the download is in `parts`.
    """

    last: JournalEntry | None
    begins: JournalEntry | None
    listed: Sequence[JournalEntry]
    older: int | None
    newer: int | None
    check: JournalCheck | None
    parts: Sequence[JournalPart]

    def is_proven(self, entry: JournalEntry) -> bool:
        """Whether this entry and all before it fit; what comes after a fault is not proven."""
        if self.check is None or self.check.is_intact:
            return True
        return bool(self.check.lines) and entry.number <= self.check.lines[-1].number


def look_at_journal(workspace: Workspace, before: int | None) -> JournalLook:
    """The page of the journal with the entries before a number, or with the newest ones: one query,
    and the rest by key.
    """
    newest = workspace.connector.shops.journal(workspace.shop_id, 1)
    if not newest:
        return JournalLook(
            last=None, begins=None, listed=(), older=None, newer=None, check=None, parts=()
        )
    last = newest[0]
    entries = list(_read_kept(workspace, last))
    end = len(entries)
    if before is not None:
        end = sum(entry.number < before for entry in entries)
    start = max(end - _LISTED, 0)
    following = entries[min(end + _LISTED, len(entries)) - 1].number + 1
    newer = None if end >= len(entries) else (0 if following > last.number else following)
    return JournalLook(
        last=last,
        begins=entries[0],
        listed=entries[start:end][::-1],
        older=entries[start].number if start else None,
        newer=newer,
        check=check_entries(entries),
        parts=tuple(_divide(entries)),
    )


def read_part(workspace: Workspace, number: int) -> list[JournalEntry]:
    """The entries from a number on, as many as one download holds; from the first that is kept for
    a number before it. Empty when there is none.
    """
    newest = workspace.connector.shops.journal(workspace.shop_id, 1)
    found: list[JournalEntry] = []
    size = 0
    for entry in _read_kept(workspace, newest[0], since=number) if newest else ():
        size += _measure(entry)
        if found and size > LARGEST_PART:
            break
        found.append(entry)
    return found


def _read_kept(
    workspace: Workspace, last: JournalEntry, *, since: int = 1
) -> Iterator[JournalEntry]:
    """The entries from a number on whose time is not over, oldest first. Those whose time is over
    may be gone, one by one.
    """
    oldest = workspace.now() - workspace.connector.settings.keep_audit
    for start in range(max(since, last.number - MOST_CHECKED + 1), last.number + 1, PAGE):
        numbers = range(start, min(start + PAGE, last.number + 1))
        found = workspace.connector.shops.load_all(
            workspace.shop_id, JournalEntry, [name_entry(number) for number in numbers]
        )
        yield from (found[name] for name in sorted(found) if found[name].at > oldest)


def _divide(entries: Iterable[JournalEntry]) -> Iterator[JournalPart]:
    """How the entries are divided over downloads, as `read_part` does it."""
    part, size = list[JournalEntry](), 0
    for entry in entries:
        size += _measure(entry)
        if part and size > LARGEST_PART:
            yield _name_part(part)
            part, size = [], _measure(entry)
        part.append(entry)
    if part:
        yield _name_part(part)


def _name_part(entries: Sequence[JournalEntry]) -> JournalPart:
    days = [entry.day for entry in entries]
    return JournalPart(number=entries[0].number, first=min(days), last=max(days))


def _measure(entry: JournalEntry) -> int:
    """How long the entry's line is, and a little more."""
    return len(entry.text) + len(entry.totals or "") + 100
