"""The correction of a late change: made ready here, booked only when the merchant asks for it.

A correction is a document like any other (SEOshop's credit note, or a reversal): it waits, is read
again, judged and goes into the next file. Asking twice is asking once.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.causes import IN_ASPERION, LateChange, RequestCause
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from chalicelib.domain.orders import Order
from chalicelib.domain.shop_records import RefundProgress
from chalicelib.usecases.judging.comparing import report_change
from chalicelib.usecases.judging.credit_notes import is_unknown, list_notes
from chalicelib.usecases.judging.reversals import is_taken_back
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

MOST_LEFT = 500  # hidden refunds: what a record has room for


class Correction(StrEnum):
    """What puts a late change right."""

    CREDIT = "credit"  # book SEOshop's credit notes of the order
    REVERSE = "reverse"  # book the order's mirror
    SEND_AGAIN = "send_again"  # delete the invoice in Asperion, then send the order again
    BOOK_AGAIN = "book_again"  # it was taken back and stands again: send it again
    SEND_MISSING = "send_missing"  # its invoice is in Asperion no longer: send it once more
    IN_ASPERION = "in_asperion"  # for a person: no document of the shop says what is left


_CORRECTIONS = {
    (DocumentKind.ORDER, LateChange.REFUNDED): Correction.CREDIT,
    (DocumentKind.ORDER, LateChange.CANCELLED): Correction.REVERSE,
    (DocumentKind.ORDER, LateChange.UNPAID): Correction.REVERSE,
    (DocumentKind.ORDER, LateChange.PARTLY_PAID): Correction.IN_ASPERION,
    (DocumentKind.ORDER, LateChange.EDITED): Correction.SEND_AGAIN,
    (DocumentKind.ORDER, LateChange.DETAILS): Correction.SEND_AGAIN,
    (DocumentKind.ORDER, LateChange.REVIVED): Correction.BOOK_AGAIN,
    # What becomes of the sale the customer decides first: another number, or VAT after all.
    (DocumentKind.ORDER, LateChange.VAT_NUMBER): Correction.IN_ASPERION,
    (DocumentKind.INVOICE, LateChange.VAT_NUMBER): Correction.IN_ASPERION,
    # An invoice that was sent is taken back by a credit note, which SEOshop makes and which is
    # booked as a document of its own; a mirror of ours beside it would take back twice.
    (DocumentKind.INVOICE, LateChange.CANCELLED): Correction.IN_ASPERION,
    (DocumentKind.INVOICE, LateChange.REFUNDED): Correction.CREDIT,
    (DocumentKind.INVOICE, LateChange.EDITED): Correction.SEND_AGAIN,
    **{(kind, change): Correction.IN_ASPERION for kind in DocumentKind for change in IN_ASPERION},
    (DocumentKind.ORDER, LateChange.DELETED_THERE): Correction.SEND_MISSING,
    (DocumentKind.INVOICE, LateChange.DELETED_THERE): Correction.SEND_MISSING,
}


def propose_correction(entry: Entry) -> Correction | None:
    """The correction of a late change; None when nothing changed, or nobody knows what."""
    if entry.state is not EntryState.PLACED or entry.change is None:
        return None
    return _CORRECTIONS.get((entry.kind, entry.change))


def request_correction(workspace: Workspace, number: str, *, by: Actor) -> int:
    """Let the proposed correction of an order wait for the next file, and take the late change off
    the list. Returns how many documents wait because of it; 0 when they did already, or when the
    correction is not one that can be booked by itself.

    Raises `UnknownOrder`, and `ShopError` when credit notes cannot be looked up.
    """
    return sum(correct_document(workspace, each, by=by) for each in workspace.entries_of(number))


def correct_document(workspace: Workspace, entry: Entry, *, by: Actor) -> int:
    """Likewise of one document of an order. Raises `ShopError`."""
    correct = {Correction.CREDIT: _credit, Correction.REVERSE: _reverse}
    proposed = propose_correction(entry)
    return correct[proposed](workspace, entry, by) if proposed in correct else 0


def _credit(workspace: Workspace, entry: Entry, by: Actor) -> int:
    """Let the credit notes of an order, or of one of its invoices, wait that the ledger does not
    know. One that SEOshop no longer has leaves the change on the list.
    """
    order = _order_of(workspace, entry)
    notes = () if order is None else list_notes(entry, order)
    if order is None or not notes:
        return 0
    waiting = 0
    if not is_taken_back(workspace, order.id):
        hints = [Hint.of_invoice(note) for note in notes]
        unknown = [hint for hint in hints if is_unknown(workspace.entry(hint.key))]
        waiting = sum(workspace.record_hint(hint, by) for hint in unknown)
    accept_change(workspace, entry, by=by)
    return waiting


def _order_of(workspace: Workspace, entry: Entry) -> Order | None:
    """The order of a document, as the shop has it; None for an invoice without one."""
    if entry.kind is not DocumentKind.INVOICE:
        return workspace.api.order(entry.document_id)
    order_id = workspace.api.invoice(entry.document_id).order_id
    return None if order_id is None else workspace.api.order(order_id)


def _reverse(workspace: Workspace, entry: Entry, by: Actor) -> int:
    """Let the reversal wait. One that took back an earlier booking of the order starts anew."""
    hint = Hint(
        kind=DocumentKind.REVERSAL,
        document_id=entry.document_id,
        number=entry.number,
        day=local_day(workspace.now()),
    )
    is_waiting = let_reversal_wait(workspace, entry, hint, by)
    accept_change(workspace, entry, by=by)
    return int(is_waiting)


def let_reversal_wait(workspace: Workspace, entry: Entry, hint: Hint, by: Actor) -> bool:
    """Let the reversal of an order wait; whether it does because of this call."""
    known = workspace.entry(hint.key)
    if known is not None and known.state is EntryState.PLACED and known.since < entry.since:
        cause = RequestCause.TAKEN_BACK_AGAIN
        step = OrderStep.SEND_AGAIN
        return workspace.record(known.key, step, by=by, cause=cause) is not None
    return workspace.record_hint(hint, by)


def accept_change(workspace: Workspace, entry: Entry, *, by: Actor) -> bool:
    """A person has dealt with a document's late change: take it off the list. False when it shows
    none, or another one by now. That the VAT number of a sale that stands is not in use comes back.
    """
    if entry.change is None:
        return False
    if entry.change is not LateChange.REFUNDED and entry.refund_reported_at is not None:
        _keep_hidden_refund(workspace, entry.key, entry.refund_reported_at)
    step = OrderStep.ACCEPT
    accepted = workspace.record(entry.key, step, by=by, cause=entry.change)
    if accepted is not None and accepted.there_reported_at is not None:
        report_change(workspace, accepted, accepted.there, by=Actor.WATCH)
    elif accepted is not None and _hides_number(entry):
        report_change(workspace, accepted, LateChange.VAT_NUMBER, by=Actor.WATCH)
    return accepted is not None


def _hides_number(entry: Entry) -> bool:
    """Whether another change hides that the VAT number is not in use, and leaves the sale."""
    ends = (LateChange.CANCELLED, LateChange.UNPAID, LateChange.VAT_NUMBER)
    return entry.vat_reported_at is not None and entry.change not in ends


def _keep_hidden_refund(workspace: Workspace, key: str, reported_at: datetime) -> None:
    """Let the watch report a refund again that the change at hand hides, however long ago it was
    found.
    """
    installed_at = workspace.shop.installed_at

    def add(kept: RefundProgress | None) -> RefundProgress:
        kept = kept or RefundProgress(until=installed_at)
        left = sorted({**kept.left, key: reported_at}.items(), key=lambda one: one[1])
        if len(left) > MOST_LEFT:
            extra = {"shop_id": workspace.shop_id, "refunds": len(left) - MOST_LEFT}
            log.warning("hidden refunds are let go, the oldest first", extra=extra)
        return replace(kept, left=dict(left[-MOST_LEFT:]))

    workspace.connector.shops.change(workspace.shop_id, RefundProgress, add)
