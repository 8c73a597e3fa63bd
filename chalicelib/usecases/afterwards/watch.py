"""The nightly look at what nobody asks for: subscriptions, refunds, new payment methods, silence.

A few calls a shop, apart from the export so that an export costs one call an order and one a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Actor
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.payments import is_new
from chalicelib.domain.shops import Shop
from chalicelib.errors import ShopError, ShopUnauthorised
from chalicelib.ports import ShopApi
from chalicelib.usecases.changes import refunds, rereading
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.lifecycle import leave, subscriptions

WATCH_NOTE = "watch"
LONGEST = timedelta(minutes=5)
HABIT_DAYS = 28
DAYS_TO_KNOW_A_HABIT = 5
LEAST_PATIENCE = 3  # days of silence nobody need mention


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What was seen of one shop; `refunded` and `edited` are order numbers. `quiet_days` is set
    when the shop is quiet beyond its habit.
    """

    shop_id: int
    healed: tuple[str, ...] = ()
    removed: int = 0
    refunded: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    new_methods: tuple[str, ...] = ()
    quiet_days: int | None = None

    @property
    def is_fine(self) -> bool:
        """Whether nobody need look."""
        return not (self.healed or self.removed or self.refunded or self.quiet_days)


def watch_one(connector: Connector, shop_id: int) -> Watched | None:
    """Watch over a shop, which may have left since its message was sent: then None. A refused token
    disconnects it. Raises `UnknownShop`, `ShopError`, `LedgerError`.
    """
    shop = connector.shop(shop_id)
    if not shop.state.exports:
        return None
    try:
        return watch(connector, shop)
    except ShopUnauthorised:
        leave.disconnect(connector, shop)
        return None


def watch(connector: Connector, shop: Shop, *, until: datetime | None = None) -> Watched:
    """Watch over one shop, reading no more orders after `until`. Raises `ShopError`,
    `LedgerError`; every part keeps its own mark, so that what failed is made up for the next time.
    """
    until = until or connector.clock() + LONGEST
    api = connector.open_shop(shop)
    healing = subscriptions.ensure(api, shop, connector.settings)
    if not healing.was_whole:
        created = ", ".join(healing.created)
        connector.audit(shop.shop_id, "subscriptions mended", Actor.CONNECTOR, created)
    unmapped = _new_methods(shop, api)
    refunded = refunds.look(connector, shop, api)
    watched = Watched(
        shop_id=shop.shop_id,
        healed=healing.created,
        removed=healing.removed,
        refunded=refunded,
        edited=rereading.look(connector, shop, api, until=until),
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
        if int(values["paid"]) > int(values.get("carried", "0"))
    )
    if len(selling) < DAYS_TO_KNOW_A_HABIT:
        return None
    longest = max((b - a).days for a, b in pairwise(selling))
    quiet = (local_day(connector.clock()) - selling[-1]).days
    return quiet if quiet > max(2 * longest, LEAST_PATIENCE) else None
