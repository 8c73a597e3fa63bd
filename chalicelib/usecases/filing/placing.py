"""Put a file into the inbox and record what came of it, for the file and for its documents.

Name, order set and hash are fixed by then. Every step here may be done again without harm.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import dropwhile

from chalicelib.domain import bounds
from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.content_parts import describe_part, reduce_content
from chalicelib.domain.events import Actor, Cause, Contradiction, Event, FileStep, OrderStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.life import UNSURE
from chalicelib.errors import InboxBusy, InboxContradicts, InboxNotSent, InboxRefused, InboxUnknown
from chalicelib.ports import Receipt, StepTaken
from chalicelib.usecases.filing import late_arrivals
from chalicelib.usecases.filing.last_look import find_obstacle
from chalicelib.usecases.filing.placement import make_placement
from chalicelib.usecases.filing.run import FileResult, Run
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

BEGINS_WITHIN = timedelta(seconds=30)
"""How long after a file was fixed its sending may begin. Later another run may have asked the
inbox, learned that it is not there, and put its orders into another file."""


_STEPS = {Receipt.SHOWN: FileStep.DELIVER, Receipt.TRUSTED: FileStep.TRUST}


def send_file(run: Run, file: FileEntry, content: bytes) -> None:
    """Put a file that is `placing` into the inbox, and record what came of it. A run that was held
    up since it fixed the file leaves it to `recovery`; one that the last look finds an obstacle
    to gives it back.
    """
    if (obstacle := find_obstacle(run, file)) is not None:
        void_file(run, file, FileStep.REFUSE, cause=obstacle)
        return
    if run.now() - file.since > BEGINS_WITHIN:  # by now: the look itself may have taken long
        log.error("held up, nothing was sent", extra={"shop_id": run.shop_id, "file": file.name})
        resume_at = run.now() + run.connector.settings.proof_delay
        run.stop(ReleaseCause.HELD_UP, resume_at=resume_at)
        return
    try:
        receipt = run.inbox.place(file.name, content)
    except InboxUnknown as error:
        log.error("the inbox leaves it open", extra={"shop_id": run.shop_id, "file": file.name})
        if isinstance(error, InboxContradicts):
            step, cause = FileStep.CONTRADICT, Contradiction.NOT_SHOWN
        else:
            step, cause = FileStep.LOSE, None
        move_file(run, file, step, cause=cause, note=str(error))
        # Asked as soon as its answer proves anything: not tomorrow night.
        resume_at = run.now() + run.connector.settings.proof_delay
        run.stop(ReleaseCause.INBOX_UNKNOWN, resume_at=resume_at)
    except (InboxRefused, InboxNotSent) as error:
        log.error("the inbox took no file", extra={"shop_id": run.shop_id, "file": file.name})
        passes = isinstance(error, InboxBusy | InboxNotSent)
        run.stop(ReleaseCause.INBOX_UNAVAILABLE if passes else ReleaseCause.INBOX_REFUSED)
        void_file(run, file, FileStep.REFUSE, note=str(error))
    else:
        place_file(run, file, _STEPS[receipt])


def place_file(run: Run, file: FileEntry, step: FileStep, *, invoice_id: int | None = None) -> None:
    """The file is in the inbox: record it of the file first, then of every document in it. That is
    so whatever another run, or the operator, decided about the file meanwhile. `invoice_id` is
    Asperion's own of the invoice that a delivery by API in doubt turns out to be.
    """
    moved = move_file(run, file, step, content=_add_id(file, invoice_id))
    if moved is None:
        moved = _place_moved(run, file, invoice_id)
    if moved is not None and moved.state is FileState.PLACED:
        finish_placed(run, moved)


def _add_id(file: FileEntry, invoice_id: int | None) -> FileContent | None:
    if invoice_id is None or file.sought is None:
        return None
    sought = replace(file.sought, invoice_id=invoice_id)
    return reduce_content(file, [*file.keys], describe_part(file), sought=sought)


def _place_moved(run: Run, stale: FileEntry, invoice_id: int | None = None) -> FileEntry | None:
    """A file that is in the inbox, and that somebody else moved since it was read."""
    file = run.connector.files.get(run.shop_id, stale.name)
    if file is None:
        return None
    if file.state in UNSURE:
        return move_file(run, file, FileStep.FIND, content=_add_id(file, invoice_id))
    if file.state is not FileState.VOID:
        return None  # placed by now
    arrived = late_arrivals.record_arrival(run, file, run.by, _add_id(file, invoice_id))
    if arrived is not None:
        run.files.append(FileResult(file.name, len(file.keys), arrived.state))
    return arrived


def place_moved_document(run: Run, file: FileEntry, key: str, invoice_id: int) -> None:
    """A document was taken by Asperion after another run had moved it, in doubt, from `file` into a
    delivery of its own: that one is there.
    """
    entry = run.entry(key)
    name = "" if entry is None else _find_own(entry, file)
    own = run.connector.files.get(run.shop_id, name) if name else None
    if own is None or own.sought is None:
        return
    moved = _place_moved(run, own, invoice_id)
    if moved is not None and moved.state is FileState.PLACED:
        finish_placed(run, moved)


def _find_own(entry: Entry, file: FileEntry) -> str:
    """The delivery that a document was moved to from this one."""
    steps = dropwhile(lambda event: event.file != file.name, entry.history)
    return next((e.file for e in steps if e.step is OrderStep.MOVE and e.file), "")


def void_file(
    run: Run,
    file: FileEntry,
    step: FileStep,
    *,
    cause: ReleaseCause = ReleaseCause.FILE_NOT_SENT,
    note: str = "",
) -> None:
    """The file is proven not to be in the inbox: its documents wait for another one."""
    kept = cause if step is FileStep.REFUSE else None
    moved = move_file(run, file, step, cause=kept, note=note)
    if moved is not None:
        finish_void(run, moved, cause=cause)


def finish_placed(workspace: Workspace, file: FileEntry, by: Actor = Actor.EXPORT) -> None:
    """Record of every document of a placed file that it is placed, since the file is; doing it
    again changes nothing.
    """
    entries, shop_id = workspace.connector.entries, workspace.shop_id
    keys = list(file.keys)
    if not file.shares_fate:  # each of its documents was recorded, but by a person's word
        known = entries.get_all(shop_id, keys).values()
        keys = [each.key for each in known if each.state is EntryState.CLAIMED]
    entries.record_all(shop_id, [make_placement(file, key, by) for key in keys])
    _finish(workspace, file, by)


def finish_void(
    workspace: Workspace,
    file: FileEntry,
    by: Actor = Actor.EXPORT,
    cause: ReleaseCause = ReleaseCause.FILE_NOT_SENT,
) -> None:
    """Give every document of a void file back; doing it again changes nothing."""
    released = Event(at=workspace.now(), step=OrderStep.RELEASE, by=by, cause=cause, file=file.name)
    taken = [StepTaken(key=key, event=released) for key in file.keys]
    workspace.connector.entries.record_all(workspace.shop_id, taken)
    _finish(workspace, file, by)


def _finish(workspace: Workspace, file: FileEntry, by: Actor) -> None:
    event = Event(at=workspace.now(), step=FileStep.FINISH, by=by)
    workspace.connector.files.record(file, event)


def discard_file(workspace: Workspace, file: FileEntry, cause: ReleaseCause) -> None:
    """Do away with a `claimed` file from which nothing was sent: nobody can fix it any more."""
    event = Event(at=workspace.now(), step=FileStep.DISCARD, by=Actor.EXPORT, cause=cause)
    workspace.connector.files.record(file, event)


def move_file(
    run: Run,
    file: FileEntry,
    step: FileStep,
    *,
    cause: Cause | None = None,
    note: str = "",
    at: datetime | None = None,
    content: FileContent | None = None,
) -> FileEntry | None:
    """Record a file's step, taken now unless `at` says otherwise, and its outcome with the run;
    None when somebody else moved it.
    """
    shown = bounds.cut(note, bounds.LONGEST_NOTE)
    event = Event(at=at or run.now(), step=step, by=run.by, cause=cause, note=shown)
    moved = run.connector.files.record(file, event, content)
    if moved is not None:
        run.files.append(FileResult(file.name, len(moved.keys), moved.state))
    return moved


def reclaim_documents(run: Run, refused: Collection[str]) -> set[str]:
    """Record the outcome of documents that could not be claimed because their file, which is done
    with, forgot them. Returns the keys of those that wait because of it.
    """
    entries = run.connector.entries.get_all(run.shop_id, refused).values()
    claimed = [entry for entry in entries if entry.state is EntryState.CLAIMED]
    return {entry.key for entry in claimed if _reclaim(run, entry)}


def _reclaim(run: Run, entry: Entry) -> bool:
    """A document still claimed although its file is done with: record the outcome. Whether it waits
    because of it.
    """
    name = entry.file or ""
    file = run.connector.files.get(run.shop_id, name)
    if file is not None and not file.is_finished:
        return False
    if file is not None and file.state is FileState.PLACED and entry.key in file.keys:
        run.connector.entries.record(run.shop_id, make_placement(file, entry.key))
        return False
    cause, step = ReleaseCause.NOT_IN_ITS_FILE, OrderStep.RELEASE
    return run.record(entry.key, step, by=Actor.EXPORT, cause=cause, file=name) is not None
