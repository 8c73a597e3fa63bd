"""The nightly look at what nobody asks for: subscriptions, refunds, new payment methods, silence.

A few calls a shop, apart from the export so that an export costs one call an order and one a page.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.orders import PaymentMethod, ShopInvoice
from chalicelib.domain.payments import is_new
from chalicelib.domain.policy import Source
from chalicelib.domain.shops import AuditEvent, Shop
from chalicelib.errors import ConnectorError, ShopError, ShopUnauthorised
from chalicelib.ports import ShopApi
from chalicelib.usecases import leave, subscriptions
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.corrections import is_known
from chalicelib.usecases.reversing import key_of
from chalicelib.usecases.sweep import changed_invoices

log = logging.getLogger(__name__)

WATCH_NOTE = "watch"
LOOK_BACK = timedelta(hours=26)  # a night and some overlap
HABIT_DAYS = 28
DAYS_TO_KNOW_A_HABIT = 5
LEAST_PATIENCE = 3  # days of silence nobody need mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What was seen of one shop. `quiet_days` is set when the shop is quiet beyond its habit."""

    shop_id: int
    healed: tuple[str, ...] = ()
    removed: int = 0
    refunded: tuple[str, ...] = ()
    new_methods: tuple[str, ...] = ()
    quiet_days: int | None = None
    failed: str | None = None


def watch_all(connector: Connector, *, until: datetime) -> list[Watched]:
    """Watch over every exporting shop, until the function's time is up; one shop's trouble never
    stops another's watch.
    """
    seen = []
    for shop_id in connector.shops.exporting():
        if connector.clock() >= until:
            log.error("watch ran out of time", extra={"shop_id": shop_id})
            break
        try:
            seen.append(watch(connector, connector.shop(shop_id)))
        except ShopUnauthorised:
            leave.disconnect(connector, shop_id)
            seen.append(Watched(shop_id=shop_id, failed="SEOshop refuses the token"))
        except ConnectorError as error:
            log.warning("watch failed", extra={"shop_id": shop_id, "cause": str(error)})
            seen.append(Watched(shop_id=shop_id, failed=str(error)))
    return seen


def watch(connector: Connector, shop: Shop) -> Watched:
    """Watch over one shop. Raises `ShopError`, `LedgerError`."""
    api = connector.open_shop(shop)
    healing = subscriptions.ensure(api, shop, connector.settings)
    if not healing.was_whole:
        _audit(connector, shop, "subscriptions mended", ", ".join(healing.created))
    unmapped = _new_methods(shop, api)
    watched = Watched(
        shop_id=shop.shop_id,
        healed=healing.created,
        removed=healing.removed,
        refunded=_refunds(connector, shop, api),
        new_methods=tuple(method.title for method in unmapped),
        quiet_days=silence(connector, shop),
    )
    connector.shops.note(
        shop.shop_id,
        WATCH_NOTE,
        {
            "at": connector.clock().isoformat(),
            "new_methods": "\n".join(_on_one_line(method.title) for method in unmapped),
            "new_method_keys": "\n".join(_on_one_line(method.key) for method in unmapped),
            "quiet_days": str(watched.quiet_days or ""),
        },
    )
    return watched


def _refunds(connector: Connector, shop: Shop, api: ShopApi) -> tuple[str, ...]:
    """Credit notes on booked orders: put in front of the merchant, nothing is booked by itself.

    Shops that export invoices get their credit notes booked as documents of their own.
    """
    if shop.policy.source is Source.INVOICES:
        return ()
    found = []
    for invoice in changed_invoices(api, connector.clock() - LOOK_BACK):
        if not invoice.is_credit_note or invoice.order_id is None:
            continue
        key = key_of(DocumentKind.ORDER, invoice.order_id)
        entry = connector.entries.get(shop.shop_id, key)
        if (
            entry is not None
            and _is_news(connector, entry, invoice)
            and connector.entries.mark_changed(
                shop.shop_id, key, "refunded", at=connector.clock(), by="watch"
            )
        ):
            found.append(entry.number)
    return tuple(found)


def _is_news(connector: Connector, entry: Entry, note: ShopInvoice) -> bool:
    """Whether a credit note's order is booked, and nobody was told of the credit note or has dealt
    with it. Also one made before the booking: an order's total says nothing of what was paid back.
    """
    if entry.state is not EntryState.PLACED or entry.change is not None:
        return False
    dealt_with = any(
        event.what == "seen" and event.by == "merchant" and event.at >= note.updated_at
        for event in entry.history
    )
    return not dealt_with and not is_known(connector, entry.shop_id, note)


def _new_methods(shop: Shop, api: ShopApi) -> tuple[PaymentMethod, ...]:
    """Payment methods the merchant has not decided on: warned of before the first order comes."""
    try:
        methods = api.payment_methods()
    except ShopUnauthorised:
        raise
    except ShopError:
        return ()
    return tuple(method for method in methods if is_new(shop.policy, method.key))


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def silence(connector: Connector, shop: Shop) -> int | None:
    """For how many days a shop that normally sells has been quiet, when that is beyond its own
    habit: twice its longest gap of the last four weeks, and more than `LEAST_PATIENCE` days.
    """
    selling = sorted(
        date.fromisoformat(name.removeprefix("day-"))
        for name, values in connector.shops.notes(shop.shop_id, "day-", HABIT_DAYS)
        if int(values["paid"]) > 0
    )
    if len(selling) < DAYS_TO_KNOW_A_HABIT:
        return None
    longest = max((b - a).days for a, b in pairwise(selling))
    quiet = (local_day(connector.clock()) - selling[-1]).days
    return quiet if quiet > max(2 * longest, LEAST_PATIENCE) else None


def _audit(connector: Connector, shop: Shop, what: str, detail: str) -> None:
    connector.shops.record(
        shop.shop_id,
        AuditEvent(at=connector.clock(), what=what, by="connector", detail=detail),
    )
