"""`python -m tests.simulation --seed N` or `--schedules 1000000 [--first N]`."""

from __future__ import annotations

import argparse
import sys
import time

from tests.simulation.runner import run_many
from tests.simulation.sim_schedule import SURE, play
from tests.simulation.weather import API_GROUPS, GROUPS


def main(arguments: list[str] | None = None) -> int:
    """Replay one schedule with its event log, or play many over all cores."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="replay this schedule, with its event log")
    parser.add_argument("--schedules", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--crowded", action="store_true", help="several workers in every schedule")
    parser.add_argument("--api", action="store_true", help="every schedule by API")
    parser.add_argument(
        "--sure", default="", choices=("", *SURE, *GROUPS, *API_GROUPS), help="in every schedule"
    )
    given = parser.parse_args(arguments)
    if given.seed is not None:
        outcome = play(
            given.seed, verbose=True, crowded=given.crowded, sure=given.sure, by_api=given.api
        )
        print("\n".join(outcome.lines))
        print("\n".join(outcome.wrong) or "The books are right.")
        return 1 if outcome.wrong else 0
    began = time.perf_counter()
    result = run_many(
        given.first,
        given.schedules,
        report=print,
        crowded=given.crowded,
        sure=given.sure,
        by_api=given.api or None,
    )
    seconds = time.perf_counter() - began
    print(
        f"{given.schedules} schedules in {seconds:.1f} s, {given.schedules / seconds:.0f} a second"
    )
    print("How often, in how many schedules, what:")
    for kind, count in sorted(result.counts.items()):
        print(f"{count:10d} {result.schedules[kind]:10d}  {kind}")
    return 1 if result.failures else 0


if __name__ == "__main__":
    sys.exit(main())
