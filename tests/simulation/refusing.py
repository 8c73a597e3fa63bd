"""SEOshop refuses the app's own pair for a while, and the operator connects shops again."""

from __future__ import annotations

from functools import partial
from random import Random

from chalicelib.domain.shops import ShopState
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.operating.fleet import shops
from tests.simulation.sim_world import SHOP_ID, World

HOUR = 3600.0


class AppOwner:
    """Who looks after the app's key and secret, and after the shops that are disconnected."""

    def __init__(self, world: World, rng: Random, *, quiet_from: float) -> None:
        self.world = world
        self.rng = rng
        self.quiet_from = quiet_from
        world.machine.at(quiet_from, self._put_right)
        if rng.random() < 0.2:
            world.machine.at(rng.random() * HOUR, self._see_app)

    def turn_secret(self) -> None:
        """SEOshop has another secret from now on, which the connector is told some time later."""
        world, now = self.world, self.world.machine.time
        world.counts["app refused"] += 1
        world.log("world", "the app is refused")
        world.shop.app_refused = True
        after = self.rng.choice((60.0, 900.0, 2 * HOUR, 8 * HOUR, 30 * HOUR))
        world.machine.at(now + self.rng.random() * after, self._put_right)

    def _put_right(self) -> None:
        self.world.shop.app_refused = False
        self.world.log("world", "the app is accepted")

    def _see_app(self) -> None:
        """Once an hour: is the shop disconnected? SEOshop may accept its token again by now."""
        world = self.world
        if world.shops.records[SHOP_ID].state is ShopState.DISCONNECTED:
            if self.rng.random() < 0.5:
                world.shop.token_refused = False
            self._reconnect()
        elif world.machine.time + HOUR < self.quiet_from:
            world.machine.at(world.machine.time + HOUR, self._see_app)

    def _reconnect(self) -> None:
        """The operator wishes to have the shop, or every shop, connected again."""
        world = self.world
        is_bad = world.shop.token_refused or world.shop.app_refused
        wish = {"action": "reconnect"}
        everyone = self.rng.random() < 0.5

        def act(connector: Connector) -> object:
            return shops(connector, wish if everyone else {"shop_id": SHOP_ID, **wish})

        world.start("reconnect", act, done=partial(self._see_end, is_bad))

    def _see_end(self, was_bad: bool, _: bool) -> None:
        """A shop whose token was refused before and after stays as it is."""
        world = self.world
        is_lost = world.shops.records[SHOP_ID].state is ShopState.DISCONNECTED
        world.counts["not reconnected" if is_lost else "reconnected"] += 1
        is_bad = world.shop.token_refused or world.shop.app_refused
        if was_bad and is_bad and not is_lost:
            world.blame("the shop is connected again, whose token is refused")
