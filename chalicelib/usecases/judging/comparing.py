"""A booked document compared with what the shop lists: what of a late change is news.

An entry shows one change at a time. What the watch reported (what is otherwise in Asperion, a
refund, other details, a VAT number that is not in use) comes back once another change that hid it
is gone or dealt with. That its invoice is deleted in Asperion, or there twice, goes before what
happened in the shop: it says what a correction would come upon.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from chalicelib.domain.causes import LateChange
from chalicelib.domain.changes import invoice_change, order_change
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.usecases.judging.reversals import remaining_change
from chalicelib.usecases.workspace import Workspace


def compare_order(workspace: Workspace, summary: OrderSummary, entry: Entry) -> bool:
    """Compare a listed order with its booking. Gives whether there is news for somebody. One that
    the list does not show whole says no more than that it is cancelled.
    """
    booked = workspace.read_prints(entry)
    if booked is None or (summary.is_stand_in and not summary.is_cancelled):
        return False
    listed = order_change(summary, booked, workspace.shop.policy)
    change = remaining_change(workspace, entry, listed)
    if entry.change is LateChange.REFUNDED and change is LateChange.PARTLY_PAID:
        return False  # the refund says why
    return report_change(workspace, entry, weigh_change(entry, change))


def weigh_change(entry: Entry, listed: LateChange | None) -> LateChange | None:
    """What is to be shown of a booked document of which the shop's list says `listed`."""
    hidden = hidden_change(entry)
    return hidden if hidden in _WEIGHTIEST else listed or hidden


_WEIGHTIEST = (LateChange.DELETED_THERE, LateChange.TWICE_THERE)


def hidden_change(entry: Entry) -> LateChange | None:
    """What the watch reported of a booked document and no person has dealt with since: no list
    shows whether that is still so, and another change may have hidden it for a while.
    """
    if entry.there is not None and entry.there_reported_at is not None:
        return entry.there
    if entry.vat_reported_at is not None:
        return LateChange.VAT_NUMBER  # first: a refund that it hides is kept when it is dealt with
    if entry.refund_reported_at is not None:
        return LateChange.REFUNDED
    return None if entry.details_reported_at is None else LateChange.DETAILS


def compare_invoice(
    workspace: Workspace, invoice: ShopInvoice, entry: Entry, credited: Collection[int]
) -> bool:
    """Likewise one of SEOshop's own invoices or credit notes. `credited` are the ids of invoices
    that a listed credit note takes back: being cancelled by it is no change of its own.
    """
    booked = workspace.read_prints(entry)
    if booked is None or (invoice.is_stand_in and not invoice.is_cancelled):
        return False
    change = invoice_change(invoice, booked)
    if change is LateChange.CANCELLED and invoice.id in credited:
        return False
    return report_change(workspace, entry, weigh_change(entry, change))


def report_change(
    workspace: Workspace, entry: Entry, change: LateChange | None, by: Actor = Actor.SWEEP
) -> bool:
    """Put a change in front of the merchant, or with None take one away; whether there is news for
    somebody.
    """
    if entry.state is not EntryState.PLACED or change is entry.change:
        return False
    step = OrderStep.WITHDRAW if change is None else OrderStep.REPORT
    recorded = workspace.record(entry.key, step, by=by, cause=change)
    return recorded is not None and change is not None


def credited_by(invoices: Iterable[ShopInvoice]) -> set[int]:
    """The ids of the invoices that the credit notes among these take back."""
    notes = (one for one in invoices if one.is_credit_note and not one.is_cancelled)
    return {note.original_id for note in notes if note.original_id is not None}
