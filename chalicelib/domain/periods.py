"""Periods that a VAT return, or a bookkeeper, asks for: calendar months, quarters and years, or any
days in a row.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from enum import StrEnum

from chalicelib.lazy_dataclass import dataclass

_ONE_DAY = timedelta(days=1)
_NAME = r"(?P<year>[0-9]{4})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>[0-9]{2})))?"


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    DAYS = "days"


_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `first` to `last`, both included; `last` is not before `first`."""

    first: date
    last: date

    @property
    def kind(self) -> PeriodKind:
        """Which calendar period it is, if it is one."""
        fitting = (kind for kind in _MONTHS if self == find_period(kind, self.first))
        return next(fitting, PeriodKind.DAYS)

    @property
    def name(self) -> str:
        """``2026-03``, ``2026-Q1``, ``2026``, or ``2026-01-05_2026-02-03``; see `read_period`."""
        kind, year = self.kind, f"{self.first.year:04d}"
        if kind is PeriodKind.DAYS:
            return f"{self.first.isoformat()}_{self.last.isoformat()}"
        if kind is PeriodKind.MONTH:
            return f"{year}-{self.first.month:02d}"
        return year if kind is PeriodKind.YEAR else f"{year}-Q{quarter_of(self.first)}"

    @property
    def months(self) -> tuple[date, ...]:
        """The first days of all months that have a day in it."""
        found, month = [], self.first.replace(day=1)
        while month <= self.last:
            found.append(month)
            month = next_month(month)
        return tuple(found)

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    def step(self, times: int) -> Period:
        """The period of the same kind so many periods later, or earlier."""
        months = _MONTHS.get(self.kind)
        if months is None:
            length = self.last - self.first + _ONE_DAY
            return Period(self.first + times * length, self.last + times * length)
        index = self.first.year * 12 + self.first.month - 1 + times * months
        return find_period(self.kind, date(index // 12, index % 12 + 1, 1))


def find_period(kind: PeriodKind, day: date) -> Period:
    """The calendar period of that kind with this day in it. Raises ValueError for `DAYS`."""
    if kind is PeriodKind.DAYS:
        raise ValueError("days in a row are no calendar period")
    length = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    after = first
    for _ in range(length):
        after = next_month(after)
    return Period(first, after - _ONE_DAY)


def read_period(name: str) -> Period:
    """The period of a `Period.name`. Raises ValueError for any other way of writing one."""
    if found := re.fullmatch(_NAME, name):
        year = int(found["year"])
        if found["quarter"]:
            period = find_period(PeriodKind.QUARTER, date(year, int(found["quarter"]) * 3, 1))
        elif found["month"]:
            period = find_period(PeriodKind.MONTH, date(year, int(found["month"]), 1))
        else:
            period = find_period(PeriodKind.YEAR, date(year, 1, 1))
    else:
        first, _, last = name.partition("_")
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
    if period.last < period.first or name not in (
        period.name,
        f"{period.first.isoformat()}_{period.last.isoformat()}",
    ):
        raise ValueError(f"not a period: {name}")
    return period


def next_month(month: date) -> date:
    """The first day of the month after the one of this day."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def quarter_of(day: date) -> int:
    """The number of a day's quarter, 1 to 4."""
    return (day.month + 2) // 3
