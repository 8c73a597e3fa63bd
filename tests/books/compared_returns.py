"""The connector's VAT sheet beside the bookkeeper's returns: the same, to the cent."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from chalicelib.domain.adding_sheet import (
    add_up_distance_sales,
    add_up_payments,
    add_up_sheet,
)
from chalicelib.domain.icp_list import NumberState
from chalicelib.domain.periods import Period, PeriodKind, find_period, next_month
from chalicelib.domain.vat_sheet import DocumentsTotal, VatSheet
from chalicelib.usecases.operating.icp_reading import read_icp_list
from chalicelib.usecases.operating.vat_return import read_period_files
from tests.books.lines_by_hand import Articles
from tests.books.shop_year import ShopYear
from tests.books.vat_bookkeeper import Bookkeeper, Place, Sum

ZERO = Decimal(0)
NOTHING = (ZERO, ZERO)


def hire_bookkeeper(year: ShopYear) -> Bookkeeper:
    """The books of a shop, from its files and what SEOshop shows of it."""
    sandbox, policy = year.sandbox, year.workspace().shop.policy
    articles = Articles(
        services=policy.service_articles,
        cards=policy.gift_card_articles,
        deposits=policy.outside_vat_articles,
    )
    orders, invoices = [*year.read_orders().values()], sandbox.list_documents("invoices")
    return Bookkeeper(orders, invoices, articles).read(year.files, year.orders_of_file)


def tell_rows(sheet: VatSheet) -> dict[Place, Sum]:
    """A sheet's rows in the bookkeeper's words."""
    found = {
        (row.box.value, row.supply.value, tell_percent(row.rate), row.country): Sum(
            row.documents, row.excl, row.vat, row.corrections_excl, row.corrections_vat
        )
        for row in sheet.rows
    }
    assert len(found) == len(sheet.rows), "a place has two rows"
    return found


def check_all(year: ShopYear, books: Bookkeeper) -> None:
    """Whatever is declared of a shop, over every month, quarter and year that it sold in."""
    check_closings(year, books)
    for period in list_calendar_periods(year.first_day, year.today):
        check_sheet(year, books, period)
        check_payments(year, books, period)
        check_icp_list(year, books, period)
    for calendar_year in {year.first_day.year, year.today.year}:
        check_distance_sales(year, books, calendar_year)


def check_sheet(year: ShopYear, books: Bookkeeper, period: Period) -> VatSheet:
    """The sheet of a period says what the bookkeeper says, and that nothing is missing."""
    sheet = add_up_sheet(read_period_files(year.workspace(), period))
    dated = books.list_of(period.first, period.last)
    assert tell_rows(sheet) == books.make_return(period.first, period.last), period.name
    assert sheet.documents == len(dated)
    assert sheet.difference == NOTHING
    assert sheet.files.is_whole
    again = books.list_sent_again(period.first, period.last)
    unchanged = [booking for booking, is_unchanged in again if is_unchanged]
    assert sheet.again == DocumentsTotal(
        documents=len(unchanged),
        excl=sum((line.excl for booking in unchanged for line in booking.lines), ZERO),
        vat=sum((line.vat for booking in unchanged for line in booking.lines), ZERO),
    )
    assert sheet.changed_again == len(again) - len(unchanged)
    lines = [line for booking in dated for line in booking.lines]
    assert sheet.days_total == (
        sum((line.excl for line in lines), ZERO),
        sum((line.vat for line in lines), ZERO),
    )
    check_oss_corrections(sheet, books)
    return sheet


def check_payments(year: ShopYear, books: Bookkeeper, period: Period) -> None:
    """Totals by payment method and day are the bookkeeper's."""
    files = read_period_files(year.workspace(), period)
    assert files.is_whole
    payments = add_up_payments(files)
    found = {(each.day, each.method, each.code): (each.documents, each.incl) for each in payments}
    assert len(found) == len(payments)
    assert found == books.add_up_payments(period.first, period.last)


def check_oss_corrections(sheet: VatSheet, books: Bookkeeper) -> None:
    """What the one-stop-shop return takes back of earlier quarters is the bookkeeper's."""
    found = {
        (each.country, each.quarter, each.supply.value, tell_percent(each.rate)): (
            each.excl,
            each.vat,
        )
        for each in sheet.oss_corrections
    }
    assert len(found) == len(sheet.oss_corrections)
    assert found == books.list_oss_corrections(sheet.files.period.first, sheet.files.period.last)


def check_icp_list(year: ShopYear, books: Bookkeeper, period: Period) -> dict[str, Decimal]:
    """The list of intra-Community supplies is the bookkeeper's, by VAT number and kind, and
    explains box 3b; each sale has the register's answer. Gives what each number comes to.
    """
    listed = read_icp_list(year.workspace(), period)
    found: dict[tuple[str, str], Decimal] = {}
    for row in listed.rows:
        assert row.state is NumberState.SHOWN
        assert not row.is_unproven
        for supply, amount in (("goods", row.goods), ("services", row.services)):
            if amount.documents:
                found[row.number, supply] = amount.excl
    assert found == books.list_eu_supplies(period.first, period.last), period.name
    assert listed.difference == 0
    return {row.number: row.excl for row in listed.rows}


def check_distance_sales(year: ShopYear, books: Bookkeeper, calendar_year: int) -> None:
    """What counts for the threshold of OSS is the bookkeeper's, by country."""
    period = find_period(PeriodKind.YEAR, date(calendar_year, 1, 1))
    files = read_period_files(year.workspace(), period)
    found: dict[str, Decimal] = defaultdict(Decimal)
    for each in add_up_distance_sales(files):
        found[each.country] += each.excl
    assert files.is_whole
    assert found == books.list_distance_sales(calendar_year)


def check_closings(year: ShopYear, books: Bookkeeper) -> None:
    """Nothing was booked in a period while it was closed."""
    for booking in books.bookings:
        made_at = year.made_at[booking.file]
        closed = [each.until for each in year.closings if each.stands_at(made_at)]
        assert all(booking.day > until for until in closed), booking


def tell_percent(rate: Decimal) -> Decimal:
    """A rate in per cent, as the bookkeeper writes it."""
    return (rate * 100).normalize()


def list_calendar_periods(first: date, last: date) -> list[Period]:
    """Every month, quarter and year that has a day of these."""
    found: set[Period] = set()
    month = first
    while month <= last:
        kinds = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
        found |= {find_period(kind, month) for kind in kinds}
        month = next_month(month)
    return sorted(found)


def divide_days(chance: Random, first: date, last: date, parts: int) -> list[Period]:
    """These days, divided anywhere into so many periods, or fewer."""
    days = (last - first).days
    starts = sorted({0, *(chance.randint(0, days) for _ in range(parts - 1))})
    ends = [at - 1 for at in starts[1:]] + [days]
    return [
        Period(first + timedelta(days=start), first + timedelta(days=end))
        for start, end in zip(starts, ends, strict=True)
    ]
