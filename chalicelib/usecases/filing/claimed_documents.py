"""The documents that a file claimed: each is read and judged, and goes along or is let go.

Every step is one conditional write; a document that another run took meanwhile is left alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.causes import DropCause, ReleaseCause
from chalicelib.domain.days import start_of
from chalicelib.domain.events import Actor, Cause, Event, OrderStep
from chalicelib.domain.holds import Hold
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue
from chalicelib.domain.ledger import DocumentKind, Entry, FileEntry
from chalicelib.errors import ShopError, ShopNotFound, ShopRateLimited, ShopUnavailable
from chalicelib.ports import StepTaken
from chalicelib.usecases.filing.recent_drops import note_drop
from chalicelib.usecases.filing.run import NotBooked, Run
from chalicelib.usecases.judging.fetching import read_ahead
from chalicelib.usecases.judging.isolating import read_isolated
from chalicelib.usecases.judging.reading import Reading, hold_credit_notes
from chalicelib.usecases.workspace import Workspace

FAILURES_IN_A_ROW = 3  # then SEOshop is considered down for this run
ANY_CLOCK = timedelta(days=1)  # more than time zones differ
STRANGER_FOR = timedelta(hours=24)  # how long a document may answer 404 after a webhook


def claim_documents(run: Run, file: FileEntry, keys: Iterable[str]) -> dict[str, Entry]:
    """Claim these documents for the file. Gives those that it got, by key."""
    claim = Event(at=run.now(), step=OrderStep.CLAIM, by=run.by, file=file.name)
    taken = [StepTaken(key=key, event=claim) for key in keys]
    claimed = run.connector.entries.record_all(run.shop_id, taken)
    return {entry.key: entry for entry in claimed if entry is not None}


def judge_documents(run: Run, file: FileEntry, claimed: Sequence[Entry]) -> dict[str, Reading]:
    """Read every document; hold or drop those that are not booked, give back those that cannot be
    read now, once they were asked for again after all others. What is left goes into the file, in
    the order in which it was claimed.
    """
    booked = _judge_each(run, file, claimed)
    if run.stopped_by is None and (given_back := [e for e in claimed if e.key in run.left]):
        again = claim_documents(run, file, [entry.key for entry in given_back])
        run.left.difference_update(again)
        asked = {entry.number for entry in again.values()}
        run.skipped = [one for one in run.skipped if one.order not in asked]
        booked |= _judge_each(run, file, list(again.values()))
    return {entry.key: booked[entry.key] for entry in claimed if entry.key in booked}


def _judge_each(run: Run, file: FileEntry, claimed: Sequence[Entry]) -> dict[str, Reading]:
    """Ask for each document once, ahead of its judgement. What cannot be had is given back when it
    is its turn, so that no credit note goes along without its invoice.
    """
    with closing(read_ahead(run, claimed)) as ahead:
        return _judge_in_order(run, file, claimed, ahead)


def _judge_in_order(
    run: Run, file: FileEntry, claimed: Sequence[Entry], ahead: Generator[Workspace, None, None]
) -> dict[str, Reading]:
    booked: dict[str, Reading] = {}
    failures = 0
    for entry in claimed:
        if run.stopped_by is None and run.now() >= run.stop_at:
            run.stop(ReleaseCause.TIME, resume_at=run.now())
        if run.stopped_by is not None:
            ahead.close()
            _record(run, file, entry, OrderStep.RELEASE, run.stopped_by)
            continue
        answered = next(ahead)
        try:
            reading = _read_one(run, file, entry, answered)
        except ShopUnavailable as error:
            failures += 1
            if failures % FAILURES_IN_A_ROW == 0 and not _answers(run):
                run.stop(ReleaseCause.SHOP_UNAVAILABLE)
            _record(run, file, entry, OrderStep.RELEASE, ReleaseCause.UNAVAILABLE)
            run.skipped.append(NotBooked(entry.number, str(error)))
            run.left.add(entry.key)
            continue
        failures = 0
        for hint in () if reading is None else reading.others:
            run.record_hint(hint, Actor.SWEEP)
        if reading is not None and record_verdict(run, file, entry, reading):
            booked[entry.key] = reading
    return booked


def _read_one(run: Run, file: FileEntry, entry: Entry, answered: Workspace) -> Reading | None:
    """One document as the shop `answered` it; None when it cannot be had, which is recorded.

    Raises `ShopUnavailable`, and what concerns the whole shop: other `ShopError`.
    """
    try:
        return read_isolated(answered, entry)
    except ShopRateLimited as limit:
        run.stop(ReleaseCause.BUDGET, resume_at=limit.until)
        _record(run, file, entry, OrderStep.RELEASE, ReleaseCause.BUDGET)
    except ShopNotFound:
        _release_missing(run, file, entry)
    return None


def record_verdict(run: Run, file: FileEntry, entry: Entry, reading: Reading) -> bool:
    """Whether the document belongs into the file; if not, it is held or dropped. Its number and day
    are put right: a webhook may have said otherwise.
    """
    verdict, entry = reading.verdict, run.correct_entry(entry, reading.hint)
    if isinstance(verdict, Hold):
        if _record(run, file, entry, OrderStep.HOLD, verdict.reason, detail=verdict.detail):
            run.held.append(NotBooked(entry.number, verdict.reason.value))
    elif isinstance(verdict, NotDue):
        _drop(run, file, entry, verdict.cause)
    return isinstance(verdict, Invoice)


def _drop(run: Run, file: FileEntry, entry: Entry, cause: DropCause) -> None:
    note_drop(run, entry.key)
    if _record(run, file, entry, OrderStep.DROP, cause):
        run.skipped.append(NotBooked(entry.number, cause))


def _release_missing(run: Run, file: FileEntry, entry: Entry) -> None:
    """A fresh order may answer 404 for a while; one that stays away, and from the list, is gone."""
    is_fresh = run.now() - (entry.missing_since or run.now()) < STRANGER_FOR
    if is_fresh or _is_listed(run, entry):
        _record(run, file, entry, OrderStep.RELEASE, ReleaseCause.NOT_FOUND)
        run.skipped.append(NotBooked(entry.number, "not found yet"))
        run.left.add(entry.key)
    else:
        _drop(run, file, entry, DropCause.NOT_FOUND)


def _is_listed(run: Run, entry: Entry) -> bool:
    """Whether the shop's list shows a document that cannot be read, or does not tell."""
    try:
        if entry.kind is not DocumentKind.INVOICE:
            return run.api.find_order(entry.number) is not None
        since = start_of(entry.day) - ANY_CLOCK
        page = run.api.invoices_updated_since(since, after_id=entry.document_id - 1)
        return any(one.id == entry.document_id for one in page)
    except ShopError:
        return True


def _answers(run: Run) -> bool:
    """Whether SEOshop answers at all; if so, it is these very orders that it cannot give."""
    try:
        run.api.profile()
    except ShopUnavailable:
        return False
    return True


def take_out(
    run: Run,
    file: FileEntry,
    claimed: Sequence[Entry],
    readings: dict[str, Reading],
    held: Mapping[str, Hold],
) -> None:
    """Hold these documents, which cannot be delivered as they are, and what credits them, and take
    them out of the readings; the others go on.
    """
    held = hold_credit_notes(held, readings) | dict(held)
    for entry in claimed:
        if entry.key in held:
            record_verdict(run, file, entry, replace(readings[entry.key], verdict=held[entry.key]))
            del readings[entry.key]


def release_document(run: Run, file: FileEntry, entry: Entry, cause: ReleaseCause) -> None:
    """Give a document back that its file does not take along: it waits again."""
    _record(run, file, entry, OrderStep.RELEASE, cause)


def _record(
    run: Run, file: FileEntry, entry: Entry, step: OrderStep, cause: Cause, *, detail: str = ""
) -> Entry | None:
    return run.record(entry.key, step, by=Actor.EXPORT, cause=cause, file=file.name, detail=detail)
