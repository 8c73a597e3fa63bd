"""VAT sheets made by hand, in the place of what the files of a shop add up to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.file_returns import FileReturns
from chalicelib.domain.period_files import CountedFile, PeriodFiles
from chalicelib.domain.periods import Period, read_period
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.domain.vat_sheet import OssCorrection, SheetRow, VatSheet
from chalicelib.usecases.operating import return_look
from chalicelib.web.pages import oss_page

QUARTER = read_period("2026-Q3")
FILES = ("axml-orders-20260701-184520-001.xml", "axml-orders-20260930-184520-001.xml")


def row(
    box: ReturnBox,
    rate: str,
    excl: str,
    vat: str = "0.00",
    *,
    country: str = "NL",
    supply: Supply = Supply.GOODS,
    corrections: tuple[str, str] = ("0.00", "0.00"),
    documents: int = 1,
) -> SheetRow:
    return SheetRow(
        box=box,
        supply=supply,
        rate=Decimal(rate),
        country=country,
        documents=documents,
        excl=Decimal(excl),
        vat=Decimal(vat),
        corrections_excl=Decimal(corrections[0]),
        corrections_vat=Decimal(corrections[1]),
    )


ROWS = (
    row(ReturnBox.GENERAL, "0.21", "1000.99", "210.21", corrections=("-100.00", "-21.00")),
    row(ReturnBox.REDUCED, "0.09", "-10.10", "-0.91", corrections=("-10.10", "-0.91")),
    row(ReturnBox.EXPORT, "0", "250.00"),
    row(ReturnBox.EU, "0", "300.00"),
    row(ReturnBox.EU, "0", "80.50", supply=Supply.SERVICES),
    row(ReturnBox.OSS, "0.19", "70.00", "13.30", country="DE", corrections=("-30.00", "-5.70")),
    row(ReturnBox.OSS, "0.07", "50.00", "3.50", country="DE"),
    row(ReturnBox.OSS, "0.20", "40.00", "8.00", country="AT"),
    row(ReturnBox.OUTSIDE_VAT, "0", "25.00"),
)
CORRECTION = OssCorrection(
    country="DE",
    quarter=date(2026, 4, 1),
    supply=Supply.GOODS,
    rate=Decimal("0.19"),
    excl=Decimal("-30.00"),
    vat=Decimal("-5.70"),
)


def sheet(
    *rows: SheetRow,
    period: Period = QUARTER,
    currency: str = "EUR",
    files: tuple[str, ...] = FILES,
    off: str = "0.00",
    corrections: tuple[OssCorrection, ...] = (),
) -> VatSheet:
    """A sheet of these rows that is as its files say, but for `off` euros of base."""
    excl = sum((each.excl for each in rows), Decimal("0.00"))
    vat = sum((each.vat for each in rows), Decimal("0.00"))
    counted = [
        CountedFile(
            name=name, cover=CoverSheet(currency=currency), returns=FileReturns(currency=currency)
        )
        for name in files
    ]
    return VatSheet(
        files=PeriodFiles(period=period, currency=currency, counted=tuple(counted)),
        rows=rows,
        oss_corrections=corrections,
        documents=len(rows),
        days_total=(excl - Decimal(off), vat),
    )


FULL = sheet(*ROWS, corrections=(CORRECTION,))


def show(monkeypatch: pytest.MonkeyPatch, made: VatSheet | Callable[[Period], VatSheet]) -> None:
    """Let the pages find this sheet, whatever the period, or what a function makes of that."""

    def add_up_sheet(files: PeriodFiles) -> VatSheet:
        return made if isinstance(made, VatSheet) else made(files.period)

    monkeypatch.setattr(return_look, "add_up_sheet", add_up_sheet)
    monkeypatch.setattr(oss_page, "add_up_sheet", add_up_sheet)
