"""Other shops beside the one that is played: they answer, or do not, when they are asked about the
app's own key and secret.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.app_standing import AppStanding, Witness
from chalicelib.domain.platform import ShopProfile
from chalicelib.errors import ShopUnauthorised, ShopUnavailable
from chalicelib.usecases.shop.app_proof import ALL_SHOPS
from tests.fakes.memory_ledger import MemoryShops
from tests.fakes.seoshop import DE_WILG
from tests.simulation.booked import SHOP_ID
from tests.simulation.machine import Process
from tests.simulation.sim_shop import SimShop

if TYPE_CHECKING:
    from tests.simulation.sim_world import World

NEIGHBOURS = (900_001, 900_002, 900_003)


class SimShops(MemoryShops):
    """The table of shops, of which the nights take the played one alone along."""

    def exporting(self, slot: str, *, after: int, limit: int) -> list[int]:
        """See `Shops`."""
        found = super().exporting(slot, after=after, limit=limit + len(NEIGHBOURS))
        return [each for each in found if each not in NEIGHBOURS][:limit]


class NeighbourApi:
    """What a question costs at a neighbour, and what SEOshop says to it; nothing else is asked."""

    def __init__(self, server: SimShop, process: Process) -> None:
        self._server, self._process = server, process

    def limit_time(self, left: timedelta) -> None:
        """A question is short."""

    def profile(self) -> ShopProfile:
        """See `ShopApi`."""
        return self._process.effect("SEOshop of a neighbour", self._answer)

    def _answer(self) -> ShopProfile:
        server = self._server
        if server.app_refused:
            raise ShopUnauthorised("SEOshop refuses the shop's token.", status=401)
        if server.neighbours_silent:
            server.weather.counts["neighbour silent"] += 1
            raise ShopUnavailable("SEOshop gave no usable answer (502).")
        return DE_WILG

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"a neighbour is asked for {name}")


def add_neighbours(world: World) -> None:
    """Most connectors have other shops, which were exported lately."""
    if world.rng.random() < 0.1:
        world.counts["a fleet of one"] += 1
        return
    world.shop.neighbours_silent = world.rng.random() < 0.15
    first, now = world.shops.records[SHOP_ID], world.machine.now()
    for shop_id in NEIGHBOURS:
        world.shops.add(replace(first, shop_id=shop_id, version=0))
    witnesses = {shop_id: Witness(answered_at=now) for shop_id in NEIGHBOURS}
    world.shops.save(ALL_SHOPS, AppStanding(witnesses=witnesses))
    world.has_neighbours = True
