"""A simulated SEOshop: orders that live, and an allowance of calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.orders import (
    PaymentMethod,
    PaymentStatus,
    ShopInvoice,
)
from chalicelib.errors import ShopNotFound
from tests.fakes import documents_of_shop
from tests.fakes.seoshop import Call, MemorySeoshop
from tests.simulation.machine import Machine
from tests.simulation.sim_orders import (
    SimOrder,
    Version,
    credit_note,
    make_template,
    spoil,
    unreadable,
)
from tests.simulation.weather import Weather


@dataclass(slots=True)
class SimShop:
    """The server's side. `skew` is how much its clock is ahead of ours, in seconds."""

    machine: Machine
    weather: Weather
    windows: list[tuple[int, int]] = field(default_factory=lambda: [(300, 300), (3000, 3600)])
    skew: float = 0.0
    orders: dict[int, SimOrder] = field(default_factory=dict)
    token: str = "token"  # the valid one
    has_regulars: bool = False  # two customers order everything
    token_refused: bool = False  # though it is
    app_refused: bool = False  # the app's own key and secret are
    neighbours_silent: bool = False  # the calls of other shops have no answer
    nameless: dict[int, float] = field(default_factory=dict)  # no id in lists, until when
    breaks: Callable[[str], Exception | None] | None = None  # an error for each call of a name
    changed: float = 0.0  # when anything last did
    used: dict[tuple[int, int], int] = field(default_factory=dict)
    blame: Callable[[str], None] = lambda what: None
    seoshop: MemorySeoshop = field(init=False)

    def __post_init__(self) -> None:
        methods = [PaymentMethod(key="ideal", title="iDEAL")]
        self.seoshop = MemorySeoshop(self.clock, methods=methods, before_call=self._before_call)

    @property
    def credits(self) -> list[ShopInvoice]:
        """Refunds of orders."""
        return self.seoshop.unattached

    @property
    def bills(self) -> dict[int, ShopInvoice]:
        """Invoices and credit notes of a shop that exports them all, the oldest first."""
        return {bill.id: bill for bill in sorted(self.seoshop.bills(), key=lambda one: one.id)}

    def list_notes(self) -> list[ShopInvoice]:
        """Every credit note of an order, whether the order shows it or not."""
        return [*self.credits, *(bill for bill in self.bills.values() if bill.is_credit_note)]

    def clock(self) -> datetime:
        """SEOshop's own clock, in whole seconds."""
        return (self.machine.now() + timedelta(seconds=self.skew)).replace(microsecond=0)

    def create(
        self, order_id: int, price: int, *, flaw: str | None = None, **facts: Any
    ) -> SimOrder:
        """A new order, not yet paid."""
        when = self.clock()
        customer = order_id % 2 if self.has_regulars else order_id
        order = replace(
            make_template(price),
            id=order_id,
            number=f"ORD{order_id:05d}",
            created_at=when,
            updated_at=when,
            payment_status=PaymentStatus.NOT_PAID,
            email=f"klant{customer}@example.nl",
            customer_id=customer,
            **facts,
        )
        made = SimOrder([Version(self.machine.time, spoil(order, flaw), flaw)])
        self.orders[order_id] = made
        self.show(made)
        return made

    def show(self, one: SimOrder) -> None:
        """What the API says of an order from now on, with its invoices."""
        known = self.seoshop.orders.get(one.id)
        bills = known.invoices if known else ()
        self.changed = self.machine.time
        self.seoshop.orders[one.id] = replace(one.now.order, invoices=bills)

    def bill(self, one: SimOrder, *, of: ShopInvoice | None = None) -> ShopInvoice:
        """A new invoice of an order, or the credit note of one."""
        when, billed = self.clock(), of or one.now.order
        number = 3_000_000 + len(self.bills)
        made = documents_of_shop.invoice(
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
        self._attach(made)
        return made

    def change_bill(self, bill: ShopInvoice, **facts: Any) -> None:
        """Something happens to an invoice."""
        self._attach(replace(self.bills[bill.id], updated_at=self.clock(), **facts))

    def credit(self, one: SimOrder, *, back: timedelta) -> None:
        """A part of an order is credited, as the order itself shows; so long ago as `back`."""
        note = credit_note(8000 + len(self.bills), one.now.order, self.clock() - back)
        self._attach(note)

    def _attach(self, bill: ShopInvoice) -> None:
        """The order shows this invoice, instead of an earlier state of it."""
        self.changed = self.machine.time
        order = self.seoshop.orders[bill.order_id or 0]
        bills = {each.id: each for each in order.invoices} | {bill.id: bill}
        self.seoshop.orders[order.id] = replace(order, invoices=tuple(bills.values()))
        self.seoshop.items[bill.id] = [documents_of_shop.item(f"{bill.price_incl:.2f}")]

    def change(self, one: SimOrder, *, mend: bool = False, **facts: Any) -> None:
        """Something happens to an order; with `mend` it has no flaw any more."""
        kept = None if mend else one.now.flaw
        order = replace(one.now.order, updated_at=self.clock(), **facts)
        if mend and one.now.flaw == "email":
            order = replace(order, email=f"klant{order.id}@example.nl")
        one.versions.append(Version(self.machine.time, spoil(order, kept), kept))
        self.show(one)

    def _before_call(self, call: Call) -> None:
        """What goes wrong with one order or invoice."""
        if call.name == "invoice" and call.about in self.bills and self.weather.strikes("api 404"):
            raise ShopNotFound("SEOshop has nothing there.", status=404)
        one = self.orders.get(call.about) if isinstance(call.about, int) else None
        if call.name != "order" or one is None:
            return
        if self.machine.time < one.missing_until or self.weather.strikes("api 404"):
            raise ShopNotFound("SEOshop has nothing there.", status=404)
        if one.now.flaw == "unreadable":
            self.weather.counts["order malformed"] += 1
            raise unreadable(one.id)

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
