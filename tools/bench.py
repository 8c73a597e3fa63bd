"""``make bench``: what a night and a start cost, each figure beside its goal.

Speed is a ratio to what was measured beside it in the same run; nothing fails for a goal that is
missed. ``python -m tools.bench ledger calls`` measures these parts alone.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module

from tools.bench_figures import Figure, print_figures

PARTS = {
    "reading": "Reading at SEOshop's pace",
    "ledger": "The tables, from webhook to placed",
    "calls": "Calls of SEOshop",
    "memory": "Memory of an export",
    "starts": "Package and cold starts",
    "webhook": "Webhooks on local AWS",
}
"""Modules ``tools.bench_<part>``, each with a `measure`."""


def main(asked: Sequence[str]) -> None:
    """Print the figures of these parts, or of all. Raises SystemExit for a part there is not."""
    if strangers := sorted({*asked} - PARTS.keys()):
        raise SystemExit(f"There is no part {', '.join(strangers)}; there are {', '.join(PARTS)}.")
    goals: list[Figure] = []
    for part in asked or PARTS:
        measure: Callable[[], list[Figure]] = import_module(f"tools.bench_{part}").measure
        figures = measure()
        print_figures(PARTS[part], figures)
        goals += [each for each in figures if each.goal is not None]
    met = sum(bool(each.is_met) for each in goals)
    print(f"\n{met} of {len(goals)} goals are met.")


if __name__ == "__main__":
    main(sys.argv[1:])
