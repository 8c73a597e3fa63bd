"""SEOshop's API as one simulated process sees it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from chalicelib.adapters.seoshop.many_reads import AT_ONCE
from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.domain.orders import (
    InvoiceItem,
    Order,
    OrderSummary,
    PaymentMethod,
    ShopInvoice,
)
from chalicelib.domain.platform import ShopProfile, SkippedRow, Webhook
from chalicelib.errors import (
    ShopError,
    ShopForbidden,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
)
from tests.fakes.seoshop import read_in_turn
from tests.simulation.machine import Process
from tests.simulation.sim_shop import SimShop

T = TypeVar("T")

TIME_OUT = 20.0  # seconds until a client gives up
LISTS = ("orders since", "invoices", "orders made")
LONGEST_CALL = 300.0  # seconds, of an answer that comes byte by byte
ON_THE_LINE = {
    "api 5xx": "SEOshop gave no usable answer (502).",
    "api html": "SEOshop answered without usable JSON.",
    "api broken line": "The connection to SEOshop broke.",
}


class SimShopApi:
    """Port `ShopApi` for one process: every call of the shop in memory takes time and allowance,
    and may fail; the connector's own limiter is in front.
    """

    def __init__(
        self, server: SimShop, process: Process, reserve: float, token: str | None
    ) -> None:
        if token is None:
            raise ShopUnauthorised("There is no token; install the app again.")
        self._server = server
        self._shop = server.seoshop
        self._process = process
        self._reserve = reserve
        self._token = token
        self._skipped: dict[SkippedRow, None] = {}
        self._deadline: float | None = None  # in simulated seconds
        self._left: dict[tuple[int, int], int] = {}  # what was left of a window, as last answered
        self._limit = RateLimit(clock=server.machine.now, reserve=reserve, sleep=process.sleep)

    def limit_time(self, left: timedelta) -> None:
        self._deadline = self._server.machine.time + left.total_seconds()

    def _call(self, name: str, act: Callable[[], T]) -> T:
        self._limit.reserve_call()
        try:
            self._check_deadline()
            return self._process.effect(f"SEOshop {name}", lambda: self._answer(name, act))
        except ShopError:
            self._process.is_barred |= name.startswith(LISTS)
            raise

    def _answer(self, name: str, act: Callable[[], T]) -> T:
        server, weather = self._server, self._server.weather
        self._check_allowance(name)
        allowed = server.spend()
        self._left = server.left()
        if not allowed:
            weather.counts["api allowance used up"] += 1
            raise self._limit.record_refusal(server.headers(), "")
        self._limit.record_headers(server.headers())
        if weather.strikes("api time-out"):
            self._process.sleep(TIME_OUT)
            raise ShopUnavailable("SEOshop did not answer in time.")
        if weather.strikes("api 429"):
            raise self._limit.record_refusal({"Retry-After": "420"}, "")
        self._refuse(name)
        if weather.strikes("api crawls"):
            self._process.sleep(min(LONGEST_CALL, self._seconds_left()))
            raise ShopUnavailable("SEOshop did not answer in full in time.")
        for kind, text in ON_THE_LINE.items():
            if weather.strikes(kind):
                raise ShopUnavailable(text)
        return act()

    def _refuse(self, name: str) -> None:
        """What is said of the shop or of the request, if anything. Raises `ShopError`."""
        server, strikes = self._server, self._server.weather.strikes
        if strikes("api 401"):
            server.token_refused = True
        if server.app_refused or server.token_refused or self._token != server.token:
            raise ShopUnauthorised("SEOshop refuses the shop's token.", status=401)
        error = server.breaks(name) if server.breaks else None
        if error is not None:
            raise error
        if strikes("api 403"):
            raise ShopForbidden("SEOshop does not permit this.", status=403)
        if strikes("api 422"):
            raise ShopRefused("SEOshop calls the request wrong.", status=422)

    def _check_deadline(self) -> None:
        """No call begins after the deadline."""
        if self._seconds_left() <= 0:
            self._server.weather.counts["call refused at the deadline"] += 1
            raise ShopUnavailable("There is no time left for a call.")

    def _seconds_left(self) -> float:
        if self._deadline is None:
            return LONGEST_CALL
        return max(self._deadline - self._server.machine.time, 0.0)

    def _check_allowance(self, name: str) -> None:
        """A run that was told that only the pages' share is left makes no further call."""
        now = int(self._server.machine.time)
        for limit, size in self._server.windows:
            left = self._left.get((size, now // size))
            if left is not None and left <= int(limit * self._reserve):
                self._server.blame(f"{name}: called with {left} of {limit} calls in {size} s left")

    def profile(self) -> ShopProfile:
        return self._call("shop", self._shop.profile)

    def vat_number(self) -> str:
        return self._call("shop", self._shop.vat_number)

    def contact_address(self) -> str:
        return self._call("shop", self._shop.contact_address)

    def payment_methods(self) -> list[PaymentMethod]:
        return self._call("paymentmethods", self._shop.payment_methods)

    def order(self, order_id: int) -> Order:
        return self._call(f"order {order_id}", lambda: self._shop.order(order_id))

    def find_order(self, number: str) -> OrderSummary | None:
        return self._call(f"find {number}", lambda: self._shop.find_order(number))

    def find_invoice(self, number: str) -> ShopInvoice | None:
        return self._call(f"find {number}", lambda: self._shop.find_invoice(number))

    def latest_orders(self, limit: int) -> list[OrderSummary]:
        return self._call("orders, newest", lambda: self._shop.latest_orders(limit))

    def latest_invoices(self, limit: int) -> list[ShopInvoice]:
        return self._call("invoices, newest", lambda: self._shop.latest_invoices(limit))

    def orders_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        page = self._call(
            f"orders since {since:%d %H:%M:%S} after {after_id}",
            lambda: self._shop.orders_updated_since(since, after_id=after_id),
        )
        return [row for row in page if not self._skip(row, after_id)]

    def details_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        page = self._call(
            f"orders since {since:%d %H:%M:%S} after {after_id}",
            lambda: self._shop.details_updated_since(since, after_id=after_id),
        )
        return [row for row in page if not self._skip(row, after_id)]

    def _skip(self, row: OrderSummary, after_id: int) -> bool:
        """Whether a row of a list has no id, so that nobody knows what it is of."""
        if self._server.nameless.get(row.id, 0.0) <= self._server.machine.time:
            return False
        self._server.weather.counts["row without an id"] += 1
        skipped = SkippedRow(
            listed="orders", after_id=after_id, place=row.id, changed_at=row.updated_at
        )
        self._skipped[skipped] = None
        return True

    def orders_created_between(
        self, first: datetime, last: datetime, *, after_id: int = 0
    ) -> list[OrderSummary]:
        return self._call(
            f"orders made after {after_id}",
            lambda: self._shop.orders_created_between(first, last, after_id=after_id),
        )

    def invoices_updated_since(self, since: datetime, *, after_id: int = 0) -> list[ShopInvoice]:
        return self._call(
            "invoices", lambda: self._shop.invoices_updated_since(since, after_id=after_id)
        )

    def invoice(self, invoice_id: int) -> ShopInvoice:
        return self._call(f"invoice {invoice_id}", lambda: self._shop.invoice(invoice_id))

    def invoice_items(self, invoice_id: int) -> list[InvoiceItem]:
        return self._call(f"items of {invoice_id}", lambda: self._shop.invoice_items(invoice_id))

    def paid_at(self, order_id: int) -> datetime | None:
        return self._call("events", lambda: self._shop.paid_at(order_id))

    def webhooks(self) -> list[Webhook]:
        return self._call("webhooks", self._shop.webhooks)

    def create_webhook(self, topic: str, address: str) -> Webhook:
        return self._call(f"subscribe {topic}", lambda: self._shop.create_webhook(topic, address))

    def delete_webhook(self, webhook_id: int) -> None:
        self._call("unsubscribe", lambda: self._shop.delete_webhook(webhook_id))

    def read_many(self, reads: Sequence[Callable[[], T]]) -> Generator[T | ShopError, None, None]:
        """Greenlets have no threads, so that nothing is read while one is judged: instead any of
        the next `AT_ONCE` may be read before it, in any order.
        """
        rng, answers = self._server.weather.order, dict[int, T | ShopError]()
        for place in range(len(reads)):
            ahead = [n for n in range(place, place + 1 + AT_ONCE) if n < len(reads)]
            unread = [n for n in ahead if n not in answers]
            chosen = {
                *unread[: place not in answers],
                *rng.sample(unread, rng.randint(0, len(unread))),
            }
            for n in rng.sample(sorted(chosen), len(chosen)):
                [answers[n]] = read_in_turn([reads[n]])
            yield answers.pop(place)

    def when_allowed(self, calls: int) -> datetime | None:
        return self._limit.when_allowed(calls)

    def remaining_calls(self) -> int | None:
        return self._limit.remaining()

    def skipped_rows(self) -> list[SkippedRow]:
        return list(self._skipped)
