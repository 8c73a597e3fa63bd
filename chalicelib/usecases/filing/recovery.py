"""Finish what an earlier run left behind: every order ends in exactly one file, or visibly waits.

A file is found `claimed` (nothing was sent: it is given up), `placing` (the run ended between
sending and noting the outcome: as good as unknown), `unknown` (the answer was lost, or contradicts
what the inbox shows), or decided but not yet recorded of all its documents; `double` waits for a
person. The run that began it may still be at work, slow and without the lease; nothing here rests
on its being dead.

What a later answer of the inbox means (`_ask`):

| the inbox says now | it never spoke of the file | it said before that something is there |
| --- | --- | --- |
| there, with this content; or 410 | placed | placed |
| not there, after the proof delay | proven: sent again | a person: perhaps it was handed on |
| there, with another content | a person | a person |
| it cannot tell, or a page answers | a person, unless it tells later | likewise |

Asked is the inbox that the file was made for, also when the merchant has another licence code by
now: then "not there" frees its documents for a file to the present code (`destinations`).
"""

from __future__ import annotations

import hashlib
import logging

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.concepts import ShownInvoice
from chalicelib.domain.events import Contradiction, Event, FileStep
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.life import UNSURE
from chalicelib.domain.ways import Way
from chalicelib.errors import RenderedWrong, ShopError, ShopRateLimited
from chalicelib.ports import Presence
from chalicelib.usecases.filing import placing
from chalicelib.usecases.filing.delivery_ending import end_delivery
from chalicelib.usecases.filing.destinations import ask_destination, is_of_present_destination
from chalicelib.usecases.filing.file_bytes import render_file
from chalicelib.usecases.filing.open_files import renew_open_files
from chalicelib.usecases.filing.run import FileResult, Run
from chalicelib.usecases.filing.sending_record import forget_progress
from chalicelib.usecases.judging.isolating import read_isolated
from chalicelib.usecases.judging.reading import Reading

log = logging.getLogger(__name__)

_CONTRADICTIONS = {
    Presence.DIFFERENT: Contradiction.DIFFERENT,
    Presence.CANNOT_TELL: Contradiction.CANNOT_TELL,
    Presence.NO_ANSWER: Contradiction.CANNOT_TELL,
    Presence.NO_INBOX: Contradiction.NO_INBOX,
    Presence.ABSENT: Contradiction.NOT_SHOWN,
}


def recover_files(run: Run) -> None:
    """Take up every unfinished file of the shop."""
    for file in run.connector.files.list_unfinished(run.shop_id):
        _resume(run, file)


def finish_files(run: Run) -> None:
    """Take up those whose outcome is known, or of which nothing was sent, and deliveries by API
    that broke off: nobody is asked. A run that may do nothing else does this, for the sake of the
    day's statement. What is double is named until a person has dealt with it.
    """
    unfinished = run.connector.files.list_unfinished(run.shop_id)
    renew_open_files(run, unfinished)
    for file in unfinished:
        if file.state is FileState.DOUBLE:
            log.error("a file is twice", extra={"shop_id": run.shop_id, "file": file.name})
            run.files.append(FileResult(file.name, len(file.keys), file.state))
        elif file.state not in UNSURE or _has_broken_off(file):
            _resume(run, file)


def _resume(run: Run, stale: FileEntry) -> None:
    file = run.connector.files.get(run.shop_id, stale.name)  # the index may lag behind
    if file is None or file.is_finished:
        return
    if file.state in (FileState.PLACED, FileState.VOID) and not file.shares_fate:
        forget_progress(run, file)
    if file.state is FileState.CLAIMED:
        # Filled by two runs, one of them could fix it with a document that the other had released.
        # Discarded first, nobody can fix it any more; its documents are free once they are claimed
        # anew (`placing.reclaim_documents`).
        placing.discard_file(run, file, ReleaseCause.BROKEN_OFF)
        left = run.connector.files.get(run.shop_id, file.name)
        if left is not None and left.state is FileState.VOID:  # else it was fixed meanwhile
            forget_progress(run, file)
    elif file.state is FileState.PLACED:
        placing.finish_placed(run, file)
    elif file.state is FileState.VOID:
        placing.finish_void(run, file)
    elif file.state in UNSURE:
        _ask(run, file)


