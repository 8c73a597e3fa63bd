"""What customers do, and the shop with their orders and invoices."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

from chalicelib.domain.orders import InvoiceStatus, OrderStatus, PaymentStatus, ShopInvoice
from tests.simulation.sim_orders import SimOrder, credit_note, repriced
from tests.simulation.sim_world import World
from tests.simulation.starting import ring_bill, ring_order
from tests.simulation.timing import Timing


class Customers:
    """Orders of a schedule, and their lives."""

    def __init__(self, world: World, rng: Random, timing: Timing) -> None:
        self.world = world
        self.shop = world.shop
        self.rng = rng
        self.timing = timing

    def come_before(self) -> None:
        """Orders from before the installation."""
        shop, rng, at = self.shop, self.rng, self.world.machine.at
        for number in range(rng.choice((0, 0, 0, 1, 2))):
            one = shop.create(11 + number, 1000 + 100 * number)
            order = one.now.order
            back = timedelta(days=3)
            order = replace(
                order, created_at=order.created_at - back, updated_at=order.updated_at - back
            )
            if rng.random() < 0.5:
                order = replace(order, payment_status=PaymentStatus.PAID, paid_at=order.created_at)
                one.versions[:] = [replace(one.now, order=order)]
            else:
                one.versions[:] = [replace(one.now, order=order)]
                at(self.timing.choose_moment(), partial(self._pay, one))
            shop.show(one)
            if rng.random() < 0.1:
                self._credit_early(one)
            if rng.random() < 0.5:
                at(self.timing.choose_moment(), partial(shop.change, one))

    def place_order(self, order_id: int) -> None:
        """A customer orders; what becomes of it follows."""
        rng, world = self.rng, self.world
        flaw = rng.choice((None,) * 10 + ("email", "unreadable"))
        flaw = None if world.sells_both else flaw
        price = rng.randrange(100, 9000)
        business = world.register.draw_business(price) if world.orders_only else {}
        world.counts["business abroad"] += bool(business)
        one = self.shop.create(order_id, price, flaw=flaw, **business)
        self._log(f"{one.number} made, flaw {flaw}")
        if rng.random() < 0.05:
            one.missing_until = world.machine.time + rng.choice((60.0, 900.0, 40_000.0))
            world.counts["order not found for a while"] += 1
        if rng.random() < 0.03 and world.shop.seoshop.page > 10:
            world.shop.nameless[one.id] = world.machine.time + rng.choice((900.0, 40_000.0, 1e6))
        if world.bills_only:
            self._bill(one)
            return
        if world.sells_both:
            self._sell(one)
            return
        if rng.random() < 0.06:
            self._credit_early(one)
        if rng.random() < 0.9:
            self.timing.act_soon(lambda: self._pay(one))
        deeds: tuple[Callable[[SimOrder], None], ...] = (
            *(self._pay, self._unpay, self._cancel, self._reprice, self._ship, self._refund),
            *(self._mend, self._readdress, self._unpay_and_pay, self._pay_back_a_part),
        )
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
            self.timing.act_later(partial(rng.choice(deeds), one))

    def place_paid_order(self, order_id: int) -> None:
        """A customer orders and pays, and that is all."""
        one = self.shop.create(order_id, self.rng.randrange(100, 9000))
        self._pay(one)

    def crowd(self) -> None:
        """More changed orders than one page of a list holds."""
        self.world.counts["crowd"] += 1
        for number in range(self.rng.choice((249, 250, 251, 300))):
            self.shop.create(500 + number, 500)

    def edit_all(self) -> None:
        """The amount of every order changes, most often while its file is under way."""
        for one in list(self.shop.orders.values()) if self.world.orders_only else ():
            self._reprice(one)

    def _log(self, what: str) -> None:
        self.world.log("shop", what)

    def _bill(self, one: SimOrder) -> None:
        """What becomes of the invoice of an order."""
        rng, timing = self.rng, self.timing
        bill = self.shop.bill(one)
        self._log(f"{one.number} has invoice {bill.number}")
        timing.act_soon(lambda: ring_bill(self.world, bill))
        if rng.random() < 0.6:
            timing.act_later(lambda: self._credit(one, bill))
        deeds = (self._cancel_bill, self._reprice_bill, self.shop.change_bill)
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            timing.act_later(partial(rng.choice(deeds), bill))
        for _ in range(rng.choice((0, 1, 1))):
            timing.act_later(lambda: self._mend(one))

    def _sell(self, one: SimOrder) -> None:
        """What becomes of an order in a shop that exports now the one, now the other document."""
        rng, timing = self.rng, self.timing
        bills = [self.shop.bill(one)] if rng.random() < 0.6 else []
        for bill in bills:
            ring_bill(self.world, bill)

        def pay() -> None:
            self._pay(one)
            for bill in bills:
                self.shop.change_bill(bill)
            if not bills:
                ring_bill(self.world, self.shop.bill(one))

        if rng.random() < 0.9:
            timing.act_soon(pay)
        if rng.random() < 0.5:
            timing.act_later(partial(self._ship, one))

    def _credit_early(self, one: SimOrder) -> None:
        """A part is credited before the order is booked, most often before it is paid."""
        self.world.counts["credited before the booking"] += 1
        days = self.rng.choice((0, 0, 2, 9, 45))
        self.shop.credit(one, back=timedelta(days=days))
        self._log(f"{one.number} is credited in part, {days} days ago")

    def _credit(self, one: SimOrder, bill: ShopInvoice) -> None:
        self.world.counts["invoice credited"] += 1
        note = self.shop.bill(one, of=self.shop.bills[bill.id])
        self._log(f"{bill.number} is credited by {note.number}")
        self.timing.act_soon(lambda: ring_bill(self.world, note))

    def _cancel_bill(self, bill: ShopInvoice) -> None:
        self._log(f"{bill.number} cancelled")
        self.world.counts["invoice cancelled"] += 1
        self.shop.change_bill(bill, status=InvoiceStatus.CANCELLED)

    def _reprice_bill(self, bill: ShopInvoice) -> None:
        self._log(f"{bill.number} repriced")
        self.world.counts["invoice edited"] += 1
        changes = repriced(self.rng.randrange(100, 9000))
        del changes["lines"]
        self.shop.change_bill(bill, **changes)

    def _pay(self, one: SimOrder) -> None:
        if one.now.order.payment_status is PaymentStatus.PAID:
            return
        paid: dict[str, Any] = {"payment_status": PaymentStatus.PAID, "paid_at": self.shop.clock()}
        self.shop.change(one, **paid)
        self._log(f"{one.number} paid")
        ring_order(self.world, one)

    def _unpay(self, one: SimOrder) -> None:
        self._log(f"{one.number} unpaid")
        self.world.counts["order unpaid again"] += 1
        self.shop.change(one, payment_status=PaymentStatus.NOT_PAID)

    def _unpay_and_pay(self, one: SimOrder) -> None:
        self._unpay(one)
        self.timing.act_soon(lambda: self._pay(one))

    def _pay_back_a_part(self, one: SimOrder) -> None:
        if one.now.order.payment_status is not PaymentStatus.PAID:
            return
        self._log(f"{one.number} paid in part")
        self.world.counts["order paid in part"] += 1
        self.shop.change(one, payment_status=PaymentStatus.PARTIALLY_PAID)

    def _cancel(self, one: SimOrder) -> None:
        self._log(f"{one.number} cancelled")
        self.world.counts["order cancelled"] += 1
        self.shop.change(one, status=OrderStatus.CANCELLED)

    def _reprice(self, one: SimOrder) -> None:
        self._log(f"{one.number} repriced")
        self.world.counts["order edited"] += 1
        self.shop.change(one, **repriced(self.rng.randrange(100, 9000)))

    def _readdress(self, one: SimOrder) -> None:
        if one.now.flaw == "email":
            return
        self._log(f"{one.number} has another address")
        self.world.counts["order edited"] += 1
        self.shop.change(one, email=f"nieuw{self.rng.randrange(99)}@example.nl")

    def _ship(self, one: SimOrder) -> None:
        if one.now.order.status is not OrderStatus.CANCELLED:
            self.shop.change(one, status=OrderStatus.SHIPPED)

    def _mend(self, one: SimOrder) -> None:
        if one.now.flaw:
            self._log(f"{one.number} mended")
            self.shop.change(one, mend=True)

    def _refund(self, one: SimOrder) -> None:
        self.world.counts["order refunded"] += 1
        number = 9000 + len(self.shop.credits)
        self.shop.credits.append(credit_note(number, one.now.order, self.shop.clock()))
        self.shop.change(one)
