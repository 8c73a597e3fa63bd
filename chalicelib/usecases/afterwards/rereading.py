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
from chalicelib.domain.fingerprint import source_print
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
from chalicelib.usecases.intake.paging import changed_orders, find_mark
from chalicelib.usecases.intake.sweep import OVERLAP, overlap_of
from chalicelib.usecases.workspace import Workspace

MOST_READ = 250  # a night: a few minutes
REACHES_BACK = timedelta(days=14)
"""A shop that ships more than can be read is never caught up with; what is older is let go."""

MOST_LEFT = 500  # orders: what a record has room for
FAILURES = 3  # then SEOshop is considered down


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


def flag_edits(workspace: Workspace, *, stop_at: datetime) -> tuple[str, ...]:
    """Report every booked order whose details are others than those booked. Returns their numbers.

    Reads none after `stop_at`. Raises `ShopError` with the progress where it was when there is no
    list to be had.
    """
    started = workspace.now()
    loaded = workspace.connector.shops.load(workspace.shop_id, RereadProgress)
    kept = loaded or RereadProgress(until=workspace.shop.installed_at)
    search = _Search(workspace, until=started)
    since = max(kept.until, started - REACHES_BACK) - overlap_of(workspace.shop)
    listed = {one.id: one.updated_at for one in changed_orders(workspace.api, since)}
    search.until = find_mark(workspace.api, since=since, now=started)
    candidates = _candidates(search, {**kept.left, **listed})
    calls = workspace.api.remaining_calls() if candidates else None
    most = MOST_READ if calls is None else min(calls // 2, MOST_READ)
    for number, (entry, changed_at) in enumerate(candidates):
        if number < most and search.failures < FAILURES and workspace.now() < stop_at:
            _reread(search, entry, changed_at)
        elif changed_at < kept.until:
            search.left[entry.document_id] = changed_at
        else:
            search.until = min(search.until, changed_at)
    young = {key: at for key, at in search.left.items() if at > started - REACHES_BACK}
    left = {key: young[key] for key in sorted(young, key=young.__getitem__)[-MOST_LEFT:]}

    def go_on(stored: RereadProgress | None) -> RereadProgress:
        until = search.until
        if stored is not None and stored != loaded:
            until = min(until, stored.until)  # a file that arrived meanwhile set it back
        return RereadProgress(until=until, left=left)

    workspace.connector.shops.change(workspace.shop_id, RereadProgress, go_on)
    return tuple(search.edited)


def _candidates(search: _Search, changed: Mapping[int, datetime]) -> list[tuple[Entry, datetime]]:
    """The booked orders to be read and when each changed, oldest change first. One that is in a
    file under way, or shows a change that has to go by or be dealt with first, is left for another
    night.
    """
    found: list[tuple[Entry, datetime]] = []
    for order_id, changed_at in changed.items():
        entry = search.workspace.entry_of(DocumentKind.ORDER, order_id)
        if entry is None or not _changed_since_claimed(entry, changed_at):
            continue
        if entry.state is EntryState.CLAIMED or entry.change is not None:
            search.left[order_id] = changed_at
        elif entry.state is EntryState.PLACED:
            found.append((entry, changed_at))
    return sorted(found, key=lambda one: one[1])


def _changed_since_claimed(entry: Entry, changed_at: datetime) -> bool:
    """Whether an order may have changed since the file it is in took it up: for the first time, as
    one that arrives late takes its orders up again, and says what they were when it was made.
    """
    if entry.claimed_at is None:
        return False
    claims = (event for event in entry.history if event.step is OrderStep.CLAIM)
    taken_up = min((e.at for e in claims if e.file == entry.file), default=entry.claimed_at)
    return changed_at > taken_up - OVERLAP


def _reread(search: _Search, entry: Entry, changed_at: datetime) -> None:
    try:
        order = search.workspace.api.order(entry.document_id)
    except ShopUnreadable:
        return  # the list shows whether it is cancelled; more is not to be had
    except (ShopRateLimited, ShopNotFound, ShopUnavailable) as error:
        # One that is not found is listed: SEOshop may answer otherwise another night.
        search.left[entry.document_id] = changed_at
        if isinstance(error, ShopRateLimited):
            search.failures = FAILURES
        elif isinstance(error, ShopUnavailable):
            search.failures += 1
    else:
        if _report_edit(search.workspace, entry, order):
            search.edited.append(entry.number)


def _report_edit(workspace: Workspace, entry: Entry, order: Order) -> bool:
    """Put other details on the list, unless the order's list entry shows them. They are remembered
    with it, so that being shipped afterwards does not bring up again what was dealt with.
    """
    booked = workspace.read_prints(entry)
    if booked is None or order_change(order, booked, workspace.shop.policy) is not None:
        return False
    if details_change(order, booked) is None:
        return False
    event = Event(
        at=workspace.now(), step=OrderStep.REPORT, by=Actor.WATCH, cause=LateChange.DETAILS
    )
    taken = StepTaken(
        key=entry.key,
        event=event,
        fingerprint=str(replace(booked, source=source_print(order, booked.key))),
        read_fingerprint=entry.fingerprint,
    )
    return workspace.connector.entries.record(workspace.shop_id, taken) is not None
