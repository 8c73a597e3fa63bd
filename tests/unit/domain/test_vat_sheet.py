"""What files add up to for a return, and the sheet of a period: to the cent, however the invoices
are divided over files and the days over periods.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.adding_sheet import (
    add_up_distance_sales,
    add_up_payments,
    add_up_sheet,
)
from chalicelib.domain.cover_sheet import make_cover_sheet
from chalicelib.domain.file_returns import FileReturns, PaymentTotal
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.making_returns import make_file_returns
from chalicelib.domain.period_files import CountedFile, PeriodFiles
from chalicelib.domain.periods import Period, read_period
from chalicelib.domain.policy import VatClass
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.domain.reversal import mirror_invoice
from chalicelib.domain.vat_sheet import (
    DistanceTotal,
    DocumentsTotal,
    OssCorrection,
    SheetRow,
    VatSheet,
)
from tests.chance import brisk
from tests.fakes.documents_of_shop import GERMANY, HOME, charge, order, order_line
from tests.unit.domain.verdicts import book

D = Decimal
NOTHING = (D(0), D(0))
FIRST_QUARTER, SECOND_QUARTER = read_period("2026-Q1"), read_period("2026-Q2")
OSS: dict[str, Any] = {
    "one_stop_shop": True,
    "foreign_rates": {("DE", D("0.19")): VatClass.HIGH},
}


def sold(*lines: Any, day: date, policy: dict[str, Any] | None = None, **facts: Any) -> Invoice:
    return replace(book(order(*lines, **facts), **(policy or {})), day=day)


def file_of(number: int, *invoices: Invoice, **extra: Any) -> CountedFile:
    returns = make_file_returns(invoices, **extra)
    assert returns is not None
    cover = make_cover_sheet(invoices)
    assert cover is not None
    name = f"axml-orders-20260405-1-{number:03d}.xml"
    return CountedFile(name=name, cover=cover, returns=returns)


def files_of(period: Period, *files: CountedFile) -> PeriodFiles:
    return PeriodFiles(period=period, currency="EUR", counted=files)


def sheet(period: Period, *files: CountedFile) -> VatSheet:
    found = add_up_sheet(files_of(period, *files))
    assert found.difference == NOTHING
    return found


MUG = order_line("24.20")
BOOK = order_line("10.90", "0.09")
MARCH, APRIL, MAY = date(2026, 3, 31), date(2026, 4, 1), date(2026, 5, 2)


def test_a_file_over_two_quarters_is_divided_by_invoice_date() -> None:
    file = file_of(1, sold(MUG, BOOK, day=MARCH), sold(MUG, day=APRIL))
    first, second = sheet(FIRST_QUARTER, file), sheet(SECOND_QUARTER, file)
    assert [(row.box, row.documents, row.excl, row.vat) for row in first.rows] == [
        (ReturnBox.GENERAL, 1, D("20.00"), D("4.20")),
        (ReturnBox.REDUCED, 1, D("10.00"), D("0.90")),
    ]
    assert (second.documents, second.excl, second.vat) == (1, D("20.00"), D("4.20"))
    assert sheet(read_period("2026"), file).excl == D("50.00")


def test_a_correction_stands_in_its_own_period_and_is_shown_as_one() -> None:
    sale = sold(MUG, BOOK, day=MARCH)
    back = mirror_invoice(sale, day=APRIL, booked_on=MARCH)
    files = file_of(1, sale), file_of(2, back, sold(MUG, day=APRIL))
    assert [row.corrections_excl for row in sheet(FIRST_QUARTER, *files).rows] == [D(0), D(0)]
    high, low = sheet(SECOND_QUARTER, *files).rows
    assert (high.excl, high.corrections_excl, high.corrections_vat) == (
        D(0),
        D("-20.00"),
        D("-4.20"),
    )
    assert (low.excl, low.vat, low.corrections_vat) == (D("-10.00"), D("-0.90"), D("-0.90"))
    assert high.documents == 2


def test_a_correction_says_what_month_it_takes_back() -> None:
    sale = sold(MUG, day=MARCH)
    returns = file_of(1, mirror_invoice(sale, day=MAY), sold(MUG, day=MAY)).returns
    assert [(day.day, day.corrects) for day in returns.days] == [
        (MAY, None),
        (MAY, date(2026, 3, 1)),
    ]


def test_a_one_stop_shop_correction_of_an_earlier_quarter_stands_apart() -> None:
    german = order_line("11.90", "0.19")
    sale = sold(german, day=MARCH, policy=OSS, billing=GERMANY, shipping=GERMANY)
    later = replace(sale, day=APRIL)
    found = sheet(
        SECOND_QUARTER,
        file_of(1, mirror_invoice(sale, day=MAY), later, mirror_invoice(later, day=MAY)),
    )
    assert found.oss_corrections == (
        OssCorrection(
            country="DE",
            quarter=date(2026, 1, 1),
            supply=Supply.GOODS,
            rate=D("0.19"),
            excl=D("-10.00"),
            vat=D("-1.90"),
        ),
    )
    (row,) = found.rows
    assert (row.box, row.country, row.excl) == (ReturnBox.OSS, "DE", D("-10.00"))


def test_goods_and_services_and_rates_and_countries_are_rows_of_their_own() -> None:
    course = order_line("24.20", article_code="LES")
    policy = {"service_articles": frozenset({"LES"})}
    mixed = sold(MUG, course, order_line("0.00"), day=MARCH, policy=policy)
    abroad = sold(MUG, day=MARCH, billing=GERMANY, shipping=GERMANY)
    assert [row.supply for row in sheet(FIRST_QUARTER, file_of(1, mixed, abroad)).rows] == [
        Supply.GOODS,
        Supply.SERVICES,
    ]
    assert sheet(FIRST_QUARTER, file_of(1, mixed, abroad)).rows[0] == SheetRow(
        box=ReturnBox.GENERAL,
        supply=Supply.GOODS,
        rate=D("0.21"),
        country="NL",
        documents=2,
        excl=D("40.00"),
        vat=D("8.40"),
    )


def test_what_was_sent_again_is_in_the_rows_and_said() -> None:
    first, second = sold(MUG, day=MARCH), sold(BOOK, day=MARCH)
    files = file_of(1, first, second), file_of(2, first, again=[first], changed_again=[APRIL])
    found = sheet(FIRST_QUARTER, *files)
    assert (found.excl, found.again) == (
        D("50.00"),
        DocumentsTotal(documents=1, excl=D("20.00"), vat=D("4.20")),
    )
    assert (found.changed_again, sheet(SECOND_QUARTER, *files).changed_again) == (0, 1)


def test_payments_are_added_up_by_day_and_method() -> None:
    invoices = [
        sold(MUG, day=MARCH, payment_id="ideal"),
        sold(MUG, BOOK, day=MARCH, payment_id="ideal"),
        sold(BOOK, day=MARCH, payment_id="klarna"),
        sold(BOOK, day=APRIL, payment_id="ideal"),
    ]
    found = add_up_payments(
        files_of(FIRST_QUARTER, file_of(1, *invoices[:2]), file_of(2, *invoices[2:]))
    )
    assert found == (
        PaymentTotal(day=MARCH, method="ideal", code="", documents=2, incl=D("59.30")),
        PaymentTotal(day=MARCH, method="klarna", code="", documents=1, incl=D("10.90")),
    )


def test_distance_sales_are_added_up_by_month_and_country_and_what_was_taken_back_is_off() -> None:
    def abroad(day: date) -> Invoice:
        return sold(MUG, day=day, billing=GERMANY, shipping=GERMANY, shipment=charge("6.05"))

    back = mirror_invoice(abroad(MARCH), day=APRIL)
    files = [file_of(1, abroad(MARCH), abroad(APRIL)), file_of(2, back, sold(MUG, day=MARCH))]
    assert add_up_distance_sales(files_of(read_period("2026"), *files)) == (
        DistanceTotal(month=date(2026, 3, 1), country="DE", excl=D("25.00")),
        DistanceTotal(month=date(2026, 4, 1), country="DE", excl=D("0.00")),
    )


def test_several_currencies_have_no_sum() -> None:
    pounds = replace(sold(MUG, day=MARCH), currency="GBP")
    assert make_file_returns([sold(MUG, day=MARCH), pounds]) is None


def without_a_total(returns: FileReturns) -> FileReturns:
    return replace(returns, days=(replace(returns.days[0], totals=()), *returns.days[1:]))


def twice(returns: FileReturns) -> FileReturns:
    return replace(returns, days=(*returns.days, returns.days[0]))


@pytest.mark.parametrize("spoil", [without_a_total, twice])
def test_rows_that_are_not_what_the_cover_sheets_say_show_as_a_difference(spoil: Any) -> None:
    file = file_of(1, sold(MUG, BOOK, day=MARCH), sold(MUG, day=APRIL))
    spoilt = replace(file, returns=spoil(file.returns))
    assert add_up_sheet(files_of(FIRST_QUARTER, spoilt)).difference != NOTHING


LINES = st.sampled_from(
    [
        MUG,
        BOOK,
        order_line("9.99", discount="1.11"),
        order_line("0.00"),
        order_line("1.15", "0.09", quantity=7),
    ]
)
DAYS = st.integers(0, 400).map(lambda n: date(2025, 11, 20) + timedelta(days=n))


@st.composite
def booked(draw: st.DrawFn) -> Invoice:
    where = draw(st.sampled_from([HOME, GERMANY]))
    sale = sold(*draw(st.lists(LINES, min_size=1, max_size=4)), day=draw(DAYS), billing=where)
    sale = replace(sale, payment_method=draw(st.sampled_from(["ideal", "klarna"])))
    return mirror_invoice(sale, day=draw(DAYS)) if draw(st.booleans()) else sale


def divide(items: Sequence[Any], cuts: Sequence[int]) -> list[Sequence[Any]]:
    bounds = [0, *sorted({cut % len(items) for cut in cuts}), len(items)]
    return [items[one:other] for one, other in itertools.pairwise(bounds) if one < other]


@brisk
@given(
    st.lists(booked(), min_size=1, max_size=12),
    st.lists(st.integers(0, 99), max_size=4),
    st.lists(st.integers(0, 999), max_size=4),
)
def test_all_rows_of_all_periods_are_all_invoices(
    invoices: list[Invoice], files: list[int], periods: list[int]
) -> None:
    made = [file_of(n, *part) for n, part in enumerate(divide(invoices, files), start=1)]
    days = [date(2025, 11, 20) + timedelta(days=n) for n in range(401)]
    parts = [Period(part[0], part[-1]) for part in divide(days, periods)]
    sheets = [sheet(period, *made) for period in parts]
    wanted = [(one.excl, one.vat) for one in invoices]
    assert sum(each.excl for each in sheets) == sum(excl for excl, _ in wanted)
    assert sum(each.vat for each in sheets) == sum(vat for _, vat in wanted)
    assert sum(each.documents for each in sheets) == len(invoices)
    taken = [one for one in invoices if one.corrects_on is not None]
    corrections = [row.corrections_vat for each in sheets for row in each.rows]
    assert sum(corrections) == sum(one.vat for one in taken)
    payments = [each.incl for period in parts for each in add_up_payments(files_of(period, *made))]
    assert sum(payments) == sum(one.incl for one in invoices)
