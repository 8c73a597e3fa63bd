"""A shop at random, declared over any periods: the sheets are those of the bookkeeper."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.periods import Period
from tests.books.compared_returns import (
    check_all,
    check_sheet,
    divide_days,
    hire_bookkeeper,
)
from tests.books.random_trade import DEEDS, Deed, draw_opening, finish
from tests.books.shop_year import ShopYear
from tests.chance import drawn

pytestmark = pytest.mark.slow


@drawn(25)
@given(
    deeds=st.lists(st.sampled_from(DEEDS), min_size=5, max_size=30),
    chance=st.randoms(use_true_random=True),
)
def test_whatever_happens_every_period_is_what_the_bookkeeper_declares(
    deeds: list[Deed], chance: Random
) -> None:
    opening = draw_opening(chance)
    year = ShopYear(opening)
    for deed in deeds:
        deed(year, chance)
    finish(year)
    books = hire_bookkeeper(year)
    first, last = opening.first_day, year.today
    check_all(year, books)
    check_sheet(year, books, Period(first, last))
    parts = [check_sheet(year, books, each) for each in divide_days(chance, first, last, 4)]
    assert sum(part.documents for part in parts) == len(books.bookings)
