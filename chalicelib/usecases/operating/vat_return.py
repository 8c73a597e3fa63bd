"""The files of a period, for its VAT return: read by key, and with every file named that cannot be
counted.
"""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.days import local_day
from chalicelib.domain.events import OrderStep
from chalicelib.domain.file_names import read_day
from chalicelib.domain.file_returns import FileReturns
from chalicelib.domain.file_totals import FileTotals
from chalicelib.domain.ledger import FileState
from chalicelib.domain.life import UNSURE
from chalicelib.domain.month_files import DatedFiles
from chalicelib.domain.period_files import CountedFile, PeriodFiles, Uncounted
from chalicelib.domain.periods import Period
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.usecases.filing.noting_months import list_months
from chalicelib.usecases.filing.open_files import read_noted_files
from chalicelib.usecases.workspace import Workspace

LATEST = timedelta(days=62)
"""How long after the version that keeps invoice dates began a file of an earlier one is looked for
among what was delivered since.
"""


def read_period_files(workspace: Workspace, period: Period) -> PeriodFiles:
    """The files of a period as they are now. All that a page shows of a period is added up from one
    reading. Raises `LedgerError`.
    """
    shop_id, files = workspace.shop_id, workspace.connector.files
    months = list_months(workspace, period)
    names = {name for month in months for name in month.list_names(shop_id)}
    counted: list[CountedFile] = []
    uncounted: dict[Uncounted, list[str]] = {kind: [] for kind in Uncounted}
    for totals in files.get_returns(shop_id, sorted(names | _list_former(workspace, period))):
        # A file of before `DatedFiles` that was fixed since is known by its months.
        is_asked = totals.name in names or totals.returns is None
        found = _judge_file(workspace, totals, period) if is_asked else None
        if isinstance(found, CountedFile):
            counted.append(found)
        elif found is not None:
            uncounted[found].append(totals.name)
    return PeriodFiles(
        period=period,
        currency=workspace.shop.currency,
        counted=tuple(counted),
        uncounted={kind: tuple(named) for kind, named in uncounted.items() if named},
        is_cut=any(month.is_full for month in months),
    )


def _judge_file(
    workspace: Workspace, totals: FileTotals, period: Period
) -> CountedFile | Uncounted | None:
    """How a file counts, or why it cannot; None of one that has nothing in the period."""
    returns = totals.returns if workspace.shop.policy.keep_totals else None
    has_days = returns is None or any(day.day in period for day in returns.days)
    if totals.state in (FileState.CLAIMED, FileState.VOID) or not has_days:
        return None
    if totals.state in UNSURE:
        return Uncounted.UNSURE
    if totals.state is FileState.DOUBLE:
        return Uncounted.DOUBLE
    if totals.has_surfaced:
        return Uncounted.PARTLY if _holds_some(workspace, totals.name) else None
    return _count_file(totals, returns, workspace.shop.currency)


def _count_file(
    totals: FileTotals, returns: FileReturns | None, currency: str
) -> CountedFile | Uncounted:
    if returns is None or totals.cover is None:
        return Uncounted.UNDATED
    if returns.currency != currency:
        return Uncounted.OTHER_CURRENCY
    return CountedFile(name=totals.name, cover=totals.cover, returns=returns)


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
