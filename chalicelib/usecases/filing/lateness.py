"""Orders that wait longer than a shop that exports every night should let them."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shops import Shop
from chalicelib.usecases.connector import Connector

OVERDUE = timedelta(hours=36)
"""A night's run was missed for sure: it starts every 24 hours and may take a few of them."""

LOOKED_AT = 1000
"""Waiting orders that are looked at, those with the oldest dates: one query. More are as many."""

_SET_GOING = ("installed", "reinstalled", "resumed")


def overdue(connector: Connector, shop: Shop) -> int:
    """How many documents have waited for longer than `OVERDUE` while the shop exported. One that
    files gave back has waited all along: see `Entry.since`.
    """
    if not shop.state.exports:
        return 0
    bound = connector.clock() - OVERDUE
    listed = connector.entries.open(shop.shop_id, EntryState.WAITING, limit=LOOKED_AT)
    late = sum(entry.since <= bound for entry in listed)
    return late if late and _going_since(connector, shop) <= bound else 0


def _going_since(connector: Connector, shop: Shop) -> datetime:
    """Since when the shop has been exporting without a break."""
    started = [e.at for e in connector.shops.audit(shop.shop_id) if e.what in _SET_GOING]
    return max([shop.installed_at, *started])
