"""One import file: claim, read, judge, render, place, mark.

Name and order set are fixed before the first byte is sent, and every step is one conditional
write, so that a crash between any two of them leaves something `recovery` can finish.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from chalicelib.axml import render, unwritable, verify
from chalicelib.domain.causes import DropCause, ReleaseCause
from chalicelib.domain.cover_sheet import CoverSheet, make_cover_sheet
from chalicelib.domain.days import local_day, start_of
from chalicelib.domain.events import Actor, Cause, Event, FileStep, OrderStep
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue
from chalicelib.domain.ledger import DocumentKind, Entry, FileContent, FileEntry
from chalicelib.errors import (
    RenderedWrong,
    ShopError,
    ShopNotFound,
    ShopRateLimited,
    ShopUnavailable,
)
from chalicelib.ports import StepTaken
from chalicelib.usecases.filing import placing
from chalicelib.usecases.filing.run import NotBooked, Run
from chalicelib.usecases.filing.shared_addresses import tell_shared_addresses
from chalicelib.usecases.judging.isolating import read_isolated
from chalicelib.usecases.judging.reading import Reading, hold_credit_notes, list_invoices

FAILURES_IN_A_ROW = 3  # then SEOshop is considered down for this run
LONGEST_DETAIL = 150
ANY_CLOCK = timedelta(days=1)  # more than time zones differ
STRANGER_FOR = timedelta(hours=24)  # how long a document may answer 404 after a webhook


def make_file(run: Run, waiting: Sequence[Entry]) -> None:
    """Claim these documents, which are listed as waiting, into a new file and carry it through. One
    that a finished file forgot is freed first, and goes along.
    """
    now = run.now()
    file = run.connector.files.create(run.shop_id, local_day(now), at=now, by=run.by)
    keys = [entry.key for entry in waiting]
    run.claimed.update(keys)
    claimed = _claim(run, file, keys)
    if refused := [key for key in keys if key not in claimed]:
        claimed |= _claim(run, file, placing.reclaim_documents(run, refused))
    fill_file(run, file, [claimed[key] for key in keys if key in claimed])


def _claim(run: Run, file: FileEntry, keys: Iterable[str]) -> dict[str, Entry]:
    """Claim these documents for the file. Gives those that it got, by key."""
    claim = Event(at=run.now(), step=OrderStep.CLAIM, by=run.by, file=file.name)
    taken = [StepTaken(key=key, event=claim) for key in keys]
    claimed = run.connector.entries.record_all(run.shop_id, taken)
    return {entry.key: entry for entry in claimed if entry is not None}


def fill_file(run: Run, file: FileEntry, claimed: Sequence[Entry]) -> None:
    """Read, judge and render the documents claimed by `file`, and place it."""
    try:
        readings = judge_documents(run, file, claimed)
        content = _render_or_hold(run, file, claimed, readings)
        if content is not None and run.lease is not None:
            run.lease.renew()  # a run that has lost it sends nothing
    except BaseException:
        # Nothing was sent: everything goes back to waiting, the error goes up.
        _release_all(run, file, claimed, ReleaseCause.RUN_FAILED)
        raise
    if content is None:
        placing.discard_file(run, file)
        return
    run.booked.update(
        (key, reading.verdict)
        for key, reading in readings.items()
        if isinstance(reading.verdict, Invoice)
    )
    tell_shared_addresses(run)
    fixed = run.connector.files.record(
        file,
        Event(at=run.now(), step=FileStep.FIX, by=run.by),
        FileContent(
            keys={key: each.fingerprint(run.prints_key) for key, each in readings.items()},
            sha256=hashlib.sha256(content).hexdigest(),
            size=len(content),
            inbox=run.inbox_print(),
            cover=_cover(run, readings),
            refunded=tuple(key for key, each in readings.items() if each.is_refunded),
        ),
    )
    if fixed is None:
        # Another run gave the file up meanwhile: what is still claimed for it is free again.
        _release_all(run, file, claimed, ReleaseCause.FILE_GIVEN_UP)
        return
    placing.send_file(run, fixed, content)


def _cover(run: Run, readings: dict[str, Reading]) -> CoverSheet | None:
    """What the file adds up to; None for a merchant who wants no totals kept."""
    if not run.shop.policy.keep_totals:
        return None
    return make_cover_sheet(list_invoices(readings))


def judge_documents(run: Run, file: FileEntry, claimed: Sequence[Entry]) -> dict[str, Reading]:
    """Read every document; hold or drop those that are not booked, give back those that cannot be
    read now, once they were asked for again after all others. What is left goes into the file, in
    the order in which it was claimed.
    """
    booked = _judge_each(run, file, claimed)
    if run.stopped_by is None and (given_back := [e for e in claimed if e.key in run.left]):
        again = _claim(run, file, [entry.key for entry in given_back])
        run.left.difference_update(again)
        asked = {entry.number for entry in again.values()}
        run.skipped = [one for one in run.skipped if one.order not in asked]
        booked |= _judge_each(run, file, list(again.values()))
    return {entry.key: booked[entry.key] for entry in claimed if entry.key in booked}


def _judge_each(run: Run, file: FileEntry, claimed: Sequence[Entry]) -> dict[str, Reading]:
    """Ask for each document once. What cannot be had is given back at once, so that no credit note
    goes along without its invoice.
    """
    booked: dict[str, Reading] = {}
    failures = 0
    for entry in claimed:
        if run.stopped_by is None and run.now() >= run.stop_at:
            run.stop(ReleaseCause.TIME, resume_at=run.now())
        if run.stopped_by is not None:
            _record(run, file, entry, OrderStep.RELEASE, run.stopped_by)
            continue
        try:
            reading = _read_one(run, file, entry)
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
        if reading is not None and _is_booked(run, file, entry, reading):
            booked[entry.key] = reading
    return booked


def _read_one(run: Run, file: FileEntry, entry: Entry) -> Reading | None:
    """One document as the shop has it now; None when it cannot be had, which is recorded.

    Raises `ShopUnavailable`, and what concerns the whole shop: other `ShopError`.
    """
    try:
        return read_isolated(run, entry)
    except ShopRateLimited as limit:
        run.stop(ReleaseCause.BUDGET, resume_at=limit.until)
        _record(run, file, entry, OrderStep.RELEASE, ReleaseCause.BUDGET)
    except ShopNotFound:
        _release_missing(run, file, entry)
    return None


def render_file(run: Run, readings: dict[str, Reading]) -> bytes | None:
    """The file's bytes, read back and found to say what was judged; None for no orders.

    Raises `ProfileError`, `RenderedWrong`.
    """
    invoices = list_invoices(readings)
    if not invoices:
        return None
    profile = run.connector.profile()
    content = render(profile, invoices)
    verify(profile, content, invoices)
    return content


def _render_or_hold(
    run: Run, file: FileEntry, claimed: Sequence[Entry], readings: dict[str, Reading]
) -> bytes | None:
    """The file's bytes. An order that the profile cannot write is held, and what credits it; the
    others go on.
    """
    try:
        return render_file(run, readings)
    except RenderedWrong:
        held = _culprits(run, readings)
        if not held:
            raise
    numbers = {one.hint.number for key, one in readings.items() if key in held and one.hint}
    held = hold_credit_notes(numbers, readings) | held
    for entry in claimed:
        if entry.key in held:
            _is_booked(run, file, entry, replace(readings[entry.key], verdict=held[entry.key]))
            del readings[entry.key]
    return render_file(run, readings)


def _culprits(run: Run, readings: dict[str, Reading]) -> dict[str, Hold]:
    """The documents that cannot be written even alone, held (no values, only fields)."""
    found = {}
    for key, reading in readings.items():
        try:
            render_file(run, {key: reading})
        except RenderedWrong as error:
            alone = isinstance(reading.verdict, Invoice) and unwritable(
                run.connector.profile(), reading.verdict
            )
            found[key] = Hold(HoldReason.UNWRITABLE, (alone or str(error))[:LONGEST_DETAIL])
    return found


def _is_booked(run: Run, file: FileEntry, entry: Entry, reading: Reading) -> bool:
    """Whether the document belongs into the file; if not, it is held or dropped. Its number and day
    are put right: a webhook may have said otherwise.
    """
    verdict, entry = reading.verdict, run.correct_entry(entry, reading.hint)
    if isinstance(verdict, Hold):
        if _record(run, file, entry, OrderStep.HOLD, verdict.reason, detail=verdict.detail):
            run.held.append(NotBooked(entry.number, verdict.reason.value))
    elif isinstance(verdict, NotDue) and _record(run, file, entry, OrderStep.DROP, verdict.cause):
        run.skipped.append(NotBooked(entry.number, verdict.cause))
    return isinstance(verdict, Invoice)


def _answers(run: Run) -> bool:
    """Whether SEOshop answers at all; if so, it is these very orders that it cannot give."""
    try:
        run.api.profile()
    except ShopUnavailable:
        return False
    return True


def _release_missing(run: Run, file: FileEntry, entry: Entry) -> None:
    """A fresh order may answer 404 for a while; one that stays away, and from the list, is gone."""
    is_fresh = run.now() - (entry.missing_since or run.now()) < STRANGER_FOR
    if is_fresh or _is_listed(run, entry):
        _record(run, file, entry, OrderStep.RELEASE, ReleaseCause.NOT_FOUND)
        run.skipped.append(NotBooked(entry.number, "not found yet"))
        run.left.add(entry.key)
    else:
        _record(run, file, entry, OrderStep.DROP, DropCause.NOT_FOUND)
        run.skipped.append(NotBooked(entry.number, DropCause.NOT_FOUND))


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


def _record(
    run: Run, file: FileEntry, entry: Entry, step: OrderStep, cause: Cause, *, detail: str = ""
) -> Entry | None:
    return run.record(entry.key, step, by=Actor.EXPORT, cause=cause, file=file.name, detail=detail)


def _release_all(run: Run, file: FileEntry, claimed: Iterable[Entry], cause: ReleaseCause) -> None:
    for entry in claimed:
        _record(run, file, entry, OrderStep.RELEASE, cause)
    placing.discard_file(run, file)
