"""How near the threshold for sales to consumers in other member states is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.distance_sales import (
    DistanceFigure,
    DistanceYear,
    Nearness,
    find_nearness,
    list_month_rows,
)
from chalicelib.domain.money import ZERO
from chalicelib.domain.vat_sheet import DistanceTotal


def sold(excl: str, until: date = date(2026, 6, 30), country: str = "DE") -> DistanceYear:
    sale = DistanceTotal(month=date(2026, 1, 1), country=country, excl=Decimal(excl))
    return DistanceYear(year=2026, until=until, sales=(sale,))


@pytest.mark.parametrize(
    ("this_year", "last_year", "nearness"),
    [
        ("7999.99", "10000.00", Nearness.BELOW),
        ("8000.00", "0", Nearness.NEAR),
        ("10000.00", "0", Nearness.NEAR),
        ("10000.01", "0", Nearness.REACHED),
        ("10000.01", "10000.01", Nearness.EXCEEDED),
        ("-50.00", "0", Nearness.BELOW),
    ],
)
def test_ten_thousand_euros_are_not_above_ten_thousand(
    this_year: str, last_year: str, nearness: Nearness
) -> None:
    assert find_nearness(Decimal(this_year), Decimal(last_year)) is nearness


def test_the_pace_is_that_of_the_days_so_far() -> None:
    assert sold("1810.00").expected == Decimal(3650)
    assert sold("9050.00").passes_on == date(2026, 7, 20)
    assert sold("100.00").passes_on is None
    assert sold("10000.01").passes_on is None
    assert sold("-5.00").expected == 0
    assert sold("366.00", until=date(2026, 12, 31)).expected == Decimal("366.00")


def test_months_without_sales_are_there_and_those_to_come_are_not() -> None:
    year = sold("10.00", until=date(2026, 3, 9))
    assert [month.month for month, _ in list_month_rows(year)] == [1, 2, 3]
    assert [cells for _, cells in list_month_rows(year)][:2] == [
        (Decimal("10.00"),),
        (Decimal("0.00"),),
    ]


def test_a_figure_of_last_year_says_so_of_this_one() -> None:
    figure = DistanceFigure(
        year=2026,
        excl=Decimal("12000.00"),
        before=Decimal("3.00"),
    )
    assert figure.of_year(2026) == (Decimal("12000.00"), Decimal("3.00"))
    assert figure.of_year(2027) == (ZERO, Decimal("12000.00"))
    assert figure.of_year(2028) == (ZERO, ZERO)
