"""A credit note goes into the books with or after what it takes back, never before.

Until then it is held. It is freed by the run that placed its original, and by nothing that has to
be clicked; both waiting for one file go into it together.
"""

from __future__ import annotations

from chalicelib.domain.documents import first_invoice
from chalicelib.domain.due import CANCELLED, ZERO_VALUE
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, document_key
from chalicelib.domain.orders import Order, ShopInvoice
from chalicelib.domain.policy import Source
from chalicelib.domain.shops import Shop
from chalicelib.usecases.changes.by_hand import EVERY, is_settled_by_hand
from chalicelib.usecases.connector import Connector

BEFORE_START = "before_start"
BOOKED_AS_ORDER = "booked_as_order"
ORIGINAL_PLACED = "original_placed"
"""Why a held credit note waits again."""

_IN_THE_BOOKS_OTHERWISE = (BEFORE_START, ZERO_VALUE)


def original_not_booked(
    connector: Connector, shop: Shop, note: Entry, document: ShopInvoice, order: Order
) -> str | None:
    """The number of the document that a credit note has to wait for; None when it need not."""
    if not document.is_credit_note or document.status == CANCELLED:
        return None
    original = _original(document, order)
    if original is None:
        return None  # the judgement says that there is none
    booked = _entry_of(connector, shop.shop_id, original, order)
    if booked is not None:
        return None if _may_follow(booked, note) else booked.number
    # Older than the connector, or of the time in which the shop's orders were exported.
    unheard = shop.policy.source is Source.INVOICES and original.created_at >= shop.installed_at
    return original.number if unheard else None


def free_credit_notes(connector: Connector, shop_id: int) -> list[str]:
    """Let the credit notes wait whose original is in the books by now. Returns their keys."""
    held = connector.entries.open(shop_id, EntryState.HELD, limit=EVERY)
    return [
        note.key
        for note in held
        if note.hold == HoldReason.CREDIT_BEFORE_ORIGINAL
        and _is_booked(connector, shop_id, note.hold_detail)
        and connector.entries.requeue(
            shop_id,
            note.key,
            expect=EntryState.HELD,
            at=connector.clock(),
            by="sweep",
            reason=ORIGINAL_PLACED,
        )
    ]


def _original(document: ShopInvoice, order: Order) -> ShopInvoice | None:
    """The invoice that the credit note refers to, or when to none the order's first."""
    if document.original_id is None:
        return first_invoice(order.invoices)
    return next((one for one in order.invoices if one.id == document.original_id), None)


def _entry_of(
    connector: Connector, shop_id: int, original: ShopInvoice, order: Order
) -> Entry | None:
    """What books the sale: the invoice, or the order where that goes instead."""
    key = document_key(DocumentKind.INVOICE, original.id)
    as_invoice = connector.entries.get(shop_id, key)
    if as_invoice is not None and _cause(as_invoice) != BOOKED_AS_ORDER:
        return as_invoice
    return connector.entries.get(shop_id, document_key(DocumentKind.ORDER, order.id)) or as_invoice


def _is_booked(connector: Connector, shop_id: int, number: str) -> bool:
    return any(
        _may_follow(entry, None)
        for entry in connector.entries.by_number(shop_id, number)
        if entry.kind is not DocumentKind.REVERSAL
    )


def _may_follow(original: Entry, note: Entry | None) -> bool:
    """Whether a credit note may go into the file that it is claimed by, if any. An original of the
    same file was judged before it, being older: had it been refused, it were no longer claimed.
    """
    if original.state is EntryState.PLACED:
        return True
    if original.state in (EntryState.CLAIMED, EntryState.WAITING):
        return note is not None and (note.state, note.file) == (original.state, original.file)
    dropped = original.state is EntryState.DROPPED
    return dropped and (_cause(original) in _IN_THE_BOOKS_OTHERWISE or is_settled_by_hand(original))


def _cause(entry: Entry) -> str:
    """Why an entry was dropped, if it was."""
    dropped = entry.state is EntryState.DROPPED and entry.history
    return entry.history[-1].detail if dropped else ""
