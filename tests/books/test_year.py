"""A year of a made-up shop through the real pipeline, declared to the cent as a bookkeeper would.

He reads the import files and the shop's own orders, and knows no rule of the connector.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from chalicelib.domain.periods import Period, PeriodKind
from chalicelib.domain.policy import Source
from chalicelib.domain.vat_sheet import OssCorrection
from chalicelib.usecases.operating.open_in_period import OpenKind, read_open
from tests.books.compared_returns import (
    check_closings,
    check_distance_sales,
    check_icp_list,
    check_payments,
    check_sheet,
    divide_days,
    hire_bookkeeper,
    list_calendar_periods,
)
from tests.books.shop_year import Opening, Scene, ShopYear
from tests.books.vat_bookkeeper import Bookkeeper
from tests.books.year_plots import YEARS, draw_sales
from tests.chance import STABLE

pytestmark = pytest.mark.slow

SEED = int(os.environ.get("BOOKS_SEED", 20260331 if STABLE else Random().randrange(10**8)))
DRAWN = {"tea shop": 40, "garden shop": 40}
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


def play_year(opening: Opening, plot: list[Scene], until: date = date.max) -> Played:
    """Play a year, or a part of it; nothing may go wrong in it that was not meant."""
    year = ShopYear(opening)
    year.play(plot, until)
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
    taken = list[OssCorrection]()
    for period in list_calendar_periods(played.first, played.last):
        if period.kind is PeriodKind.QUARTER:
            sheet = check_sheet(played.year, played.books, period)
            taken += sheet.oss_corrections
    assert bool(taken) is played.year.workspace().shop.policy.one_stop_shop


def test_supplies_to_businesses_in_the_eu_are_listed_by_number_and_kind(played: Played) -> None:
    numbers = set[str]()
    for period in list_calendar_periods(played.first, played.last):
        numbers |= check_icp_list(played.year, played.books, period).keys()
    sold = {one.vat_number for one in played.books.bookings if one.vat_number[:2] not in ("", "NL")}
    assert numbers == sold


def test_what_is_paid_by_each_method_on_each_day(played: Played) -> None:
    for period in list_calendar_periods(played.first, played.last):
        check_payments(played.year, played.books, period)


def test_distance_sales_count_by_country_in_each_year(played: Played) -> None:
    for calendar_year in {played.first.year, played.last.year}:
        check_distance_sales(played.year, played.books, calendar_year)


def test_nothing_is_booked_in_a_closed_period(played: Played) -> None:
    check_closings(played.year, played.books)


def test_what_is_open_at_the_end_stands_beside_the_sheet_with_its_money(played: Played) -> None:
    check_open(played)


@pytest.mark.parametrize(
    ("name", "until"),
    [("tea shop", date(2018, 10, 14)), ("garden shop", date(2026, 4, 10))],
)
def test_a_return_is_not_filed_over_an_order_that_is_held(name: str, until: date) -> None:
    opening, plot = YEARS[name]
    played = play_year(opening, plot, until)
    assert any(check_open(played))


def check_open(played: Played) -> list[Decimal]:
    """What is open in each period is what the bookkeeper misses in the files."""
    by_invoice = played.opening.policy.source is Source.INVOICES
    found = []
    for period in list_calendar_periods(played.first, played.last):
        seen = read_open(played.year.workspace(), period)
        missed = played.books.list_open(period.first, period.last, by_invoice=by_invoice)
        held = [group for group in seen.groups if group.kind is OpenKind.HELD]
        numbers = {each.entry.number for group in held for each in group.documents}
        assert numbers == missed.keys(), period.name
        assert seen.undecided == len(missed)
        assert seen.unread == 0
        found.append(sum((group.amount.incl for group in held), Decimal(0)))
        assert found[-1] == sum(missed.values(), Decimal(0))
    return found
