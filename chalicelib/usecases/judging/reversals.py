"""Taking a booked order back: what the ledger has to say before its mirror may be booked.

A reversal exists at most once for each time that its order was booked. A reversal and a credit
note of one order would take back too much: whichever comes second is held.
"""

from __future__ import annotations

from chalicelib.domain.causes import DropCause, LateChange
from chalicelib.domain.days import local_day
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue, Terms, Verdict
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.orders import Order
from chalicelib.domain.reversal import judge_reversal
from chalicelib.usecases.workspace import Workspace

_UNDER_WAY = (EntryState.WAITING, EntryState.CLAIMED, EntryState.PLACED)
_FELL_THROUGH = (LateChange.CANCELLED, LateChange.UNPAID, LateChange.PARTLY_PAID)


def reversal_of(workspace: Workspace, booked: Entry) -> Entry | None:
    """The reversal of an order as it was booked last, also while it waits or is held; none for
    one that was dropped or took back an earlier booking.
    """
    reversal = workspace.entry_of(DocumentKind.REVERSAL, booked.document_id)
    if reversal is None or reversal.state is EntryState.DROPPED:
        return None
    return reversal if reversal.since >= booked.since else None


def is_taken_back(workspace: Workspace, order_id: int) -> bool:
    """Whether an order's reversal is in the books or on its way, or its invoice is deleted in
    Asperion, so that no credit note may be booked.
    """
    booked = workspace.entry_of(DocumentKind.ORDER, order_id)
    if booked is None:
        return False
    reversal = reversal_of(workspace, booked)
    return _is_deleted(booked) or (reversal is not None and reversal.state in _UNDER_WAY)


def _is_deleted(booked: Entry) -> bool:
    """Whether a document's invoice is in Asperion no longer, so that nothing is left to correct."""
    return booked.state is EntryState.PLACED and booked.there is LateChange.DELETED_THERE


def remaining_change(
    workspace: Workspace, booked: Entry, change: LateChange | None
) -> LateChange | None:
    """What remains to be reported of a late change once the order has been taken back.

    `change` is what the shop's list says of the order (None: it is as it was booked). Asks the
    ledger only about orders that the merchant was shown before, or took back himself: of one that
    he took back, or whose invoice is deleted in Asperion, nothing is left to be changed.
    """
    if _is_deleted(booked):
        return None
    if booked.reported_at is None and booked.taken_back_at is None:
        return change
    reversal = reversal_of(workspace, booked)
    if reversal is None:
        return change
    if booked.taken_back_at is not None:
        return None
    if change in _FELL_THROUGH:
        return None
    return LateChange.REVIVED if reversal.state is EntryState.PLACED else change


def judge_entry_reversal(
    workspace: Workspace, reversal: Entry, order: Order, terms: Terms
) -> Verdict:
    """Judge a reversal by its order as it is now and as the ledger says it was booked.

    It is dated on the day on which a run takes it up, so that taking the file up again after a
    crash gives the same bytes.
    """
    booked = workspace.entry_of(DocumentKind.ORDER, order.id)
    if booked is not None and _is_deleted(booked):
        return NotDue(DropCause.BY_HAND)
    is_placed = booked is not None and booked.state is EntryState.PLACED
    is_claimed = reversal.state is EntryState.CLAIMED
    verdict = judge_reversal(
        order,
        terms,
        booked=workspace.read_prints(booked) if booked and is_placed else None,
        day=local_day(reversal.since if is_claimed else workspace.now()),
        booked_on=booked.booked_on if booked else None,
        on_request=booked is not None and booked.taken_back_at is not None,
    )
    if isinstance(verdict, Invoice) and _is_credited(workspace, order):
        return Hold(HoldReason.CREDITED_ALREADY)
    return verdict


def _is_credited(workspace: Workspace, order: Order) -> bool:
    notes = (one for one in order.invoices if one.is_credit_note)
    entries = (workspace.entry_of(DocumentKind.INVOICE, one.id) for one in notes)
    return any(entry is not None and entry.state in _UNDER_WAY for entry in entries)
