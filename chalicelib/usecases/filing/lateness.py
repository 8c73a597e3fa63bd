"""Orders that wait longer than a shop that exports every night should let them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from chalicelib.domain.events import ShopStep
from chalicelib.domain.ledger import Entry
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
    return count_late(workspace, workspace.list_waiting(limit=MOST_COUNTED))


def count_late(workspace: Workspace, waiting: Iterable[Entry]) -> int:
    """How many of these, which wait in a shop that exports, have done so for too long."""
    bound = workspace.now() - OVERDUE
    late = sum(entry.since <= bound for entry in waiting)
    return 0 if late and find_start(workspace) > bound else late


def find_start(workspace: Workspace) -> datetime:
    """Since when a shop that exports has done so without a break; one whose last start was noted by
    a version before 1.4.0 knows it by its audit.
    """
    if workspace.shop.exports_since is not None:
        return workspace.shop.exports_since
    audit = workspace.connector.shops.audit(workspace.shop_id)
    started = [event.at for event in audit if event.step in _STARTS]
    return max([workspace.shop.installed_at, *started])
