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
from chalicelib.usecases.changes.by_hand import is_person
from chalicelib.usecases.changes.corrections import is_known
from chalicelib.usecases.changes.noticing import compare_invoice, earliest, tell
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.intake.paging import changed_invoices
from chalicelib.usecases.intake.sweep import credited_by, overlap_of

NOTE = "refunds"
LOOK_BACK = timedelta(hours=26)  # at least: a night and some
STRANGER_FOR = timedelta(days=3)
WAITS_AT_MOST = timedelta(days=30)
"""For how long the mark waits for somebody to deal with a refund: each night of it costs a look at
all invoices changed since."""

_WEIGHTIER_THAN = (None, LateChange.PARTLY_PAID)  # of which a refund says why


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
        entry = _order_of(connector, shop.shop_id, invoice)
        if _is_open(connector, entry, invoice, started):
            waits = earliest(waits, invoice.updated_at)
            if (
                entry is not None
                and _can_be_told(entry)
                and tell(connector, entry, LateChange.REFUNDED, by="watch")
            ):
                found.append(entry.number)
        _compare(connector, shop, invoice, credited)
    mark = max(min(started, waits or started), started - WAITS_AT_MOST)
    connector.shops.note(shop.shop_id, NOTE, {"until": mark.isoformat()})
    return tuple(found)


def _since(connector: Connector, shop: Shop, now: datetime) -> datetime:
    noted = connector.shops.noted(shop.shop_id, NOTE)
    last = datetime.fromisoformat(noted["until"]) if noted else shop.installed_at
    return min(now - LOOK_BACK, last) - overlap_of(shop)


def _order_of(connector: Connector, shop_id: int, note: ShopInvoice) -> Entry | None:
    if not note.is_credit_note or note.order_id is None:
        return None
    return connector.entries.get(shop_id, document_key(DocumentKind.ORDER, note.order_id))


def _is_open(connector: Connector, entry: Entry | None, note: ShopInvoice, now: datetime) -> bool:
    """Whether somebody still has to deal with a credit note, so that the mark waits for it: were
    the order sent again, or another change dealt with first, it has to be told of afterwards. Of an
    order that is unknown, or was left out, one may still hear, for some nights.
    """
    if not note.is_credit_note or note.order_id is None:
        return False
    if entry is None or entry.state is EntryState.DROPPED:
        return note.updated_at > now - STRANGER_FOR
    return _is_news(connector, entry, note)


def _can_be_told(entry: Entry) -> bool:
    return entry.state is EntryState.PLACED and entry.change in _WEIGHTIER_THAN


def _is_news(connector: Connector, entry: Entry, note: ShopInvoice) -> bool:
    """Whether nobody was told of a credit note and has dealt with it since. Also one made before
    the booking: an order's total says nothing of what was paid back.
    """
    told = ""
    for event in entry.history:
        if event.what == "changed":
            told = event.detail
        elif event.what == "seen" and is_person(event.by):
            if told == LateChange.REFUNDED and event.at >= note.updated_at:
                return False
            told = ""
    return not is_known(connector, entry.shop_id, note)


def _compare(connector: Connector, shop: Shop, invoice: ShopInvoice, credited: set[int]) -> None:
    """A credit note that was booked on a click, or an invoice from when the shop exported those."""
    key = document_key(DocumentKind.INVOICE, invoice.id)
    entry = connector.entries.get(shop.shop_id, key)
    if entry is not None and entry.state is EntryState.PLACED:
        compare_invoice(connector, shop, invoice, entry, credited)
