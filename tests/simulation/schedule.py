"""A schedule: a seed's worth of customers, faults, nights, merchants and operators, played."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from chalicelib.usecases.lifecycle import leave

from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.domain.orders import ShopInvoice
from chalicelib.domain.platform import Webhook
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating import repair, rerun
from tests.simulation.checks import check_books
from tests.simulation.shop import SimOrder, credit_note, repriced
from tests.simulation.world import PAGE_TIME, SHOP_ID, World

DAY = 86_400.0
QUIET_NIGHTS = 3
CLOCK_CHANGES = (datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a schedule: `wrong` is empty when the books are right."""

    seed: int
    wrong: tuple[str, ...]
    counts: Counter[str]
    lines: tuple[str, ...] = field(default=(), repr=False)
    crowded: bool = False


def play(seed: int, *, verbose: bool = False, crowded: bool = False) -> Outcome:
    """Play one schedule; `crowded`: surely one with several workers at once."""
    logging.disable(logging.CRITICAL)
    try:
        schedule = Schedule(seed, verbose=verbose, crowded=crowded)
        schedule.plan()
        world = schedule.world
        if not world.machine.run():
            world.blame("the schedule never ends")
        check_books(world)
        for line in world.wrong if verbose else ():
            world.lines.append(f"WRONG: {line}")
        return Outcome(seed, tuple(world.wrong), world.counts, tuple(world.lines), crowded)
    finally:
        logging.disable(logging.NOTSET)


