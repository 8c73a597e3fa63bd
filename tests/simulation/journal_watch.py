"""The journal, checked after every write: one chain, of which nothing is ever written again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.days import local_day, start_of
from chalicelib.domain.journal import EntryKind, JournalEntry
from chalicelib.domain.journal_forms import form_statement
from chalicelib.domain.statement import DayStatement, Verdict
from tests.simulation.booked import SHOP_ID
from tests.simulation.machine import Process
from tools.verify_journal import check_lines

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

CLOSED_AFTER = timedelta(hours=1)  # docs/journal.md
CLOCKS_DIFFER = timedelta(seconds=1)


class JournalWatch:
    """What was ever closed, and what was ever written into the journal."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._closed: dict[date, DayStatement] = {}
        self._hashes: dict[int, str] = {}

    def see(self, process: Process, record: DayStatement | JournalEntry) -> None:
        """After a write of a statement or an entry, or when one was left as it is."""
        if isinstance(record, JournalEntry):
            self._see_entry(process)
        elif record.is_closed:
            self._see_closed(process, record)
        elif record.day in self._closed:
            self._world.blame(f"{process.name} opens {record.day} again, which was closed")

    def _see_closed(self, process: Process, statement: DayStatement) -> None:
        if statement.day not in self._closed:
            self._check_moment(process, statement)
        check = None if statement.check is None else replace(statement.check, money=None)
        stands = replace(statement, cover=None, check=check, unfinished=(), mark=None)
        if self._closed.setdefault(statement.day, stands) != stands:
            self._world.blame(f"{process.name} changes {statement.day}, which was closed")
        mark = statement.mark
        if mark is not None and self._hashes.get(mark.number) != mark.hash:
            self._world.blame(f"{process.name} marks {statement.day} as {mark.number}: it is not")

    def _check_moment(self, process: Process, statement: DayStatement) -> None:
        over_since = start_of(statement.day + timedelta(days=1))
        if self._world.machine.now() < over_since + CLOSED_AFTER - CLOCKS_DIFFER:
            self._world.blame(f"{process.name} closes {statement.day} too early")
        if statement.verdict is Verdict.RUNNING:
            self._world.blame(f"{process.name} closes {statement.day}, which may still change")

    def _see_entry(self, process: Process) -> None:
        world = self._world
        entries = list_journal(world)
        report = check_lines(entry.write_line() for entry in entries)
        if report.fault:
            world.blame(f"{process.name} breaks the journal: {report.fault} at {report.day}")
        known = {entry.number: entry.hash for entry in entries}
        if not known.items() >= self._hashes.items():
            world.blame(f"{process.name} writes an entry of the journal again")
        for entry in entries:
            if entry.number not in self._hashes:
                self._see_new(process, entry)
        self._hashes = known

    def _see_new(self, process: Process, entry: JournalEntry) -> None:
        closed = self._closed.get(entry.day)
        if closed is None:
            self._world.blame(f"{process.name} adds {entry.day}, which is not closed")
        elif entry.kind is EntryKind.CORRECTION:
            self._world.counts["journal corrected"] += 1
        elif entry.read()["statement"] != form_statement(closed):
            self._world.blame(f"{process.name} adds {entry.day} otherwise than it was closed")


def list_journal(world: World) -> list[JournalEntry]:
    """The whole journal, oldest first."""
    return world.shops.journal(SHOP_ID, 100_000)[::-1]


def check_journal_at_end(world: World) -> None:
    """When all is quiet: every day but the last is closed, in the journal once, and says where."""
    entries = [one for one in list_journal(world) if one.kind is EntryKind.STATEMENT]
    by_day = {entry.day: entry for entry in entries}
    if len(by_day) != len(entries):
        world.blame("a day is in the journal twice")
    today = local_day(world.machine.now())
    for statement in world.shops.statements(SHOP_ID, 1000):
        entry = by_day.get(statement.day)
        if statement.day >= today:
            continue
        if entry is None:
            world.blame(f"{statement.day} is over and not in the journal")
        elif statement.mark is None or statement.mark.hash != entry.hash:
            world.blame(f"{statement.day} does not say that it is in the journal")
