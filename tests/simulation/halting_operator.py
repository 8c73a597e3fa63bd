"""The operator halts the exports of all shops, or of a part of them, and lets them go on."""

from __future__ import annotations

from random import Random

from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.usecases.operating.halting import halt_fleet, resume_fleet
from tests.simulation.sim_world import PAGE_TIME, World
from tests.simulation.timing import Timing

HOUR = 3600.0
TRIES = 6


class HaltingOperator:
    """An operator with chances of his own, so that schedules without him are as they were."""

    def __init__(self, world: World, rng: Random, timing: Timing) -> None:
        self.world = world
        self.rng = rng
        self.timing = timing

    def plan(self) -> None:
        """Let a part be halted at some moment, mostly the shop's, and resumed after a while."""
        for _ in range(self.rng.choice((1, 1, 2))):
            self.world.machine.at(self.timing.choose_moment(), self.halt_for_a_while)

    def halt_for_a_while(self) -> None:
        """Halt a part, and resume it."""
        world, rng = self.world, self.rng
        part = rng.choice((FleetPart.ALL, FleetPart.EU1, FleetPart.FILE, FleetPart.US1))
        world.counts["halted"] += 1
        world.start(
            "halt", lambda connector: halt_fleet(connector, part, reason="a look"), limit=PAGE_TIME
        )
        lasts = rng.random() * rng.choice((60.0, 900.0, 3 * HOUR, 30 * HOUR))
        world.machine.at(world.machine.time + lasts, lambda: self.resume(part))

    def resume(self, part: FleetPart, attempt: int = 1) -> None:
        """Resume a part, and again in a while when it did not work."""
        world = self.world

        def done(fine: bool) -> None:
            if fine:
                world.counts["resumed"] += 1
            elif attempt < TRIES:
                moment = world.machine.time + 60.0 * attempt
                world.machine.at(moment, lambda: self.resume(part, attempt + 1))

        world.start(
            "resume_fleet",
            lambda connector: resume_fleet(connector, part),
            limit=PAGE_TIME,
            done=done,
        )

    def resume_all(self) -> None:
        """Nothing is halted any more."""
        self.resume(FleetPart.ALL)
