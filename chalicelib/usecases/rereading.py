"""Booked orders that moved in the shop, read once more by night: another address, VAT number,
article or rate, which a list does not show while the totals stay.

Most of them were only shipped, and each costs a call. So the look is apart from the export, takes
no more than half of what is left of the shop's allowance, and goes on the next night where it
stopped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
from chalicelib.domain.orders import Order, OrderSummary
from chalicelib.domain.shops import Shop
from chalicelib.errors import (
    ShopNotFound,
    ShopRateLimited,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.ports import ShopApi
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.noticing import earliest
from chalicelib.usecases.paging import changed_orders
from chalicelib.usecases.reading import shop_key
from chalicelib.usecases.sweep import OVERLAP, overlap_of

NOTE = "details"
MOST_READ = 250  # a night: a few minutes
LONGEST_LOOK_BACK = timedelta(days=14)
"""A shop that ships more than can be read is never caught up with; what is older is let go."""

FAILURES = 3  # then SEOshop is considered down


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A booked order that moved since it was read."""

    summary: OrderSummary
    entry: Entry
    booked: Prints


@dataclass(slots=True)
class _Look:
    """A look at work: `edited` are the numbers found, `left` is the earliest change not looked
    at.
    """

    edited: list[str]
    left: datetime | None = None
    failures: int = 0

    def leave(self, candidate: Candidate) -> None:
        self.left = earliest(self.left, candidate.summary.updated_at)


def look(connector: Connector, shop: Shop, api: ShopApi, *, until: datetime) -> tuple[str, ...]:
    """Tell of every booked order whose details are others than those booked. Returns their numbers.

    Reads none after `until`. Raises `ShopError` with the mark where it was when there is no list to
    be had.
    """
    started = connector.clock()
    work = _Look([])
    found, work.left = _candidates(connector, shop, api, _since(connector, shop, started))
    share = _share(api)
    for number, candidate in enumerate(found):
        if number >= share or work.failures >= FAILURES or connector.clock() >= until:
            work.leave(candidate)
        else:
            _look_at(connector, shop, api, candidate, work)
    mark = min(started, work.left or started)
    connector.shops.note(shop.shop_id, NOTE, {"until": mark.isoformat()})
    return tuple(work.edited)


def _since(connector: Connector, shop: Shop, now: datetime) -> datetime:
    noted = connector.shops.noted(shop.shop_id, NOTE)
    last = datetime.fromisoformat(noted["until"]) if noted else shop.installed_at
    return max(last, now - LONGEST_LOOK_BACK) - overlap_of(shop)


def _share(api: ShopApi) -> int:
    left = api.remaining_calls()
    return MOST_READ if left is None else min(left // 2, MOST_READ)


def _candidates(
    connector: Connector, shop: Shop, api: ShopApi, since: datetime
) -> tuple[Sequence[Candidate], datetime | None]:
    """The orders to be read, oldest change first, and the earliest change that has to wait: its
    order is in a file under way, or shows a refund that somebody has to deal with first.
    """
    key = shop_key(connector, shop)
    found: list[Candidate] = []
    waits = None
    for summary in changed_orders(api, since):
        entry = connector.entries.get(shop.shop_id, document_key(DocumentKind.ORDER, summary.id))
        if entry is None:
            continue
        if entry.state is EntryState.CLAIMED or entry.change == LateChange.REFUNDED:
            waits = earliest(waits, summary.updated_at)
        elif _moved(entry, summary):
            booked = Prints.read(entry.fingerprint, key)
            if booked and order_change(summary, booked, shop.policy, key) is None:
                found.append(Candidate(summary=summary, entry=entry, booked=booked))
    found.sort(key=lambda candidate: candidate.summary.updated_at)
    return found, waits


def _moved(entry: Entry, summary: OrderSummary) -> bool:
    """Whether a booked order that shows no change may have one since its file took it up."""
    taken = [event.at for event in entry.history if event.what == EntryState.CLAIMED]
    booked = entry.state is EntryState.PLACED and entry.change is None and taken
    return bool(booked) and summary.updated_at > taken[-1] - OVERLAP


def _look_at(
    connector: Connector, shop: Shop, api: ShopApi, candidate: Candidate, work: _Look
) -> None:
    try:
        order = api.order(candidate.summary.id)
    except ShopRateLimited:
        work.failures = FAILURES
        work.leave(candidate)
    except (ShopNotFound, ShopUnreadable):
        return  # the list shows whether it is cancelled; more is not to be had
    except ShopUnavailable:
        work.failures += 1
        work.leave(candidate)
    else:
        if _tell(connector, candidate, order, shop_key(connector, shop)):
            work.edited.append(candidate.entry.number)


def _tell(connector: Connector, candidate: Candidate, order: Order, key: bytes) -> bool:
    """Put other details on the list. They are remembered with it, so that being shipped afterwards
    does not bring up again what somebody has dealt with.
    """
    entry, booked = candidate.entry, candidate.booked
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
