"""What SEOshop says changed since the last look: finds what webhooks lost, and late changes.

One call for every 250 orders. The mark moves only after all pages are stored; the look overlaps
the last one, and seeing an order twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from chalicelib.domain.days import local_day
from chalicelib.domain.due import CANCELLED, NOT_PAID, not_due
from chalicelib.domain.fingerprint import summary_print
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.domain.policy import Source
from chalicelib.domain.shops import Shop
from chalicelib.ports import PAGE, ShopApi
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.reading import shop_key
from chalicelib.usecases.reversing import change_left

OVERLAP = timedelta(minutes=30)
"""More than clocks differ. SEOshop may read the bound as the shop's local time, which in Europe
only reaches further back …"""

OVERLAP_WEST = timedelta(hours=13)
"""… and in America would reach too little: cluster ``us1`` looks further back."""


@dataclass(slots=True)
class Swept:
    """What a sweep saw since `since`. `due` maps the key of every due document to its listed
    total (in memory only, for the day's proof); `found` are those that no webhook had brought.
    `unsettled` is the earliest change of a document that is still in an unfinished file.
    """

    since: datetime
    due: dict[str, Decimal] = field(default_factory=dict)
    unsettled: datetime | None = None
    found: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)


def sweep(connector: Connector, shop: Shop, api: ShopApi) -> Swept:
    """Look at everything that changed since the shop's mark, then move the mark.

    Raises `ShopError`, with the mark where it was.
    """
    started = connector.clock()
    overlap = OVERLAP_WEST if shop.cluster == "us1" else OVERLAP
    since = (shop.swept_until or shop.installed_at) - overlap
    seen = Swept(since=since)
    for summary in changed_orders(api, since):
        _look_at(connector, shop, summary, seen)
    if shop.policy.source is Source.INVOICES:
        for invoice in changed_invoices(api, since):
            _hear_invoice(connector, shop, invoice, seen)
    # What changed while its file was unfinished is compared when the file is settled: the mark
    # waits for it. A mark that goes back is harmless.
    mark = min(started, seen.unsettled or started)
    connector.shops.update(shop.shop_id, lambda stored: replace(stored, swept_until=mark))
    return seen


def changed_orders(api: ShopApi, since: datetime) -> Iterator[OrderSummary]:
    """All orders changed since, page by page, ascending by id so that none slips between pages."""
    after_id = 0
    while True:
        page = api.orders_updated_since(since, after_id=after_id)
        yield from page
        if len(page) < PAGE:
            return
        after_id = page[-1].id


def changed_invoices(api: ShopApi, since: datetime) -> Iterator[ShopInvoice]:
    """All invoices and credit notes changed since, likewise."""
    after_id = 0
    while True:
        page = api.invoices_updated_since(since, after_id=after_id)
        yield from page
        if len(page) < PAGE:
            return
        after_id = page[-1].id


def due_now(shop: Shop, api: ShopApi, since: datetime) -> dict[Hint, Decimal]:
    """The due documents among those changed since, with their listed totals; stores nothing."""
    if shop.policy.source is Source.INVOICES:
        return {
            _invoice_hint(invoice): invoice.price_incl
            for invoice in changed_invoices(api, since)
            if invoice.created_at >= shop.installed_at
        }
    return {
        order_hint(summary): summary.price_incl
        for summary in changed_orders(api, since)
        if _is_due(shop, summary)
    }


def order_hint(summary: OrderSummary) -> Hint:
    """The hint that a listed order is."""
    return Hint(
        kind=DocumentKind.ORDER,
        document_id=summary.id,
        number=summary.number,
        day=local_day(summary.created_at),
    )


def _invoice_hint(invoice: ShopInvoice) -> Hint:
    return Hint(
        kind=DocumentKind.INVOICE,
        document_id=invoice.id,
        number=invoice.number,
        day=local_day(invoice.created_at),
    )


def _is_due(shop: Shop, summary: OrderSummary) -> bool:
    cause = not_due(
        status=summary.status, payment_status=summary.payment_status, policy=shop.policy
    )
    return cause is None


def _look_at(connector: Connector, shop: Shop, summary: OrderSummary, seen: Swept) -> None:
    hint = order_hint(summary)
    entry = connector.entries.get(shop.shop_id, hint.key)
    due = _is_due(shop, summary)
    if entry is not None and entry.state is EntryState.PLACED:
        _compare(connector, shop, summary, entry, seen)
    elif entry is not None and entry.state is EntryState.CLAIMED:
        seen.unsettled = min(summary.updated_at, seen.unsettled or summary.updated_at)
    elif shop.policy.source is Source.ORDERS:
        _hear_order(connector, shop, summary, hint, entry, due=due, seen=seen)
    if due and shop.policy.source is Source.ORDERS:
        seen.due[hint.key] = summary.price_incl


def _hear_order(
    connector: Connector,
    shop: Shop,
    summary: OrderSummary,
    hint: Hint,
    entry: Entry | None,
    *,
    due: bool,
    seen: Swept,
) -> None:
    """New and due: it waits. Held or dropped, and changed since: it is looked at again."""
    if entry is None:
        worth_it = due
    else:
        dropped_and_due = entry.state is EntryState.DROPPED and due
        worth_it = (entry.state is EntryState.HELD or dropped_and_due) and _is_newer(
            summary.updated_at, entry
        )
    if worth_it and connector.entries.hear(shop.shop_id, hint, at=connector.clock(), by="sweep"):
        seen.found.append(summary.number)


def _is_newer(changed_at: datetime, entry: Entry) -> bool:
    """Whether the change may have come after the document was read. It was read some time before
    it was settled, by another clock, and SEOshop's stamps are whole seconds: once too often is
    harmless, once too seldom loses an order.
    """
    return changed_at > entry.since - OVERLAP


def _compare(
    connector: Connector, shop: Shop, summary: OrderSummary, entry: Entry, seen: Swept
) -> None:
    """An order in the books: has it been cancelled, unpaid or edited since?"""
    booked = (entry.fingerprint or "").partition(".")[0]
    if not booked:
        return
    changed = not _is_as_booked(summary, booked, shop_key(connector, shop))
    change = change_left(connector, entry, _name_of(shop, summary) if changed else None)
    if change == entry.change or (entry.change == "refunded" and change is None):
        return
    if (
        connector.entries.mark_changed(shop.shop_id, entry.key, change, at=connector.clock())
        and change
    ):
        seen.changed.append(entry.number)


def _is_as_booked(summary: OrderSummary, booked: str, key: bytes) -> bool:
    """Also when it was booked on account and has been paid since: that is no change to book."""
    if summary_print(summary, key) == booked:
        return True
    on_account = replace(summary, payment_status="not_paid")
    return summary.payment_status == "paid" and summary_print(on_account, key) == booked


def _name_of(shop: Shop, summary: OrderSummary) -> str:
    cause = not_due(
        status=summary.status, payment_status=summary.payment_status, policy=shop.policy
    )
    return {CANCELLED: "cancelled", NOT_PAID: "unpaid"}.get(cause or "", "edited")


def _hear_invoice(connector: Connector, shop: Shop, invoice: ShopInvoice, seen: Swept) -> None:
    if invoice.created_at < shop.installed_at:
        return
    hint = _invoice_hint(invoice)
    seen.due[hint.key] = invoice.price_incl
    entry = connector.entries.get(shop.shop_id, hint.key)
    stale = (
        entry is not None
        and entry.state in (EntryState.HELD, EntryState.DROPPED)
        and _is_newer(invoice.updated_at, entry)
    )
    if (entry is None or stale) and connector.entries.hear(
        shop.shop_id, hint, at=connector.clock(), by="sweep"
    ):
        seen.found.append(invoice.number)
