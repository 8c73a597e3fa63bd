"""What a shop's import files come to in a period, for its VAT return: read by key, added up, and
with every file named that cannot be counted.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from chalicelib.domain.adding_sheet import (
    CountedFile,
    add_up_distance_sales,
    add_up_payments,
    add_up_sheet,
)
from chalicelib.domain.days import local_day
from chalicelib.domain.events import OrderStep
from chalicelib.domain.file_names import read_day
from chalicelib.domain.file_totals import FileTotals
from chalicelib.domain.ledger import FileState
from chalicelib.domain.life import UNSURE
from chalicelib.domain.month_files import DatedFiles
from chalicelib.domain.periods import Period, PeriodKind, find_period
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.domain.vat_sheet import DistanceSales, PaymentSheet, VatSheet
from chalicelib.usecases.filing.noting_months import list_months
from chalicelib.usecases.filing.open_files import read_noted_files
from chalicelib.usecases.workspace import Workspace

LATEST = timedelta(days=62)
"""How long after the version that keeps invoice dates began a file of an earlier one is looked for
among what was delivered since.
"""


def read_sheet(workspace: Workspace, period: Period) -> VatSheet:
    """The VAT sheet of a period."""
    found = _sort_files(workspace, period)
    sheet = add_up_sheet(period, workspace.shop.currency, found.counted)
    return replace(
        sheet,
        unsure=tuple(found.unsure),
        double=tuple(found.double),
        partly=tuple(found.partly),
        undated=tuple(found.undated),
        other_currency=tuple(found.other_currency),
        is_cut=found.is_cut,
    )


def read_payments(workspace: Workspace, period: Period) -> PaymentSheet:
    """What was booked in a period by payment method and day."""
    found = _sort_files(workspace, period)
    return PaymentSheet(
        period=period,
        currency=workspace.shop.currency,
        payments=add_up_payments(period, found.counted),
        is_whole=found.is_whole,
    )


def read_distance_sales(workspace: Workspace, year: int) -> DistanceSales:
    """The distance sales of a calendar year."""
    period = find_period(PeriodKind.YEAR, date(year, 1, 1))
    found = _sort_files(workspace, period)
    return DistanceSales(
        year=year,
        currency=workspace.shop.currency,
        totals=add_up_distance_sales(period, found.counted),
        is_whole=found.is_whole,
    )


@dataclass(slots=True)
class _Sorted:
    """The files of a period by what is known of them; see `VatSheet` for those not counted."""

    counted: list[CountedFile] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    partly: list[str] = field(default_factory=list)
    undated: list[str] = field(default_factory=list)
    other_currency: list[str] = field(default_factory=list)
    is_cut: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every file is counted."""
        named = (self.unsure, self.double, self.partly, self.undated, self.other_currency)
        return not (any(named) or self.is_cut)


def _sort_files(workspace: Workspace, period: Period) -> _Sorted:
    shop_id, files = workspace.shop_id, workspace.connector.files
    months = list_months(workspace, period)
    names = {name for month in months for name in month.list_names(shop_id)}
    found = _Sorted(is_cut=any(month.is_full for month in months))
    for totals in files.get_returns(shop_id, sorted(names | _list_former(workspace, period))):
        if totals.name in names or not _is_dated(totals):
            _sort_file(workspace, totals, period, found)
    return found


def _is_dated(totals: FileTotals) -> bool:
    """Whether a file of before `DatedFiles` was fixed since: then it is known by its months."""
    return totals.returns is not None


def _sort_file(workspace: Workspace, totals: FileTotals, period: Period, found: _Sorted) -> None:
    returns = totals.returns if workspace.shop.policy.keep_totals else None
    has_days = returns is None or any(day.day in period for day in returns.days)
    if totals.state in (FileState.CLAIMED, FileState.VOID) or not has_days:
        return
    if totals.state in UNSURE:
        found.unsure.append(totals.name)
    elif totals.state is FileState.DOUBLE:
        found.double.append(totals.name)
    elif totals.has_surfaced:
        if _holds_some(workspace, totals.name):
            found.partly.append(totals.name)
    elif returns is None or totals.cover is None:
        found.undated.append(totals.name)
    elif returns.currency != workspace.shop.currency:
        found.other_currency.append(totals.name)
    else:
        found.counted.append(CountedFile(totals=totals, returns=returns))


def _holds_some(workspace: Workspace, name: str) -> bool:
    """Whether any document was placed with a file of which others went elsewhere."""
    connector, shop_id = workspace.connector, workspace.shop_id
    file = connector.files.get(shop_id, name)
    entries = {} if file is None else connector.entries.get_all(shop_id, file.keys)
    return any(
        event.step is OrderStep.PLACE and event.file == name
        for entry in entries.values()
        for event in entry.history
    )


def _list_former(workspace: Workspace, period: Period) -> set[str]:
    """The files of versions that did not keep on which days their documents are booked, as far as
    these may lie in a period: those that were delivered in it or later, by the statements of the
    days, and those whose outcome is open.
    """
    shops, shop_id = workspace.connector.shops, workspace.shop_id
    dated = shops.load(shop_id, DatedFiles)
    first = "" if dated is None else dated.first
    last = local_day(workspace.now())
    oldest = last - workspace.connector.settings.keep_audit  # no statement is kept for longer
    if (begun := read_day(first)) is not None:
        last = min(last, begun + LATEST)
    since = max(period.first, oldest)
    days = (since + timedelta(days=n) for n in range((last - since).days + 1))
    statements = shops.load_all(shop_id, DayStatement, [*map(statement_name, days)]).values()
    delivered = {name for statement in statements for name in statement.files}
    is_before = begun is None or period.first <= begun
    noted = read_noted_files(workspace) if is_before else ()
    names = [*delivered, *(file.name for file in noted if file.day >= period.first)]
    return {name for name in names if not first or name < first}
