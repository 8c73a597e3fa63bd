"""A simulated SEOshop: orders that live, an API with an allowance, lists by `updated_at`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.domain.orders import (
    InvoiceItem,
    Order,
    OrderLine,
    OrderSummary,
    PaymentMethod,
    ShopInvoice,
)
from chalicelib.domain.platform import ShopProfile, Webhook
from chalicelib.errors import (
    ShopNotFound,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
    ShopUnreadable,
)
from tests.simulation.machine import Machine, Process
from tests.simulation.weather import Weather
from tests.unit.domain import build

T = TypeVar("T")

PAGE = 250
TIME_OUT = 20.0  # seconds until a client gives up
ON_THE_LINE = {
    "api 5xx": "SEOshop gave no usable answer (502).",
    "api html": "SEOshop answered without usable JSON.",
    "api broken line": "The connection to SEOshop broke.",
}


@cache
def article(price: int) -> OrderLine:
    """A line of so many cents."""
    return build.line(f"{price / 100:.2f}")


@cache
def _template(price: int) -> Order:
    return build.order(article(price))


@dataclass(frozen=True, slots=True)
class Version:
    """An order as it was from `time` on. `flaw` is what must hold it, if anything."""

    time: float
    order: Order
    flaw: str | None = None

    def due(self, *, on_account: bool) -> bool:
        """Whether it is to be booked; all orders here wait for shipment or were shipped."""
        if self.order.status in ("cancelled", "on_hold", "offer"):
            return False
        return on_account or self.order.payment_status == "paid"


@dataclass(slots=True)
class SimOrder:
    """An order with its whole life."""

    versions: list[Version]
    missing_until: float = 0.0  # answers 404 for a while

    @property
    def now(self) -> Version:
        return self.versions[-1]

    @property
    def id(self) -> int:
        return self.now.order.id

    @property
    def number(self) -> str:
        return self.now.order.number

    def during(self, first: float, last: float) -> list[Version]:
        """The versions that stood at some time between."""
        ends = [*(one.time for one in self.versions[1:]), float("inf")]
        pairs = zip(self.versions, ends, strict=True)
        return [one for one, end in pairs if one.time <= last and end >= first]


@dataclass(slots=True)
class SimShop:
    """The server's side. `skew` is how much its clock is ahead of ours, in seconds."""

    machine: Machine
    weather: Weather
    windows: list[tuple[int, int]] = field(default_factory=lambda: [(300, 300), (3000, 3600)])
    skew: float = 0.0
    orders: dict[int, SimOrder] = field(default_factory=dict)
    credits: list[ShopInvoice] = field(default_factory=list)
    bills: dict[int, ShopInvoice] = field(default_factory=dict)
    subscriptions: list[Webhook] = field(default_factory=list)
    token_refused: bool = False
    used: dict[tuple[int, int], int] = field(default_factory=dict)
    blame: Callable[[str], None] = lambda what: None

    def clock(self) -> datetime:
        """SEOshop's own clock, in whole seconds."""
        return (self.machine.now() + timedelta(seconds=self.skew)).replace(microsecond=0)

    def create(
        self, order_id: int, price: int, *, flaw: str | None = None, **facts: Any
    ) -> SimOrder:
        """A new order, not yet paid."""
        when = self.clock()
        order = replace(
            _template(price),
            id=order_id,
            number=f"ORD{order_id:05d}",
            created_at=when,
            updated_at=when,
            payment_status="not_paid",
            email=f"klant{order_id}@example.nl",
            customer_id=order_id,
            **facts,
        )
        made = SimOrder([Version(self.machine.time, _flawed(order, flaw), flaw)])
        self.orders[order_id] = made
        return made

    def bill(self, one: SimOrder, *, of: ShopInvoice | None = None) -> ShopInvoice:
        """A new invoice of an order, or the credit note of one."""
        when, billed = self.clock(), of or one.now.order
        number = 3_000_000 + len(self.bills)
        made = build.invoice(
            f"{'CRN' if of else 'INV'}{number}",
            id=number,
            created_at=when,
            updated_at=when,
            is_credit_note=of is not None,
            original_id=of.id if of else None,
            price_excl=billed.price_excl,
            price_incl=billed.price_incl,
            order_id=one.id,
        )
        self.bills[number] = made
        return made

    def change_bill(self, bill: ShopInvoice, **facts: Any) -> None:
        """Something happens to an invoice."""
        self.bills[bill.id] = replace(self.bills[bill.id], updated_at=self.clock(), **facts)

    def change(self, one: SimOrder, *, flaw: str | None | bool = False, **facts: Any) -> None:  # noqa: RUF036
        """Something happens to an order."""
        kept = one.now.flaw if flaw is False else flaw
        order = replace(one.now.order, updated_at=self.clock(), **facts)
        if flaw is None and one.now.flaw == "email":
            order = replace(order, email=f"klant{order.id}@example.nl")
        one.versions.append(Version(self.machine.time, _flawed(order, kept), kept))

    def headers(self) -> dict[str, str]:
        now = int(self.machine.time)
        left = [limit - self.used.get((size, now // size), 0) for limit, size in self.windows]
        return {
            "X-RateLimit-Limit": "/".join(str(limit) for limit, _ in self.windows),
            "X-RateLimit-Remaining": "/".join(str(max(n, 0)) for n in left),
            "X-RateLimit-Reset": "/".join(str(size - now % size) for _, size in self.windows),
        }

    def left(self) -> dict[tuple[int, int], int]:
        """Calls left in every window that runs."""
        now = int(self.machine.time)
        keys = [(limit, (size, now // size)) for limit, size in self.windows]
        return {key: limit - self.used.get(key, 0) for limit, key in keys}

    def spend(self) -> bool:
        """One call; False when the allowance is used up."""
        now = int(self.machine.time)
        keys = [(limit, (size, now // size)) for limit, size in self.windows]
        if any(self.used.get(key, 0) >= limit for limit, key in keys):
            return False
        for _, key in keys:
            self.used[key] = self.used.get(key, 0) + 1
        return True


def unreadable(order_id: int) -> Exception:
    """What reading an order that cannot be read raises: each has its own way."""
    ways = (
        ShopUnreadable("orders: priceIncl is no number."),
        ShopRefused("SEOshop calls the request wrong.", status=422),
        KeyError("an answer that nobody foresaw"),
    )
    return ways[order_id % len(ways)]


def _flawed(order: Order, flaw: str | None) -> Order:
    if flaw == "email":
        return replace(order, email="")
    return order


class SimShopApi:
    """Port `ShopApi` for one process, with the connector's own limiter in front."""

    def __init__(self, server: SimShop, process: Process, reserve: float) -> None:
        self._server = server
        self._process = process
        self._reserve = reserve
        self._told: dict[tuple[int, int], int] = {}  # what was left of a window, as last answered
        self._limit = RateLimit(clock=server.machine.now, reserve=reserve, sleep=process.sleep)

    def _call(self, name: str, act: Callable[[], T]) -> T:
        self._limit.reserve_call()
        return self._process.effect(f"SEOshop {name}", lambda: self._answer(name, act))

    def _answer(self, name: str, act: Callable[[], T]) -> T:
        server, weather = self._server, self._server.weather
        self._check_allowance(name)
        allowed = server.spend()
        self._told = server.left()
        if not allowed:
            weather.counts["api allowance used up"] += 1
            raise self._limit.record_refusal(server.headers(), "")
        self._limit.record_headers(server.headers())
        if weather.strikes("api time-out"):
            self._process.sleep(TIME_OUT)
            raise ShopUnavailable("SEOshop did not answer in time.")
        if weather.strikes("api 429"):
            raise self._limit.record_refusal({"Retry-After": "420"}, "")
        if server.token_refused or weather.strikes("api 401"):
            server.token_refused = True
            raise ShopUnauthorised("SEOshop refuses the shop's token.", status=401)
        for kind, text in ON_THE_LINE.items():
            if weather.strikes(kind):
                raise ShopUnavailable(text)
        return act()

    def _check_allowance(self, name: str) -> None:
        """A run that was told that only the pages' share is left makes no further call."""
        now = int(self._server.machine.time)
        for limit, size in self._server.windows:
            left = self._told.get((size, now // size))
            if left is not None and left <= int(limit * self._reserve):
                self._server.blame(f"{name}: called with {left} of {limit} calls in {size} s left")

    def profile(self) -> ShopProfile:
        return self._call("shop", lambda: ShopProfile(title="Shop", currency="EUR", country="NL"))

    def payment_methods(self) -> list[PaymentMethod]:
        return self._call("paymentmethods", lambda: [PaymentMethod(key="ideal", title="iDEAL")])

    def order(self, order_id: int) -> Order:
        def act() -> Order:
            one = self._server.orders.get(order_id)
            time = self._server.machine.time
            if one is None or time < one.missing_until or self._server.weather.strikes("api 404"):
                raise ShopNotFound("SEOshop has nothing there.", status=404)
            if one.now.flaw == "unreadable":
                self._server.weather.counts["order malformed"] += 1
                raise unreadable(order_id)
            own = [bill for bill in self._server.bills.values() if bill.order_id == order_id]
            return replace(one.now.order, invoices=tuple(own)) if own else one.now.order

        return self._call(f"order {order_id}", act)

    def find_order(self, number: str) -> OrderSummary | None:
        def act() -> OrderSummary | None:
            found = [one for one in self._server.orders.values() if one.number == number]
            return summary(found[0].now.order) if found else None

        return self._call(f"find {number}", act)

    def _page(self, wanted: Callable[[Order], bool], after_id: int) -> list[OrderSummary]:
        found = [one.now.order for one in self._server.orders.values()]
        kept = [order for order in found if order.id > after_id and wanted(order)]
        return [summary(order) for order in sorted(kept, key=lambda one: one.id)[:PAGE]]

    def orders_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        return self._call(
            f"orders since {since:%d %H:%M:%S} after {after_id}",
            lambda: self._page(lambda order: order.updated_at >= since, after_id),
        )

    def orders_created_between(
        self, first: datetime, last: datetime, *, after_id: int = 0
    ) -> list[OrderSummary]:
        return self._call(
            f"orders made after {after_id}",
            lambda: self._page(lambda order: first <= order.created_at < last, after_id),
        )

    def invoices_updated_since(self, since: datetime, *, after_id: int = 0) -> list[ShopInvoice]:
        def act() -> list[ShopInvoice]:
            listed = [*self._server.credits, *self._server.bills.values()]
            kept = [c for c in listed if c.updated_at >= since and c.id > after_id]
            return sorted(kept, key=lambda one: one.id)[:PAGE]

        return self._call("invoices", act)

    def invoice(self, invoice_id: int) -> ShopInvoice:
        def act() -> ShopInvoice:
            bill = self._server.bills.get(invoice_id)
            if bill is None or self._server.weather.strikes("api 404"):
                raise ShopNotFound("SEOshop has nothing there.", status=404)
            return bill

        return self._call(f"invoice {invoice_id}", act)

    def invoice_items(self, invoice_id: int) -> list[InvoiceItem]:
        def act() -> list[InvoiceItem]:
            return [build.item(f"{self._server.bills[invoice_id].price_incl:.2f}")]

        return self._call(f"items of {invoice_id}", act)

    def paid_at(self, order_id: int) -> datetime | None:
        return self._call("events", lambda: self._server.orders[order_id].now.order.paid_at)

    def webhooks(self) -> list[Webhook]:
        return self._call("webhooks", lambda: list(self._server.subscriptions))

    def create_webhook(self, topic: str, address: str) -> Webhook:
        def act() -> Webhook:
            known = self._server.subscriptions
            newest = max((each.id for each in known), default=0)
            made = Webhook(id=newest + 1, topic=topic, address=address, is_active=True)
            known.append(made)
            return made

        return self._call(f"subscribe {topic}", act)

    def delete_webhook(self, webhook_id: int) -> None:
        def act() -> None:
            known = self._server.subscriptions
            known[:] = [each for each in known if each.id != webhook_id]

        self._call("unsubscribe", act)

    def remaining_calls(self) -> int | None:
        return self._limit.remaining()


def summary(order: Order) -> OrderSummary:
    """What a list shows of an order."""
    return OrderSummary(
        id=order.id,
        number=order.number,
        created_at=order.created_at,
        updated_at=order.updated_at,
        status=order.status,
        payment_status=order.payment_status,
        price_excl=order.price_excl,
        price_incl=order.price_incl,
    )


def repriced(price: int) -> dict[str, Any]:
    """What changes in an order whose amount changes."""
    other = _template(price)
    return {"lines": other.lines, "price_excl": other.price_excl, "price_incl": other.price_incl}


def credit_note(number: int, one: Order, when: datetime) -> ShopInvoice:
    """A refund of an order."""
    return build.invoice(
        f"CRE{number:05d}",
        id=number,
        created_at=when,
        updated_at=when,
        is_credit_note=True,
        price_excl=Decimal("-1.00"),
        price_incl=Decimal("-1.21"),
        order_id=one.id,
    )
