"""A schedule: a seed's worth of customers, faults, nights, merchants and operators, played."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from unittest.mock import patch

from chalicelib.domain.platform import Webhook
from chalicelib.domain.policy import Policy, Source
from tests.simulation.asperion_people import AsperionPeople
from tests.simulation.checks import check_books
from tests.simulation.connecting_merchant import ConnectingMerchant
from tests.simulation.customers import Customers
from tests.simulation.halting_operator import HaltingOperator
from tests.simulation.locking import Locker
from tests.simulation.merchant import Merchant
from tests.simulation.moving_orders import Migrator
from tests.simulation.outages import CHANGES_BEFORE, draw_outage, plan_outage
from tests.simulation.people import People
from tests.simulation.refusing import AppOwner
from tests.simulation.sim_world import SHOP_ID, World, sleep
from tests.simulation.starting import deliver_messages, start_nightly_run, start_watch
from tests.simulation.statements import check_pages, check_statements
from tests.simulation.timing import Timing

DAY = 86_400.0
QUIET_NIGHTS = 3
MEANWHILE = ("edited meanwhile", "closed meanwhile", "halted meanwhile")
"""Deeds that come with every file while it is on its way, and all else is well; by chance they meet
one once in thousands of schedules.
"""
SURE = (
    *(
        "one trouble",
        "app refused",
        "reconnected",
        "licence changed",
        "uninstalled",
        "reinstalled",
        "policy changed",
    ),
    *("source changed", "migration", "period closed", "debtor blocked"),
    *("moved over", "looks at lists", "read back", "halted"),
    *MEANWHILE,
)
"""Deeds that a schedule can be made to have; see `play`."""

PAGE_CHECKS = 5
"""How often in a schedule the pages of the days are compared with the ledger."""

CLOCK_CHANGES = (datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a schedule: `wrong` is empty when the books are right."""

    seed: int
    wrong: tuple[str, ...]
    counts: Counter[str]
    lines: tuple[str, ...] = field(default=(), repr=False)
    crowded: bool = False
    sure: str = ""
    by_api: bool = False


def play(
    seed: int,
    *,
    verbose: bool = False,
    crowded: bool = False,
    sure: str = "",
    by_api: bool = False,
) -> Outcome:
    """Play one schedule; `crowded`: surely one with several workers at once; `sure`: surely one
    with this deed (one of `SURE`) or with much of this weather (one of `GROUPS`); `by_api`: the
    shop is connected with Asperion, and delivers by API most of the time.
    """
    logging.disable(logging.CRITICAL)
    try:
        schedule = Schedule(seed, verbose=verbose, crowded=crowded, sure=sure, by_api=by_api)
        schedule.plan()
        world = schedule.world
        with patch.object(time, "sleep", sleep):
            if not world.machine.run():
                world.blame("the schedule never ends")
        check_books(world)
        return Outcome(
            seed, tuple(world.wrong), world.counts, tuple(world.lines), crowded, sure, by_api
        )
    finally:
        logging.disable(logging.NOTSET)


