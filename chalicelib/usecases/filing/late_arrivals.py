"""A file that is in the inbox although it was given up: a slow run's upload was taken after all, or
a person saw it in Asperion.

What still waits of its documents is in it, and goes into no other file. What another file took
along is in Asperion twice: only a person can put that right.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.events import Actor, Event, FileStep, OrderStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.shop_records import RereadProgress
from chalicelib.domain.shops import Shop
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.ports import StepTaken
from chalicelib.usecases.filing.open_files import note_open_file
from chalicelib.usecases.filing.placement import make_placement
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Double:
    """A file that is in the inbox although `entries` of its documents went elsewhere: into the
    files `others`, or not yet.
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
    known = entries.get_all(shop_id, file.keys)
    free = [key for key, entry in known.items() if not _went_elsewhere(entry, file)]
    entries.record_all(shop_id, [StepTaken(key=key, event=claim) for key in free])
    # Before the file is recorded, which nobody does twice; what is claimed waits to be compared.
    _compare_again(workspace, file.history[0].at)
    known = entries.get_all(shop_id, file.keys)
    inside = {key for key, entry in known.items() if _is_inside(entry, file)}
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
    known = workspace.connector.entries.get_all(workspace.shop_id, file.keys)
    twice = tuple(known[key] for key in file.keys if key in known and known[key].file != file.name)
    others = sorted({name for entry in twice for name in _files_after(entry, file)})
    return Double(file=file, entries=twice, others=tuple(others))


def _is_inside(entry: Entry, file: FileEntry) -> bool:
    return entry.file == file.name and entry.state in (EntryState.CLAIMED, EntryState.PLACED)


def _went_elsewhere(entry: Entry, file: FileEntry) -> bool:
    return bool(_files_after(entry, file)) or entry.state is not EntryState.WAITING


def _files_after(entry: Entry, file: FileEntry) -> set[str]:
    """The other files that a document was placed in since this one was made, and the one that it is
    claimed by.
    """
    made = file.history[0].at
    events = (e for e in entry.history if e.step is OrderStep.PLACE and e.at >= made)
    names = {event.file for event in events} | {entry.file}
    return {name for name in names if name and name != file.name}
