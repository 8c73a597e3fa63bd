"""The account of a day as the whole ledger tells it, document by document."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.statement import DayAccount
from chalicelib.usecases.filing.day_account import open_account
from chalicelib.usecases.workspace import ALL_OPEN, Workspace


def account_of_day(workspace: Workspace, day: date) -> DayAccount:
    """The documents behind each figure of a day, out of every document that there is."""
    account = open_account(workspace, day)
    for entry in workspace.connector.entries.list_all(workspace.shop_id, limit=ALL_OPEN):
        account.add(entry)
    return account
