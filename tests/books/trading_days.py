"""A shop that trades for days: what is sold, held, changed and taken back, and how its runs end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.orders import InvoiceItem, Order, OrderStatus, ShopInvoice
from chalicelib.domain.policy import Source
from chalicelib.errors import InboxRefused, InboxUnknown, ShopRateLimited, ShopUnavailable
from chalicelib.usecases.afterwards.corrections import request_correction
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.operating.repair import book_order_by_hand, send_order_again
from tests.fakes.documents_of_shop import HOME, charge, invoice, item, order, order_line
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.stage import SHOP_ID, Stage

MORNING = datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


class Trader:
    """One shop and its merchant; `chance` decides what is sold and to whom something happens."""

    def __init__(self, chance: Random, source: Source) -> None:
        self.stage = Stage(source=source)
        self.stage.now = MORNING
        self.chance = chance
        self.source = source
        self.first_day = MORNING.date()
        self._last_id = 0

    def sell(self) -> None:
        """An order is paid: at home at one or two rates, or to Switzerland without VAT."""
        is_export = self.chance.random() < 0.2
        at_home = self.chance.choice((("0.21",), ("0.09",), ("0.21", "0.09")))
        rates = ("0",) if is_export else at_home
        lines = [
            order_line(self._price(), rate, self.chance.randint(1, 3), id=at)
            for at, rate in enumerate(rates, start=1)
        ]
        address = replace(HOME, country="CH", postal_code="8001") if is_export else HOME
        one, number = self._new_id(), self._last_id
        sold = order(
            *lines,
            id=one,
            number=f"ORD{number}",
            shipment=charge(self._price(), rates[0]),
            billing=address,
            shipping=address,
            created_at=self.stage.now,
            paid_at=self.stage.now,
        )
        if self.source is Source.INVOICES:
            self.stage.api.put(self._bill(sold))
        else:
            self.stage.receive(self._bill(sold))

    def sell_without_email(self) -> None:
        """An order that will be held."""
        self.sell()
        self._change(self._last_order(), email="")

    def mend_what_is_held(self) -> None:
        """The merchant fills in what was missing."""
        for one in self._in_state(EntryState.HELD):
            self._change(one, email="s.devries@example.nl")

    def book_by_hand(self) -> None:
        """The merchant books what is held in Asperion."""
        for one in self._in_state(EntryState.HELD):
            book_order_by_hand(self.stage.workspace(), one.number, by=Actor.MERCHANT)

    def cancel(self) -> None:
        """An order is cancelled, in the books or not."""
        if self.stage.api.orders:
            self._change(self._any_order(), status=OrderStatus.CANCELLED)

    def edit(self) -> None:
        """An order gets another total, in the books or not."""
        if self.source is Source.ORDERS and self.stage.api.orders:
            one = self._any_order()
            lines = (*one.lines, order_line(self._price(), id=len(one.lines) + 1))
            edited = order(*lines, shipment=one.shipment)
            self._change(
                one, lines=lines, price_excl=edited.price_excl, price_incl=edited.price_incl
            )

    def pay_back(self) -> None:
        """SEOshop makes a credit note of the first line of an order, with either sign."""
        if not self.stage.api.orders:
            return
        one = self._any_order()
        if any(bill.is_credit_note for bill in one.invoices):
            return
        line, sign = one.lines[0], self.chance.choice((1, -1))
        original = one.invoices[0].id if one.invoices else None
        note = self._invoice(
            one,
            is_credit_note=True,
            original_id=original,
            price_excl=line.price_excl * sign,
            price_incl=line.price_incl * sign,
        )
        unit = str(line.base_price_incl)
        self.stage.api.items[note.id] = [item(unit, str(line.tax_rate), int(line.quantity))]
        self._change(one, invoices=(*one.invoices, note))

    def correct(self) -> None:
        """The merchant has every late change corrected."""
        for entry in self.stage.entries.list_changed(SHOP_ID):
            request_correction(self.stage.workspace(), entry.number, by=Actor.MERCHANT)

    def send_again(self) -> None:
        """The merchant deleted an invoice in Asperion, and sends its order once more."""
        placed = self._in_state(EntryState.PLACED)
        if placed:
            one = self.chance.choice(placed)
            send_order_again(self.stage.workspace(), one.number, reason="weg", by=Actor.MERCHANT)

    def run(self) -> None:
        """A run that nothing disturbs."""
        now = self.stage.now
        export_shop(self.stage.connector, Job(shop_id=SHOP_ID, run=f"run-{now}"))

    def run_badly(self) -> None:
        """A run in which shop, inbox or function fail, somewhere."""
        stage, chance = self.stage, self.chance
        until = stage.now + timedelta(minutes=5)
        match chance.randrange(6):
            case 0:
                stage.api.fail(ShopUnavailable("502"), after=chance.randrange(8))
            case 1:
                stage.api.fail(ShopRateLimited("429", until=until), after=chance.randrange(8))
            case 2:
                stage.inbox.fail(InboxRefused("403"))
            case 3 | 4:
                is_stored = chance.random() < 0.5
                stage.inbox.fail(InboxUnknown("reset"), times=1, though_stored=is_stored)
            case _:
                with killed_after(stage, chance.randint(1, 30)):
                    self.run()
                stage.now += timedelta(minutes=30)
                return
        self.run()
        stage.api.recover()
        stage.inbox.recover()

    def close_the_day(self) -> None:
        """A run in the evening, one when the inbox's answers prove something, and the watch."""
        stage = self.stage
        stage.now = stage.now.replace(hour=21, minute=30)
        for _ in range(2):
            self.run()
            stage.now += timedelta(minutes=30)
        stage.watch()

    def wait(self) -> None:
        """Some time goes by, within the day."""
        self.stage.now += timedelta(minutes=self.chance.randint(1, 40))

    def sleep(self) -> None:
        """The next morning."""
        self.stage.now = (self.stage.now + timedelta(days=1)).replace(hour=8, minute=0)

    def add_up_due(self, since: datetime) -> Decimal:
        """What the shop's own pages show as due that changed since, VAT included."""
        if self.source is Source.INVOICES:
            bills = (one for one in self.stage.api.bills() if one.updated_at >= since)
            return sum((_sign(one) * abs(one.price_incl) for one in bills), Decimal(0))
        due = (
            one.price_incl
            for one in self.stage.api.orders.values()
            if one.updated_at >= since and not one.is_cancelled
        )
        return sum(due, Decimal(0))

    def _bill(self, sold: Order) -> Order:
        bill = self._invoice(sold, price_excl=sold.price_excl, price_incl=sold.price_incl)
        items: list[InvoiceItem] = [
            item(str(one.base_price_incl), str(one.tax_rate), int(one.quantity), id=one.id)
            for one in sold.lines
        ]
        shipping, rate = sold.shipment, str(sold.shipment.tax_rate)
        items.append(item(str(shipping.price_incl), rate, kind="shipment", id=len(items) + 1))
        self.stage.api.items[bill.id] = items
        return replace(sold, invoices=(bill,))

    def _invoice(self, of: Order, **facts: object) -> ShopInvoice:
        one = self._new_id()
        made = {"created_at": self.stage.now, "updated_at": self.stage.now, "order_id": of.id}
        return invoice(f"INV{one}", id=one, **made, **facts)

    def _change(self, one: Order, **changes: object) -> None:
        self.stage.api.put(replace(one, **changes))  # type: ignore[arg-type]

    def _new_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _price(self) -> str:
        return str(Decimal(self.chance.randint(1, 50000)) / 100)

    def _any_order(self) -> Order:
        return self.chance.choice(list(self.stage.api.orders.values()))

    def _last_order(self) -> Order:
        return list(self.stage.api.orders.values())[-1]

    def _in_state(self, state: EntryState) -> list[Order]:
        entries = self.stage.entries.items.get(SHOP_ID, {})
        found = {entry.document_id for entry in entries.values() if entry.state is state}
        return [one for one in self.stage.api.orders.values() if one.id in found]


def _sign(bill: ShopInvoice) -> int:
    return -1 if bill.is_credit_note else 1


Deed = Callable[[Trader], None]

DEEDS: tuple[Deed, ...] = (
    *(Trader.sell, Trader.sell, Trader.sell),
    Trader.sell_without_email,
    Trader.mend_what_is_held,
    Trader.book_by_hand,
    Trader.cancel,
    Trader.edit,
    Trader.pay_back,
    Trader.correct,
    Trader.send_again,
    Trader.run,
    Trader.run_badly,
)
