"""When things happen in a schedule."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from tests.simulation.machine import Machine


class Timing:
    """Draws moments: `nights` are those in which things go wrong, `width` is for how many seconds
    around a night's start most things happen.
    """

    def __init__(
        self, machine: Machine, rng: Random, *, nights: Sequence[float], width: float
    ) -> None:
        self.machine = machine
        self.rng = rng
        self.nights = nights
        self.width = width

    def choose_moment(self) -> float:
        """Some time before the quiet begins, most often while a night's run is at work."""
        rng = self.rng
        if rng.random() < 0.4:
            return rng.random() * self.nights[-1]
        return rng.choice(self.nights) + (rng.random() - 0.2) * self.width

    def act_soon(self, act: Callable[[], None]) -> None:
        """Let something happen within half the width."""
        self.machine.at(self.machine.time + self.rng.random() * self.width / 2, act)

    def act_later(self, act: Callable[[], None]) -> None:
        """Let something happen at any time to come."""
        rng, now = self.rng, self.machine.time
        moment = now + rng.random() * self.width if rng.random() < 0.6 else self.choose_moment()
        self.machine.at(max(moment, now + 1.0), act)
