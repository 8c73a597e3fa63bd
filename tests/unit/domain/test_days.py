"""Calendar days in Amsterdam, around midnight, both clock changes and New Year's Eve."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from chalicelib.domain.days import local_day, start_of


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        ("2026-12-31T22:59:59+00:00", "2026-12-31"),
        ("2026-12-31T23:00:00+00:00", "2027-01-01"),
        ("2026-06-30T21:59:59+00:00", "2026-06-30"),
        ("2026-06-30T22:00:00+00:00", "2026-07-01"),
        ("2026-03-28T22:59:59+00:00", "2026-03-28"),
        ("2026-03-28T23:30:00+00:00", "2026-03-29"),
        ("2026-03-29T21:30:00+00:00", "2026-03-29"),
        ("2026-03-29T22:00:00+00:00", "2026-03-30"),
        ("2026-10-24T22:00:00+00:00", "2026-10-25"),
        ("2026-10-25T22:30:00+00:00", "2026-10-25"),
        ("2026-10-25T23:00:00+00:00", "2026-10-26"),
        ("2026-03-14T23:30:00-05:00", "2026-03-15"),
    ],
)
def test_a_day_is_the_day_in_amsterdam(moment: str, day: str) -> None:
    assert local_day(datetime.fromisoformat(moment)) == date.fromisoformat(day)


def test_an_instant_without_offset_has_no_day() -> None:
    with pytest.raises(ValueError, match="offset"):
        local_day(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2026-01-01", "2025-12-31T23:00:00+00:00"),
        ("2026-07-01", "2026-06-30T22:00:00+00:00"),
        ("2026-03-29", "2026-03-28T23:00:00+00:00"),
        ("2026-10-25", "2026-10-24T22:00:00+00:00"),
    ],
)
def test_a_day_begins_at_midnight_in_amsterdam(day: str, moment: str) -> None:
    assert start_of(date.fromisoformat(day)) == datetime.fromisoformat(moment)
