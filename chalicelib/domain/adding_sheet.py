"""Adds up the VAT sheet of a period, and what else is known of it, from its files.

Two additions are compared. The rows add up what each file says of its days within the period. The
check takes each file's cover sheet, which was added up by VAT treatment from the invoices' totals
and not from their lines, and takes off what the file says of its other days. So a line without a
place, or counted in two, a day on the wrong side of the period's bounds, and a stored total that
was lost or altered all show as a difference. It does not prove that Asperion still has what the
files say: somebody may have changed or deleted an invoice there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from chalicelib.domain.file_returns import DeclaredDay, DeclaredTotal, EuSupply, PaymentTotal
from chalicelib.domain.money import ZERO, total
from chalicelib.domain.period_files import CountedFile, PeriodFiles
from chalicelib.domain.periods import Period, PeriodKind, find_period
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.domain.vat_sheet import (
    DistanceTotal,
    DocumentsTotal,
    OssCorrection,
    SheetRow,
    VatSheet,
)

_BOXES = list(ReturnBox)
_RowKey = tuple[ReturnBox, Supply, Decimal, str]


def add_up_sheet(files: PeriodFiles) -> VatSheet:
    """The sheet of the files of a period."""
    period, counted = files.period, files.counted
    days = [day for file in counted for day in file.list_days(period)]
    checks = [_check(file, period) for file in counted]
    return VatSheet(
        files=files,
        rows=_make_rows(days),
        oss_corrections=_find_oss_corrections(days),
        documents=sum(day.documents for day in days),
        days_total=(total(excl for excl, _ in checks), total(vat for _, vat in checks)),
        again=_add_up_days(
            day for file in counted for day in file.returns.again if day.day in period
        ),
        changed_again=sum(
            count
            for file in counted
            for day, count in file.returns.changed_again.items()
            if day in period
        ),
    )


def add_up_files(files: PeriodFiles) -> dict[str, DocumentsTotal]:
    """What each of the counted files has in the period, by name; together that is the sheet."""
    return {file.name: _add_up_days(file.list_days(files.period)) for file in files.counted}


def _add_up_days(days: Iterable[DeclaredDay]) -> DocumentsTotal:
    found = list(days)
    return DocumentsTotal(
        documents=sum(day.documents for day in found),
        excl=total(each.excl for _, each in _list_totals(found)),
        vat=total(each.vat for _, each in _list_totals(found)),
    )


def _check(file: CountedFile, period: Period) -> tuple[Decimal, Decimal]:
    """What a file's cover sheet leaves to the period, as base and VAT."""
    outside = [each for day in file.returns.days if day.day not in period for each in day.totals]
    excl, vat = total(each.excl for each in outside), total(each.vat for each in outside)
    return file.cover.excl - excl, file.cover.vat - vat


def _make_rows(days: Iterable[DeclaredDay]) -> tuple[SheetRow, ...]:
    """Without rows in which nothing but free articles are counted."""
    rows: dict[_RowKey, SheetRow] = {}
    for day, each in _list_totals(days):
        key = (each.place.box, each.place.supply, each.rate, each.country)
        row = rows.get(key) or SheetRow(
            box=each.place.box, supply=each.place.supply, rate=each.rate, country=each.country
        )
        is_correction = day.corrects is not None
        rows[key] = replace(
            row,
            documents=row.documents + each.documents,
            excl=row.excl + each.excl,
            vat=row.vat + each.vat,
            corrections_excl=row.corrections_excl + (each.excl if is_correction else ZERO),
            corrections_vat=row.corrections_vat + (each.vat if is_correction else ZERO),
        )
    ordered = (rows[key] for key in sorted(rows, key=_order))
    return tuple(row for row in ordered if row.has_amounts)


def _order(key: _RowKey) -> tuple[int, str, Decimal, str]:
    box, supply, rate, country = key
    return _BOXES.index(box), country, -rate, supply.value


def _find_oss_corrections(days: Iterable[DeclaredDay]) -> tuple[OssCorrection, ...]:
    """What is taken back in another quarter than it was booked in, by country, that quarter, supply
    and rate.
    """
    found: dict[tuple[str, date, str, Decimal], OssCorrection] = {}
    for day, each in _list_totals(days):
        if each.place.box is not ReturnBox.OSS or day.corrects is None:
            continue
        quarter = _first_of_quarter(day.corrects)
        if quarter == _first_of_quarter(day.day):
            continue
        supply = each.place.supply
        key = (each.country, quarter, supply.value, each.rate)
        so_far = found.get(key) or OssCorrection(
            country=each.country, quarter=quarter, supply=supply, rate=each.rate
        )
        found[key] = replace(so_far, excl=so_far.excl + each.excl, vat=so_far.vat + each.vat)
    return tuple(found[key] for key in sorted(found))


def _first_of_quarter(day: date) -> date:
    return find_period(PeriodKind.QUARTER, day).first


def _list_totals(days: Iterable[DeclaredDay]) -> Iterator[tuple[DeclaredDay, DeclaredTotal]]:
    for day in days:
        for each in day.totals:
            yield day, each


def add_up_payments(files: PeriodFiles) -> tuple[PaymentTotal, ...]:
    """What was booked in the period, by day and payment method."""
    found: dict[tuple[date, str, str], PaymentTotal] = {}
    for file in files.counted:
        for each in file.returns.payments:
            if each.day not in files.period:
                continue
            key = (each.day, each.method, each.code)
            so_far = found.get(key) or PaymentTotal(day=each.day, method=key[1], code=key[2])
            found[key] = replace(
                so_far,
                documents=so_far.documents + each.documents,
                incl=so_far.incl + each.incl,
            )
    return tuple(found[key] for key in sorted(found))


def list_eu_supplies(files: PeriodFiles) -> list[EuSupply]:
    """What was supplied to each customer in other member states in the months of the period."""
    months = set(files.period.months)
    supplies = (each for file in files.counted for each in file.returns.eu_supplies)
    return [each for each in supplies if each.month in months]


def add_up_distance_sales(files: PeriodFiles) -> tuple[DistanceTotal, ...]:
    """What counts for the threshold of the one-stop-shop scheme, by month and country."""
    found: defaultdict[tuple[date, str], Decimal] = defaultdict(lambda: ZERO)
    for file in files.counted:
        for day, each in _list_totals(file.list_days(files.period)):
            if each.place.distance_to:
                found[day.day.replace(day=1), each.place.distance_to] += each.excl
    return tuple(
        DistanceTotal(month=month, country=country, excl=found[month, country])
        for month, country in sorted(found)
    )
