"""Says up to where a journal is intact, as it is stored or as it was downloaded.

`tools/verify_journal.py` does the same, by the same page (`docs/journal.md`) and with other code.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from chalicelib.domain.journal import JournalEntry
from chalicelib.domain.journal_lines import FaultyLine, JournalFault, JournalLine, read_line
from chalicelib.lazy_dataclass import dataclass

_BLANKS = "\ufeff \t\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalCheck:
    """The lines that fit, in their order, and what is wrong with the next: it is the `at`-th of
    those that were given (the first is 1), of the day `day` where it has one.
    """

    lines: tuple[JournalLine, ...] = ()
    fault: JournalFault | None = None
    at: int = 0
    day: date | None = None

    @property
    def is_intact(self) -> bool:
        """Whether every line fits."""
        return self.fault is None

    @property
    def erased(self) -> int:
        """Of how many lines the totals were erased."""
        return sum(line.is_erased for line in self.lines)

    def find(self, noted: str) -> JournalLine | None:
        """The line of that hash."""
        return next((line for line in self.lines if line.hash == noted), None)


def check_entries(entries: Iterable[JournalEntry]) -> JournalCheck:
    """Check entries as they are stored, in the order of their numbers."""
    return check_lines(entry.write_line() for entry in entries)


def check_lines(texts: Iterable[str]) -> JournalCheck:
    """Check the lines of a download; blank ones are passed over. A text without any line of a
    journal is unreadable.
    """
    lines: list[JournalLine] = []
    last_day: date | None = None
    for at, text in enumerate(texts, 1):
        if not text.strip(_BLANKS):
            continue
        try:
            line = read_line(text.strip(_BLANKS))
            _check_place(line, lines[-1] if lines else None, last_day)
        except FaultyLine as found:
            return JournalCheck(lines=tuple(lines), fault=found.fault, at=at, day=found.day)
        lines.append(line)
        last_day = line.day if line.corrects is None else last_day
    if not lines:
        return JournalCheck(fault=JournalFault.UNREADABLE, at=1)
    return JournalCheck(lines=tuple(lines))


def _check_place(line: JournalLine, before: JournalLine | None, last_day: date | None) -> None:
    """Raises `FaultyLine` for a line that cannot follow the one before; `last_day` is that of the
    last statement among the lines so far.
    """
    if before is not None and line.shop != before.shop:
        raise FaultyLine(JournalFault.SHOP, line.day)
    if before is not None and line.number != before.number + 1:
        raise FaultyLine(JournalFault.NUMBER, line.day)
    if not _is_linked(line, before):
        raise FaultyLine(JournalFault.LINK, line.day)
    if not _is_in_order(line, last_day):
        raise FaultyLine(JournalFault.ORDER, line.day)


def _is_linked(line: JournalLine, before: JournalLine | None) -> bool:
    """Whether a line follows the one before it. The first that was read follows one that is not
    there, unless it is the first of all.
    """
    if before is not None:
        return (line.previous, line.follows) == (before.hash, before.day)
    is_first = line.number == 1
    return (line.previous is None) == is_first and (line.follows is None) == is_first


def _is_in_order(line: JournalLine, last_day: date | None) -> bool:
    if line.corrects is None:
        return last_day is None or line.day > last_day
    return line.corrects < line.number and (last_day is None or line.day <= last_day)
