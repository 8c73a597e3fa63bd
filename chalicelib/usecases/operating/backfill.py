"""Migration: orders that were there before the connector, for a range of days.

Counts first, then works through it in the same pipeline: every page's due orders are heard and
the export files them. Progress is kept after every page, so it can be read at any time, stopped
and resumed; an order that is in the ledger already is never taken twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.domain.days import start_of
from chalicelib.domain.due import not_due
from chalicelib.domain.ledger import EntryState, Hint
from chalicelib.domain.orders import OrderSummary
from chalicelib.domain.policy import Source
from chalicelib.domain.shops import Shop
from chalicelib.errors import RequestError
from chalicelib.ports import PAGE, ShopApi
from chalicelib.usecases.changes.by_hand import is_settled_by_hand
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.intake.paging import orders_made
from chalicelib.usecases.operating import requests

NOTE = "backfill"
KEYS = ("shop_id", "action", "from", "to", "except")
ACTIONS = ("count", "start", "status", "stop", "resume")
RUNNING, STOPPED, DONE = "running", "stopped", "done"
_STEPS = {("stop", RUNNING): STOPPED, ("resume", STOPPED): RUNNING}
MOST_EXCEPTED = 10_000  # they are kept with the progress, and a record holds 400 KB

Note = dict[str, str]


@dataclass(frozen=True, slots=True)
class Range:
    """From the first day's beginning to the last day's end, as instants."""

    first: datetime
    last: datetime


@dataclass(slots=True)
class Tally:
    """What a range holds: `due` would be booked, `known` are in the ledger already."""

    orders: int = 0
    due: int = 0
    known: int = 0
    excepted: int = 0
    not_due: dict[str, int] = field(default_factory=dict)


def backfill(connector: Connector, event: object) -> dict[str, Any]:
    """Count, start, look at, stop or resume a shop's migration.

    ``{"shop_id": 184520, "from": "2026-01-01", "to": "2026-01-31"}`` counts; with ``"action":
    "start"`` it begins. ``"except"`` lists order numbers that a previous connector has booked.
    Raises `RequestError` with nothing done, `ShopError` when the shop cannot be asked.
    """
    given = requests.only_keys(event, KEYS, function="backfill")
    shop = connector.shop(requests.shop_id_of(given))
    action = requests.text(given, "action") or "count"
    if action not in ACTIONS:
        raise RequestError(f"action must be one of {', '.join(ACTIONS)}.")
    if not shop.state.exports and action in ("count", "start", "resume"):
        raise RequestError(f"Shop {shop.shop_id} is {shop.state.value}; nothing can be exported.")
    if shop.policy.source is Source.INVOICES:
        raise RequestError("This shop exports invoices; migration works on orders only.")
    if action == "count":
        return _count(connector, shop, _range(given), _excepted(given))
    if action == "start":
        return _start(connector, shop, _range(given), _excepted(given))
    return _steer(connector, shop, action)


def _range(given: Mapping[str, Any]) -> Range:
    first, last = requests.day(given, "from"), requests.day(given, "to")
    if first is None or last is None or last < first:
        raise RequestError('Give the days "from" and "to", in that order.')
    return Range(
        start_of(first).astimezone(UTC), start_of(last + timedelta(days=1)).astimezone(UTC)
    )


def _excepted(given: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(requests.texts(given, "except") or ())


def _count(
    connector: Connector, shop: Shop, days: Range, excepted: frozenset[str]
) -> dict[str, Any]:
    tally = Tally()
    for summary in orders_made(connector.open_shop(shop), days.first, days.last):
        _add(connector, shop, summary, excepted, tally)
    return {
        "shop_id": shop.shop_id,
        "orders": tally.orders,
        "due": tally.due,
        "known": tally.known,
        "excepted": tally.excepted,
        "not_due": tally.not_due,
        "files": -(-tally.due // connector.settings.orders_per_file),
    }


def _add(
    connector: Connector,
    shop: Shop,
    summary: OrderSummary,
    excepted: frozenset[str],
    tally: Tally,
) -> bool:
    """Count one order; True when it is to be booked."""
    tally.orders += 1
    cause = not_due(
        status=summary.status, payment_status=summary.payment_status, policy=shop.policy
    )
    if cause is not None:
        tally.not_due[cause] = tally.not_due.get(cause, 0) + 1
        return False
    if summary.number in excepted:
        tally.excepted += 1
        return False
    entry = connector.entries.get(shop.shop_id, Hint.of_order(summary).key)
    if entry is not None and (entry.state is not EntryState.DROPPED or is_settled_by_hand(entry)):
        tally.known += 1
        return False
    tally.due += 1
    return True


def _start(
    connector: Connector, shop: Shop, days: Range, excepted: frozenset[str]
) -> dict[str, Any]:
    if len(excepted) > MOST_EXCEPTED:
        raise RequestError(f"except takes at most {MOST_EXCEPTED} numbers; migrate in parts.")
    begun = {
        "state": RUNNING,
        "first": days.first.isoformat(),
        "last": days.last.isoformat(),
        "after_id": "0",
        "orders": "0",
        "taken": "0",
        "except": "\n".join(sorted(excepted)),
        "at": connector.clock().isoformat(),
    }

    def start(note: Note | None) -> Note:
        if note and note["state"] == RUNNING:
            raise RequestError("A migration of this shop is under way; stop it first.")
        return begun

    connector.shops.change_note(shop.shop_id, NOTE, start)
    connector.queue.send(shop.shop_id, run=NOTE)
    return _status(connector, shop, begun)


def _steer(connector: Connector, shop: Shop, action: str) -> dict[str, Any]:
    def steer(note: Note | None) -> Note | None:
        if note is None:
            raise RequestError(f"Shop {shop.shop_id} has no migration; start one.")
        leads_to = _STEPS.get((action, note["state"]))
        return {**note, "state": leads_to} if leads_to else None

    note = connector.shops.change_note(shop.shop_id, NOTE, steer) or {}
    if action == "resume" and note["state"] == RUNNING:
        connector.queue.send(shop.shop_id, run=NOTE)
    return _status(connector, shop, note)


def _status(connector: Connector, shop: Shop, note: Mapping[str, str]) -> dict[str, Any]:
    return {
        "shop_id": shop.shop_id,
        "state": note["state"],
        "seen": int(note["orders"]),
        "taken": int(note["taken"]),
        "waiting": connector.entries.count(shop.shop_id, EntryState.WAITING),
        "held": connector.entries.count(shop.shop_id, EntryState.HELD),
        "at": note["at"],
    }


def advance(
    connector: Connector, shop: Shop, api: ShopApi, *, until: datetime, heard: list[str]
) -> bool:
    """Hear the running migration's next pages, until all are heard or the time is up; True when
    there are more. The keys of what waits because of it are added to `heard`. Part of the export,
    so that migrated orders take the same way as all others.

    Raises `ShopError` (`ShopRateLimited` among them) with the progress of the last whole page.
    """
    note = connector.shops.noted(shop.shop_id, NOTE)
    while note is not None and note["state"] == RUNNING:
        if connector.clock() >= until:
            return True
        after_id = int(note["after_id"])
        page = api.orders_created_between(
            datetime.fromisoformat(note["first"]),
            datetime.fromisoformat(note["last"]),
            after_id=after_id,
        )
        tally = Tally()
        excepted = frozenset(note["except"].split("\n"))
        for summary in page:
            hint = Hint.of_order(summary)
            if _add(connector, shop, summary, excepted, tally) and connector.entries.hear(
                shop.shop_id, hint, at=connector.clock(), by=NOTE
            ):
                heard.append(hint.key)
        note = _noted_on(connector, shop, page, tally, after_id=after_id)
    return False


def _noted_on(
    connector: Connector, shop: Shop, page: list[OrderSummary], tally: Tally, *, after_id: int
) -> Note | None:
    """Add a page to the progress; whoever stops the migration meanwhile is heard."""
    ended = len(page) < PAGE

    def go_on(note: Note | None) -> Note | None:
        if note is None or note["after_id"] != str(after_id):
            return None  # another run was here, or the migration began anew
        return {
            **note,
            "state": DONE if ended and note["state"] == RUNNING else note["state"],
            "after_id": str(page[-1].id) if page else note["after_id"],
            "orders": str(int(note["orders"]) + tally.orders),
            "taken": str(int(note["taken"]) + tally.due),
            "at": connector.clock().isoformat(),
        }

    return connector.shops.change_note(shop.shop_id, NOTE, go_on)
