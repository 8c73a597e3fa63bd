"""Orders that wait longer than a shop that exports every night should let them."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.events import ShopStep
from chalicelib.usecases.workspace import Workspace

OVERDUE = timedelta(hours=36)
"""A night's run was missed for sure: it starts every 24 hours and may take a few of them."""

MOST_COUNTED = 1000
"""Waiting orders that are counted, those with the oldest dates: one query. More are as many."""

_STARTS = (ShopStep.COMPLETE, ShopStep.REINSTALL, ShopStep.RESUME)


def count_overdue(workspace: Workspace) -> int:
    """How many documents have waited for longer than `OVERDUE` while the shop exported. One that
    files gave back has waited all along: see `Entry.since`.
    """
    if not workspace.shop.state.exports:
        return 0
    bound = workspace.now() - OVERDUE
    late = sum(entry.since <= bound for entry in workspace.list_waiting(limit=MOST_COUNTED))
    return 0 if late and _exports_since(workspace) > bound else late


def _exports_since(workspace: Workspace) -> datetime:
    """Since when the shop has been exporting without a break."""
    audit = workspace.connector.shops.audit(workspace.shop_id)
    started = [event.at for event in audit if event.step in _STARTS]
    return max([workspace.shop.installed_at, *started])
