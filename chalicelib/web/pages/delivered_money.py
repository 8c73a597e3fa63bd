"""What the overview shows of what was delivered: today, yesterday, this month, and a picture of the
last thirty days that is a table as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

from chalicelib.domain.days import local_day
from chalicelib.domain.period_totals import DayTotal, PeriodTotal, total_day, total_period
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating.overview import Overview

DAYS_DRAWN = 30
SLOT = 10
"""How wide a day is in the picture, in its own units; its bar is narrower."""

HEIGHT = 80
BAR = 7
BOX = 10
"""How high the box is in place of a bar that cannot be drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A day of the picture, from `x`; the bar reaches from `y` down over `height`. `height` is None
    when the day's amount is not known, or in another currency than the shop's.
    """

    day: DayTotal
    x: int
    y: float
    height: float | None = None

    @property
    def is_below(self) -> bool:
        """Whether more was credited than sold."""
        return self.day.cover is not None and self.day.cover.incl < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The last thirty days, oldest first. `zero` is where nothing is, from the top."""

    bars: tuple[Bar, ...]
    zero: float
    width: int = SLOT * DAYS_DRAWN
    bar: int = BAR
    box: int = BOX

    @property
    def highest(self) -> DayTotal | None:
        """The day with the highest amount above nothing."""
        known = [bar.day for bar in self.bars if bar.height]
        amounts = [(each.cover.incl, each) for each in known if each.cover is not None]
        found = max(amounts, key=lambda pair: pair[0], default=None)
        return found[1] if found is not None and found[0] > 0 else None

    @property
    def unknown(self) -> int:
        """Of how many days no bar can be drawn although something was delivered."""
        return sum(bar.height is None for bar in self.bars)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """The rows, each a period; one is None when the shop is too young for it. `days` are the last
    thirty that have a statement or should have one, newest first.
    """

    today: PeriodTotal | None
    yesterday: PeriodTotal | None
    month: PeriodTotal | None
    days: tuple[DayTotal, ...]
    picture: Picture | None
    first_drawn: date


def show_delivered(shown: Overview) -> Delivered:
    """What was delivered, by the statements that the overview has."""
    shop, today = shown.shop, local_day(shown.now)
    stated = {statement.day: statement for statement in shown.days}
    installed_on = local_day(shop.installed_at)
    keeps_totals = shop.policy.keep_totals

    def total(first: date, last: date) -> list[DayTotal]:
        """The days that have a statement, or should have one: after the shop's first night."""
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        return [
            total_day(day, stated.get(day), keeps_totals=keeps_totals, currency=shop.currency)
            for day in days
            if day in stated or installed_on < day < today
        ]

    def add_up(first: date, last: date) -> PeriodTotal | None:
        days = total(first, last)
        return total_period(days, currency=shop.currency) if days else None

    yesterday = today - timedelta(days=1)
    drawn = total(today - timedelta(days=DAYS_DRAWN - 1), today)
    return Delivered(
        today=add_up(today, today),
        yesterday=add_up(yesterday, yesterday),
        month=add_up(today.replace(day=1), today),
        days=tuple(reversed(drawn)),
        picture=_draw(drawn, today, shop.currency),
        first_drawn=today - timedelta(days=DAYS_DRAWN - 1),
    )


def _draw(days: Sequence[DayTotal], today: date, currency: str) -> Picture | None:
    """The picture of these days, the last one `today`; None when no amount is to be seen."""
    amounts = {
        each.day: each.cover.incl
        for each in days
        if each.cover is not None and (each.cover.currency == currency or not each.cover.documents)
    }
    top = max([Decimal(0), *amounts.values()])
    bottom = min([Decimal(0), *amounts.values()])
    if top == bottom:
        return None
    scale = HEIGHT / float(top - bottom)
    zero = float(top) * scale
    first = today - timedelta(days=DAYS_DRAWN - 1)
    bars = []
    for each in days:
        if each.orders is None:
            continue
        x = (each.day - first).days * SLOT
        amount = amounts.get(each.day)
        if amount is None:
            bars.append(Bar(day=each, x=x, y=round(max(zero - BOX, 0.0), 2)))
            continue
        reach = float(amount) * scale
        y = zero - max(reach, 0.0)
        bars.append(Bar(day=each, x=x, y=round(y, 2), height=round(abs(reach), 2)))
    return Picture(bars=tuple(bars), zero=round(zero, 2))
