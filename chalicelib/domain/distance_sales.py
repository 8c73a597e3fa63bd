"""How far a shop without the one-stop-shop scheme is from the threshold of € 10,000, above which
its sales to consumers in other member states are taxed where they go to.

Source: Directive 2006/112/EC, article 59c: all distance sales of goods to consumers in other member
states, without VAT, in this calendar year or the one before, from the sale on that goes above it.
Digital services count as well; no article shows whether it is one, so goods alone are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from chalicelib.domain.money import ZERO, total
from chalicelib.domain.vat_sheet import DistanceTotal
from chalicelib.lazy_dataclass import dataclass

THRESHOLD = Decimal("10000.00")
"""In euros, without VAT."""

NEAR = Decimal("0.8")
"""From this part of the threshold on it is warned of."""


class Nearness(StrEnum):
    """How near the threshold is. Stored: a value never changes."""

    BELOW = "below"
    NEAR = "near"
    REACHED = "reached"  # this year
    EXCEEDED = "exceeded"  # already last year


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceYear:
    """The distance sales of a calendar year, and what the year before came to. `until` is the day
    up to which they are known. `is_whole`: every file of both years is counted.
    """

    year: int
    until: date
    sales: tuple[DistanceTotal, ...]
    before: Decimal = ZERO
    is_whole: bool = True

    @property
    def excl(self) -> Decimal:
        """What the year comes to so far."""
        return total(each.excl for each in self.sales)

    @property
    def nearness(self) -> Nearness:
        """How near the threshold is."""
        return find_nearness(self.excl, self.before)

    @property
    def percent(self) -> int:
        """The part of the threshold in whole percents, rounded down; 0 below nothing."""
        return max(int(self.excl * 100 / THRESHOLD), 0)

    @property
    def countries(self) -> tuple[tuple[str, Decimal], ...]:
        """What each country comes to, the largest first."""
        names = {each.country for each in self.sales}
        sums = [(name, total(s.excl for s in self.sales if s.country == name)) for name in names]
        return tuple(sorted(sums, key=lambda pair: (-pair[1], pair[0])))

    @property
    def months(self) -> tuple[tuple[date, Decimal], ...]:
        """What each month of the year comes to, up to the last one that is known."""
        firsts = [date(self.year, month, 1) for month in range(1, 13)]
        return tuple(
            (first, total(each.excl for each in self.sales if each.month == first))
            for first in firsts
            if first <= self.until
        )

    @property
    def expected(self) -> Decimal:
        """What the whole year comes to at this pace: as much a day as so far."""
        days = (self.until - date(self.year, 1, 1)).days + 1
        whole = (date(self.year, 12, 31) - date(self.year, 1, 1)).days + 1
        return max(self.excl, ZERO) * whole / max(days, 1)

    @property
    def passes_on(self) -> date | None:
        """The day on which the threshold is passed at this pace; None when that is not this year,
        or has been.
        """
        if self.excl <= 0 or self.excl > THRESHOLD or self.expected <= THRESHOLD:
            return None
        first = date(self.year, 1, 1)
        days = (self.until - first).days + 1
        needed = int(THRESHOLD * days / self.excl)
        return date.fromordinal(first.toordinal() + needed)


@dataclass(frozen=True, slots=True, kw_only=True)
class DistanceFigure:
    """What the distance sales of a calendar year came to when they were last added up, and what
    those of the year before did: kept beside the shop, so that a warning costs nothing.
    """

    NAME: ClassVar[str] = "distance-sales"

    year: int
    excl: Decimal
    before: Decimal

    def of_year(self, year: int) -> tuple[Decimal, Decimal]:
        """What a year and the one before come to by it: nothing, where it does not know."""
        known = {self.year: self.excl, self.year - 1: self.before}
        return known.get(year, ZERO), known.get(year - 1, ZERO)


def find_nearness(this_year: Decimal, last_year: Decimal) -> Nearness:
    """How near the threshold is, by what two years come to."""
    if last_year > THRESHOLD:
        return Nearness.EXCEEDED
    if this_year > THRESHOLD:
        return Nearness.REACHED
    return Nearness.NEAR if this_year >= THRESHOLD * NEAR else Nearness.BELOW


def list_month_rows(year: DistanceYear) -> Sequence[tuple[date, tuple[Decimal, ...]]]:
    """A row for each month with a cell for each of the year's `countries`."""
    names = [name for name, _ in year.countries]
    cells = {(each.month, each.country): each.excl for each in year.sales}
    return [
        (month, tuple(cells.get((month, name), ZERO) for name in names)) for month, _ in year.months
    ]
