"""One import file: claim, read, judge, prove VAT numbers, render, place, mark.

Name and order set are fixed before the first byte is sent, and every step is one conditional
write, so that a crash between any two of them leaves something `recovery` can finish.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from chalicelib.axml import find_unwritable, render, verify
from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.cover_sheet import make_cover_sheet
from chalicelib.domain.days import local_day
from chalicelib.domain.eu_supplies import list_eu_supplies
from chalicelib.domain.events import Event, FileStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.file_returns import FileReturns
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.making_returns import make_file_returns
from chalicelib.errors import RenderedWrong
from chalicelib.usecases.filing import placing
from chalicelib.usecases.filing.claimed_documents import (
    claim_documents,
    judge_documents,
    record_verdict,
    release_document,
)
from chalicelib.usecases.filing.kept_numbers import keep_numbers
from chalicelib.usecases.filing.noting_months import note_months
from chalicelib.usecases.filing.number_proofs import prove_numbers
from chalicelib.usecases.filing.open_files import note_open_file
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.filing.sent_again import find_sent_again
from chalicelib.usecases.filing.shared_addresses import tell_shared_addresses
from chalicelib.usecases.judging.reading import (
    Reading,
    hold_credit_notes,
    list_booked,
    list_invoices,
)
from chalicelib.usecases.workspace import Workspace


def make_file(run: Run, waiting: Sequence[Entry]) -> None:
    """Claim these documents, which are listed as waiting, into a new file and carry it through. One
    that a finished file forgot is freed first, and goes along.
    """
    now = run.now()
    file = run.connector.files.create(run.shop_id, local_day(now), at=now, by=run.by)
    note_open_file(run, file.name)
    keys = [entry.key for entry in waiting]
    run.claimed.update(keys)
    claimed = claim_documents(run, file, keys)
    if refused := [key for key in keys if key not in claimed]:
        claimed |= claim_documents(run, file, placing.reclaim_documents(run, refused))
    fill_file(run, file, [claimed[key] for key in keys if key in claimed])


def fill_file(run: Run, file: FileEntry, claimed: Sequence[Entry]) -> None:
    """Read, judge and render the documents claimed by `file`, and place it."""
    try:
        readings = judge_documents(run, file, claimed)
        answers = prove_numbers(run, file, claimed, readings)
        content = _render_or_hold(run, file, claimed, readings)
        marks = keep_numbers(run, readings, answers)
        if content is not None and run.lease is not None:
            run.lease.renew()  # a run that has lost it sends nothing
    except BaseException:
        # Nothing was sent: everything goes back to waiting, the error goes up.
        _release_all(run, file, claimed, ReleaseCause.RUN_FAILED)
        raise
    if content is None:
        placing.discard_file(run, file, run.stopped_by or ReleaseCause.NOTHING_LEFT)
        return
    booked = list_booked(readings)
    run.booked.update(booked)
    tell_shared_addresses(run)
    note_months(run, file.name, (invoice.day for invoice in booked.values()))
    fixed = run.connector.files.record(
        file,
        Event(at=run.now(), step=FileStep.FIX, by=run.by),
        _describe(run, content, claimed, readings, booked=booked, marks=marks),
    )
    if fixed is None:
        # Another run gave the file up meanwhile: what is still claimed for it is free again.
        _release_all(run, file, claimed, ReleaseCause.FILE_GIVEN_UP)
        return
    placing.send_file(run, fixed, content)


def _describe(
    run: Run,
    content: bytes,
    claimed: Sequence[Entry],
    readings: Mapping[str, Reading],
    *,
    booked: Mapping[str, Invoice],
    marks: Mapping[str, str],
) -> FileContent:
    """What is kept of the file; nothing of what it adds up to, for a merchant who wants no totals
    kept. `booked` are the invoices of the readings, `marks` those of VAT numbers, by number.
    """
    keeps_totals = run.shop.policy.keep_totals
    return FileContent(
        keys={key: each.fingerprint() for key, each in readings.items()},
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        inbox=run.inbox_print(),
        cover=make_cover_sheet(booked.values()) if keeps_totals else None,
        refunded=tuple(key for key, each in readings.items() if each.is_refunded),
        profile=run.connector.profile().mark,
        terms=run.terms_print(),
        returns=_add_up(run, claimed, readings, booked, marks) if keeps_totals else None,
        days={key: invoice.day for key, invoice in booked.items()},
        locked_until=run.shop.locked_until,
    )


def _add_up(
    run: Run,
    claimed: Sequence[Entry],
    readings: Mapping[str, Reading],
    booked: Mapping[str, Invoice],
    marks: Mapping[str, str],
) -> FileReturns | None:
    again = find_sent_again(run, claimed, readings)
    invoices = list(booked.values())
    return make_file_returns(
        invoices,
        again=again.unchanged,
        changed_again=again.changed_on,
        eu_supplies=list_eu_supplies(invoices, marks),
    )


def render_file(run: Run, readings: dict[str, Reading]) -> bytes | None:
    """The file's bytes; None for no orders. Raises as `render_invoices`."""
    invoices = list_invoices(readings)
    return render_invoices(run, invoices) if invoices else None


def render_invoices(workspace: Workspace, invoices: Sequence[Invoice]) -> bytes:
    """A file of these invoices, read back and found to say what was judged.

    Raises `ProfileError`, `RenderedWrong`.
    """
    profile = workspace.connector.profile()
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
            record_verdict(run, file, entry, replace(readings[entry.key], verdict=held[entry.key]))
            del readings[entry.key]
    return render_file(run, readings)


def _culprits(run: Run, readings: dict[str, Reading]) -> dict[str, Hold]:
    """The documents that cannot be written even alone, held (no values, only fields)."""
    found = {}
    for key, reading in readings.items():
        try:
            render_file(run, {key: reading})
        except RenderedWrong as error:
            alone = isinstance(reading.verdict, Invoice) and find_unwritable(
                run.connector.profile(), reading.verdict
            )
            found[key] = Hold(HoldReason.UNWRITABLE, (alone or error).field)
    return found


def _release_all(run: Run, file: FileEntry, claimed: Iterable[Entry], cause: ReleaseCause) -> None:
    for entry in claimed:
        release_document(run, file, entry, cause)
    placing.discard_file(run, file, cause)
