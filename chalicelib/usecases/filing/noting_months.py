"""Which files have documents dated in a month, known by name: a VAT sheet reads them by key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from chalicelib.domain.month_files import DatedFiles, MonthFiles, month_name
from chalicelib.domain.periods import Period
from chalicelib.usecases.workspace import Workspace


def note_months(workspace: Workspace, name: str, days: Iterable[date]) -> None:
    """Put a file's name down in each month that its documents are dated in, before it is fixed: no
    file with content is ever missing there. Twice is harmless.
    """
    now = workspace.now()

    def add(kept: MonthFiles | None) -> MonthFiles:
        return (kept or MonthFiles(at=now)).add(name, now)

    workspace.connector.shops.change(
        workspace.shop_id, DatedFiles, lambda kept: kept or DatedFiles(first=name)
    )
    for month in sorted({month_name(day) for day in days}):
        workspace.connector.shops.change(workspace.shop_id, MonthFiles, add, month)


def list_months(workspace: Workspace, period: Period) -> list[MonthFiles]:
    """What is known of the months that have a day in a period, read by key."""
    names = [month_name(month) for month in period.months]
    return list(workspace.connector.shops.load_all(workspace.shop_id, MonthFiles, names).values())
