"""Forget the totals of files and days, once the merchant wants none kept. The journal keeps their
hashes alone, and is whole without them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chalicelib.domain.days import local_day
from chalicelib.domain.journal import JournalEntry
from chalicelib.domain.landed import LandedDelivery, landing_name
from chalicelib.domain.shop_records import ForgottenTotals
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.domain.ways import Way
from chalicelib.ports import PAGE
from chalicelib.usecases.filing.made_files import list_files_since
from chalicelib.usecases.filing.run import Run

FIRST_DAY = date(2000, 1, 1)
"""Before any shop had the connector."""


def forget_totals(run: Run) -> None:
    """Erase what files, statements and the journal keep of their totals, those from before the
    merchant decided so included. What was erased already is not looked through again.
    """
    if run.shop.policy.keep_totals:
        return
    today = local_day(run.now())
    kept = run.connector.shops.load(run.shop_id, ForgottenTotals)
    since = FIRST_DAY if kept is None else kept.until
    for file in list_files_since(run, since):
        if file.cover is not None or file.returns is not None:
            run.connector.files.forget_totals(file)
        if file.way is Way.API:
            _forget_landed(run, file.name)
    for statement in run.connector.shops.statements(run.shop_id, (today - since).days + 1):
        _forget_in(run, statement.day)
    _forget_in_journal(run, since)
    run.connector.shops.save(run.shop_id, ForgottenTotals(until=today))


def _forget_in(run: Run, day: date) -> None:
    def erase(kept: DayStatement | None) -> DayStatement | None:
        if kept is None:
            return None
        check = None if kept.check is None else replace(kept.check, money=None)
        return replace(kept, cover=None, check=check)

    run.connector.shops.change(run.shop_id, DayStatement, erase, statement_name(day))


def _forget_landed(run: Run, file: str) -> None:
    """Erase what a delivery came to in Asperion."""

    def erase(kept: LandedDelivery | None) -> LandedDelivery | None:
        return None if kept is None else kept.forget_totals()

    run.connector.shops.change(run.shop_id, LandedDelivery, erase, landing_name(file))


def _forget_in_journal(run: Run, since: date) -> None:
    """Erase the totals of the entries whose statements were drawn up on a day or later."""
    before: int | None = None
    while entries := run.connector.shops.journal(run.shop_id, PAGE, before=before):
        for entry in entries:
            if entry.totals is not None:
                run.connector.shops.change(run.shop_id, JournalEntry, _erase_totals, entry.name)
        before = entries[-1].number
        if local_day(entries[-1].at) < since:
            return


def _erase_totals(kept: JournalEntry | None) -> JournalEntry | None:
    return None if kept is None else replace(kept, totals=None)
