"""A made-up shop goes through its time twice, once by files and once straight into Asperion, with
the connector's own runs: the books are the same by VAT code, and so are the statements, the VAT
sheet, and what Asperion shows in the third column.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from random import Random

import pytest

from chalicelib.domain.adding_sheet import add_up_sheet
from chalicelib.domain.ledger import FileState
from chalicelib.domain.periods import Period
from chalicelib.usecases.operating.landed_money import read_landed
from chalicelib.usecases.operating.seen_in_asperion import count_seen
from chalicelib.usecases.operating.vat_return import read_period_files
from tests.books import random_trade
from tests.books.by_api import read_books
from tests.books.random_trade import draw_opening, finish
from tests.books.sandbox_stage import Stage, running
from tests.books.shop_year import Opening, ShopYear
from tests.books.year_by_api import Rows, choose_all, import_files, list_days, open_by_api
from tests.books.year_plots import YEARS
from tests.chance import STABLE
from tests.unit.usecases.stage import SHOP_ID

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("BOOKS_SEED", 20260401 if STABLE else Random().randrange(10**8)))
UNTIL = {"tea shop": "2018-11-07", "garden shop": "2026-07-09", "studio": "2026-07-01"}
"""Before anybody deletes something in Asperion, which a file does not notice."""

FAULTLESS = [
    deed
    for deed in random_trade.DEEDS
    if deed not in (random_trade.send_again, random_trade.fail_in_the_night)
]
DRAWN = 30  # deeds of a shop
SHOPS = 3


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    with running() as stage:
        yield stage


def check_both_ways(stage: Stage, opening: Opening, play: Callable[[ShopYear], None]) -> None:
    by_file = ShopYear(opening)
    play(by_file)
    ledger = stage.ledger()
    by_api = open_by_api(opening, ledger, choose_all(by_file, ledger))
    play(by_api)
    assert not by_api.files
    booked = import_files(stage, by_file.files.values())
    assert sort_rows(read_books(ledger)) == sort_rows(booked)
    assert booked
    assert list_days(by_api) == list_days(by_file)
    check_sheets(by_file, by_api)
    check_third_column(by_api)


def sort_rows(rows: Rows) -> list[tuple[str, ...]]:
    """The rows of the books in an order of their own, VAT code last but for the amounts."""
    return sorted(tuple(map(str, row.values())) for row in rows)


def check_sheets(by_file: ShopYear, by_api: ShopYear) -> None:
    """The return of the whole time."""
    period = Period(by_file.first_day, by_file.today)
    sheets = [
        add_up_sheet(read_period_files(year.workspace(), period)) for year in (by_file, by_api)
    ]
    assert sheets[0].rows == sheets[1].rows
    assert sheets[0].oss_corrections == sheets[1].oss_corrections
    seen = count_seen(by_api.workspace(), period, sheets[1].files.counted)
    assert seen is not None
    assert seen.is_whole, seen


def check_third_column(year: ShopYear) -> None:
    """Of each delivery Asperion shows what was delivered, under each VAT code."""
    for file in year.connector.files.list_since(SHOP_ID, year.first_day):
        if file.state is FileState.PLACED:
            landed = read_landed(year.workspace(), [file])
            assert landed.rows, file.name
            assert {(row.delivered, row.shown) for row in landed.rows if row.difference} == set()


@pytest.mark.parametrize("name", YEARS)
def test_a_year_gives_the_same_books_by_file_and_by_api(stage: Stage, name: str) -> None:
    opening, plot = YEARS[name]
    check_both_ways(stage, opening, lambda year: year.play(plot, date.fromisoformat(UNTIL[name])))


@pytest.mark.parametrize("number", range(SHOPS))
def test_a_shop_at_random_does_too(stage: Stage, number: int) -> None:
    print(f"BOOKS_SEED={SEED}")
    chance = Random(SEED + number)
    opening = draw_opening(chance)
    deeds = chance.choices(FAULTLESS, k=DRAWN)

    def play(year: ShopYear) -> None:
        again = Random(SEED + number)
        for deed in deeds:
            deed(year, again)
        finish(year)

    check_both_ways(stage, opening, play)
