"""One shop, its connector and Asperion's inbox, all in memory; a night is one call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from chalicelib.axml import load_profile
from chalicelib.domain.ledger import DocumentKind, Entry, Hint
from chalicelib.domain.orders import InvoiceItem, Order, OrderSummary, PaymentMethod, ShopInvoice
from chalicelib.domain.platform import ShopProfile, Webhook
from chalicelib.domain.policy import Policy
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import ShopError, ShopNotFound
from chalicelib.ports import Presence, Task
from chalicelib.settings import Settings
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.export import Job, Report, export_shop
from chalicelib.usecases.lifecycle.watch import Watched, watch
from sandbox.asperion.axml_reader import read_orders
from sandbox.asperion.imported_orders import Order as ReadOrder
from sandbox.asperion.vat_classes import totals_per_rate
from tests.fakes.ledger import MemoryEntries, MemoryFiles, MemoryShops

SHOP_ID = 184520
FIRST_NIGHT = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)
PROFILE = load_profile(Path(__file__).parents[3] / "templates/axml/reconstructed-1.4")


@dataclass
class StageShop:
    """SEOshop for one shop, as `ports.ShopApi`: what it holds is what a test puts in."""

    clock: Any
    orders: dict[int, Order] = field(default_factory=dict)
    items: dict[int, list[InvoiceItem]] = field(default_factory=dict)
    methods: list[PaymentMethod] = field(default_factory=list)
    subscriptions: list[Webhook] = field(default_factory=list)
    calls: int = 0
    remaining: int | None = None
    fails: ShopError | None = None  # the answer to every list
    unreadable: dict[int, Exception] = field(default_factory=dict)
    failing_invoices: dict[int, ShopError] = field(default_factory=dict)

    def put(self, order: Order) -> None:
        """An order is made, or changed, now."""
        self.orders[order.id] = replace(order, updated_at=self.clock())

    def order(self, order_id: int) -> Order:
        self.calls += 1
        if order_id in self.unreadable:
            raise self.unreadable[order_id]
        if order_id not in self.orders:
            raise ShopNotFound("no such order", status=404)
        return self.orders[order_id]

    def invoice(self, invoice_id: int) -> ShopInvoice:
        if invoice_id in self.failing_invoices:
            raise self.failing_invoices[invoice_id]
        for each in self._invoices():
            if each.id == invoice_id:
                return each
        raise ShopNotFound("no such invoice", status=404)

    def invoice_items(self, invoice_id: int) -> list[InvoiceItem]:
        return list(self.items.get(invoice_id, ()))

    def orders_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        self._answer()
        return [
            OrderSummary(
                id=each.id,
                number=each.number,
                created_at=each.created_at,
                updated_at=each.updated_at,
                status=each.status,
                payment_status=each.payment_status,
                price_excl=each.price_excl,
                price_incl=each.price_incl,
            )
            for each in self.orders.values()
            if each.updated_at >= since and each.id > after_id
        ]

    def orders_created_between(
        self, first: datetime, last: datetime, *, after_id: int = 0
    ) -> list[OrderSummary]:
        return [
            each
            for each in self.orders_updated_since(datetime.min.replace(tzinfo=UTC))
            if first <= each.created_at < last and each.id > after_id
        ]

    def find_order(self, number: str) -> OrderSummary | None:
        found = self.orders_updated_since(datetime.min.replace(tzinfo=UTC))
        return next((each for each in found if each.number == number), None)

    def invoices_updated_since(self, since: datetime, *, after_id: int = 0) -> list[ShopInvoice]:
        self._answer()
        return [one for one in self._invoices() if one.updated_at >= since and one.id > after_id]

    def profile(self) -> ShopProfile:
        return ShopProfile(title="De Wilg", currency="EUR", country="NL")

    def payment_methods(self) -> list[PaymentMethod]:
        return list(self.methods)

    def webhooks(self) -> list[Webhook]:
        return list(self.subscriptions)

    def create_webhook(self, topic: str, address: str) -> Webhook:
        made = Webhook(id=len(self.subscriptions) + 1, topic=topic, address=address, is_active=True)
        self.subscriptions.append(made)
        return made

    def delete_webhook(self, webhook_id: int) -> None:
        self.subscriptions = [each for each in self.subscriptions if each.id != webhook_id]

    def remaining_calls(self) -> int | None:
        return self.remaining

    def _answer(self) -> None:
        if self.fails is not None:
            raise self.fails

    def _invoices(self) -> list[ShopInvoice]:
        found = [one for order in self.orders.values() for one in order.invoices]
        return sorted(found, key=lambda one: one.id)


@dataclass
class StageQueue:
    """The export's queue: what was sent, and nobody takes it."""

    sent: list[tuple[int, int]] = field(default_factory=list)  # shop, delay in seconds
    watches: list[int] = field(default_factory=list)

    def send(self, shop_id: int, *, delay: int = 0, run: str = "") -> None:
        self.sent.append((shop_id, delay))

    def send_many(self, shop_ids: Iterable[int], *, run: str, task: Task = Task.EXPORT) -> int:
        shops = list(shop_ids)
        if task is Task.WATCH:
            self.watches += shops
        else:
            self.sent += [(shop_id, 0) for shop_id in shops]
        return len(shops)

    def redrive(self) -> int:
        raise AssertionError("nobody asked for the dead letters")


