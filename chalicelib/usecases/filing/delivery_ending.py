"""The end of a delivery by API, by the run that sent it or by one that finds it broken off.

What was decided stands. The one document of which nobody knows whether it is in Asperion goes into
a delivery of its own, which is asked about as a file is; the rest waits. Then the delivery is fixed
to what of it is in Asperion. Every step may be done again without harm, by several runs at a time.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.content_parts import reduce_content
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Contradiction, Event, FileStep, OrderStep
from chalicelib.domain.ledger import Entry, FileEntry, FileState
from chalicelib.domain.sending_progress import SendingProgress, SentDocument, name_progress
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import StepTaken
from chalicelib.usecases.filing import placing
from chalicelib.usecases.filing.noting_months import note_months
from chalicelib.usecases.filing.open_files import note_open_file
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.filing.sending_record import forget_progress

_DECIDED = (OrderStep.PLACE, OrderStep.HOLD, OrderStep.RELEASE)
"""The steps by which a delivery by API lets a document go that it was fixed to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Why a document is in doubt: its answer was lost, or (`is_different`) Asperion shows something
    else than was sent, under `invoice_id`.
    """

    is_different: bool = False
    invoice_id: int | None = None


def end_delivery(run: Run, file: FileEntry, doubt: Doubt | None = None) -> None:
    """End a delivery that is on its way. `doubt` is what the run itself knows of the document that
    it sent last.
    """
    progress = _stop_sending(run, file, doubt)
    if progress is None:
        _end_unrecorded(run, file)
        return
    last = progress.last
    decided = None if last is None else _find_decision(run.entry(last.key), file)
    if last is not None and decided is None:
        own = _open_own(run, file, progress, last)
        if own is None:
            return  # another run is at it, or will be
        decided = _hand_over(run, file, own, last.key, is_different=progress.is_different)
    if decided is OrderStep.PLACE:
        progress = progress.take_last()
    _release_rest(run, file, progress)
    _finish(run, file, progress)


def _stop_sending(run: Run, file: FileEntry, doubt: Doubt | None) -> SendingProgress | None:
    """Close the record of the delivery's progress: nothing is sent of it any more. Gives it as it
    stays; None when there is none.
    """

    def mark_closed(kept: SendingProgress | None) -> SendingProgress | None:
        if kept is None or kept.is_closed:
            return None
        closed = replace(kept, is_closed=True)
        if doubt is None or kept.last is None:
            return closed
        sought = replace(kept.last.sought, invoice_id=doubt.invoice_id)
        last = replace(kept.last, sought=sought)
        return replace(closed, last=last, is_different=doubt.is_different)

    return run.connector.shops.change(
        run.shop_id, SendingProgress, mark_closed, name_progress(file.name)
    )


def _find_decision(entry: Entry | None, file: FileEntry) -> OrderStep | None:
    """What became of a document in a delivery; None when nobody knows."""
    events = () if entry is None else entry.history
    steps = (OrderStep(e.step) for e in reversed(events) if e.file == file.name)
    last = next(steps, None)
    return last if last in _DECIDED else None


def _open_own(
    run: Run, file: FileEntry, progress: SendingProgress, last: SentDocument
) -> FileEntry | None:
    """The delivery that the document in doubt gets of its own, fixed to it before it is moved:
    whoever finds it knows what to ask for. None when another run is opening one.
    """
    own = _create_own(run, file, progress)
    if own is None or own.state is not FileState.CLAIMED:
        return own
    note_months(run, own.name, [file.days[last.key]])
    content = reduce_content(file, [last.key], last.alone, sought=last.sought)
    event = Event(at=run.now(), step=FileStep.FIX, by=run.by)
    return run.connector.files.record(own, event, content)


def _create_own(run: Run, file: FileEntry, progress: SendingProgress) -> FileEntry | None:
    """The one that was created before, unless it was given up empty, or a new one."""
    files, shop_id = run.connector.files, run.shop_id
    known = files.get(shop_id, progress.doubt) if progress.doubt else None
    if known is not None and (known.state is not FileState.VOID or known.keys):
        return known
    now = run.now()
    own = files.create(shop_id, local_day(now), at=now, by=run.by, way=Way.API)
    note_open_file(run, own.name)

    def name_own(kept: SendingProgress | None) -> SendingProgress | None:
        if kept is None or kept.doubt != progress.doubt:
            return None
        return replace(kept, doubt=own.name)

    kept = run.connector.shops.change(shop_id, SendingProgress, name_own, name_progress(file.name))
    if kept is not None and kept.doubt == own.name:
        return own
    placing.discard_file(run, own, ReleaseCause.BROKEN_OFF)
    return None


def _hand_over(
    run: Run, file: FileEntry, own: FileEntry, key: str, *, is_different: bool
) -> OrderStep | None:
    """Move the document in doubt into its own delivery. If the run that sent it has learned what
    became of it in this very moment, there is nothing to be asked; then that is given.
    """
    event = Event(at=run.now(), step=OrderStep.MOVE, by=run.by, file=own.name)
    taken = StepTaken(key=key, event=event, former_file=file.name)
    moved = run.connector.entries.record(run.shop_id, taken)
    decided = _find_decision(moved or run.entry(key), file)
    if decided is not None:
        placing.void_file(run, own, FileStep.MISS)
        return decided
    if own.state is FileState.PLACING and is_different:
        placing.move_file(run, own, FileStep.CONTRADICT, cause=Contradiction.DIFFERENT)
    elif own.state is FileState.PLACING:
        placing.move_file(run, own, FileStep.LOSE)
    _tell_outcome(run, own)
    return None


def _tell_outcome(run: Run, file: FileEntry) -> None:
    """Let the documents of a delivery that is decided know it, whoever decided it. Its own one may
    have been moved into it only after that.
    """
    known = run.connector.files.get(run.shop_id, file.name)
    if known is not None and known.state is FileState.PLACED:
        placing.finish_placed(run, known, run.by)
    elif known is not None and known.state is FileState.VOID:
        placing.finish_void(run, known, run.by)


def _release_rest(run: Run, file: FileEntry, progress: SendingProgress) -> None:
    """Give back what the delivery still holds."""
    cause = run.stopped_by or ReleaseCause.BROKEN_OFF
    event = Event(at=run.now(), step=OrderStep.RELEASE, by=run.by, cause=cause, file=file.name)
    rest = [key for key in file.keys if key not in progress.placed]
    taken = [StepTaken(key=key, event=event) for key in rest]
    run.connector.entries.record_all(run.shop_id, taken)


def _finish(run: Run, file: FileEntry, progress: SendingProgress) -> None:
    """Fix the delivery to what of it is in Asperion, as of when that was placed; one of which
    nothing is there is void.
    """
    if progress.placed and progress.before is not None:
        content = reduce_content(file, progress.placed, progress.before)
        placing.move_file(run, file, FileStep.DELIVER, at=progress.at, content=content)
    else:
        cause = run.stopped_by or ReleaseCause.NOTHING_LEFT
        placing.move_file(run, file, FileStep.REFUSE, cause=cause)
    forget_progress(run, file)  # before it is finished, and nobody looks at it any more
    _tell_outcome(run, file)


def _end_unrecorded(run: Run, file: FileEntry) -> None:
    """A delivery whose progress is not known any more. If another run has ended it meanwhile, all
    is done; else only a person can say what is in Asperion.
    """
    found = run.connector.files.get(run.shop_id, file.name)
    if found is not None and found.state is FileState.PLACING:
        placing.move_file(run, found, FileStep.CONTRADICT, cause=Contradiction.CANNOT_TELL)
