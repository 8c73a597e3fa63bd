"""A credit note goes into the books with or after what it takes back, never before.

Until then it is held. It is freed by the run that placed its original, and by nothing that has to
be clicked; both waiting for one file go into it together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chalicelib.domain.causes import DropCause
from chalicelib.domain.documents import first_invoice
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from chalicelib.domain.orders import Order, ShopInvoice
from chalicelib.domain.policy import Source
from chalicelib.usecases.workspace import Workspace

_IN_THE_BOOKS_OTHERWISE = (
    DropCause.BEFORE_START,
    DropCause.TOO_OLD,
    DropCause.ZERO_VALUE,
    DropCause.BY_HAND,
)
_BOOKED_AS_ANOTHER = (DropCause.BOOKED_AS_ORDER, DropCause.BOOKED_AS_INVOICE)


class Original(NamedTuple):
    """What a credit note takes back, and the document of the ledger that books it, if any does."""

    document: ShopInvoice
    booked: Entry | None


def find_original(workspace: Workspace, document: ShopInvoice, order: Order) -> Original | None:
    """The invoice that a credit note refers to, or when to none the order's first; None when there
    is none, which the judgement says, or for what is no credit note that stands.
    """
    if not document.is_credit_note or document.is_cancelled:
        return None
    original = first_invoice(order.invoices)
    if document.original_id is not None:
        original = next((one for one in order.invoices if one.id == document.original_id), None)
    if original is None:
        return None
    return Original(document=original, booked=_entry_of(workspace, original, order))


def original_not_booked(
    workspace: Workspace, note: Entry, found: Original, order: Order
) -> str | None:
    """The number of the document that a credit note has to wait for; None when it need not."""
    original, booked = found
    if booked is not None:
        if _may_follow(booked, note):
            return None
        # What it is called once it is read, whatever a webhook said.
        is_invoice = booked.kind is DocumentKind.INVOICE
        return Hint.of_invoice(original).number if is_invoice else order.number
    # Older than the connector, or of the time in which the shop's orders were exported.
    shop = workspace.shop
    is_to_come = shop.policy.source is Source.INVOICES and original.created_at >= shop.installed_at
    return original.number if is_to_come else None


def is_original_booked(others: Iterable[Entry]) -> bool:
    """Whether a held credit note may go on: one of these documents, which have the number that it
    waits for, is in the books, or another document of its sale instead.
    """
    return any(
        _may_follow(entry, None) or entry.drop_cause in _BOOKED_AS_ANOTHER
        for entry in others
        if entry.kind is not DocumentKind.REVERSAL
    )


def _entry_of(workspace: Workspace, original: ShopInvoice, order: Order) -> Entry | None:
    """What books the sale: the invoice, or the order where that goes instead."""
    as_invoice = workspace.entry_of(DocumentKind.INVOICE, original.id)
    if as_invoice is not None and not _gives_way(as_invoice):
        return as_invoice
    return workspace.entry_of(DocumentKind.ORDER, order.id) or as_invoice


def _gives_way(invoice: Entry) -> bool:
    is_left_out = invoice.drop_cause is DropCause.BOOKED_AS_ORDER
    return is_left_out or invoice.hold == HoldReason.SALE_UNDER_WAY


def _may_follow(original: Entry, note: Entry | None) -> bool:
    """Whether a credit note may go into the file that it is claimed by, if any. An original of the
    same file was judged before it, being older: had it been refused, it were no longer claimed.
    """
    if original.state is EntryState.PLACED:
        return True
    if original.state in (EntryState.CLAIMED, EntryState.WAITING):
        return note is not None and (note.state, note.file) == (original.state, original.file)
    return original.by_hand or original.drop_cause in _IN_THE_BOOKS_OTHERWISE
