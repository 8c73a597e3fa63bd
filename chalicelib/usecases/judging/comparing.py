"""A booked document looked at again: what of a late change is news, and putting it on the list.

An entry shows one change at a time. What the watch has told (a refund, other details) comes back
once another change that hid it is gone or dealt with.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from chalicelib.domain.changes import invoice_change, order_change
from chalicelib.domain.fingerprint import Prints
from chalicelib.domain.ledger import Entry, EntryState, LateChange
from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.domain.shops import Shop
from chalicelib.usecases.changes.by_hand import is_person
from chalicelib.usecases.changes.reversals import change_left
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.reading import shop_key

_SEEN_BY_THE_WATCH = (LateChange.REFUNDED, LateChange.DETAILS)  # the weightier first


def compare_order(connector: Connector, shop: Shop, summary: OrderSummary, entry: Entry) -> bool:
    """Compare a listed order with its booking. Gives whether there is news for somebody."""
    key = shop_key(connector, shop)
    booked = Prints.read(entry.fingerprint, key)
    if booked is None:
        return False
    change = change_left(connector, entry, order_change(summary, booked, shop.policy, key))
    if entry.change == LateChange.REFUNDED and change is LateChange.PARTLY_PAID:
        return False  # the refund says why
    return tell(connector, entry, change or untold(entry))


def untold(entry: Entry) -> LateChange | None:
    """What the watch told of a booked document and no person has dealt with since: no list shows
    whether that is still so, and another change may have hidden it for a while.
    """
    found: set[str] = set()
    for event in entry.history:
        if event.what == "changed":
            found.add(event.detail)
        elif event.what == EntryState.PLACED:
            found.discard(LateChange.DETAILS)
        elif event.what == "seen" and is_person(event.by):
            found.clear()
    return next((change for change in _SEEN_BY_THE_WATCH if change.value in found), None)


def compare_invoice(
    connector: Connector, shop: Shop, invoice: ShopInvoice, entry: Entry, credited: Collection[int]
) -> bool:
    """Likewise one of SEOshop's own invoices or credit notes. `credited` are the ids of invoices
    that a listed credit note takes back: being cancelled by it is no change of its own.
    """
    key = shop_key(connector, shop)
    booked = Prints.read(entry.fingerprint, key)
    if booked is None:
        return False
    change = invoice_change(invoice, booked, key)
    if change is LateChange.CANCELLED and invoice.id in credited:
        return False
    return tell(connector, entry, change)


def tell(connector: Connector, entry: Entry, change: LateChange | None, by: str = "sweep") -> bool:
    """Put a change on the list, or with None take one off; whether there is news for somebody."""
    if entry.state is not EntryState.PLACED or change == entry.change:
        return False
    told = connector.entries.mark_changed(
        entry.shop_id, entry.key, change, at=connector.clock(), by=by
    )
    return told and change is not None


def earliest(known: datetime | None, at: datetime) -> datetime:
    """The earlier of what is known, if anything is, and another moment."""
    return at if known is None else min(known, at)
