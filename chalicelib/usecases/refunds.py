"""Credit notes on booked orders, looked for every night: put in front of the merchant, and nothing
is booked by itself.

The look reaches back to the last one that succeeded, however many nights that is ago, and to a
credit note that could not be told of yet.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, LateChange, document_key
from chalicelib.domain.orders import ShopInvoice
from chalicelib.domain.policy import Source
from chalicelib.domain.shops import Shop
from chalicelib.ports import ShopApi
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.corrections import is_known
from chalicelib.usecases.noticing import WAITS_AT_MOST, compare_invoice, earliest, tell
from chalicelib.usecases.paging import changed_invoices
from chalicelib.usecases.sweep import credited_by, overlap_of

NOTE = "refunds"
LOOK_BACK = timedelta(hours=26)  # at least: a night and some
_ON_ITS_WAY = (EntryState.WAITING, EntryState.CLAIMED, EntryState.HELD)


def look(connector: Connector, shop: Shop, api: ShopApi) -> tuple[str, ...]:
    """Tell of every credit note since the last look. Returns the numbers of the orders.

    Shops that export invoices get their credit notes booked as documents of their own. Raises
    `ShopError` with the mark where it was.
    """
    if shop.policy.source is Source.INVOICES:
        return ()
    started = connector.clock()
    listed = list(changed_invoices(api, _since(connector, shop, started)))
    credited = credited_by(listed)
    found, waits = [], None
    for invoice in listed:
        if invoice.is_credit_note and invoice.order_id is not None:
            entry = _order_of(connector, shop.shop_id, invoice.order_id)
            if entry is not None and _is_news(connector, entry, invoice):
                if _has_to_wait(entry):
                    waits = earliest(waits, invoice.updated_at)
                elif tell(connector, entry, LateChange.REFUNDED, by="watch"):
                    found.append(entry.number)
        _compare(connector, shop, invoice, credited)
    mark = started if waits is None else max(min(started, waits), started - WAITS_AT_MOST)
    connector.shops.note(shop.shop_id, NOTE, {"until": mark.isoformat()})
    return tuple(found)


def _since(connector: Connector, shop: Shop, now: datetime) -> datetime:
    noted = connector.shops.noted(shop.shop_id, NOTE)
    last = datetime.fromisoformat(noted["until"]) if noted else shop.installed_at
    return min(now - LOOK_BACK, last) - overlap_of(shop)


def _order_of(connector: Connector, shop_id: int, order_id: int) -> Entry | None:
    return connector.entries.get(shop_id, document_key(DocumentKind.ORDER, order_id))


def _has_to_wait(entry: Entry) -> bool:
    """Whether the order is not booked yet, or shows another change that somebody has to deal with
    first.
    """
    return entry.state in _ON_ITS_WAY or entry.change is not None


def _is_news(connector: Connector, entry: Entry, note: ShopInvoice) -> bool:
    """Whether a credit note's order is in the books or on its way there, and nobody was told of the
    credit note or has dealt with it. Also one made before the booking: an order's total says
    nothing of what was paid back.
    """
    if entry.state is EntryState.DROPPED or entry.change == LateChange.REFUNDED:
        return False
    dealt_with = any(
        event.what == "seen" and event.by == "merchant" and event.at >= note.updated_at
        for event in entry.history
    )
    return not dealt_with and not is_known(connector, entry.shop_id, note)


def _compare(connector: Connector, shop: Shop, invoice: ShopInvoice, credited: set[int]) -> None:
    """A credit note that was booked on a click, or an invoice from when the shop exported those."""
    key = document_key(DocumentKind.INVOICE, invoice.id)
    entry = connector.entries.get(shop.shop_id, key)
    if entry is not None and entry.state is EntryState.PLACED:
        compare_invoice(connector, shop, invoice, entry, credited)
