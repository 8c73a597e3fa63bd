"""One import file, or one delivery by API: claim, read, judge, prove VAT numbers, send, mark.

Name and order set are fixed before the first byte is sent, and every step is one conditional
write, so that a crash between any two of them leaves something `recovery` can finish.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Event, FileStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.ways import Way
from chalicelib.usecases.filing import placing
from chalicelib.usecases.filing.claimed_documents import (
    claim_documents,
    judge_documents,
    release_document,
)
from chalicelib.usecases.filing.delivery_parts import (
    Concepts,
    describe_concepts,
    make_concepts_or_hold,
)
from chalicelib.usecases.filing.file_bytes import render_or_hold
from chalicelib.usecases.filing.judged_documents import describe_bytes, gather_documents
from chalicelib.usecases.filing.kept_numbers import keep_numbers
from chalicelib.usecases.filing.noting_months import note_months
from chalicelib.usecases.filing.number_proofs import prove_numbers
from chalicelib.usecases.filing.open_files import note_open_file
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.filing.sending import Sender
from chalicelib.usecases.filing.sending_record import forget_progress, open_progress
from chalicelib.usecases.filing.shared_addresses import tell_shared_addresses
from chalicelib.usecases.judging.reading import Reading


def make_file(run: Run, waiting: Sequence[Entry]) -> list[str]:
    """Claim these documents, which are listed as waiting, into a new file and carry it through. One
    that a finished file forgot is freed first, and goes along. Returns the keys of all of them.
    """
    now = run.now()
    file = run.connector.files.create(
        run.shop_id, local_day(now), at=now, by=run.by, way=run.shop.way
    )
    note_open_file(run, file.name)
    keys = [entry.key for entry in waiting]
    run.claimed.update(keys)
    claimed = claim_documents(run, file, keys)
    if refused := [key for key in keys if key not in claimed]:
        claimed |= claim_documents(run, file, placing.reclaim_documents(run, refused))
    fill_file(run, file, [claimed[key] for key in keys if key in claimed])
    return keys


def fill_file(run: Run, file: FileEntry, claimed: Sequence[Entry]) -> None:
    """Read and judge the documents claimed by `file`, and deliver it the way it goes."""
    try:
        readings = judge_documents(run, file, claimed)
        answers = prove_numbers(run, file, claimed, readings)
        payload = _make_payload(run, file, claimed, readings)
        marks = keep_numbers(run, readings, answers)
        if payload and run.lease is not None:
            run.lease.renew()  # a run that has lost it sends nothing
    except BaseException:
        # Nothing was sent: everything goes back to waiting, the error goes up.
        _release_all(run, file, claimed, ReleaseCause.RUN_FAILED)
        raise
    if not payload:
        placing.discard_file(run, file, run.stopped_by or ReleaseCause.NOTHING_LEFT)
        return
    documents = gather_documents(run, claimed, readings, marks)
    _note_booked(run, documents.booked)
    tell_shared_addresses(run, documents.booked)
    note_months(run, file.name, (invoice.day for invoice in documents.booked.values()))
    if isinstance(payload, bytes):
        fixed = _fix(run, file, claimed, describe_bytes(run, documents, payload))
        if fixed is not None:
            placing.send_file(run, fixed, payload)
        return
    progress = open_progress(run, file)
    fixed = _fix(run, file, claimed, describe_concepts(run, documents, payload))
    if fixed is None:
        forget_progress(run, file)
        return
    Sender(
        run=run,
        file=fixed,
        concepts=payload,
        documents=documents,
        claimed={entry.key: entry for entry in claimed},
        progress=progress,
    ).send()


def _note_booked(run: Run, booked: Mapping[str, Invoice]) -> None:
    """Under the very keys that are kept as claimed: a day has thousands."""
    kept = {key: key for key in run.claimed if key in booked}
    run.booked.update({kept.get(key, key): invoice.incl for key, invoice in booked.items()})


def _make_payload(
    run: Run, file: FileEntry, claimed: Sequence[Entry], readings: dict[str, Reading]
) -> bytes | Concepts | None:
    """What is sent: the bytes of a file, or the concept invoices of a delivery by API."""
    make = make_concepts_or_hold if file.way is Way.API else render_or_hold
    return make(run, file, claimed, readings)


def _fix(
    run: Run, file: FileEntry, claimed: Sequence[Entry], content: FileContent
) -> FileEntry | None:
    """Fix documents and content, before anything is sent; None when another run gave the file up
    meanwhile: what is still claimed for it is free again.
    """
    fixed = run.connector.files.record(
        file, Event(at=run.now(), step=FileStep.FIX, by=run.by), content
    )
    if fixed is None:
        _release_all(run, file, claimed, ReleaseCause.FILE_GIVEN_UP)
    return fixed


def _release_all(run: Run, file: FileEntry, claimed: Iterable[Entry], cause: ReleaseCause) -> None:
    for entry in claimed:
        release_document(run, file, entry, cause)
    placing.discard_file(run, file, cause)
