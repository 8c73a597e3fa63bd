"""The operator's migration of orders from before the connector came."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any

from chalicelib.domain.days import local_day
from chalicelib.domain.migrations import MigrationState
from chalicelib.usecases.operating.backfill import backfill
from tests.simulation.migrated import find_migration
from tests.simulation.sim_world import PAGE_TIME, SHOP_ID, World
from tests.simulation.timing import Timing

DAYS_BACK = 6


class Migrator:
    """The operator at work on one shop's migration."""

    def __init__(self, world: World, rng: Random, timing: Timing) -> None:
        self.world = world
        self.rng = rng
        self.timing = timing

    def migrate(self) -> None:
        """Count, begin, and sometimes stop and go on, in the middle of it."""
        world, rng = self.world, self.rng
        today = local_day(world.machine.start)
        old = [one.number for one in world.shop.orders.values() if one.id < 1000]
        excepted = rng.sample(old, min(len(old), rng.choice((0, 0, 1))))
        days = {"from": str(today - timedelta(days=DAYS_BACK)), "to": str(today)}
        if rng.random() < 0.3:
            self._invoke("count", days)
        self._invoke("start", {**days, "except": excepted})
        if rng.random() < 0.4:
            self.timing.act_soon(lambda: self._invoke("stop"))
            self.timing.act_later(lambda: self._invoke("resume"))

    def go_on(self) -> None:
        """A migration that stands still goes on."""
        kept = find_migration(self.world)
        if kept is not None and kept.state is MigrationState.STOPPED:
            self._invoke("resume")

    def _invoke(self, action: str, facts: dict[str, Any] | None = None) -> None:
        world = self.world
        world.counts[f"migration: {action}"] += 1
        event = {"shop_id": SHOP_ID, "action": action, **(facts or {})}
        world.start(
            "backfill",
            lambda connector: backfill(connector, event),
            limit=PAGE_TIME,
            reads_only=action == "count",
        )
