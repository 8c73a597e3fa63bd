"""What SEOshop says changed since the last look: finds what webhooks lost, and late changes.

One call for every 250 orders. The mark moves only after all pages are stored; the look overlaps
the last one, and seeing an order twice changes nothing. A look that takes longer than an allowance
or a function's time keeps its place, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.due import CANCELLED, not_due
from chalicelib.domain.ledger import Entry, EntryState, Hint
from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.domain.policy import Source
from chalicelib.domain.shops import Shop
from chalicelib.ports import PAGE, ShopApi
from chalicelib.usecases.changes.by_hand import is_settled_by_hand
from chalicelib.usecases.changes.noticing import compare_invoice, compare_order, earliest
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.intake.paging import changed_invoices, changed_orders, pages

Listed = OrderSummary | ShopInvoice

OVERLAP = timedelta(minutes=30)
"""More than clocks differ. SEOshop may read the bound as the shop's local time, which in Europe
only reaches further back …"""

OVERLAP_WEST = timedelta(hours=13)
"""… and in America would reach too little: cluster ``us1`` looks further back."""


NOTE = "sweep"


@dataclass(slots=True)
class Swept:
    """What a sweep saw since `since`. `due` maps the key of every due document to what the list
    says of it (in memory only, for the day's proof); `heard` are the keys of those that no webhook
    had brought. `unsettled` is the earliest change of a document that is still in an unfinished
    file. `resumed`: a part of the orders was seen by earlier runs; `whole`: none are left.
    """

    since: datetime
    due: dict[str, Listed] = field(default_factory=dict)
    unsettled: datetime | None = None
    heard: list[str] = field(default_factory=list)
    found: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    resumed: bool = False
    whole: bool = True


def sweep(
    connector: Connector, shop: Shop, api: ShopApi, *, until: datetime | None = None
) -> Swept:
    """Look at everything that changed since the shop's mark, then move the mark. Past `until` no
    further page is asked for.

    Raises `ShopError`, with the mark where it was.
    """
    since = (shop.swept_until or shop.installed_at) - overlap_of(shop)
    place = _Place.kept(connector, shop.shop_id, since)
    seen = Swept(since=since, unsettled=place.unsettled, resumed=place.after_id > 0)
    changed = pages(lambda id_: api.orders_updated_since(since, after_id=id_), place.after_id)
    for page in changed:
        for summary in page:
            _look_at(connector, shop, summary, seen)
        if len(page) == PAGE:
            place = replace(place, after_id=page[-1].id, unsettled=seen.unsettled)
            place.keep(connector, shop.shop_id)
            if until is not None and connector.clock() >= until:
                seen.whole = False
                return seen
    if shop.policy.source is Source.INVOICES:
        invoices = list(changed_invoices(api, since))
        credited = credited_by(invoices)
        for invoice in invoices:
            _hear_invoice(connector, shop, invoice, credited, seen)
    # What changed while its file was unfinished is compared when the file is settled: the mark
    # waits for it. A mark that goes back is harmless.
    mark = min(place.started, seen.unsettled or place.started)
    connector.shops.update(shop.shop_id, lambda stored: replace(stored, swept_until=mark))
    return seen


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """How far a sweep of the orders since `since` has come: all up to the id `after_id`. It counts
    for as long as the shop's mark is where it was.
    """

    since: datetime
    started: datetime
    after_id: int = 0
    unsettled: datetime | None = None

    @classmethod
    def kept(cls, connector: Connector, shop_id: int, since: datetime) -> _Place:
        noted = connector.shops.noted(shop_id, NOTE) or {}
        if noted.get("since") != since.isoformat():
            return cls(since=since, started=connector.clock())
        return cls(
            since=since,
            started=datetime.fromisoformat(noted["started"]),
            after_id=int(noted["after_id"]),
            unsettled=datetime.fromisoformat(noted["unsettled"]) if noted["unsettled"] else None,
        )

    def keep(self, connector: Connector, shop_id: int) -> None:
        note = {
            "since": self.since.isoformat(),
            "started": self.started.isoformat(),
            "after_id": str(self.after_id),
            "unsettled": self.unsettled.isoformat() if self.unsettled else "",
        }
        connector.shops.note(shop_id, NOTE, note)


def overlap_of(shop: Shop) -> timedelta:
    """How far a look at a shop's lists reaches back behind its mark."""
    return OVERLAP_WEST if shop.cluster == "us1" else OVERLAP


def credited_by(invoices: Iterable[ShopInvoice]) -> set[int]:
    """The ids of the invoices that the credit notes among these take back."""
    notes = (one for one in invoices if one.is_credit_note and one.status != CANCELLED)
    return {note.original_id for note in notes if note.original_id is not None}


def due_now(shop: Shop, api: ShopApi, since: datetime) -> dict[Hint, Listed]:
    """The due documents among those changed since, as they are listed; stores nothing."""
    if shop.policy.source is Source.INVOICES:
        return {
            Hint.of_invoice(invoice): invoice
            for invoice in changed_invoices(api, since)
            if invoice.created_at >= shop.installed_at
        }
    return {
        Hint.of_order(summary): summary
        for summary in changed_orders(api, since)
        if _is_due(shop, summary)
    }


def _is_due(shop: Shop, summary: OrderSummary) -> bool:
    cause = not_due(
        status=summary.status, payment_status=summary.payment_status, policy=shop.policy
    )
    return cause is None


def _look_at(connector: Connector, shop: Shop, summary: OrderSummary, seen: Swept) -> None:
    hint = Hint.of_order(summary)
    entry = connector.entries.get(shop.shop_id, hint.key)
    due = _is_due(shop, summary)
    if entry is not None and entry.state is EntryState.PLACED:
        if compare_order(connector, shop, summary, entry):
            seen.changed.append(entry.number)
    elif entry is not None and entry.state is EntryState.CLAIMED:
        seen.unsettled = earliest(seen.unsettled, summary.updated_at)
    elif shop.policy.source is Source.ORDERS and _is_worth_hearing(summary, entry, due=due):
        _hear(connector, shop, hint, seen)
    if due and shop.policy.source is Source.ORDERS:
        seen.due[hint.key] = summary


def _is_worth_hearing(summary: OrderSummary, entry: Entry | None, *, due: bool) -> bool:
    """New and due: it waits. Held or dropped, and changed since: it is looked at again."""
    if entry is None:
        return due
    return (due or entry.state is EntryState.HELD) and _may_be_due_again(summary.updated_at, entry)


def _may_be_due_again(changed_at: datetime, entry: Entry) -> bool:
    """Whether a held or dropped document changed since it was read; one that was dealt with by
    hand is nobody's business any more.
    """
    closed = entry.state in (EntryState.HELD, EntryState.DROPPED)
    return closed and _is_newer(changed_at, entry) and not is_settled_by_hand(entry)


def _is_newer(changed_at: datetime, entry: Entry) -> bool:
    """Whether the change may have come after the document was read. It was read some time before
    it was settled, by another clock, and SEOshop's stamps are whole seconds: once too often is
    harmless, once too seldom loses an order.
    """
    return changed_at > entry.since - OVERLAP


def _hear_invoice(
    connector: Connector, shop: Shop, invoice: ShopInvoice, credited: set[int], seen: Swept
) -> None:
    if invoice.created_at < shop.installed_at:
        return
    hint = Hint.of_invoice(invoice)
    seen.due[hint.key] = invoice
    entry = connector.entries.get(shop.shop_id, hint.key)
    if entry is not None and entry.state is EntryState.PLACED:
        if compare_invoice(connector, shop, invoice, entry, credited):
            seen.changed.append(entry.number)
    elif entry is not None and entry.state is EntryState.CLAIMED:
        seen.unsettled = earliest(seen.unsettled, invoice.updated_at)
    elif entry is None or _may_be_due_again(invoice.updated_at, entry):
        _hear(connector, shop, hint, seen)


def _hear(connector: Connector, shop: Shop, hint: Hint, seen: Swept) -> None:
    if connector.entries.hear(shop.shop_id, hint, at=connector.clock(), by="sweep"):
        seen.found.append(hint.number)
        seen.heard.append(hint.key)