@dataclass
class StageInbox:
    """Asperion's inbox: takes everything, and can be read by the sandbox's Asperion."""

    files: dict[str, bytes] = field(default_factory=dict)

    def place(self, name: str, content: bytes) -> None:
        assert self.files.setdefault(name, content) == content

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        return Presence.SAME if name in self.files else Presence.ABSENT


class Stage:
    """Everything together."""

    def __init__(self, **policy: Any) -> None:
        self.now = FIRST_NIGHT
        self.api = StageShop(clock=lambda: self.now)
        self.inbox = StageInbox()
        self.entries = MemoryEntries()
        self.shops = MemoryShops()
        self.queue = StageQueue()
        self.connector = Connector(
            settings=Settings(
                app_secret="app-secret-for-tests",
                session_secret="session-secret-for-tests",
                app_key="key",
                table_prefix="test-",
                public_url="https://koppeling.example",
                inbox_url="https://inbox.example/{licence}/{file}",
            ),
            clock=lambda: self.now,
            shops=self.shops,
            entries=self.entries,
            files=MemoryFiles(),
            queue=self.queue,
            open_shop=lambda shop: cast("Any", self.api),
            open_for_page=lambda shop: cast("Any", self.api),
            open_inbox=lambda shop: self.inbox,
            profile=lambda: PROFILE,
        )
        installed = FIRST_NIGHT - timedelta(days=30)
        self.shops.add(
            Shop(
                shop_id=SHOP_ID,
                state=ShopState.ACTIVE,
                cluster="eu1",
                language="nl",
                token="t" * 32,
                licence="ASP-1",
                policy=Policy(**policy),
                installed_at=installed,
                changed_at=installed,
                swept_until=FIRST_NIGHT - timedelta(days=2),
            )
        )

    def night(self) -> Report:
        """The export; then half a day goes by."""
        self.now += timedelta(hours=12)
        report = export_shop(self.connector, Job(shop_id=SHOP_ID, run=f"run-{self.now}"))
        self.now += timedelta(hours=12)
        return report

    def watch(self) -> Watched:
        return watch(self.connector, self.connector.shop(SHOP_ID))

    def hear(self, order: Order) -> None:
        """A webhook brings a paid order."""
        self.api.put(order)
        hint = Hint(
            kind=DocumentKind.ORDER,
            document_id=order.id,
            number=order.number,
            day=order.created_at.date(),
        )
        self.entries.hear(SHOP_ID, hint, at=self.now, by="webhook")

    def entry(self, key: str) -> Entry:
        found = self.entries.get(SHOP_ID, key)
        assert found is not None, key
        return found

    def booked(self) -> list[ReadOrder]:
        """All that Asperion read, in the order of the files."""
        return [one for name in sorted(self.inbox.files) for one in self.read(name)]

    def read(self, name: str) -> list[ReadOrder]:
        return read_orders(self.inbox.files[name])

    def sums(self) -> dict[Decimal, tuple[Decimal, Decimal, Decimal]]:
        """Asperion's totals of everything, by rate in per cent."""
        sums: dict[Decimal, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * 3)
        for total in totals_per_rate([line for one in self.booked() for line in one.lines]):
            amounts = (total.excl, total.vat, total.incl)
            sums[total.rate] = [a + b for a, b in zip(sums[total.rate], amounts, strict=True)]
        return {rate: (excl, vat, incl) for rate, (excl, vat, incl) in sums.items()}
