"""What was delivered in a period: what is not known is never nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal
from chalicelib.domain.invoices import VatTreatment
from chalicelib.domain.period_totals import DayTotal, Unknown, total_day, total_period
from chalicelib.domain.statement import DayStatement
from tests.tables.test_file_records import COVER

DAY = date(2026, 11, 23)
TREATMENT: VatTreatment = COVER.totals[0].treatment


def cover(documents: int, excl: str, currency: str = "EUR") -> CoverSheet:
    base = Decimal(excl)
    vat = (base * Decimal("0.21")).quantize(Decimal("0.01"))
    line = TreatmentTotal(treatment=TREATMENT, documents=documents, excl=base, vat=vat)
    return CoverSheet(currency=currency, documents=documents, totals=(line,))


def stated(placed: int, sheet: CoverSheet | None, **figures: object) -> DayStatement:
    at = datetime(2026, 11, 23, 2, 20, tzinfo=UTC)
    files = {"axml-orders-20261123-1-001.xml": placed} if placed else {}
    return DayStatement(
        **{"day": DAY, "at": at, "placed": placed, "files": files, "cover": sheet, **figures}  # type: ignore[arg-type]
    )


def total(statement: DayStatement | None, *, keeps_totals: bool = True) -> DayTotal:
    return total_day(DAY, statement, keeps_totals=keeps_totals, currency="EUR")


@pytest.mark.parametrize(
    ("statement", "orders", "why"),
    [
        (None, None, Unknown.NO_STATEMENT),
        (stated(3, None), 3, Unknown.NO_TOTAL),
        (stated(2, cover(3, "10.00")), 2, Unknown.UNSETTLED),
        (stated(0, None, files={"a": 2}), 0, Unknown.NO_TOTAL),
    ],
)
def test_a_day_whose_amount_is_not_known_says_why(
    statement: DayStatement | None, orders: int | None, why: Unknown
) -> None:
    found = total(statement)
    assert (found.orders, found.cover, found.why) == (orders, None, why)


def test_a_day_that_delivered_nothing_comes_to_nothing_also_without_totals() -> None:
    found = total(stated(0, None), keeps_totals=False)
    assert found.cover is not None
    assert (found.orders, found.cover.incl, found.why) == (0, Decimal(0), None)


def test_a_merchant_who_keeps_no_totals_is_told_so() -> None:
    found = total(stated(3, cover(3, "10.00")), keeps_totals=False)
    assert (found.orders, found.cover, found.why) == (3, None, Unknown.NOT_KEPT)


def test_a_period_adds_up_what_is_known_and_names_the_rest() -> None:
    days = [
        total(stated(3, cover(3, "100.00"))),
        total(stated(1, cover(1, "-40.00"))),  # a credit note
        total(stated(2, None)),
        total(None),
    ]
    found = total_period(days, currency="EUR")
    assert found.cover is not None
    assert (found.orders, found.covered, found.is_partly_covered) == (6, 4, True)
    assert (found.cover.excl, found.cover.vat) == (Decimal("60.00"), Decimal("12.60"))
    assert [each.orders for each in found.without_total] == [2]
    assert found.without_statement == (DAY,)


def test_several_currencies_have_no_sum() -> None:
    days = [total(stated(1, cover(1, "1.00"))), total(stated(1, cover(1, "1.00", "USD")))]
    found = total_period(days, currency="EUR")
    assert (found.orders, found.cover, found.has_several_currencies) == (2, None, True)


@pytest.mark.parametrize("others", [[], [total(stated(0, None))]])
def test_unknown_days_beside_days_of_nothing_do_not_come_to_nothing(others: list[DayTotal]) -> None:
    found = total_period([*others, total(stated(2, None))], currency="EUR")
    assert (found.orders, found.cover) == (2, None)


def test_a_period_without_statements_is_not_known_at_all() -> None:
    found = total_period([total(None)], currency="EUR")
    assert (found.orders, found.cover) == (None, None)
