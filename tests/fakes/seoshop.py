"""SEOshop in memory, for one shop."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from chalicelib.domain.orders import InvoiceItem, Order, OrderSummary, PaymentMethod, ShopInvoice
from chalicelib.domain.platform import ShopProfile, SkippedRow, Webhook
from chalicelib.errors import ShopError, ShopNotFound, ShopUnreadable
from chalicelib.ports import PAGE, Clock
from tests.fakes.call_faults import CallFault
from tests.fakes.documents_of_shop import show_details, show_lines, summarise

R = TypeVar("R")

DE_WILG = ShopProfile(title="De Wilg", currency="EUR", country="NL")


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the method's name, its first argument (an id, a number, an instant, a topic), and
    the id after which a page begins.
    """

    name: str
    about: object = None
    after_id: int = 0


@dataclass(slots=True, kw_only=True)
class _Failure(CallFault):
    """An error for some calls: see `MemorySeoshop.fail`."""

    error: BaseException


class _Listed(Protocol):
    @property
    def id(self) -> int: ...


L = TypeVar("L", bound=_Listed)


@dataclass
class MemorySeoshop:
    """Port `ShopApi`. What the shop holds is what a test puts in.

    `orders` hold their own invoices and credit notes; one that is a stand-in cannot be read, and
    the list shows it without its totals. `unattached` are credit notes that the
    invoice list shows and no order does. `skipped` are rows of lists without an id. `items`
    are the lines of an invoice, by its id; `payments` the instants at which an order became paid,
    from its events. `remaining` calls are allowed (None: nobody knows), more from `renewed_at` on.
    `calls` counts every call by its method's name, also those that fail.
    `before_call` is called first of all.
    """

    clock: Clock
    shop: ShopProfile = DE_WILG
    contact: str = "winkelier@de-wilg.example"
    own_vat_number: str = ""
    methods: list[PaymentMethod] = field(default_factory=list)
    orders: dict[int, Order] = field(default_factory=dict)
    unattached: list[ShopInvoice] = field(default_factory=list)
    items: dict[int, list[InvoiceItem]] = field(default_factory=dict)
    payments: dict[int, list[datetime]] = field(default_factory=dict)
    subscriptions: list[Webhook] = field(default_factory=list)
    page: int = PAGE
    skipped: list[SkippedRow] = field(default_factory=list)
    remaining: int | None = None
    renewed_at: datetime | None = None
    calls: Counter[str] = field(default_factory=Counter)
    before_call: Callable[[Call], None] = lambda call: None
    _failures: list[_Failure] = field(default_factory=list)

    # ---- the shop's own side ----------------------------------------------------------------

    def put(self, order: Order) -> None:
        """An order is made, or changed, now."""
        self.orders[order.id] = replace(order, updated_at=self.clock())

    def fail(
        self,
        error: BaseException,
        *names: str,
        about: Container[object] | None = None,
        after: int = 0,
        times: int | None = None,
    ) -> None:
        """Answer calls of these names (of any name when there is none) with an error: only those
        about these things when `about` is given, only when `after` of them were answered, and only
        so many `times`, or else until `recover`.
        """
        self._failures.append(
            _Failure(error=error, names=names, about=about, after=after, times=times)
        )

    def recover(self) -> None:
        """Answer every call again."""
        self._failures.clear()

    def bills(self) -> Iterator[ShopInvoice]:
        """All invoices and credit notes that an order shows."""
        return (bill for order in self.orders.values() for bill in order.invoices)

    # ---- the port ---------------------------------------------------------------------------

    def profile(self) -> ShopProfile:
        self._count(Call("profile"))
        return self.shop

    def vat_number(self) -> str:
        self._count(Call("vat_number"))
        return self.own_vat_number

    def contact_address(self) -> str:
        self._count(Call("contact_address"))
        return self.contact

    def payment_methods(self) -> list[PaymentMethod]:
        self._count(Call("payment_methods"))
        return list(self.methods)

    def order(self, order_id: int) -> Order:
        self._count(Call("order", order_id))
        found = self._known(order_id)
        if found.is_stand_in:
            raise ShopUnreadable("order, field priceIncl", readable=summarise(found))
        return replace(found, of_lines=show_lines(found))

    def find_order(self, number: str) -> OrderSummary | None:
        self._count(Call("find_order", number))
        found = [order for order in self.orders.values() if order.number == number]
        return summarise(found[0]) if found else None

    def find_invoice(self, number: str) -> ShopInvoice | None:
        self._count(Call("find_invoice", number))
        return next((bill for bill in self._listed_bills() if bill.number == number), None)

    def latest_orders(self, limit: int) -> list[OrderSummary]:
        self._count(Call("latest_orders", limit))
        newest = sorted(self.orders.values(), key=lambda order: -order.id)
        return [summarise(order) for order in newest[:limit]]

    def latest_invoices(self, limit: int) -> list[ShopInvoice]:
        self._count(Call("latest_invoices", limit))
        return sorted(self._listed_bills(), key=lambda bill: -bill.id)[:limit]

    def orders_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        self._count(Call("orders_updated_since", since, after_id))
        changed = (order for order in self.orders.values() if order.updated_at >= since)
        return [summarise(order) for order in self._page(changed, after_id)]

    def details_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        self._count(Call("orders_updated_since", since, after_id))
        changed = (order for order in self.orders.values() if order.updated_at >= since)
        return [show_details(order) for order in self._page(changed, after_id)]

    def orders_created_between(
        self, first: datetime, last: datetime, *, after_id: int = 0
    ) -> list[OrderSummary]:
        self._count(Call("orders_created_between", first, after_id))
        made = (order for order in self.orders.values() if first <= order.created_at < last)
        return [summarise(order) for order in self._page(made, after_id)]

    def invoices_updated_since(self, since: datetime, *, after_id: int = 0) -> list[ShopInvoice]:
        self._count(Call("invoices_updated_since", since, after_id))
        changed = (bill for bill in self._listed_bills() if bill.updated_at >= since)
        return self._page(changed, after_id)

    def invoice(self, invoice_id: int) -> ShopInvoice:
        self._count(Call("invoice", invoice_id))
        for bill in self.bills():
            if bill.id == invoice_id:
                return bill
        raise ShopNotFound(f"There is no invoice {invoice_id}.", status=404)

    def invoice_items(self, invoice_id: int) -> list[InvoiceItem]:
        self._count(Call("invoice_items", invoice_id))
        return list(self.items.get(invoice_id, ()))

    def paid_at(self, order_id: int) -> datetime | None:
        self._count(Call("paid_at", order_id))
        return max(self.payments.get(order_id, ()), default=self._known(order_id).paid_at)

    def webhooks(self) -> list[Webhook]:
        self._count(Call("webhooks"))
        return list(self.subscriptions)

    def create_webhook(self, topic: str, address: str) -> Webhook:
        self._count(Call("create_webhook", topic))
        newest = max((each.id or 0 for each in self.subscriptions), default=0)
        made = Webhook(id=newest + 1, topic=topic, address=address, is_active=True)
        self.subscriptions.append(made)
        return made

    def delete_webhook(self, webhook_id: int) -> None:
        self._count(Call("delete_webhook", webhook_id))
        self.subscriptions[:] = [each for each in self.subscriptions if each.id != webhook_id]

    def limit_time(self, left: timedelta) -> None:
        """A call in memory takes no time that a deadline could end."""

    def read_many(self, reads: Sequence[Callable[[], R]]) -> Generator[R | ShopError, None, None]:
        return read_in_turn(reads)

    def when_allowed(self, calls: int) -> datetime | None:
        if self.remaining is None or calls <= self.remaining:
            return self.clock()
        return self.renewed_at

    def remaining_calls(self) -> int | None:
        return self.remaining

    def skipped_rows(self) -> list[SkippedRow]:
        return list(self.skipped)

    def _count(self, call: Call) -> None:
        self.calls[call.name] += 1
        self.before_call(call)
        for failure in self._failures:
            if failure.concerns(call):
                raise failure.error

    def _known(self, order_id: int) -> Order:
        if order_id not in self.orders:
            raise ShopNotFound(f"There is no order {order_id}.", status=404)
        return self.orders[order_id]

    def _listed_bills(self) -> list[ShopInvoice]:
        return [*self.bills(), *self.unattached]

    def _page(self, found: Iterable[L], after_id: int) -> list[L]:
        later = (one for one in found if one.id > after_id)
        return sorted(later, key=lambda one: one.id)[: self.page]


def read_in_turn(reads: Iterable[Callable[[], R]]) -> Generator[R | ShopError, None, None]:
    """What `ShopApi.read_many` gives, one call after the other."""
    for read in reads:
        try:
            yield read()
        except ShopError as error:
            yield error
