"""One import file: claim, read, judge, render, place, mark.

Name and order set are fixed before the first byte is sent, and every step is one conditional
write, so that a crash between any two of them leaves something `recovery` can finish.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from chalicelib.axml import render, unwritable, verify
from chalicelib.domain.days import local_day
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue
from chalicelib.domain.ledger import (
    Actor,
    DocumentKind,
    Entry,
    EntryState,
    FileEntry,
    Outcome,
    ReleaseCause,
)
from chalicelib.errors import (
    RenderedWrong,
    ShopError,
    ShopNotFound,
    ShopRateLimited,
    ShopUnavailable,
)
from chalicelib.usecases.exporting import placing
from chalicelib.usecases.exporting.isolating import read_alone
from chalicelib.usecases.exporting.reading import Reading, notes_on, shop_key
from chalicelib.usecases.exporting.run import Held, Run, Skip
from chalicelib.usecases.intake.paging import is_listed

FAILURES_IN_A_ROW = 3  # then SEOshop is considered down for this run
LONGEST_DETAIL = 150
STRANGER_FOR = timedelta(hours=24)  # how long a document may answer 404 after a webhook


def make_file(run: Run, waiting: Sequence[Entry]) -> None:
    """Claim these waiting documents into a new file and carry it through."""
    connector, now = run.connector, run.now()
    file = connector.files.create(run.shop_id, local_day(now), at=now, by=run.by)
    claims = (
        connector.entries.claim(entry, file.name, at=run.now(), by=run.by) for entry in waiting
    )
    claimed = [entry for entry in claims if entry is not None]
    fill(run, file, claimed)


def fill(run: Run, file: FileEntry, claimed: Iterable[Entry]) -> None:
    """Read, judge and render the documents claimed by `file`, and place it."""
    pending = list(claimed)
    try:
        readings = judge_all(run, file, pending)
        content = _content(run, file, pending, readings)
    except BaseException:
        # Nothing was sent: everything goes back to waiting, the error goes up.
        _release(run, file, pending, ReleaseCause.RUN_FAILED)
        raise
    if content is None:
        run.connector.files.discard(file)
        return
    run.booked.update(
        (key, reading.verdict)
        for key, reading in readings.items()
        if isinstance(reading.verdict, Invoice)
    )
    fixed = run.connector.files.fix(
        file,
        keys=_fingerprints(run, readings),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        inbox=run.inbox_print(),
        at=run.now(),
    )
    if fixed is None:
        # Another run gave the file up meanwhile: what is still claimed for it is free again.
        _release(run, file, pending, ReleaseCause.FILE_GIVEN_UP)
        return
    placing.send(run, fixed, content)


def judge_all(run: Run, file: FileEntry, claimed: Sequence[Entry]) -> dict[str, Reading]:
    """Read every document; settle those that are held or no longer due, give back those that
    cannot be read now. What is left goes into the file.
    """
    booked: dict[str, Reading] = {}
    failures = 0
    for entry in claimed:
        if run.stopped_by is None and run.now() >= run.stop_at:
            run.stop(ReleaseCause.TIME, resume_at=run.now())
        if run.stopped_by is not None:
            _give_back(run, file, entry, run.stopped_by)
            continue
        try:
            reading = _read_one(run, file, entry)
        except ShopUnavailable as error:
            failures += 1
            if failures % FAILURES_IN_A_ROW == 0 and not _answers(run):
                run.stop(ReleaseCause.SHOP_UNAVAILABLE)
            _give_back(run, file, entry, ReleaseCause.UNAVAILABLE)
            run.skipped.append(Skip(entry.number, str(error)))
            continue
        failures = 0
        if reading is not None and _settle_verdict(run, file, entry, reading):
            booked[entry.key] = reading
    return booked


def _read_one(run: Run, file: FileEntry, entry: Entry) -> Reading | None:
    """One document as the shop has it now; None when it was settled as it cannot be had.

    Raises `ShopUnavailable`, and what concerns the whole shop: other `ShopError`.
    """
    try:
        return read_alone(run.connector, run.shop, run.api, entry)
    except ShopRateLimited as limit:
        run.stop(ReleaseCause.BUDGET, resume_at=limit.until)
        _give_back(run, file, entry, ReleaseCause.BUDGET)
    except ShopNotFound:
        _settle_missing(run, file, entry)
    return None


def rendered(run: Run, readings: dict[str, Reading]) -> bytes | None:
    """The file's bytes, read back and found to say what was judged; None for no orders.

    Raises `ProfileError`, `RenderedWrong`.
    """
    invoices = [
        reading.verdict for reading in readings.values() if isinstance(reading.verdict, Invoice)
    ]
    if not invoices:
        return None
    profile = run.connector.profile()
    content = render(profile, invoices)
    verify(profile, content, invoices)
    return content


def _content(
    run: Run, file: FileEntry, claimed: Sequence[Entry], readings: dict[str, Reading]
) -> bytes | None:
    """The file's bytes. An order that the profile cannot write is held, and what credits it; the
    others go on.
    """
    try:
        return rendered(run, readings)
    except RenderedWrong:
        held = _culprits(run, readings)
        if not held:
            raise
    numbers = {entry.number for entry in claimed if entry.key in held}
    held = notes_on(numbers, readings) | held
    for entry in claimed:
        if entry.key in held:
            _settle_verdict(run, file, entry, Reading(verdict=held[entry.key], summary=""))
            del readings[entry.key]
    return rendered(run, readings)


def _culprits(run: Run, readings: dict[str, Reading]) -> dict[str, Hold]:
    """The documents that cannot be written even alone, held (no values, only fields)."""
    found = {}
    for key, reading in readings.items():
        try:
            rendered(run, {key: reading})
        except RenderedWrong as error:
            alone = isinstance(reading.verdict, Invoice) and unwritable(
                run.connector.profile(), reading.verdict
            )
            found[key] = Hold(HoldReason.UNWRITABLE, (alone or str(error))[:LONGEST_DETAIL])
    return found


def _fingerprints(run: Run, readings: dict[str, Reading]) -> dict[str, str]:
    key = shop_key(run.connector, run.shop)
    return {name: reading.fingerprint(key) for name, reading in readings.items()}


def _settle_verdict(run: Run, file: FileEntry, entry: Entry, reading: Reading) -> bool:
    """Whether the document belongs into the file; if not, it is settled."""
    verdict = reading.verdict
    if isinstance(verdict, Hold):
        outcome = Outcome(code=verdict.reason.value, detail=verdict.detail)
        if _settle(run, file, entry, EntryState.HELD, outcome):
            run.held.append(Held(entry.number, verdict.reason.value))
        return False
    if isinstance(verdict, NotDue):
        if _settle(run, file, entry, EntryState.DROPPED, Outcome(code=verdict.cause)):
            run.skipped.append(Skip(entry.number, verdict.cause))
        return False
    return True


def _answers(run: Run) -> bool:
    """Whether SEOshop answers at all; if so, it is these very orders that it cannot give."""
    try:
        run.api.profile()
    except ShopUnavailable:
        return False
    return True


def _settle_missing(run: Run, file: FileEntry, entry: Entry) -> None:
    """A fresh order may answer 404 for a while; one that stays away, and from the list, is gone."""
    if run.now() - _missing_since(run, entry) < STRANGER_FOR or _is_listed(run, entry):
        _give_back(run, file, entry, ReleaseCause.NOT_FOUND)
        run.skipped.append(Skip(entry.number, "not found yet"))
    else:
        _settle(run, file, entry, EntryState.DROPPED, Outcome(code=ReleaseCause.NOT_FOUND))
        run.skipped.append(Skip(entry.number, ReleaseCause.NOT_FOUND))


def _is_listed(run: Run, entry: Entry) -> bool:
    """Whether the shop's list shows a document that cannot be read, or does not tell."""
    try:
        if entry.kind is DocumentKind.INVOICE:
            return is_listed(run.api, entry)
        return run.api.find_order(entry.number) is not None
    except ShopError:
        return True


def _missing_since(run: Run, entry: Entry) -> datetime:
    """The first time that the order was not there, since somebody last told of it."""
    since = run.now()
    for event in reversed(entry.history):
        if event.what == EntryState.WAITING.value and event.by != Actor.EXPORT:
            break
        if event.detail == ReleaseCause.NOT_FOUND:
            since = event.at
    return since


def _settle(run: Run, file: FileEntry, entry: Entry, to: EntryState, outcome: Outcome) -> bool:
    return run.connector.entries.settle(
        run.shop_id, entry.key, file=file.name, to=to, outcome=outcome, at=run.now()
    )


def _give_back(run: Run, file: FileEntry, entry: Entry, cause: ReleaseCause) -> None:
    _settle(run, file, entry, EntryState.WAITING, Outcome(code=cause))


def _release(run: Run, file: FileEntry, claimed: Iterable[Entry], cause: ReleaseCause) -> None:
    for entry in claimed:
        _give_back(run, file, entry, cause)
    run.connector.files.discard(file)
