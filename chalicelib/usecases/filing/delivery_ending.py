"""The end of a delivery by API, by the run that sent it or by one that finds it broken off.

What was decided stands. The one document of which nobody knows whether it is in Asperion goes into
a delivery of its own, which is asked about as a file is; the rest waits. Then the delivery is fixed
to what of it is in Asperion. Every step may be done again without harm, by several runs at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.content_parts import reduce_content
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Contradiction, Event, FileStep, OrderStep
from chalicelib.domain.ledger import Entry, FileEntry, FileState
from chalicelib.domain.sending_progress import SendingProgress, SentDocument, name_progress
from chalicelib.domain.ways import Way
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
    progress = _close(run, file, doubt)
    if progress is None:
        _end_unrecorded(run, file)
        return
    last = progress.last
    decided = None if last is None else _find_decision(run.entry(last.key), file)
    if decided is OrderStep.PLACE:
        progress = progress.take_last()
    elif last is not None and decided is None and not _split_off(run, file, progress, last):
        return  # another run is at it, or will be
    _release_rest(run, file, progress)
    _finish(run, file, progress)


def _close(run: Run, file: FileEntry, doubt: Doubt | None) -> SendingProgress | None:
    """Close the record of the delivery's progress: nothing is sent of it any more. Gives it as it
    stays; None when there is none.
    """

    def close(kept: SendingProgress | None) -> SendingProgress | None:
        if kept is None or kept.is_closed:
            return None
        closed = replace(kept, is_closed=True)
        if doubt is None or kept.last is None:
            return closed
        sought = replace(kept.last.sought, invoice_id=doubt.invoice_id)
        last = replace(kept.last, sought=sought)
        return replace(closed, last=last, is_different=doubt.is_different)

    return run.connector.shops.change(run.shop_id, SendingProgress, close, name_progress(file.name))


def _find_decision(entry: Entry | None, file: FileEntry) -> OrderStep | None:
    """What became of a document in a delivery; None when nobody knows."""
    events = () if entry is None else entry.history
    steps = (OrderStep(e.step) for e in reversed(events) if e.file == file.name)
    last = next(steps, None)
    return last if last in _DECIDED else None


def _split_off(run: Run, file: FileEntry, progress: SendingProgress, last: SentDocument) -> bool:
    """Move the document in doubt into a delivery of its own; whether that is done. That one is
    fixed to it first: whoever finds it knows what to ask for.
    """
    own = _open_own(run, file, progress)
    if own is None:
        return False
    if own.state is FileState.CLAIMED:
        note_months(run, own.name, [file.days[last.key]])
        content = reduce_content(file, [last.key], last.alone, sought=last.sought)
        fixed = run.connector.files.record(
            own, Event(at=run.now(), step=FileStep.FIX, by=run.by), content
        )
        if fixed is None:
            return False
        own = fixed
    if own.state is FileState.PLACING:
        is_different = progress.is_different
        placing.move_file(
            run,
            own,
            FileStep.CONTRADICT if is_different else FileStep.LOSE,
            cause=Contradiction.DIFFERENT if is_different else None,
        )
    _move(run, file, own, last.key)
    return True


def _open_own(run: Run, file: FileEntry, progress: SendingProgress) -> FileEntry | None:
    """The delivery of the document in doubt: the one that was opened before, unless it was given up
    empty, or a new one. None when another run opens one.
    """
    files, shop_id = run.connector.files, run.shop_id
    known = files.get(shop_id, progress.doubt) if progress.doubt else None
    if known is not None and (known.state is not FileState.VOID or known.keys):
        return known
    now = run.now()
    own = files.create(shop_id, local_day(now), at=now, by=run.by, way=Way.API)
    note_open_file(run, own.name)

    def name_own(kept: SendingProgress | None) -> SendingProgress | None:
        is_as_read = kept is not None and kept.doubt == progress.doubt
        return replace(kept, doubt=own.name) if kept is not None and is_as_read else None

    kept = run.connector.shops.change(shop_id, SendingProgress, name_own, name_progress(file.name))
    if kept is not None and kept.doubt == own.name:
        return own
    placing.discard_file(run, own, ReleaseCause.BROKEN_OFF)
    return None


def _move(run: Run, file: FileEntry, own: FileEntry, key: str) -> None:
    """Move the document over. If its own delivery was decided before it knew of that, it learns it
    now.
    """
    event = Event(at=run.now(), step=OrderStep.MOVE, by=run.by, file=own.name)
    taken = StepTaken(key=key, event=event, former_file=file.name)
    run.connector.entries.record(run.shop_id, taken)
    decided = run.connector.files.get(run.shop_id, own.name)
    if decided is not None and decided.state is FileState.PLACED:
        placing.finish_placed(run, decided, run.by)
    elif decided is not None and decided.state is FileState.VOID:
        placing.finish_void(run, decided, run.by)


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
        moved = placing.move_file(run, file, FileStep.DELIVER, at=progress.at, content=content)
    else:
        cause = run.stopped_by or ReleaseCause.NOTHING_LEFT
        moved = placing.move_file(run, file, FileStep.REFUSE, cause=cause)
    if moved is None:
        moved = run.connector.files.get(run.shop_id, file.name)
    forget_progress(run, file)  # before it is finished, and nobody looks at it any more
    if moved is not None and moved.state is FileState.PLACED:
        placing.finish_placed(run, moved, run.by)
    elif moved is not None and moved.state is FileState.VOID:
        placing.finish_void(run, moved, run.by)


def _end_unrecorded(run: Run, file: FileEntry) -> None:
    """A delivery whose progress is not known any more. If another run has ended it meanwhile, all
    is done; else only a person can say what is in Asperion.
    """
    found = run.connector.files.get(run.shop_id, file.name)
    if found is not None and found.state is FileState.PLACING:
        placing.move_file(run, found, FileStep.CONTRADICT, cause=Contradiction.CANNOT_TELL)
