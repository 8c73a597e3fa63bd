"""Credit notes on booked orders, looked for every night: put in front of the merchant, and nothing
is booked by itself.

Each search reaches back to the last one that succeeded, however many nights that is ago, and to a
credit note that could not be reported yet.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.orders import ShopInvoice
from chalicelib.domain.policy import Source
from chalicelib.domain.shop_records import RefundProgress
from chalicelib.usecases.intake.paging import changed_invoices, find_mark
from chalicelib.usecases.intake.sweep import overlap_of
from chalicelib.usecases.judging.comparing import compare_invoice, credited_by, report_change
from chalicelib.usecases.judging.reversals import is_taken_back
from chalicelib.usecases.workspace import Workspace

REACHES_BACK = timedelta(hours=26)  # at least: a night and some
STRANGER_FOR = timedelta(days=3)
WAITS_AT_MOST = timedelta(days=30)
"""For how long the search begins at a refund that nobody has dealt with: each night of it costs
reading all invoices changed since."""

_WEIGHTIER_THAN = (None, LateChange.PARTLY_PAID)  # of which a refund says why


def flag_refunds(workspace: Workspace) -> tuple[str, ...]:
    """Report every credit note since the last search. Returns the numbers of the orders.

    Shops that export invoices get their credit notes booked as documents of their own. Raises
    `ShopError` with the progress where it was.
    """
    if workspace.shop.policy.source is Source.INVOICES:
        return ()
    started = workspace.now()
    since = _search_from(workspace, started)
    listed = list(changed_invoices(workspace.api, since))
    credited = credited_by(listed)
    found, until = [], find_mark(workspace.api, since=since, now=started)
    for invoice in listed:
        if invoice.is_credit_note and invoice.order_id is not None:
            entry = workspace.entry_of(DocumentKind.ORDER, invoice.order_id)
            if _is_unresolved(workspace, entry, invoice, started):
                until = min(until, invoice.updated_at)
                if entry is not None and _report_refund(workspace, entry):
                    found.append(entry.number)
        booked = workspace.entry_of(DocumentKind.INVOICE, invoice.id)
        if booked is not None and booked.state is EntryState.PLACED:
            # Booked on a click, or from when the shop exported its invoices.
            compare_invoice(workspace, invoice, booked, credited)
    progress = RefundProgress(until=max(until, started - WAITS_AT_MOST))
    workspace.connector.shops.save(workspace.shop_id, progress)
    return tuple(found)


def _search_from(workspace: Workspace, now: datetime) -> datetime:
    kept = workspace.connector.shops.load(workspace.shop_id, RefundProgress)
    last = workspace.shop.installed_at if kept is None else kept.until
    return min(now - REACHES_BACK, last) - overlap_of(workspace.shop)


def _is_unresolved(
    workspace: Workspace, entry: Entry | None, note: ShopInvoice, now: datetime
) -> bool:
    """Whether somebody still has to deal with a credit note, so that the next search begins there:
    were the order sent again, or another change dealt with first, it has to be reported afterwards.
    An order that is unknown, or was left out, may still become due, for some nights. A credit note
    made before the booking counts as well: an order's total says nothing of what was paid back.
    """
    if entry is None or entry.state is EntryState.DROPPED:
        return note.updated_at > now - STRANGER_FOR
    accepted_at = entry.refund_accepted_at
    if accepted_at is not None and accepted_at >= note.updated_at:
        return False
    is_known = workspace.entry_of(DocumentKind.INVOICE, note.id) is not None
    return not is_known and not is_taken_back(workspace, entry.document_id)


def _report_refund(workspace: Workspace, entry: Entry) -> bool:
    if entry.state is not EntryState.PLACED or entry.change not in _WEIGHTIER_THAN:
        return False
    return report_change(workspace, entry, LateChange.REFUNDED, by=Actor.WATCH)
