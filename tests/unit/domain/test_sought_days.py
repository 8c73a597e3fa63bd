"""Days as people type them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.sought_days import parse_day

TODAY = date(2026, 11, 23)  # a Monday
DAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-11-03", "2026/11/3", "3-11-2026", "3/11/2026", "03.11.2026", "3-11-26", "3-11"),
        *("3 nov", "3 Nov.", "3 november", "3 november 2026", "dinsdag 3 november", "november 3"),
        *("Nov 3, 2026", "3-nov-2026", " 3   NOVEMBER "),
    ],
)
def test_a_day_is_understood_however_it_is_written(text: str) -> None:
    assert parse_day(text, TODAY) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("vandaag", TODAY),
        ("today", TODAY),
        ("Gisteren", date(2026, 11, 22)),
        ("eergisteren", date(2026, 11, 21)),
        ("zondag", date(2026, 11, 22)),
        ("maandag", date(2026, 11, 16)),
        ("24 november", date(2025, 11, 24)),
        ("23-11", TODAY),
        ("1 mei", date(2026, 5, 1)),
        ("5 mrt", date(2026, 3, 5)),
        ("29 februari", date(2024, 2, 29)),
        ("29-2", date(2024, 2, 29)),
    ],
)
def test_without_a_year_it_is_the_last_such_day(text: str, day: date) -> None:
    assert parse_day(text, TODAY) == day


@pytest.mark.parametrize(
    "text",
    [
        *("", "42", "ORD00412", "20261103", "31-2-2026", "0-1", "32 mei", "3 foo", "2026-13-01"),
        *("30 februari", "3-11-2026-1", "٣-١١", "maan", "3 n", "99-99-9999", "0001-0-1"),
    ],
)
def test_what_is_no_day_is_none(text: str) -> None:
    assert parse_day(text, TODAY) is None


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_is_understood_in_figures(day: date) -> None:
    assert parse_day(day.isoformat(), TODAY) == day
    assert parse_day(f"{day.day}-{day.month}-{day.year}", TODAY) == day


@given(st.text(max_size=40))
def test_whatever_is_typed_is_no_error(text: str) -> None:
    parse_day(text, TODAY)