class Schedule:
    """Plans what happens, from a seed."""

    def __init__(self, seed: int, *, verbose: bool, crowded: bool = False) -> None:
        rng = Random(-1 - seed)
        start = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(hours=rng.randrange(8000))
        dst = rng.random() < 0.1
        if dst:
            start = rng.choice(CLOCK_CHANGES) + timedelta(hours=rng.randrange(12))
        self.rng = rng
        self.crowded = crowded
        self.world = World(seed, start=start, verbose=verbose)
        self.world.counts["clock change day"] += dst
        self.bad_nights = rng.choice((1, 2))
        first = (26 - start.hour) % 24 * 3600.0 - start.minute * 60
        self.nights = [first + DAY * n for n in range(self.bad_nights + QUIET_NIGHTS)]
        self.quiet_from = self.nights[self.bad_nights - 1] + 6 * 3600.0
        self.width = rng.choice((5.0, 30.0, 200.0, 1200.0, 7000.0))

    def plan(self) -> None:
        """Put everything that is to happen on the heap."""
        world, rng, at = self.world, self.rng, self.world.machine.at
        self._choices()
        if not world.bills_only:
            self._before()
        world.install()
        world.shop.seoshop.subscriptions.append(
            Webhook(
                id=1,
                topic="orders/paid",
                address=f"{world.settings.public_url}/webhooks/{SHOP_ID}/orders-paid",
                is_active=True,
            )
        )
        if rng.random() < 0.12:
            limits = rng.choice(((8, 300), (15, 300), (25, 3600)))
            world.shop.windows = [limits]
            world.counts["small allowance"] += 1
        world.shop.skew = rng.choice((0.0, 0.0, 0.0, -90.0, 120.0))
        for number in range(rng.choice((1, 2, 2, 3, 4, 6))):
            at(self._moment(), partial(self._order, 1001 + number))
        if rng.random() < 0.01:
            at(self._moment(), self._crowd)
        self._runs()
        self._people()
        if rng.random() < 0.2 or self.crowded:
            self._workers_at_once()
        at(self.quiet_from, self._calm)
        for night in self.nights[self.bad_nights : -1]:
            at(night + 7 * 3600.0, self._morning)

    def _runs(self) -> None:
        """Every night the export; the watch sometimes fails to come, but not when all is quiet."""
        for night in self.nights:
            self.world.machine.at(night, self.world.daily_run)
            if self.rng.random() < 0.4 or night > self.quiet_from:
                self.world.machine.at(night + 3600.0, self.world.watch_run)

    def _choices(self) -> None:
        """What the merchant chose at the installation."""
        rng, world = self.rng, self.world
        world.bills_only = rng.random() < 0.12
        world.on_account = not world.bills_only and rng.random() < 0.15
        world.counts["all invoices"] += world.bills_only
        world.counts["on account"] += world.on_account

    def _moment(self) -> float:
        """Some time before the quiet begins, most often while a night's run is at work."""
        rng = self.rng
        if rng.random() < 0.4:
            return rng.random() * self.nights[self.bad_nights - 1]
        return rng.choice(self.nights[: self.bad_nights]) + (rng.random() - 0.2) * self.width

    # ---- the shop's life ----------------------------------------------------------------------

    def _before(self) -> None:
        """Orders from before the installation."""
        shop, rng, world = self.world.shop, self.rng, self.world
        for number in range(rng.choice((0, 0, 0, 1, 2))):
            one = shop.create(11 + number, 1000 + 100 * number)
            order = one.now.order
            back = timedelta(days=3)
            order = replace(
                order, created_at=order.created_at - back, updated_at=order.updated_at - back
            )
            if rng.random() < 0.5:
                paid: dict[str, Any] = {"payment_status": "paid", "paid_at": order.created_at}
                one.versions[:] = [replace(one.now, order=replace(order, **paid))]
            else:
                one.versions[:] = [replace(one.now, order=order)]
                world.machine.at(self._moment(), partial(self._pay, one))
            shop.show(one)
            if rng.random() < 0.5:
                world.machine.at(self._moment(), partial(shop.change, one))

    def _order(self, order_id: int) -> None:
        """A customer orders; what becomes of it follows."""
        rng, world = self.rng, self.world
        flaw = rng.choice((None,) * 10 + ("email", "unreadable"))
        one = world.shop.create(order_id, rng.randrange(100, 9000), flaw=flaw)
        world.tell("shop", f"{one.number} made, flaw {flaw}")
        if rng.random() < 0.05:
            one.missing_until = world.machine.time + rng.choice((60.0, 900.0, 40_000.0))
            world.counts["order not found for a while"] += 1
        if world.bills_only:
            self._bills(one)
            return
        if rng.random() < 0.9:
            self._soon(lambda: self._pay(one))
        for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
            deed = rng.choice(
                (self._pay, self._unpay, self._cancel, self._reprice, self._ship, self._refund)  # noqa: RUF005
                + (self._mend, self._readdress, self._unpay_and_pay, self._pay_back_a_part)
            )
            self._later(lambda deed=deed: deed(one))

    def _bills(self, one: SimOrder) -> None:
        """What becomes of the invoice of an order."""
        rng, world = self.rng, self.world
        bill = world.shop.bill(one)
        world.tell("shop", f"{one.number} has invoice {bill.number}")
        self._soon(lambda: world.ring_bill(bill))
        if rng.random() < 0.6:
            self._later(lambda: self._credit(one, bill))
        for _ in range(rng.choice((0, 0, 1, 1, 2))):
            deed = rng.choice((self._cancel_bill, self._reprice_bill, self._touch_bill))
            self._later(lambda deed=deed: deed(bill))
        for _ in range(rng.choice((0, 1, 1))):
            self._later(lambda: self._mend(one))

    def _credit(self, one: SimOrder, bill: ShopInvoice) -> None:
        self.world.counts["invoice credited"] += 1
        note = self.world.shop.bill(one, of=self.world.shop.bills[bill.id])
        self.world.tell("shop", f"{bill.number} is credited by {note.number}")
        self._soon(lambda: self.world.ring_bill(note))

    def _cancel_bill(self, bill: ShopInvoice) -> None:
        self.world.tell("shop", f"{bill.number} cancelled")
        self.world.counts["invoice cancelled"] += 1
        self.world.shop.change_bill(bill, status="cancelled")

    def _reprice_bill(self, bill: ShopInvoice) -> None:
        self.world.tell("shop", f"{bill.number} repriced")
        self.world.counts["invoice edited"] += 1
        changes = repriced(self.rng.randrange(100, 9000))
        del changes["lines"]
        self.world.shop.change_bill(bill, **changes)

    def _touch_bill(self, bill: ShopInvoice) -> None:
        self.world.shop.change_bill(bill)

    def _soon(self, act: Any) -> None:
        now = self.world.machine.time
        self.world.machine.at(now + self.rng.random() * self.width / 2, act)

    def _later(self, act: Any) -> None:
        rng, now = self.rng, self.world.machine.time
        moment = now + rng.random() * self.width if rng.random() < 0.6 else self._moment()
        self.world.machine.at(max(moment, now + 1.0), act)

    def _crowd(self) -> None:
        """More changed orders than one page of a list holds."""
        self.world.counts["crowd"] += 1
        for number in range(self.rng.choice((249, 250, 251, 300))):
            self.world.shop.create(500 + number, 500)

    def _pay(self, one: SimOrder) -> None:
        if one.now.order.payment_status == "paid":
            return
        shop = self.world.shop
        shop.change(one, payment_status="paid", paid_at=shop.clock())
        self.world.tell("shop", f"{one.number} paid")
        self.world.ring(one)

    def _unpay(self, one: SimOrder) -> None:
        self.world.tell("shop", f"{one.number} unpaid")
        self.world.counts["order unpaid again"] += 1
        self.world.shop.change(one, payment_status="not_paid")

    def _unpay_and_pay(self, one: SimOrder) -> None:
        self._unpay(one)
        self._soon(lambda: self._pay(one))

    def _pay_back_a_part(self, one: SimOrder) -> None:
        if one.now.order.payment_status != "paid":
            return
        self.world.tell("shop", f"{one.number} paid in part")
        self.world.counts["order paid in part"] += 1
        self.world.shop.change(one, payment_status="partially_paid")

    def _cancel(self, one: SimOrder) -> None:
        self.world.tell("shop", f"{one.number} cancelled")
        self.world.counts["order cancelled"] += 1
        self.world.shop.change(one, status="cancelled")

    def _reprice(self, one: SimOrder) -> None:
        self.world.tell("shop", f"{one.number} repriced")
        self.world.counts["order edited"] += 1
        self.world.shop.change(one, **repriced(self.rng.randrange(100, 9000)))

    def _readdress(self, one: SimOrder) -> None:
        if one.now.flaw == "email":
            return
        self.world.tell("shop", f"{one.number} has another address")
        self.world.counts["order edited"] += 1
        self.world.shop.change(one, email=f"nieuw{self.rng.randrange(99)}@example.nl")

    def _ship(self, one: SimOrder) -> None:
        if one.now.order.status != "cancelled":
            self.world.shop.change(one, status="completed_shipped")

    def _mend(self, one: SimOrder) -> None:
        if one.now.flaw:
            self.world.tell("shop", f"{one.number} mended")
            self.world.shop.change(one, mend=True)

    def _refund(self, one: SimOrder) -> None:
        self.world.counts["order refunded"] += 1
        shop = self.world.shop
        shop.credits.append(credit_note(9000 + len(shop.credits), one.now.order, shop.clock()))
        shop.change(one)

    # ---- people -------------------------------------------------------------------------------

    def _people(self) -> None:
        rng, at, world = self.rng, self.world.machine.at, self.world
        for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
            at(self._moment(), rng.choice((self._merchant, self._operator, self._hasty)))
        sometimes = (
            (0.1, lambda: self._full(rng.random() * 2 * self.width)),
            (0.1, self._jump),
            (0.05, world.shop.seoshop.subscriptions.clear),
            (0.05, world.daily_run),
        )
        for chance, deed in sometimes:
            if rng.random() < chance:
                at(self._moment(), deed)
        if rng.random() < 0.1:
            self._watched_nights()

    def _watched_nights(self) -> None:
        """An operator sits by, and settles whatever becomes unknown within a minute."""
        for night in self.nights[: self.bad_nights]:
            for minute in range(1, 12):
                self.world.machine.at(night + 60.0 * minute, self._hasty)

    def _workers_at_once(self) -> None:
        """The lease keeps nobody out, and several runs are at work on the shop."""
        self.world.counts["workers at once"] += 1
        self.world.weather.becomes("lease lost", 1.0)
        if self.rng.random() < 0.5:
            self.world.weather.becomes("held up before sending", 0.5)
            self.world.weather.becomes("killed while sending", 0.1)
        for night in self.nights[: self.bad_nights]:
            for _ in range(4):
                moment = night + self.rng.random() * self.rng.choice((5.0, 30.0, 200.0, 900.0))
                self.world.machine.at(moment, lambda: self.world.queue.send(SHOP_ID, run="extra"))

    def _full(self, seconds: float) -> None:
        inbox = self.world.inbox
        inbox.full = True
        self.world.machine.at(
            self.world.machine.time + seconds, lambda: setattr(inbox, "full", False)
        )

    def _jump(self) -> None:
        self.world.counts["clock jump"] += 1
        for name in list(self.world.inbox.on_its_way):
            self.world.inbox.arrives(name)  # an upload takes no longer because clocks are set
        self.world.machine.jump(self.rng.choice((1.0, 60.0, 400.0, 3600.0)))

    def _some_number(self) -> str:
        known = [one.number for one in self.world.shop.orders.values() if one.id > 1000]
        if self.world.bills_only:
            known = [bill.number for bill in self.world.shop.bills.values()]
        return self.rng.choice(known) if known else "ORD09999"

    def _merchant(self) -> None:
        rng, world = self.rng, self.world
        number = self._some_number()
        deed = rng.choice(("release", "retry", "send_again", "send_again", "accept", "pause"))
        world.counts[f"merchant: {deed}"] += 1
        if deed == "pause":
            self._click("pause", lambda c: leave.pause(c, SHOP_ID, by="merchant"))
            wait = rng.random() * self.width
            world.machine.at(
                world.machine.time + wait,
                lambda: self._click("resume", lambda c: leave.resume(c, SHOP_ID, by="merchant")),
            )
            return
        if deed == "accept":
            world.accepted.add(number)
        acts = {
            "release": lambda c: repair.release(
                c, SHOP_ID, hold="email_missing", detail=None, by="merchant"
            ),
            "retry": lambda c: repair.retry(c, SHOP_ID, number, by="merchant"),
            "send_again": lambda c: repair.send_again(
                c, SHOP_ID, number, reason="lost", by="merchant"
            ),
            "accept": lambda c: repair.accept_change(c, SHOP_ID, number, by="merchant"),
        }
        self._click(deed, acts[deed])

    def _click(self, deed: str, act: Any) -> None:
        self.world.process(deed, act, limit=PAGE_TIME)

    def _operator(self) -> None:
        rng, world = self.rng, self.world
        event: dict[str, Any] = {"shop_id": SHOP_ID}
        kind = rng.choice(("shop", "orders", "reason", "since"))
        if kind in ("orders", "reason"):
            event["orders"] = [self._some_number()]
        if kind == "reason":
            event["reason"] = "customer asked"
        if kind == "since":
            event["since"] = world.machine.start.date().isoformat()
        if rng.random() < 0.3:
            event["dry_run"] = True
            kind = "dry run"
        world.counts[f"operator: rerun ({kind})"] += 1
        run = f"rerun/{int(world.machine.time * 1000)}"
        world.process(
            "rerun",
            lambda connector: rerun.rerun(connector, event, run=run),
            reads_only="dry_run" in event,
        )

    def _hasty(self) -> None:
        """An operator settles whatever is unknown, as it looks at this moment."""
        for file in list(self.world.files.items.get(SHOP_ID, {}).values()):
            if file.state is FileState.UNKNOWN:
                self._settle(file.name)

    # ---- the end ------------------------------------------------------------------------------

    def _calm(self) -> None:
        """From now on nothing goes wrong."""
        world = self.world
        world.tell("world", "the faults stop")
        world.weather.clear()
        world.quiet = True
        world.inbox.full = False
        world.indexes.catch_up()
        world.shop.windows = [(300, 300), (3000, 3600)]
        world.shop.used.clear()
        world.reinstall()
        for one in world.shop.orders.values():
            one.missing_until = 0.0
        self._click("resume", lambda c: leave.resume(c, SHOP_ID, by="merchant"))
        self._morning()

    def _morning(self) -> None:
        """The operator's daily look: dead letters get another chance, unknown files are settled
        by what is true (sometimes nobody gets round to it).
        """
        world = self.world
        for cause in ("email_missing", "unreadable") if world.bills_only else ():
            self._click("release", partial(_release, cause))
        if world.queue.dead:
            world.process("operator", lambda c: c.queue.redrive(), limit=PAGE_TIME)
        for file in list(world.files.items.get(SHOP_ID, {}).values()):
            since = (file.since - world.machine.start).total_seconds()
            if file.state is not FileState.UNKNOWN or world.machine.time - since < 900.0:
                continue
            if self.rng.random() < 0.7:
                self._settle(file.name)

    def _settle(self, name: str) -> None:
        world = self.world
        verdict = "confirm" if name in world.inbox.files else "again"
        world.counts[f"operator: {verdict}"] += 1
        event = {"shop_id": SHOP_ID, "file": name, "settle": verdict}
        world.process("settle", lambda connector: rerun.rerun(connector, event, run="settle"))


def _release(cause: str, connector: Connector) -> None:
    repair.release(connector, SHOP_ID, hold=cause, detail=None, by="merchant")


def waiting(world: World) -> int:
    """How many orders wait, for the event log."""
    return world.entries.count(SHOP_ID, EntryState.WAITING)
