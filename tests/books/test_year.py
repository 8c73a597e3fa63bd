"""A year of a made-up shop through the real pipeline, declared to the cent as a bookkeeper would.

He reads the import files and the shop's own orders, and knows no rule of the connector.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from random import Random

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.periods import Period, PeriodKind
from tests.books import year_plots
from tests.books.compared_returns import (
    check_sheet,
    divide_days,
    hire_bookkeeper,
    list_calendar_periods,
)
from tests.books.shop_year import Opening, Scene, ShopYear
from tests.books.vat_bookkeeper import Bookkeeper
from tests.books.year_plots import draw_sales
from tests.chance import STABLE
from tests.unit.usecases.stage import SHOP_ID

SEED = int(os.environ.get("BOOKS_SEED", 20260331 if STABLE else Random().randrange(10**8)))
YEARS = {
    "tea shop": (year_plots.TEA_SHOP, year_plots.TEA_SHOP_YEAR),
    "garden shop": (year_plots.GARDEN_SHOP, year_plots.GARDEN_SHOP_YEAR),
    "studio": (year_plots.STUDIO, year_plots.STUDIO_YEAR),
}
DRAWN = {"tea shop": 60, "garden shop": 60}
LENGTH = 365


@dataclass(frozen=True)
class Played:
    """A year that was played, and its bookkeeper."""

    opening: Opening
    year: ShopYear
    books: Bookkeeper

    @property
    def first(self) -> date:
        """The shop's first day."""
        return self.opening.first_day

    @property
    def last(self) -> date:
        """The day after the last run: nothing is dated later."""
        return self.year.today


def play_year(opening: Opening, plot: list[Scene]) -> Played:
    """Play a year; nothing may go wrong in it that was not meant."""
    year = ShopYear(opening)
    year.play(plot)
    assert [run.trouble for run in year.runs if run.trouble] == []
    return Played(opening, year, hire_bookkeeper(year))


@pytest.fixture(scope="module", params=YEARS)
def played(request: pytest.FixtureRequest) -> Played:
    print(f"BOOKS_SEED={SEED}")
    opening, plot = YEARS[request.param]
    drawn = draw_sales(Random(SEED), opening.first_day, LENGTH, DRAWN.get(request.param, 0))
    return play_year(opening, [*plot, *drawn])


def test_every_month_quarter_and_year_is_what_the_bookkeeper_adds_up(played: Played) -> None:
    periods = list_calendar_periods(played.first, played.last)
    assert len(periods) > 16
    for period in periods:
        check_sheet(played.year, played.books, period)


def test_so_are_any_days_however_they_are_divided(played: Played) -> None:
    print(f"BOOKS_SEED={SEED}")
    whole = check_sheet(played.year, played.books, Period(played.first, played.last))
    assert whole.documents == len(played.books.bookings)
    chance = Random(SEED)
    for parts in (2, 5, 9):
        periods = divide_days(chance, played.first, played.last, parts)
        sheets = [check_sheet(played.year, played.books, each) for each in periods]
        assert sum(each.excl for each in sheets) == whole.excl
        assert sum(each.vat for each in sheets) == whole.vat
        assert sum(each.documents for each in sheets) == whole.documents


def test_the_oss_return_takes_back_what_earlier_quarters_declared(played: Played) -> None:
    for period in list_calendar_periods(played.first, played.last):
        if period.kind is PeriodKind.QUARTER:
            sheet = check_sheet(played.year, played.books, period)
            found = {
                (each.country, each.quarter): (each.excl, each.vat)
                for each in sheet.oss_corrections
            }
            assert len(found) == len(sheet.oss_corrections)
            assert found == played.books.list_oss_corrections(period.first, period.last)


def test_what_is_not_booked_is_held_for_a_person(played: Played) -> None:
    entries = played.year.stage.entries.items[SHOP_ID].values()
    unbooked = {entry.number for entry in entries if entry.state is EntryState.HELD}
    orders = {order["number"] for order in played.books.orders}
    open_ = played.books.list_open(played.first, played.last)
    bills = {
        bill.number: order.number
        for order in played.year.orders.values()
        for bill in played.year.sandbox.shop.order_invoices.get(order.id, [])
    }
    assert {number if number in orders else bills[number] for number in unbooked} == open_.keys()
