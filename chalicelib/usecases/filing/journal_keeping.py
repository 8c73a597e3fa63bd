"""Keeps a shop's journal: every closed statement of a day goes into it once, in the order of the
days; one of which something changed all the same is followed by a correction.

An entry is written under its number if there is none of that number, and never written again but to
erase its totals: of two runs at once one is refused, looks again, and goes on after the other. What
a run that broke off left out, the next one adds.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from chalicelib.domain.journal import EntryKind, JournalEntry, differs, make_entry
from chalicelib.domain.statement import DayStatement, JournalMark, statement_name
from chalicelib.errors import LedgerConflict
from chalicelib.usecases.workspace import Workspace

_RECENT = 30
"""How many entries are looked at for what a day's statement and its corrections say."""

_AT_ONCE = 16
"""How many statements are read first; more, when those of a shop that was long without a whole run
are all to be added.
"""

_SALT = 16  # bytes
_TRIES = 50  # more entries than others add in a moment


def keep_journal(workspace: Workspace, stated: Iterable[DayStatement]) -> None:
    """Add the closed statements that are not in the journal yet, and a correction for every closed
    day among `stated`, which is as it would be stated now, that the journal says something else of.
    Raises `LedgerConflict` when others add to it all the time.
    """
    for _ in range(_TRIES):
        recent = workspace.connector.shops.journal(workspace.shop_id, limit=_RECENT)
        closed = _list_closed(workspace, recent[0].last_day if recent else None)
        due = _find_due(closed, stated, recent)
        if due is None:
            _mark_statements(workspace, closed, recent)
            return
        statement, corrects = due
        _append(workspace, recent[0] if recent else None, statement, corrects)
    raise LedgerConflict(f"the journal of shop {workspace.shop_id} never stands still; try again")


def _list_closed(workspace: Workspace, last_day: date | None) -> list[DayStatement]:
    """The closed statements of the last days, oldest first: at least all after `last_day`."""
    limit = _AT_ONCE
    while True:
        found = workspace.connector.shops.statements(workspace.shop_id, limit)
        closed = [one for one in reversed(found) if one.is_closed]
        is_whole = len(found) < limit or not closed or closed[0] is not found[-1]
        if is_whole or (last_day is not None and found[-1].day <= last_day):
            return closed
        limit *= 8


def _find_due(
    closed: Sequence[DayStatement], stated: Iterable[DayStatement], recent: Sequence[JournalEntry]
) -> tuple[DayStatement, int | None] | None:
    """The statement that is to be added next, and the number of the entry that it corrects."""
    last_day = recent[0].last_day if recent else None
    for statement in closed:
        if last_day is None or statement.day > last_day:
            return statement, None
    latest: dict[date, JournalEntry] = {}
    for entry in recent:
        latest.setdefault(entry.day, entry)
    for statement in stated:
        known = latest.get(statement.day)
        if statement.is_closed and known is not None and differs(known, statement):
            return statement, known.number
    return None


def _append(
    workspace: Workspace,
    last: JournalEntry | None,
    statement: DayStatement,
    corrects: int | None,
) -> None:
    """Add an entry after `last`, unless another run was there first."""
    entry = make_entry(
        workspace.shop_id, last, statement, salt=secrets.token_hex(_SALT), corrects=corrects
    )

    def add(kept: JournalEntry | None) -> JournalEntry | None:
        return entry if kept is None else None

    workspace.connector.shops.change(workspace.shop_id, JournalEntry, add, entry.name)


def _mark_statements(
    workspace: Workspace, closed: Iterable[DayStatement], recent: Sequence[JournalEntry]
) -> None:
    """Say of each statement where it stands in the journal."""
    marks = _make_marks(recent)
    for statement in closed:
        mark = marks.get(statement.day)
        if mark is not None and mark != statement.mark:
            _note_place(workspace, statement.day, mark)


def _make_marks(recent: Sequence[JournalEntry]) -> Mapping[date, JournalMark]:
    marks: dict[date, JournalMark] = {}
    for entry in reversed(recent):
        if entry.kind is EntryKind.STATEMENT:
            marks[entry.day] = JournalMark(number=entry.number, hash=entry.hash)
        elif entry.day in marks:
            mark = marks[entry.day]
            marks[entry.day] = replace(mark, corrections=(*mark.corrections, entry.number))
    return marks


def _note_place(workspace: Workspace, day: date, mark: JournalMark) -> None:
    def set_mark(kept: DayStatement | None) -> DayStatement | None:
        return None if kept is None else replace(kept, mark=mark)

    workspace.connector.shops.change(workspace.shop_id, DayStatement, set_mark, statement_name(day))
