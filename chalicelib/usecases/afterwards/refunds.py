"""Credit notes on booked documents, looked for every night: put in front of the merchant, and
nothing is booked by itself.

What was credited by the time at which a document was read for its file is told with its booking
(see `credit_notes`); the search is for what comes afterwards. It reaches back to the last one that
succeeded, however many nights that is ago, and to a credit note that could not be reported yet.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.causes import DropCause, LateChange
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.orders import ShopInvoice
from chalicelib.domain.policy import Source
from chalicelib.domain.shop_records import RefundProgress
from chalicelib.usecases.intake.paging import changed_invoices
from chalicelib.usecases.intake.sweep import overlap_of
from chalicelib.usecases.judging.comparing import compare_invoice, credited_by, report_change
from chalicelib.usecases.judging.credit_notes import find_original_of, is_open_note
from chalicelib.usecases.judging.reversals import is_taken_back
from chalicelib.usecases.workspace import Workspace

REACHES_BACK = timedelta(hours=26)  # at least: a night and some
WAITS_AT_MOST = timedelta(days=30)
"""For how long the search begins at a refund that nobody has dealt with: each night of it costs
reading all invoices changed since."""

_WEIGHTIER_THAN = (None, LateChange.PARTLY_PAID)  # of which a refund says why


def flag_refunds(workspace: Workspace) -> tuple[str, ...]:
    """Report every credit note since the last search. Returns the numbers of the documents that
    they are on.

    Shops that export invoices get their credit notes booked as documents of their own. Raises
    `ShopError` with the progress where it was.
    """
    if workspace.shop.policy.source is Source.INVOICES:
        return ()
    started = workspace.now()
    listed = list(changed_invoices(workspace.api, _search_from(workspace, started)))
    credited = credited_by(listed)
    found, until = [], started
    for invoice in listed:
        booked = _find_booking(workspace, invoice) if invoice.is_credit_note else None
        if booked is not None and _is_unresolved(workspace, booked, invoice):
            until = min(until, _wait_for(booked, invoice, started))
            if _report_refund(workspace, booked):
                found.append(booked.number)
        own = workspace.entry_of(DocumentKind.INVOICE, invoice.id)
        if own is not None and own.state is EntryState.PLACED:
            # Booked on a click, or from when the shop exported its invoices.
            compare_invoice(workspace, invoice, own, credited)
        elif own is not None and own.state is EntryState.CLAIMED:
            until = min(until, invoice.updated_at)  # compared when its file is decided
    workspace.connector.shops.save(workspace.shop_id, RefundProgress(until=until))
    return tuple(found)


def _search_from(workspace: Workspace, now: datetime) -> datetime:
    kept = workspace.connector.shops.load(workspace.shop_id, RefundProgress)
    last = workspace.shop.installed_at if kept is None else kept.until
    return min(now - REACHES_BACK, last) - overlap_of(workspace.shop)


def _find_booking(workspace: Workspace, note: ShopInvoice) -> Entry | None:
    """What a credit note takes back and what is in a file: the order, or from when the shop
    exported its invoices one of these. None for what is not: its booking will tell.
    """
    if note.order_id is None:
        return None
    order = workspace.entry_of(DocumentKind.ORDER, note.order_id)
    if order is not None and order.state in _IN_A_FILE:
        return order
    original_id = note.original_id
    if original_id is None and order is not None and order.drop_cause is _AS_INVOICE:
        original_id = find_original_of(note, workspace.api.order(note.order_id))
    if original_id is None:
        return None
    invoice = workspace.entry_of(DocumentKind.INVOICE, original_id)
    return invoice if invoice is not None and invoice.state in _IN_A_FILE else None


_IN_A_FILE = (EntryState.CLAIMED, EntryState.PLACED)
_AS_INVOICE = DropCause.BOOKED_AS_INVOICE


def _is_unresolved(workspace: Workspace, booked: Entry, note: ShopInvoice) -> bool:
    """Whether somebody still has to deal with a credit note, so that the next search begins there:
    were the order sent again, or another change dealt with first, it has to be reported afterwards.
    """
    if not is_open_note(workspace, booked, note):
        return False
    return note.order_id is None or not is_taken_back(workspace, note.order_id)


def _wait_for(booked: Entry, note: ShopInvoice, now: datetime) -> datetime:
    """Where the next search has to begin for a credit note. One of a document whose file is not
    decided may have come after that was read: it is waited for as long as that takes.
    """
    if booked.state is EntryState.CLAIMED:
        return note.updated_at
    return max(note.updated_at, now - WAITS_AT_MOST)


def _report_refund(workspace: Workspace, entry: Entry) -> bool:
    if entry.state is not EntryState.PLACED or entry.change not in _WEIGHTIER_THAN:
        return False
    return report_change(workspace, entry, LateChange.REFUNDED, by=Actor.WATCH)
