"""Booked orders that moved in the shop, read once more by night: another address, VAT number,
article or rate, which a list does not show while the totals stay.

Most of them were only shipped, and each costs a call. So the look is apart from the export, takes
no more than half of what is left of the shop's allowance, and goes on the next night where it
stopped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from chalicelib.domain.changes import details_change, order_change
from chalicelib.domain.fingerprint import Prints, source_print
from chalicelib.domain.ledger import (
    DocumentKind,
    Entry,
    EntryState,
    LateChange,
    document_key,
)
from chalicelib.domain.orders import Order
from chalicelib.domain.shops import Shop
from chalicelib.errors import (
    ShopNotFound,
    ShopRateLimited,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.ports import ShopApi
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.reading import shop_key
from chalicelib.usecases.intake.paging import changed_orders
from chalicelib.usecases.intake.sweep import OVERLAP, overlap_of

NOTE = "details"
MOST_READ = 250  # a night: a few minutes
LONGEST_LOOK_BACK = timedelta(days=14)
"""A shop that ships more than can be read is never caught up with; what is older is let go."""

MOST_LEFT = 500  # orders: what a note has room for
FAILURES = 3  # then SEOshop is considered down


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A booked order that moved in the shop and has to be read."""

    entry: Entry
    moved_at: datetime


@dataclass(slots=True)
class _Look:
    """A look at work. `edited` are the numbers found. Everything that moved before `mark` has been
    looked at, but for `left`: ids, and when they moved, of orders that one cannot look at now.
    """

    shop: Shop
    api: ShopApi
    mark: datetime
    edited: list[str] = field(default_factory=list)
    left: dict[int, datetime] = field(default_factory=dict)
    failures: int = 0

    def leave(self, candidate: Candidate) -> None:
        self.left[candidate.entry.document_id] = candidate.moved_at


def look(connector: Connector, shop: Shop, api: ShopApi, *, until: datetime) -> tuple[str, ...]:
    """Tell of every booked order whose details are others than those booked. Returns their numbers.

    Reads none after `until`. Raises `ShopError` with the mark where it was when there is no list to
    be had.
    """
    started = connector.clock()
    noted = connector.shops.noted(shop.shop_id, NOTE) or {}
    before = datetime.fromisoformat(noted["until"]) if noted else shop.installed_at
    work = _Look(shop, api, mark=started)
    moved = _moved(shop, api, max(before, started - LONGEST_LOOK_BACK), noted)
    share = None
    for number, candidate in enumerate(_candidates(connector, work, moved)):
        share = _share(api) if share is None else share
        if number < share and work.failures < FAILURES and connector.clock() < until:
            _look_at(connector, work, candidate)
        elif candidate.moved_at < before:
            work.leave(candidate)
        else:
            work.mark = min(work.mark, candidate.moved_at)
    connector.shops.note(shop.shop_id, NOTE, _noted(work, started))
    return tuple(work.edited)


def _share(api: ShopApi) -> int:
    left = api.remaining_calls()
    return MOST_READ if left is None else min(left // 2, MOST_READ)


def _moved(
    shop: Shop, api: ShopApi, since: datetime, noted: Mapping[str, str]
) -> dict[int, datetime]:
    """When which orders moved: those left by earlier looks, and those listed since the mark."""
    left = (line.split(" ") for line in noted.get("left", "").splitlines())
    moved = {int(order_id): datetime.fromisoformat(at) for order_id, at in left}
    listed = changed_orders(api, since - overlap_of(shop))
    return moved | {summary.id: summary.updated_at for summary in listed}


def _noted(work: _Look, now: datetime) -> dict[str, str]:
    young = {key: at for key, at in work.left.items() if at > now - LONGEST_LOOK_BACK}
    newest = sorted(young, key=lambda key: young[key])[-MOST_LEFT:]
    return {
        "until": work.mark.isoformat(),
        "left": "\n".join(f"{key} {young[key].isoformat()}" for key in newest),
    }


def _candidates(
    connector: Connector, work: _Look, moved: Mapping[int, datetime]
) -> list[Candidate]:
    """The orders to be read, oldest change first. One that is in a file under way, or shows a
    refund that somebody has to deal with first, is left for another night.
    """
    found: list[Candidate] = []
    for order_id, moved_at in moved.items():
        key = document_key(DocumentKind.ORDER, order_id)
        entry = connector.entries.get(work.shop.shop_id, key)
        if entry is None or not _moved_since_taken(entry, moved_at):
            continue
        candidate = Candidate(entry=entry, moved_at=moved_at)
        if entry.state is EntryState.CLAIMED or entry.change == LateChange.REFUNDED:
            work.leave(candidate)
        elif entry.state is EntryState.PLACED and entry.change is None:
            found.append(candidate)
    return sorted(found, key=lambda candidate: candidate.moved_at)


def _moved_since_taken(entry: Entry, moved_at: datetime) -> bool:
    """Whether an order may have changed since the file it is in took it up."""
    taken = [event.at for event in entry.history if event.what == EntryState.CLAIMED]
    return bool(taken) and moved_at > taken[-1] - OVERLAP


def _look_at(connector: Connector, work: _Look, candidate: Candidate) -> None:
    try:
        order = work.api.order(candidate.entry.document_id)
    except ShopRateLimited:
        work.failures = FAILURES
        work.leave(candidate)
    except (ShopNotFound, ShopUnreadable):
        return  # the list shows whether it is cancelled; more is not to be had
    except ShopUnavailable:
        work.failures += 1
        work.leave(candidate)
    else:
        if _tell(connector, work.shop, candidate.entry, order):
            work.edited.append(candidate.entry.number)


def _tell(connector: Connector, shop: Shop, entry: Entry, order: Order) -> bool:
    """Put other details on the list, unless the order's list entry tells of it. They are remembered
    with it, so that being shipped afterwards does not bring up again what was dealt with.
    """
    key = shop_key(connector, shop)
    booked = Prints.read(entry.fingerprint, key)
    if booked is None or order_change(order, booked, shop.policy, key) is not None:
        return False
    if details_change(order, booked, key) is None:
        return False
    told = replace(booked, source=source_print(order, key))
    return connector.entries.mark_changed(
        entry.shop_id,
        entry.key,
        LateChange.DETAILS,
        at=connector.clock(),
        by="watch",
        reprint=(entry.fingerprint or "", str(told)),
    )
