"""Each of these small faults in closing the days and in keeping the journal is caught."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.journal import JournalEntry
from chalicelib.domain.statement import DayStatement
from chalicelib.usecases.filing import day, journal_keeping
from tests.fakes.memory_ledger import MemoryShops
from tests.simulation.breaking import Break, find_wrong_schedule


def states_closed_days_again(patch: pytest.MonkeyPatch) -> None:
    """Each run draws the last day up anew, closed or not."""
    change = MemoryShops.change

    def change_again(shops: Any, shop_id: int, kind: Any, change_it: Any, name: str = "") -> Any:
        def forget_that_it_is_closed(kept: Any) -> Any:
            is_closed = isinstance(kept, DayStatement) and kept.is_closed
            return change_it(replace(kept, is_closed=False) if is_closed else kept)

        return change(shops, shop_id, kind, forget_that_it_is_closed, name)

    patch.setattr(MemoryShops, "change", change_again)


def writes_over_entries(patch: pytest.MonkeyPatch) -> None:
    """A run does not ask whether another was there first."""
    change = MemoryShops.change

    def change_blindly(shops: Any, shop_id: int, kind: Any, change_it: Any, name: str = "") -> Any:
        if kind is JournalEntry:
            return change(shops, shop_id, kind, lambda _: change_it(None), name)
        return change(shops, shop_id, kind, change_it, name)

    patch.setattr(MemoryShops, "change", change_blindly)


def closes_days_that_may_still_change(patch: pytest.MonkeyPatch) -> None:
    """A day that is over is over for good."""
    patch.setattr(day, "_is_recorded", lambda statement: statement.is_final)


def closes_days_at_midnight(patch: pytest.MonkeyPatch) -> None:
    """What is written a moment later with an earlier time is left out."""
    patch.setattr(day, "RECORDED_AFTER", timedelta(0))


def forgets_what_a_run_left(patch: pytest.MonkeyPatch) -> None:
    """A run adds to the journal what it closed itself, and nothing that another left out."""
    find = journal_keeping._find_due

    def find_own(closed: Any, stated: Any, recent: Any) -> Any:
        own = {one.day for one in stated if one.at == max(each.at for each in stated)}
        return find([one for one in closed if one.day in own], stated, recent)

    patch.setattr(journal_keeping, "_find_due", find_own)


MUTANTS: tuple[tuple[Break, bool], ...] = (
    (states_closed_days_again, False),
    (writes_over_entries, True),
    (closes_days_that_may_still_change, True),
    (closes_days_at_midnight, True),
    (forgets_what_a_run_left, False),
)

FIRST_SEEDS: Mapping[Break, int] = {
    writes_over_entries: 90,
    closes_days_that_may_still_change: 485,
    closes_days_at_midnight: 485,
}
"""Where to begin to look: the moments that show these come once in some hundreds of schedules."""


@pytest.mark.parametrize(("mutant", "crowded"), MUTANTS, ids=[one.__name__ for one, _ in MUTANTS])
def test_the_simulation_catches(
    mutant: Break, crowded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant(monkeypatch)
    assert find_wrong_schedule(crowded=crowded, first=FIRST_SEEDS.get(mutant, 0)) is not None
