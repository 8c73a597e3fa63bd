"""Each mutant of the tables of life is caught: by a story, or else by the simulation."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import product

import pytest

from chalicelib.domain import shop_life
from chalicelib.domain.shop_life import ShopTransition
from tests.simulation.breaking import find_wrong_schedule
from tests.simulation.life_mutants import LifeMutant, list_life_mutants, list_shop_tables
from tests.simulation.stories import STORIES
from tests.unit.domain import test_shop_life

MUTANTS = list_life_mutants()
SHOP_TABLES = [(name.replace(" ", "-"), table) for name, table in list_shop_tables()]
MOST_SEEDS = 300


def _fails_a_story() -> bool:
    for story in STORIES:
        try:
            story()
        except Exception:  # noqa: BLE001, RUF100
            return True
    return False


@pytest.fixture(autouse=True)
def silence() -> Iterator[None]:
    """Stories go wrong on purpose."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def test_all_stories_hold_as_it_is() -> None:
    for story in STORIES:
        story()


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_a_life_that_is_not_so_is_noticed(
    mutant: LifeMutant, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutant.apply(monkeypatch)
    if not _fails_a_story():
        assert find_wrong_schedule(crowded=False, most=MOST_SEEDS) is not None


@pytest.mark.parametrize(
    "table", [table for _, table in SHOP_TABLES], ids=[name for name, _ in SHOP_TABLES]
)
def test_a_shop_that_lives_otherwise_is_noticed(
    table: tuple[ShopTransition, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop_life, "SHOP_LIFE", table)
    with pytest.raises((AssertionError, ValueError)):
        _live_through_everything()


def _live_through_everything() -> None:
    for step, place in product(test_shop_life.WHO, test_shop_life.PLACES):
        test_shop_life.test_every_step_leads_from_everywhere_to_where_it_always_led(step, place)
