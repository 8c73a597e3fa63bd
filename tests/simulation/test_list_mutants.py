"""Each of these small faults in reading SEOshop's lists is caught by the simulation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from chalicelib.ports import PAGE
from chalicelib.usecases.intake import paging, sweep
from tests.simulation.breaking import Break, find_wrong_schedule


def ends_a_list_with_a_short_page(patch: pytest.MonkeyPatch) -> None:
    """A page that is not full is taken for the last."""

    def read_pages(page_after: Callable[[int], list[Any]], after_id: int = 0) -> Iterator[Any]:
        page = page_after(after_id)
        while page:
            yield page
            if len(page) < PAGE:
                return
            page = page_after(page[-1].id)

    patch.setattr(paging, "pages", read_pages)
    patch.setattr(sweep, "pages", read_pages)


def goes_on_behind_a_row_without_an_id(patch: pytest.MonkeyPatch) -> None:
    """A row that cannot be read is left behind for good."""
    patch.setattr(sweep, "find_mark", lambda api, *, since, now: now)
    patch.setattr(sweep, "_find_mark", lambda started, seen: started)


MUTANTS: tuple[Break, ...] = (
    ends_a_list_with_a_short_page,
    goes_on_behind_a_row_without_an_id,
)

FIRST_SEEDS: Mapping[Break, int] = {goes_on_behind_a_row_without_an_id: 180}
"""Where to begin to look: the moment that shows it comes once in some hundreds of schedules."""


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_simulation_catches(mutant: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    assert find_wrong_schedule(first=FIRST_SEEDS.get(mutant, 0), most=2000) is not None
