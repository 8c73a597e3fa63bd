"""What was delivered in a day and in a period, in documents and in money, by the statements of its
days; and of which days that is not known, and why.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from chalicelib.domain.cover_sheet import CoverSheet, add_up
from chalicelib.domain.statement import DayStatement
from chalicelib.lazy_dataclass import dataclass


class Unknown(StrEnum):
    """Why it is not known what a day's documents add up to."""

    NO_STATEMENT = "no statement"
    NOT_KEPT = "not kept"  # the merchant wants no totals kept
    NO_TOTAL = "no total"  # one of its files has none, or is in another currency
    UNSETTLED = "unsettled"  # not every document has its file's outcome yet


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTotal:
    """What was delivered on a day: `orders` documents, credit notes included (None without a
    statement), and what they add up to. Without a `cover`, `why` says why.
    """

    day: date
    orders: int | None = None
    cover: CoverSheet | None = None
    why: Unknown | None = None


def total_day(
    day: date, statement: DayStatement | None, *, keeps_totals: bool, currency: str
) -> DayTotal:
    """The totals of a day by its statement, of a shop in that currency. Nothing delivered is known
    to come to nothing.
    """
    if statement is None:
        return DayTotal(day=day, why=Unknown.NO_STATEMENT)
    orders = statement.placed
    if orders == 0 and not any(statement.files.values()):
        return DayTotal(day=day, orders=0, cover=CoverSheet(currency=currency))
    if not keeps_totals:
        return DayTotal(day=day, orders=orders, why=Unknown.NOT_KEPT)
    cover = statement.cover
    if cover is None:
        return DayTotal(day=day, orders=orders, why=Unknown.NO_TOTAL)
    if cover.documents != orders:
        return DayTotal(day=day, orders=orders, why=Unknown.UNSETTLED)
    return DayTotal(day=day, orders=orders, cover=cover)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodTotal:
    """What was delivered from `first` to `last` (both included).

    `orders` is None when none of its days has a statement. `cover` is what the `covered` of them
    add up to; None when that is known of none, or they are in several currencies. `without_total`
    are the days whose documents have no known total, `without_statement` those of which nothing is
    known at all.
    """

    first: date
    last: date
    orders: int | None
    cover: CoverSheet | None
    has_several_currencies: bool = False
    without_total: tuple[DayTotal, ...] = ()
    without_statement: tuple[date, ...] = ()

    @property
    def covered(self) -> int:
        """Of how many documents the total is known."""
        return 0 if self.cover is None else self.cover.documents

    @property
    def is_partly_covered(self) -> bool:
        """Whether the total is known of some of the documents only."""
        return self.cover is not None and self.covered < (self.orders or 0)


def total_period(days: Sequence[DayTotal], *, currency: str) -> PeriodTotal:
    """The totals of these days, at least one, in order, of a shop in that currency."""
    counted = [each.orders for each in days if each.orders is not None]
    covers = [each.cover for each in days if each.cover is not None]
    currencies = {cover.currency for cover in covers if cover.documents}
    only = next(iter(currencies), currency)
    known = [cover for cover in covers if cover.currency == only or cover.documents]
    without_total = tuple(each for each in days if each.orders is not None and each.cover is None)
    is_known = bool(covers) and len(currencies) < 2
    if not currencies and without_total:
        is_known = False  # nothing but days that delivered nothing, or whose total is not known
    return PeriodTotal(
        first=days[0].day,
        last=days[-1].day,
        orders=sum(counted) if counted else None,
        cover=add_up(known, only) if is_known else None,
        has_several_currencies=len(currencies) > 1,
        without_total=without_total,
        without_statement=tuple(each.day for each in days if each.orders is None),
    )
