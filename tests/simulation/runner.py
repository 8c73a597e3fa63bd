"""Many schedules over all cores."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.simulation.schedule import Outcome, play

CHUNK = 50
MOST_FAILURES = 20


@dataclass(slots=True)
class Result:
    """All faults that struck, and the schedules whose books were wrong."""

    played: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    failures: list[Outcome] = field(default_factory=list)


def run_many(
    first: int, schedules: int, *, report: Callable[[str], None] = lambda line: None
) -> Result:
    """Play so many seeds from the first one; gives up after `MOST_FAILURES` failing ones."""
    result = Result()
    last = first + schedules
    chunks = [(start, min(start + CHUNK, last)) for start in range(first, last, CHUNK)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(os.cpu_count()) as pool:
        for played, counts, failures in pool.imap_unordered(_chunk, chunks):
            result.played += played
            result.counts += counts
            result.failures += failures
            for failure in failures:
                report(told(failure))
            if len(result.failures) >= MOST_FAILURES:
                pool.terminate()
                break
    return result


def told(failure: Outcome) -> str:
    """A failure with the command that replays it."""
    lines = "\n  ".join(failure.wrong)
    return f"Seed {failure.seed}:\n  {lines}\n  python -m tests.simulation --seed {failure.seed}"


def _chunk(bounds: tuple[int, int]) -> tuple[int, Counter[str], list[Outcome]]:
    counts: Counter[str] = Counter()
    failures = []
    for seed in range(*bounds):
        outcome = play(seed)
        counts += outcome.counts
        if outcome.wrong:
            failures.append(outcome)
    return bounds[1] - bounds[0], counts, failures
