"""A rerun's ``dry_run``: read and judge, say what would happen, and write nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain.days import local_day, start_of
from chalicelib.domain.holds import Hold
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Entry, EntryState, Hint, ReleaseCause
from chalicelib.domain.shops import Shop
from chalicelib.errors import ShopNotFound
from chalicelib.ports import ShopApi
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.isolating import read_alone
from chalicelib.usecases.exporting.run import Held, Skip
from chalicelib.usecases.intake.sweep import due_now
from chalicelib.usecases.operating.rerun_request import Found, Wish, obstacle

WOULD_PLACE = "would be placed"


def rehearse(
    connector: Connector,
    shop: Shop,
    wish: Wish,
    chosen: Sequence[Found] | None,
) -> dict[str, Any]:
    """Read and judge, and write nothing at all."""
    api = connector.open_shop(shop)
    placeable: list[str] = []
    held: list[Held] = []
    skipped: list[Skip] = []
    for entry in _candidates(connector, shop, api, wish, chosen):
        why_not = obstacle(entry, wish)
        if why_not:
            skipped.append(Skip(entry.number, why_not))
            continue
        try:
            verdict = read_alone(connector, shop, api, entry).verdict
        except ShopNotFound:
            skipped.append(Skip(entry.number, ReleaseCause.NOT_FOUND))
            continue
        if isinstance(verdict, Invoice):
            placeable.append(entry.number)
        elif isinstance(verdict, Hold):
            held.append(Held(entry.number, verdict.reason.value))
        else:
            skipped.append(Skip(entry.number, verdict.cause))
    size = connector.settings.orders_per_file
    return {
        "shop_id": shop.shop_id,
        "dry_run": True,
        "files": [
            {"name": None, "orders": placeable[start : start + size], "state": WOULD_PLACE}
            for start in range(0, len(placeable), size)
        ],
        "held": pairs(held),
        "skipped": pairs(skipped),
        "waiting": connector.entries.count(shop.shop_id, EntryState.WAITING),
    }


def _candidates(
    connector: Connector,
    shop: Shop,
    api: ShopApi,
    wish: Wish,
    chosen: Sequence[Found] | None,
) -> list[Entry]:
    now = connector.clock()
    if chosen is not None:
        return [entry or _imagined(shop, hint, now) for hint, entry in chosen]
    waiting = connector.entries.open(shop.shop_id, EntryState.WAITING, limit=10_000)
    known = {entry.key for entry in waiting}
    since = wish.since or local_day(shop.swept_until or shop.installed_at)
    found = [
        _imagined(shop, hint, now)
        for key, hint in due_since(shop, api, since).items()
        if key not in known and connector.entries.get(shop.shop_id, key) is None
    ]
    return [*waiting, *found]


def _imagined(shop: Shop, hint: Hint, now: datetime) -> Entry:
    """An entry as it would be after hearing the hint."""
    return Entry(
        shop_id=shop.shop_id,
        kind=hint.kind,
        document_id=hint.document_id,
        number=hint.number,
        day=hint.day,
        state=EntryState.WAITING,
        since=now,
    )


def due_since(shop: Shop, api: ShopApi, since: date) -> dict[str, Hint]:
    """Every document due now that changed since that day, by its ledger key."""
    due = due_now(shop, api, start_of(since).astimezone(UTC))
    return {hint.key: hint for hint in due}


def pairs(found: Sequence[Held | Skip]) -> list[dict[str, str]]:
    """Orders with their reasons, as the answer shows them."""
    return [each._asdict() for each in found]