def _ask(run: Run, file: FileEntry) -> None:
    """`placing` or `unknown`: the inbox is asked, nothing is sent on hope."""
    if _has_broken_off(file):
        end_delivery(run, file)
        return
    proven_at = file.since + run.connector.settings.proof_delay
    if file.state is FileState.PLACING:  # since it was fixed; sending may have begun a little later
        proven_at += placing.BEGINS_WITHIN
    if run.now() < proven_at:
        run.stop(ReleaseCause.INBOX_UNKNOWN, resume_at=proven_at)
        return
    presence, invoice = ask_destination(run, file)
    if presence is Presence.SAME:
        _take_found(run, file, invoice)
    elif presence is not Presence.ABSENT or file.acknowledged_at is not None:
        _alarm(run, file, presence)
    elif not is_of_present_destination(run, file):
        # Nothing is sent to where the shop's documents no longer go.
        placing.void_file(run, file, FileStep.MISS, cause=ReleaseCause.SHOP_CHANGED)
    elif file.way is Way.API:
        placing.void_file(run, file, FileStep.MISS)  # it is read and judged anew
    else:
        _place_again(run, file)


def _has_broken_off(file: FileEntry) -> bool:
    """Whether a delivery by API stopped on its way, or is on it: each document has its own fate."""
    return file.state is FileState.PLACING and not file.shares_fate


def _take_found(run: Run, file: FileEntry, invoice: ShownInvoice | None) -> None:
    """What was asked about is there. If another delivery has the document by now, the invoice may
    be of that; if it was placed there, nothing is left in this one. That is so after a run opened a
    delivery for a document in doubt and was killed, while the run that had sent it learned of its
    place (`delivery_ending`).
    """
    others = [] if invoice is None else _list_elsewhere(run, file)
    if any(entry.state is EntryState.PLACED for entry in others):
        placing.void_file(run, file, FileStep.MISS)
    elif not others:
        invoice_id = None if invoice is None else invoice.id
        placing.place_file(run, file, FileStep.FIND, invoice_id=invoice_id)


def _list_elsewhere(run: Run, file: FileEntry) -> list[Entry]:
    """The documents of a delivery that another one has by now."""
    entries = run.connector.entries.get_all(run.shop_id, file.keys).values()
    return [entry for entry in entries if entry.file not in (None, file.name)]


def _alarm(run: Run, file: FileEntry, presence: Presence) -> None:
    """It stays unknown and waits for a person: `rerun` with ``confirm`` or ``again``. What proves
    that "not there" is no proof any more is noted once.
    """
    log.error(
        "file needs a person",
        extra={"shop_id": run.shop_id, "file": file.name, "inbox": presence.value},
    )
    is_news = presence is Presence.DIFFERENT and file.acknowledged_at is None
    if file.state is FileState.PLACING or is_news:
        placing.move_file(run, file, FileStep.CONTRADICT, cause=_CONTRADICTIONS[presence])
    else:
        run.files.append(FileResult(file.name, len(file.keys), FileState.UNKNOWN))


def _place_again(run: Run, file: FileEntry) -> None:
    """Proven absent. The content is fetched anew; the same bytes go under the same name. Where an
    order changed, or allowance and time do not reach for all of them at once, the documents go
    under a new name, by way of `waiting`: reading the same file from its beginning run after run
    might never come to its end.
    """
    content = None
    try:
        readings = _read_again(run, file)
        content = None if readings is None else render_file(run, readings)
    except ShopRateLimited as limit:
        run.stop(ReleaseCause.BUDGET, resume_at=limit.until)
    except RenderedWrong:
        pass  # an order became what the profile cannot write: it alone will be held
    if content is None or hashlib.sha256(content).hexdigest() != file.sha256:
        placing.void_file(run, file, FileStep.MISS)
        return
    event = Event(at=run.now(), step=FileStep.RESEND, by=run.by)
    again = run.connector.files.record(file, event)
    if again is not None:
        placing.send_file(run, again, content)


def _read_again(run: Run, file: FileEntry) -> dict[str, Reading] | None:
    """All documents of a file, or None when one is no longer to be booked, or the time is up.
    Raises `ShopRateLimited`.
    """
    readings: dict[str, Reading] = {}
    for key in file.keys:
        if run.now() >= run.stop_at:
            run.stop(ReleaseCause.TIME, resume_at=run.now())
            return None
        entry = run.entry(key)
        try:
            reading = None if entry is None else read_isolated(run, entry)
        except ShopRateLimited:
            raise
        except ShopError:
            return None
        if entry is None or reading is None:
            return None
        run.correct_entry(entry, reading.hint)
        if not isinstance(reading.verdict, Invoice):
            return None
        readings[key] = reading
    return readings
