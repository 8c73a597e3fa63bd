"""Periods are closed and opened again at any moment, by the merchant and by a bookkeeper."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random

from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.period_locks import LockHolder, LockRefused, list_own, mark_seat
from chalicelib.domain.policy import LateOrders
from chalicelib.domain.sealed import SecretKind
from chalicelib.domain.seats import Seat, name_holder
from chalicelib.domain.shops import ShopState
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating.closing_periods import (
    Unconfirmed,
    close_period,
    list_unsure_files,
    open_period,
)
from chalicelib.usecases.shop.locks_of_shop import read_seats
from chalicelib.usecases.workspace import open_workspace
from tests.fakes.fixed_secrets import PRINT_SECRET
from tests.fakes.open_vault import seal
from tests.simulation.merchant import Merchant
from tests.simulation.sim_world import PAGE_TIME, SHOP_ID, World
from tests.simulation.timing import Timing

TRIES = 6
MERCHANT = LockHolder(Actor.MERCHANT)
ADDRESS = "boekhouder@kantoor.example"
HOLDER = name_holder(ADDRESS, PRINT_SECRET)


class Locker:
    """Merchant and bookkeeper, who close periods and open them again. They have chances of their
    own, so that schedules without them are as they were.
    """

    def __init__(self, world: World, rng: Random, timing: Timing, merchant: Merchant) -> None:
        self.world = world
        self.rng = rng
        self.timing = timing
        self.merchant = merchant
        self.holds = False

    def plan(self) -> None:
        """Let periods be closed a few times, and opened again a few times fewer."""
        rng, at = self.rng, self.world.machine.at
        self.holds = rng.random() < 0.4
        if self.holds:
            policy = replace(self.merchant.policy, late_orders=LateOrders.HOLD)
            self.merchant.policy = policy
        for _ in range(rng.choice((1, 2, 4))):
            at(self.timing.choose_moment(), self.close_books)
        for _ in range(rng.choice((0, 1, 2))):
            at(self.timing.choose_moment(), self.reopen)

    def close_books(self) -> None:
        """Somebody closes the books up to one of the last days."""
        back = self.rng.choice((1, 1, 1, 2, 30))
        self._press("closed", partial(self._close_books, self._choose_holder(), back))

    def reopen(self) -> None:
        """Somebody opens again what he closed last."""
        self._press("opened", partial(self._reopen, self._choose_holder()))

    def reopen_all(self) -> None:
        """Where latecomers are held, everything is opened again: they go on by themselves."""
        if self.holds:
            for holder in (MERCHANT, self._find_bookkeeper()):
                for wait in range(6):
                    self._press("opened", partial(self._reopen, holder), after=60.0 * wait)

    def _choose_holder(self) -> LockHolder:
        return self._find_bookkeeper() if self.rng.random() < 0.4 else MERCHANT

    def _find_bookkeeper(self) -> LockHolder:
        """The bookkeeper, who gets a seat where he has none in this installation."""
        shops, shop = self.world.shops, self.world.shops.records[SHOP_ID]
        seat = shops.seat(SHOP_ID, HOLDER)
        if seat is None or seat.installed_at != shop.installed_at:
            shops.remove_seat(SHOP_ID, HOLDER)
            seat = Seat(
                shop_id=SHOP_ID,
                holder=HOLDER,
                address=seal(ADDRESS, SecretKind.SEAT_ADDRESS),
                installed_at=shop.installed_at,
                since=self.world.machine.now(),
            )
            shops.put_seat(seat)
        return LockHolder(Actor.BOOKKEEPER, mark_seat(seat))

    def _close_books(self, holder: LockHolder, back: int, connector: Connector) -> None:
        """Both steps of the page: the files that may still come in are seen, and confirmed."""
        workspace = open_workspace(connector, SHOP_ID, is_page=True)
        if workspace.shop.state in (ShopState.INSTALLING, ShopState.UNINSTALLED):
            return
        until = local_day(workspace.now()) - timedelta(days=back)
        seen = [file.name for file in list_unsure_files(workspace, until)]
        with suppress(LockRefused, Unconfirmed):
            self.world.standings.confirmed.update(seen)
            if close_period(workspace, until, holder, confirmed=seen):
                self.world.counts["period closed"] += 1

    def _reopen(self, holder: LockHolder, connector: Connector) -> None:
        workspace = open_workspace(connector, SHOP_ID, is_page=True)
        if workspace.shop.state in (ShopState.INSTALLING, ShopState.UNINSTALLED):
            return
        own = list_own(workspace.shop.locks, holder, read_seats(workspace))
        with suppress(LockRefused):
            if own and open_period(workspace, own[0].name, holder, reason="een vergissing"):
                self.world.counts["period opened"] += 1

    def _press(
        self, deed: str, act: partial[None], *, attempt: int = 1, after: float = 0.0
    ) -> None:
        """Press a button, and again in a while when it did not work."""
        world = self.world

        def done(fine: bool) -> None:
            if not fine and attempt < TRIES:
                again = partial(self._press, deed, act, attempt=attempt + 1)
                world.machine.at(world.machine.time + 60.0 * attempt, again)

        def press() -> None:
            world.start(deed, act, limit=PAGE_TIME, done=done)

        world.log("locker", deed)
        world.machine.at(world.machine.time + after, press)
