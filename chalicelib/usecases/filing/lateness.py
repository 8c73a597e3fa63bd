"""Orders that wait longer than a shop that exports every night should let them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from chalicelib.domain.events import ShopStep
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.vat_numbers import VatStanding
from chalicelib.usecases.workspace import Workspace

OVERDUE = timedelta(hours=36)
"""A night's run was missed for sure: it starts every 24 hours and may take a few of them."""

MOST_COUNTED = 1000
"""Waiting orders that are counted, those with the oldest dates: one query. More are as many."""

_STARTS = (ShopStep.COMPLETE, ShopStep.REINSTALL, ShopStep.RESUME)


def count_overdue(workspace: Workspace, unfinished: Sequence[FileEntry] | None = None) -> int:
    """How many documents have waited for longer than `OVERDUE` while the shop exported. One that
    files gave back has waited all along: see `Entry.since`. What waits for the register of VAT
    numbers, since the merchant wants that, is not among them. `unfinished` are the shop's files
    whose outcome is not known, where they were read already.
    """
    if not workspace.shop.state.exports:
        return 0
    bound = workspace.now() - OVERDUE
    waiting = workspace.list_waiting(limit=MOST_COUNTED, unfinished=unfinished)
    late = [entry for entry in waiting if entry.since <= bound]
    if not late:
        return 0
    unanswered = read_unanswered(workspace)
    return count_late(workspace, (each for each in late if each.key not in unanswered))


def read_unanswered(workspace: Workspace) -> frozenset[str]:
    """The keys of documents that wait, or waited of late, for the register to answer."""
    kept = workspace.connector.shops.load(workspace.shop_id, VatStanding)
    return frozenset() if kept is None else frozenset(kept.waiting)


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
