"""Nothing lost, nothing double, whatever breaks: 2,000 schedules at every test run."""

from __future__ import annotations

import pytest

from tests.simulation.runner import Result, describe, run_many
from tests.simulation.sim_schedule import MEANWHILE
from tests.simulation.weather import KINDS

SCHEDULES = 2_000


@pytest.fixture(scope="module")
def result() -> Result:
    return run_many(0, SCHEDULES)


def test_every_due_order_is_in_exactly_one_file_or_visibly_waits(result: Result) -> None:
    assert not result.failures, "\n".join(describe(failure) for failure in result.failures)
    assert result.played == SCHEDULES


def test_the_faults_really_strike(result: Result) -> None:
    quiet = sorted(kind for kind in KINDS if not result.counts[kind])
    assert not quiet, f"nothing went wrong by {quiet}: {dict(result.counts)}"


@pytest.mark.parametrize("deed", MEANWHILE)
def test_whatever_is_done_while_files_are_on_their_way(deed: str) -> None:
    result = run_many(0, 100, sure=deed)
    assert not result.failures, "\n".join(describe(failure) for failure in result.failures)
    assert result.counts["killed while sending"]
    assert result.counts["inbox torn upload"]
