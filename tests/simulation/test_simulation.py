"""Nothing lost, nothing double, whatever breaks: 10,000 schedules at every test run."""

from __future__ import annotations

import pytest

from tests.simulation.runner import run_many, told
from tests.simulation.schedule import play
from tests.simulation.weather import KINDS

SCHEDULES = 10_000

# What the simulation found once, by the seed that found it.
FOUND = {
    231: "a run refused the lease asked again without end while its messages doubled",
    1842: "an order that SEOshop did not find for a moment was dropped days after it was heard",
    4076: "the same, for an order an operator had asked for",
    8192: "messages that doubled without end",
    2672: "the same, for an invoice in a shop that exports all of them",
    113176: "two answers of 404 a day apart, and a due order was dropped for good",
}
FOUND_WITH_SEVERAL_WORKERS = {
    40: "a run held up before sending sent what another had given up",
    547: "two runs filled one file, and an order went into another file too",
}


@pytest.mark.parametrize("seed", FOUND, ids=[f"{seed}" for seed in FOUND])
def test_what_was_found_once_stays_mended(seed: int) -> None:
    outcome = play(seed)
    assert not outcome.wrong, told(outcome)


@pytest.mark.parametrize("seed", FOUND_WITH_SEVERAL_WORKERS)
def test_what_several_workers_broke_stays_mended(seed: int) -> None:
    outcome = play(seed, crowded=True)
    assert not outcome.wrong, told(outcome)


def test_every_due_order_is_in_exactly_one_file_or_visibly_waits() -> None:
    result = run_many(0, SCHEDULES)
    assert not result.failures, "\n".join(told(failure) for failure in result.failures)
    assert result.played == SCHEDULES


def test_the_faults_really_strike() -> None:
    result = run_many(0, 1000)
    quiet = sorted(kind for kind in KINDS if not result.counts[kind])
    assert not quiet, f"nothing went wrong by {quiet}: {dict(result.counts)}"