class Schedule:
    """Plans what happens, from a seed."""

    def __init__(
        self,
        seed: int,
        *,
        verbose: bool,
        crowded: bool = False,
        sure: str = "",
        by_api: bool = False,
    ) -> None:
        rng = Random(-1 - seed)
        start = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(hours=rng.randrange(8000))
        dst = rng.random() < 0.1
        if dst:
            start = rng.choice(CLOCK_CHANGES) + timedelta(hours=rng.randrange(12))
        self.rng = rng
        self.crowded = crowded
        self.sure = sure
        self.world = World(seed, start=start, verbose=verbose, by_api=by_api)
        self.world.weather.make_sure(sure)
        deliver_messages(self.world)
        self.world.counts["clock change day"] += dst
        bad_nights = rng.choice((1, 2))
        first = (26 - start.hour) % 24 * 3600.0 - start.minute * 60
        nights = [first + DAY * n for n in range(bad_nights + QUIET_NIGHTS)]
        self.bad_nights, self.quiet_nights = nights[:bad_nights], nights[bad_nights:]
        self.quiet_from = self.bad_nights[-1] + 6 * 3600.0
        width = rng.choice((5.0, 30.0, 200.0, 1200.0, 7000.0))
        timing = Timing(self.world.machine, rng, nights=self.bad_nights, width=width)
        self.customers = Customers(self.world, rng, timing)
        self.people = People(self.world, rng, timing)
        self.merchant = Merchant(self.world, rng, timing)
        self.migrator = Migrator(self.world, rng, timing)
        self.owner = AppOwner(self.world, rng, quiet_from=self.quiet_from)
        self.moment = timing.choose_moment
        # By chance of their own: what is checked changes nothing of what happens.
        chance = Timing(self.world.machine, Random(seed), nights=self.bad_nights, width=width)
        self.page_checks = [chance.choose_moment() for _ in range(PAGE_CHECKS)]
        own = Random(-2 - seed)
        self.locks = own.random() < 0.1 or sure == "period closed"
        around = Timing(self.world.machine, own, nights=self.bad_nights, width=width)
        self.locker = Locker(self.world, own, around, self.merchant)
        own = Random(-4 - seed)
        self.halts = own.random() < 0.06 or sure in ("halted", "halted meanwhile")
        around = Timing(self.world.machine, own, nights=self.bad_nights, width=width)
        self.halting = HaltingOperator(self.world, own, around)
        own = Random(-3 - seed)
        around = Timing(self.world.machine, own, nights=self.bad_nights, width=width)
        self.connecting = ConnectingMerchant(self.world, own, around)
        self.bookkeepers = AsperionPeople(self.world, own, around)

    def plan(self) -> None:
        """Put everything that is to happen on the heap."""
        has_one_trouble = self.rng.random() < 0.1 and not (self.crowded or self.sure)
        if has_one_trouble or self.sure == "one trouble":
            self._plan_one_trouble()
        elif self.sure in MEANWHILE:
            self._plan_meanwhile()
        else:
            self._plan_all()
        self._plan_quiet()

    def _plan_one_trouble(self) -> None:
        """Everything is well but for one trouble in the first night."""
        world, rng = self.world, self.rng
        night = self.bad_nights[0]
        self._begin_well()
        self._plan_runs()
        plan_outage(world, draw_outage(rng, night, by_api=world.by_api), self.merchant.come_again)

    def _begin_well(self) -> None:
        """An installation and a few paid orders, of which nothing goes wrong by itself."""
        world, rng, at = self.world, self.rng, self.world.machine.at
        world.weather.clear()
        world.quiet = True
        world.inbox.mute = False
        self._install()
        for number in range(rng.choice((1, 2, 4))):
            moment = rng.random() * (self.bad_nights[0] - 2 * CHANGES_BEFORE)
            at(moment, partial(self.customers.place_paid_order, 1001 + number))

    def _plan_meanwhile(self) -> None:
        """All is well, but files are long on their way, some come in part, and several runs are at
        work: what is done to their orders, or their periods, comes in between.
        """
        world = self.world
        self._begin_well()
        for kind, rate in (
            *(("lease lost", 1.0), ("held up before sending", 0.7)),
            *(("killed while sending", 0.3), ("inbox torn upload", 0.3)),
        ):
            world.weather.set_rate(kind, rate)
        world.meanwhile = self._act_meanwhile
        self._plan_runs()

    def _act_meanwhile(self) -> None:
        """The deed of this schedule, and one more run."""
        world, rng = self.world, self.rng
        if world.machine.time > self.quiet_from:
            return
        act = {
            "edited meanwhile": self.customers.edit_all,
            "closed meanwhile": self.locker.close_books,
            "halted meanwhile": self.halting.halt_for_a_while,
        }[self.sure]
        within = rng.choice((30.0, 300.0))  # of being sent, and of being asked about
        world.machine.at(world.machine.time + rng.random() * within, act)
        moment = world.machine.time + rng.random() * 300.0
        world.machine.at(moment, lambda: world.queue.send(SHOP_ID, run="extra"))

    def _plan_quiet(self) -> None:
        """The days after which the books must be right, and a look at every statement."""
        world, at = self.world, self.world.machine.at
        at(self.quiet_from, self.people.calm_down)
        at(self.quiet_from, world.register.calm_down)
        at(self.quiet_from, self.merchant.come_back)
        if world.by_api:
            at(self.quiet_from, self.bookkeepers.calm_down)
            at(self.quiet_from, self.connecting.come_back)
        at(self.quiet_from + 1800.0, self.migrator.go_on)
        at(self.quiet_from + 1800.0, self.locker.reopen_all)
        if self.halts:
            at(self.quiet_from, self.halting.resume_all)
        for night in self.quiet_nights[:-1]:
            at(night + 7 * 3600.0, self.people.begin_day)
            if world.by_api:
                at(night + 7 * 3600.0, self.connecting.come_back)
        for night in (*self.bad_nights, *self.quiet_nights):
            at(night + 5.9 * 3600.0, partial(check_statements, world))
        for moment in self.page_checks:
            at(moment, partial(check_pages, world))
        at(self.quiet_nights[-1] + 5.9 * 3600.0, partial(check_pages, world))

    def _plan_all(self) -> None:
        """Anything may happen at any time."""
        world, rng, at = self.world, self.rng, self.world.machine.at
        self._choose_policy()
        self._plan_others()
        if world.orders_only:
            self.customers.come_before()
        self._install()
        if rng.random() < 0.12:
            limits = rng.choice(((8, 300), (15, 300), (25, 3600)))
            world.shop.windows = [limits]
            world.counts["small allowance"] += 1
        if rng.random() < 0.1:
            world.shop.seoshop.page = rng.choice((1, 2, 3, 100))
            world.counts["short pages"] += 1
        world.shop.skew = rng.choice((0.0, 0.0, 0.0, -90.0, 120.0))
        for number in range(rng.choice((1, 2, 2, 3, 4, 6))):
            at(self.moment(), partial(self.customers.place_order, 1001 + number))
        if rng.random() < 0.01:
            at(self.moment(), self.customers.crowd)
        self._plan_runs()
        self._plan_people()
        if rng.random() < 0.2 or self.crowded:
            self._let_several_work()

    def _plan_others(self) -> None:
        """What has chances of its own, so that schedules without it are as they were."""
        if self.world.by_api:
            self.connecting.plan(self.sure)
            self.bookkeepers.plan(self.sure)
        if self.locks:
            self.locker.plan()
        if self.halts:
            self.halting.plan()
        for _ in range(12 if self.sure == "read back" else 0):
            self.world.machine.at(self.moment(), partial(start_watch, self.world))

    def _install(self) -> None:
        world = self.world
        world.install(self.merchant.policy)
        if world.by_api:
            world.asperion.connect(world.shops, SHOP_ID, is_on=not world.starts_with_files)
            world.standings.see(world.shops.records[SHOP_ID])
        world.shop.seoshop.subscriptions.append(
            Webhook(
                id=1,
                topic="orders/paid",
                address=f"{world.settings.public_url}/webhooks/{SHOP_ID}/orders-paid",
                is_active=True,
            )
        )

    def _plan_runs(self) -> None:
        """Every night the export; the watch sometimes fails to come, but not when all is quiet."""
        at, world = self.world.machine.at, self.world
        for night in (*self.bad_nights, *self.quiet_nights):
            at(night, partial(start_nightly_run, world))
            if self.rng.random() < 0.4 or night > self.quiet_from:
                at(night + 3600.0, partial(start_watch, world))
        world.last_night = self.quiet_nights[-1]

    def _choose_policy(self) -> None:
        """What the merchant chose at the installation."""
        rng, world = self.rng, self.world
        world.bills_only = rng.random() < 0.12
        world.sells_both = not world.bills_only and rng.random() < 0.12
        if self.sure:
            world.bills_only, world.sells_both = False, self.sure == "source changed"
        on_account = world.orders_only and rng.random() < 0.15
        source = Source.INVOICES if world.bills_only else Source.ORDERS
        if world.sells_both:
            source = rng.choice((Source.ORDERS, Source.INVOICES))
        vies = world.register.choose()
        self.merchant.policy = Policy(on_account=on_account, source=source, vies=vies)
        world.counts["all invoices"] += world.bills_only
        world.counts["on account"] += on_account

    def _plan_people(self) -> None:
        rng, at, world, people = self.rng, self.world.machine.at, self.world, self.people
        merchant = self.merchant
        for _ in range(rng.choice((0, 0, 1, 1, 2, 4))):
            deed = rng.choice((people.click, people.operate, people.decide_unknown))
            at(self.moment(), deed)
        sometimes: tuple[tuple[float, str, Callable[[], None]], ...] = (
            (0.1, "inbox full", people.fill_inbox),
            (0.1, "clock jump", self._jump),
            (0.05, "unsubscribed", world.shop.seoshop.subscriptions.clear),
            (0.05, "started twice", partial(start_nightly_run, world)),
            (0.05, "app refused", self.owner.turn_secret),
            (0.04, "licence changed", merchant.change_licence),
            (0.04, "uninstalled", merchant.leave),
            (0.04, "reinstalled", merchant.come_again),
            (0.02, "cancelled", merchant.cancel),
            (0.04 * world.orders_only, "policy changed", merchant.change_account),
            (0.06 * world.orders_only, "migration", self.migrator.migrate),
            (0.9 * world.sells_both, "source changed", merchant.change_source),
            (0.4 * world.sells_both, "source changed back", merchant.change_source),
        )
        for chance, name, deed in sometimes:
            if rng.random() < chance or name == self.sure:
                at(self.moment(), deed)
        if rng.random() < 0.1:
            # An operator sits by, and decides on whatever becomes unknown within a minute.
            for night in self.bad_nights:
                for minute in range(1, 12):
                    at(night + 60.0 * minute, people.decide_unknown)

    def _let_several_work(self) -> None:
        """The lease keeps nobody out, and several runs are at work on the shop."""
        world, rng = self.world, self.rng
        world.counts["workers at once"] += 1
        world.weather.set_rate("lease lost", 1.0)
        if rng.random() < 0.5:
            world.weather.set_rate("held up before sending", 0.5)
            world.weather.set_rate("killed while sending", 0.3)
            for night in self.bad_nights:
                world.machine.at(night + 300.0 * rng.random(), self.customers.edit_all)
        if world.by_api:
            world.weather.set_rate("held up before posting", 0.1)
        for night in self.bad_nights:
            for _ in range(4):
                moment = night + rng.random() * rng.choice((5.0, 30.0, 200.0, 900.0))
                world.machine.at(moment, lambda: world.queue.send(SHOP_ID, run="extra"))

    def _jump(self) -> None:
        world = self.world
        world.counts["clock jump"] += 1
        for name in list(world.inbox.on_its_way):
            world.inbox.arrive(name)  # an upload takes no longer because clocks are set
        world.machine.jump(self.rng.choice((1.0, 60.0, 400.0, 3600.0)))
