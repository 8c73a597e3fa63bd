"""A file that is in the inbox although it was given up: a slow run's upload was taken after all, or
a person saw it in Asperion.

What still waits of its documents is in it, and goes into no other file. What another file took
along, or another document of the same sale, is in Asperion twice: only a person can put that right.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor, Event, FileStep, OrderStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.shop_records import RereadProgress
from chalicelib.domain.shops import Shop
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import StepTaken
from chalicelib.usecases.filing.open_files import note_open_file
from chalicelib.usecases.filing.placement import make_placement
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """A file that is in the inbox although `entries` of its documents went elsewhere, or others of
    their sales: into the files `others`, or not yet.
    """

    file: FileEntry
    entries: tuple[Entry, ...]
    others: tuple[str, ...]


def record_arrival(
    workspace: Workspace, file: FileEntry, by: Actor, found: FileContent | None = None
) -> FileEntry | None:
    """Record that a void file is in the inbox: as placed, when none of its documents went into
    another file, else as double. `found` is its content with Asperion's id of the invoice, of a
    delivery by API whose answer came late. Returns the file afterwards; None when somebody else
    moved it.
    """
    entries, shop_id = workspace.connector.entries, workspace.shop_id
    now = workspace.now()
    claim = Event(at=now, step=OrderStep.CLAIM, by=by, file=file.name)
    known = _Known.read(workspace, file)
    free = [key for key in known.entries if not known.went_elsewhere(key)]
    entries.record_all(shop_id, [StepTaken(key=key, event=claim) for key in free])
    # Before the file is recorded, which nobody does twice; what is claimed waits to be compared.
    _compare_again(workspace, file.history[0].at)
    # Looked at once it is claimed: of two runs at once at least one sees the other's claim.
    known = _Known.read(workspace, file)
    claimed = {key for key in known.entries if known.is_inside(key)}
    inside = {key for key in claimed if not known.list_sale_files(key)}
    cause = ReleaseCause.FILE_GIVEN_UP
    release = Event(at=now, step=OrderStep.RELEASE, by=by, cause=cause, file=file.name)
    entries.record_all(shop_id, [StepTaken(key=key, event=release) for key in claimed - inside])
    step = FileStep.TAKE_BACK if inside == file.keys.keys() else FileStep.SURFACE
    note_open_file(workspace, file.name)
    arrived = workspace.connector.files.record(file, Event(at=now, step=step, by=by), found)
    if arrived is None:
        return None
    _show_to_statements(workspace, arrived)
    entries.record_all(shop_id, [make_placement(arrived, key, by) for key in inside])
    if arrived.state is FileState.DOUBLE:
        log.error("a file is in Asperion twice", extra={"shop_id": shop_id, "file": file.name})
    return arrived


def _show_to_statements(workspace: Workspace, file: FileEntry) -> None:
    """The next statement knows the files of earlier days by the last statement's names alone, and
    one that was given up is none of these.
    """
    shops, shop_id = workspace.connector.shops, workspace.shop_id

    def name_file(kept: DayStatement | None) -> DayStatement | None:
        if kept is None or file.name in kept.unfinished:
            return None
        return replace(kept, unfinished=(*kept.unfinished, file.name))

    for last in shops.statements(shop_id, 1):
        shops.change(shop_id, DayStatement, name_file, statement_name(last.day))


def _compare_again(workspace: Workspace, since: datetime) -> None:
    """The next sweep, and the next rereading of details, compare what changed while the documents
    seemed to be in no file.
    """
    shops, shop_id = workspace.connector.shops, workspace.shop_id

    def sweep_again(stored: Shop) -> Shop:
        if stored.swept_until is None or stored.swept_until <= since:
            return stored
        return replace(stored, swept_until=since)

    def reread(stored: RereadProgress | None) -> RereadProgress:
        kept = stored or RereadProgress(until=workspace.shop.installed_at)
        return replace(kept, until=min(kept.until, since))

    shops.update(shop_id, sweep_again)
    shops.change(shop_id, RereadProgress, reread)


def read_double(workspace: Workspace, file: FileEntry) -> Double:
    """Which documents of a file are in Asperion twice, and by which other files."""
    known = _Known.read(workspace, file)
    twice = [key for key in file.keys if key in known.entries and not known.is_of_file(key)]
    others = {name for key in twice for name in known.list_files(key)}
    entries = tuple(known.entries[key] for key in twice)
    return Double(file=file, entries=entries, others=tuple(sorted(others)))


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ledger knows of a file's documents, and of the orders that stand for the same sales;
    both by key.
    """

    file: FileEntry
    entries: Mapping[str, Entry]
    orders: Mapping[str, Entry]

    @classmethod
    def read(cls, workspace: Workspace, file: FileEntry) -> _Known:
        entries, orders = workspace.connector.entries, {*file.sales.values()}
        found = entries.get_all(workspace.shop_id, {*file.keys, *orders})
        return cls(
            file,
            entries={key: each for key, each in found.items() if key in file.keys},
            orders={key: each for key, each in found.items() if key in orders},
        )

    def is_of_file(self, key: str) -> bool:
        """Whether a document is in the file, as far as its own record says."""
        return self.entries[key].file == self.file.name

    def is_inside(self, key: str) -> bool:
        """Likewise, and claimed by it or placed in it."""
        is_taken = self.entries[key].state in (EntryState.CLAIMED, EntryState.PLACED)
        return is_taken and self.is_of_file(key)

    def went_elsewhere(self, key: str) -> bool:
        """Whether a document does not simply wait since the file was given up. One that was left
        out meanwhile may have been booked as another, though it waits by now.
        """
        entry = self.entries[key]
        was_left_out = any(event.step is OrderStep.DROP for event in self._list_events(entry))
        is_away = entry.state is not EntryState.WAITING or entry.by_hand or was_left_out
        return is_away or bool(self.list_files(key))

    def list_files(self, key: str) -> set[str]:
        """The other files that a document, or its sale, went into since this one was made."""
        return self._list_others(self.entries[key]) | self.list_sale_files(key)

    def list_sale_files(self, key: str) -> set[str]:
        """Likewise those of the order that stands for the sale of an invoice."""
        order = self.orders.get(self.file.sales.get(key, ""))
        return set() if order is None else self._list_others(order)

    def _list_others(self, entry: Entry) -> set[str]:
        """The other files that a document was placed in since this one was made, and the one that
        it is claimed by.
        """
        placed = (e.file for e in self._list_events(entry) if e.step is OrderStep.PLACE)
        return {name for name in (*placed, entry.file) if name and name != self.file.name}

    def _list_events(self, entry: Entry) -> Iterator[Event]:
        made = self.file.history[0].at
        return (event for event in entry.history if event.at >= made)
