"""All that is to be seen of a period's VAT return: the sheet, and what is open beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chalicelib.domain.days import local_day
from chalicelib.domain.dutch_return import FormLine, find_line, list_form_lines
from chalicelib.domain.file_totals import FileTotals
from chalicelib.domain.money import total
from chalicelib.domain.oss_return import OssCountry, list_oss_countries
from chalicelib.domain.periods import Period
from chalicelib.domain.return_places import ReturnBox
from chalicelib.domain.shops import Shop
from chalicelib.domain.vat_sheet import VatSheet
from chalicelib.usecases.operating.open_in_period import OpenInPeriod, read_open
from chalicelib.usecases.operating.vat_return import read_sheet
from chalicelib.usecases.workspace import Workspace

HOME = "NL"
EURO = "EUR"


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePart:
    """What a file's documents in a period come to, as base and VAT."""

    documents: int
    excl: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLook:
    """A period's sheet and what is open beside it, as they are on `today`."""

    shop: Shop
    today: date
    sheet: VatSheet
    open: OpenInPeriod

    @property
    def is_dutch(self) -> bool:
        """Whether the shop files the Dutch return, in euros."""
        return self.shop.country == HOME and self.sheet.currency == EURO

    @property
    def is_running(self) -> bool:
        """Whether the period is not over."""
        return self.sheet.period.last >= self.today

    @property
    def lines(self) -> tuple[FormLine, ...]:
        """The boxes of the Dutch return."""
        return list_form_lines(self.sheet)

    @property
    def oss(self) -> tuple[OssCountry, ...]:
        """The member states of the one-stop-shop return."""
        return list_oss_countries(self.sheet)

    def find_box(self, box: ReturnBox) -> FormLine:
        """One box, or what is in its place."""
        return find_line(self.sheet, box)


def look_at_return(workspace: Workspace, period: Period, *, asks_shop: bool) -> ReturnLook:
    """A period's return, as it is now; `asks_shop`: what is open is read from SEOshop. Raises
    `LedgerError`.
    """
    return ReturnLook(
        shop=workspace.shop,
        today=local_day(workspace.now()),
        sheet=read_sheet(workspace, period),
        open=read_open(workspace, period, asks_shop=asks_shop),
    )


def read_file_parts(workspace: Workspace, sheet: VatSheet) -> dict[str, FilePart]:
    """What each of the files that a sheet counts has in its period, by name; together that is the
    sheet. Raises `LedgerError`.
    """
    files = workspace.connector.files.get_returns(workspace.shop_id, sheet.files)
    return {file.name: _add_up(file, sheet.period) for file in files}


def _add_up(file: FileTotals, period: Period) -> FilePart:
    days = () if file.returns is None else file.returns.days
    within = [day for day in days if day.day in period]
    return FilePart(
        documents=sum(day.documents for day in within),
        excl=total(each.excl for day in within for each in day.totals),
        vat=total(each.vat for day in within for each in day.totals),
    )
