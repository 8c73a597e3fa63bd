"""Booked orders that changed in the shop, read once more by night: another address, VAT number,
article or rate, which a list does not show while the totals stay.

Most of them were only shipped, and each costs a call. So this is apart from the export, takes no
more than half of what is left of the shop's allowance, and goes on the next night where it stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.causes import LateChange
from chalicelib.domain.changes import details_change, order_change
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.fingerprint import Prints, source_print
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.orders import Order
from chalicelib.domain.shop_records import RereadProgress
from chalicelib.errors import (
    ShopNotFound,
    ShopRateLimited,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.ports import StepTaken
from chalicelib.usecases.intake.paging import changed_orders
from chalicelib.usecases.intake.sweep import OVERLAP, overlap_of
from chalicelib.usecases.workspace import Workspace

MOST_READ = 250  # a night: a few minutes
REACHES_BACK = timedelta(days=14)
"""A shop that ships more than can be read is never caught up with; what is older is let go."""

MOST_LEFT = 500  # orders: what a record has room for
FAILURES = 3  # then SEOshop is considered down


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A booked order that changed in the shop and has to be read."""

    entry: Entry
    changed_at: datetime


@dataclass(slots=True)
class _Search:
    """A search at work. `edited` are the numbers found. Every order that changed before `until` has
    been read, but for `left`: ids, and when each changed, of orders that cannot be read now.
    """

    workspace: Workspace
    until: datetime
    edited: list[str] = field(default_factory=list)
    left: dict[int, datetime] = field(default_factory=dict)
    failures: int = 0

    def leave(self, candidate: Candidate) -> None:
        self.left[candidate.entry.document_id] = candidate.changed_at


def flag_edits(workspace: Workspace, *, stop_at: datetime) -> tuple[str, ...]:
    """Report every booked order whose details are others than those booked. Returns their numbers.

    Reads none after `stop_at`. Raises `ShopError` with the progress where it was when there is no
    list to be had.
    """
    started = workspace.now()
    kept = workspace.connector.shops.load(workspace.shop_id, RereadProgress)
    kept = kept or RereadProgress(until=workspace.shop.installed_at)
    search = _Search(workspace, until=started)
    changed = _list_changed(workspace, max(kept.until, started - REACHES_BACK), kept.left)
    most = None
    for number, candidate in enumerate(_candidates(search, changed)):
        most = _most_to_read(workspace) if most is None else most
        if number < most and search.failures < FAILURES and workspace.now() < stop_at:
            _reread(search, candidate)
        elif candidate.changed_at < kept.until:
            search.leave(candidate)
        else:
            search.until = min(search.until, candidate.changed_at)
    workspace.connector.shops.save(workspace.shop_id, _progress(search, started))
    return tuple(search.edited)


def _most_to_read(workspace: Workspace) -> int:
    left = workspace.api.remaining_calls()
    return MOST_READ if left is None else min(left // 2, MOST_READ)


def _list_changed(
    workspace: Workspace, since: datetime, left: Mapping[int, datetime]
) -> dict[int, datetime]:
    """When which orders changed: those left by earlier searches, and those listed since."""
    listed = changed_orders(workspace.api, since - overlap_of(workspace.shop))
    return {**left, **{summary.id: summary.updated_at for summary in listed}}


def _progress(search: _Search, now: datetime) -> RereadProgress:
    young = {key: at for key, at in search.left.items() if at > now - REACHES_BACK}
    newest = sorted(young, key=lambda key: young[key])[-MOST_LEFT:]
    return RereadProgress(until=search.until, left={key: young[key] for key in newest})


def _candidates(search: _Search, changed: Mapping[int, datetime]) -> list[Candidate]:
    """The orders to be read, oldest change first. One that is in a file under way, or shows a
    change that has to go by or be dealt with first, is left for another night.
    """
    found: list[Candidate] = []
    for order_id, changed_at in changed.items():
        entry = search.workspace.entry_of(DocumentKind.ORDER, order_id)
        if entry is None or not _changed_since_claimed(entry, changed_at):
            continue
        candidate = Candidate(entry=entry, changed_at=changed_at)
        if entry.state is EntryState.CLAIMED or entry.change is not None:
            search.leave(candidate)
        elif entry.state is EntryState.PLACED:
            found.append(candidate)
    return sorted(found, key=lambda candidate: candidate.changed_at)


def _changed_since_claimed(entry: Entry, changed_at: datetime) -> bool:
    """Whether an order may have changed since the file it is in took it up."""
    return entry.claimed_at is not None and changed_at > entry.claimed_at - OVERLAP


def _reread(search: _Search, candidate: Candidate) -> None:
    try:
        order = search.workspace.api.order(candidate.entry.document_id)
    except ShopRateLimited:
        search.failures = FAILURES
        search.leave(candidate)
    except ShopUnreadable:
        return  # the list shows whether it is cancelled; more is not to be had
    except ShopNotFound:
        search.leave(candidate)  # it is listed: SEOshop may answer otherwise another night
    except ShopUnavailable:
        search.failures += 1
        search.leave(candidate)
    else:
        if _report_edit(search.workspace, candidate.entry, order):
            search.edited.append(candidate.entry.number)


def _report_edit(workspace: Workspace, entry: Entry, order: Order) -> bool:
    """Put other details on the list, unless the order's list entry shows them. They are remembered
    with it, so that being shipped afterwards does not bring up again what was dealt with.
    """
    key = workspace.prints_key
    booked = Prints.read(entry.fingerprint, key)
    if booked is None or order_change(order, booked, workspace.shop.policy, key) is not None:
        return False
    if details_change(order, booked, key) is None:
        return False
    event = Event(
        at=workspace.now(), step=OrderStep.REPORT, by=Actor.WATCH, cause=LateChange.DETAILS
    )
    taken = StepTaken(
        key=entry.key,
        event=event,
        fingerprint=str(replace(booked, source=source_print(order, key))),
        read_fingerprint=entry.fingerprint,
    )
    return workspace.connector.entries.record(workspace.shop_id, taken) is not None
