"""Many schedules over all cores."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from tests.simulation.sim_schedule import Outcome, play

CHUNK = 50
MOST_FAILURES = 20


@dataclass(slots=True)
class Result:
    """All that struck or was done (`counts`), in how many schedules (`schedules`), and those whose
    books were wrong.
    """

    played: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    schedules: Counter[str] = field(default_factory=Counter)
    failures: list[Outcome] = field(default_factory=list)


def run_many(
    first: int,
    schedules: int,
    *,
    report: Callable[[str], None] = lambda line: None,
    crowded: bool = False,
    sure: str = "",
    by_api: bool | None = None,
) -> Result:
    """Play so many seeds from the first one (`crowded`, `sure`, `by_api`: see `play`; the odd ones
    by API unless it is said), until `MOST_FAILURES` fail.
    """
    result = Result()
    last = first + schedules
    chunks = [(start, min(start + CHUNK, last)) for start in range(first, last, CHUNK)]
    context = multiprocessing.get_context("spawn")
    with context.Pool(os.cpu_count()) as pool:
        for played, counts, seen, failures in pool.imap_unordered(
            partial(_chunk, crowded=crowded, sure=sure, by_api=by_api), chunks
        ):
            result.played += played
            result.counts += counts
            result.schedules += seen
            result.failures += failures
            for failure in failures:
                report(describe(failure))
            if len(result.failures) >= MOST_FAILURES:
                pool.terminate()
                break
    return result


def describe(failure: Outcome) -> str:
    """A failure with the command that replays it."""
    lines = "\n  ".join(failure.wrong)
    crowded = " --crowded" if failure.crowded else ""
    sure = f" --sure '{failure.sure}'" if failure.sure else ""
    api = " --api" if failure.by_api else ""
    command = f"python -m tests.simulation --seed {failure.seed}{api}{crowded}{sure}"
    return f"Seed {failure.seed}:\n  {lines}\n  {command}"


def _chunk(
    bounds: tuple[int, int], *, crowded: bool, sure: str, by_api: bool | None
) -> tuple[int, Counter[str], Counter[str], list[Outcome]]:
    counts: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    failures = []
    for seed in range(*bounds):
        is_by_api = seed % 2 == 1 if by_api is None else by_api
        outcome = play(seed, crowded=crowded, sure=sure, by_api=is_by_api)
        counts += outcome.counts
        seen.update(kind for kind, count in outcome.counts.items() if count)
        if outcome.wrong:
            failures.append(outcome)
    return bounds[1] - bounds[0], counts, seen, failures
