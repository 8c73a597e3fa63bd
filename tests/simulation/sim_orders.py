"""Simulated orders: how they look, how they change, and what is wrong with some of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from chalicelib.domain.orders import Order, OrderLine, OrderStatus, PaymentStatus, ShopInvoice
from chalicelib.errors import ShopRefused, ShopUnreadable
from tests.fakes import documents_of_shop


@cache
def article(price: int) -> OrderLine:
    """A line of so many cents."""
    return documents_of_shop.order_line(f"{price / 100:.2f}")


@cache
def make_template(price: int) -> Order:
    return documents_of_shop.order(article(price))


@dataclass(frozen=True, slots=True)
class Version:
    """An order as it was from `time` on. `flaw` is what must hold it, if anything."""

    time: float
    order: Order
    flaw: str | None = None

    def due(self, *, on_account: bool) -> bool:
        """Whether it is to be booked; all orders here wait for shipment or were shipped."""
        if self.order.status in (OrderStatus.CANCELLED, OrderStatus.ON_HOLD, OrderStatus.OFFER):
            return False
        return on_account or self.order.payment_status is PaymentStatus.PAID


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


def unreadable(order_id: int) -> Exception:
    """What reading an order that cannot be read raises: each has its own way."""
    ways = (
        ShopUnreadable("orders: priceIncl is no number."),
        ShopRefused("SEOshop calls the request wrong.", status=422),
        KeyError("an answer that nobody foresaw"),
    )
    return ways[order_id % len(ways)]


def spoil(order: Order, flaw: str | None) -> Order:
    if flaw == "email":
        return replace(order, email="")
    return order


def repriced(price: int) -> dict[str, Any]:
    """What changes in an order whose amount changes."""
    other = make_template(price)
    return {"lines": other.lines, "price_excl": other.price_excl, "price_incl": other.price_incl}


def credit_note(number: int, one: Order, when: datetime) -> ShopInvoice:
    """A refund of an order."""
    return documents_of_shop.invoice(
        f"CRE{number:05d}",
        id=number,
        created_at=when,
        updated_at=when,
        is_credit_note=True,
        price_excl=Decimal("-1.00"),
        price_incl=Decimal("-1.21"),
        order_id=one.id,
    )
