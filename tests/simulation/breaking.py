"""Deliberate breakage: a mutant is a small fault put in place for some schedules."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.fakes.memory_ledger import MemoryShops
from tests.simulation.sim_schedule import play

MOST_SEEDS = 5000
Break = Callable[[pytest.MonkeyPatch], None]


def grant_every_lease(patch: pytest.MonkeyPatch) -> None:
    """The lease keeps nobody out, so that all rests on the conditional writes."""
    patch.setattr(MemoryShops, "lease", lambda *_, **__: True)
    patch.setattr(MemoryShops, "renew", lambda *_, **__: True)


def find_wrong_schedule(
    *,
    crowded: bool = False,
    sure: str = "",
    first: int = 0,
    most: int = MOST_SEEDS,
    by_api: bool = False,
) -> int | None:
    """The first seed from `first` on whose books are wrong. `crowded`: with several workers in
    every schedule, `sure`: with this deed or weather in every schedule, `by_api`: all of them by
    API.
    """
    for seed in range(first, first + most):
        if play(seed, crowded=crowded, sure=sure, by_api=by_api).wrong:
            return seed
    return None
