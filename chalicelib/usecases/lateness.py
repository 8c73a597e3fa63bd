"""Orders that wait longer than a shop that exports every night should let them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, EntryState, Event
from chalicelib.domain.shops import Shop
from chalicelib.usecases.connector import Connector

OVERDUE = timedelta(hours=36)
"""A night's run was missed for sure: it starts every 24 hours and may take a few of them."""

LOOKED_INTO = 50  # orders whose biography is read for one count
_SET_GOING = ("installed", "reinstalled", "resumed")
_UNDER_WAY = (EntryState.WAITING.value, EntryState.CLAIMED.value)


def overdue(connector: Connector, shop: Shop) -> int:
    """How many orders have waited for longer than `OVERDUE` while the shop exported; past
    `LOOKED_INTO` of them it stops counting.
    """
    bound = connector.clock() - OVERDUE
    if not shop.state.exports:
        return 0
    entries = connector.entries
    listed = entries.open(shop.shop_id, EntryState.WAITING, limit=LOOKED_INTO)
    old = [entry for entry in listed if entry.day <= local_day(bound)]
    if not old or _going_since(connector, shop) > bound:
        return 0
    return sum(_waits_since(connector, entry) <= bound for entry in old)


def _waits_since(connector: Connector, entry: Entry) -> datetime:
    """When an order began to wait. One that was put back from a file that did not arrive has waited
    all along, though its state is younger: only its biography tells.
    """
    known = connector.entries.get(entry.shop_id, entry.key)
    return entry.since if known is None else _began(known.history, entry.since)


def _began(history: Sequence[Event], since: datetime) -> datetime:
    began = since
    for event in reversed(history):
        if event.what not in set(EntryState):
            continue
        if event.what not in _UNDER_WAY:
            break
        began = event.at
    return began


def _going_since(connector: Connector, shop: Shop) -> datetime:
    """Since when the shop has been exporting without a break."""
    started = [e.at for e in connector.shops.audit(shop.shop_id) if e.what in _SET_GOING]
    return max([shop.installed_at, *started])
