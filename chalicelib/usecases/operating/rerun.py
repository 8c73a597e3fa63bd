"""Replay and repair by the operator: a shop, some orders, a date range, or a file in `unknown`.

Input: ``{"shop_id": 184520}`` with, optional, ``"orders": ["ORD00412"]``, ``"since":
"2026-01-01"``, ``"dry_run": true``, ``"reason": "…"``; or ``"file": "axml-…xml"`` with
``"settle": "confirm"`` (it is in Asperion) or ``"again"`` (it is not).

Answer: ``{"shop_id", "dry_run", "files": [{"name", "orders", "state"}], "held": [{"order",
"reason"}], "skipped": [{"order", "reason"}], "waiting": n}``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from chalicelib.domain.ledger import Actor, EntryState, Hint
from chalicelib.domain.shops import Shop
from chalicelib.errors import RequestError, UnknownOrder
from chalicelib.ports import ShopApi
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.export import Job, Report, export_shop
from chalicelib.usecases.exporting.run import FileResult, Skip
from chalicelib.usecases.operating import settling
from chalicelib.usecases.operating.dry_run import due_since, pairs, rehearse
from chalicelib.usecases.operating.rerun_request import Found, Wish, obstacle, parse


def rerun(connector: Connector, event: object, *, run: str) -> dict[str, Any]:
    """Do what is asked, or with ``dry_run`` only say what would be done.

    Raises `RequestError` (and `UnknownShop`, `UnknownOrder`, `UnknownFile`) with nothing done,
    `ShopError` when the shop cannot be asked.
    """
    wish = parse(event)
    shop = connector.shop(wish.shop_id)
    skipped: list[Skip] = []
    if wish.file:
        settling.settle_file(connector, wish.shop_id, wish.file, wish.settle or "", wish.dry_run)
        return _answer(connector, Report(shop_id=shop.shop_id, waiting=_waiting(connector, shop)))
    if not shop.state.exports:
        raise RequestError(f"Shop {shop.shop_id} is {shop.state.value}; nothing can be exported.")
    chosen = None
    if wish.orders is not None:
        chosen = find(connector, shop, wish.orders)
    if wish.dry_run:
        return rehearse(connector, shop, wish, chosen)
    only = None
    if chosen is not None:
        obstacles = {found[0]: _set_waiting(connector, wish, found) for found in chosen}
        only = [hint.key for hint, why in obstacles.items() if why is None]
        skipped = [Skip(hint.number, why) for hint, why in obstacles.items() if why is not None]
    if wish.since is not None:
        _look_back(connector, shop, wish.since)
    job = Job(shop_id=shop.shop_id, run=run, by=Actor.OPERATOR, comes_back=False, only=only)
    report = export_shop(connector, job)
    return _answer(connector, replace(report, skipped=(*report.skipped, *skipped)))


def find(connector: Connector, shop: Shop, numbers: Sequence[str]) -> list[Found]:
    """The documents of these numbers, from the ledger or else from the shop; all or none."""
    found: list[Found] = []
    unknown: list[str] = []
    api: ShopApi | None = None
    for number in numbers:
        entries = connector.entries.by_number(shop.shop_id, number)
        found.extend((entry.hint, entry) for entry in entries)
        if entries:
            continue
        api = api or connector.open_shop(shop)
        summary = api.find_order(number)
        if summary is None:
            unknown.append(number)
            continue
        found.append((Hint.of_order(summary), None))
    if unknown:
        raise UnknownOrder(
            f"Shop {shop.shop_id} has no order {', '.join(unknown)}; nothing was done."
        )
    return found


def _set_waiting(connector: Connector, wish: Wish, found: Found) -> str | None:
    """Let the document wait for a file, a placed one only with a reason; else say why not."""
    hint, entry = found
    now = connector.clock()
    if entry is None:
        connector.entries.hear(wish.shop_id, hint, at=now, by=Actor.OPERATOR)
        return None
    if entry.state is EntryState.WAITING:
        return None
    why = obstacle(entry, wish)
    if why is None and not connector.entries.requeue(
        wish.shop_id,
        entry.key,
        expect=entry.state,
        at=now,
        by=Actor.OPERATOR,
        reason=wish.reason or "rerun",
    ):
        return "changed by another run meanwhile"
    return why


def _look_back(connector: Connector, shop: Shop, since: date) -> None:
    """Hear every due order changed since that day which the ledger does not know."""
    api = connector.open_shop(shop)
    for key, hint in due_since(shop, api, since).items():
        if connector.entries.get(shop.shop_id, key) is None:
            connector.entries.hear(shop.shop_id, hint, at=connector.clock(), by=Actor.OPERATOR)


def _waiting(connector: Connector, shop: Shop) -> int:
    return connector.entries.count(shop.shop_id, EntryState.WAITING)


def _answer(connector: Connector, report: Report) -> dict[str, Any]:
    return {
        "shop_id": report.shop_id,
        "dry_run": False,
        "files": [_file(connector, report.shop_id, each) for each in report.files],
        "held": pairs(report.held),
        "skipped": pairs(report.skipped),
        "waiting": report.waiting,
    }


def _file(connector: Connector, shop_id: int, result: FileResult) -> dict[str, Any]:
    file = connector.files.get(shop_id, result.name)
    entries = [connector.entries.get(shop_id, key) for key in (file.keys if file else ())]
    return {
        "name": result.name,
        "orders": sorted(entry.number for entry in entries if entry is not None),
        "state": result.state.value,
    }
