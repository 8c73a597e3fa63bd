"""The operator's look at all shops, and the few levers on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.domain.ledger import Actor, EntryState, FileState
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import RequestError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.lateness import overdue
from chalicelib.usecases.exporting.proof import note_name
from chalicelib.usecases.lifecycle import leave
from chalicelib.usecases.lifecycle.watch import WATCH_NOTE
from chalicelib.usecases.operating import requests
from chalicelib.usecases.overview import trouble

KEYS = ("shop_id", "action")


def shops(connector: Connector, event: object) -> dict[str, Any]:
    """``{}`` lists all shops, those that need a person first. ``{"shop_id": n}`` shows one with its
    audit; ``"action": "pause"`` or ``"resume"`` acts on it. ``{"action": "redrive"}`` gives the
    dead letters another chance. Raises `RequestError`, `UnknownShop`.
    """
    given = requests.only_keys(event or {}, KEYS, function="shops")
    action = requests.text(given, "action")
    if "shop_id" not in given:
        if action == "redrive":
            return {"redriven": connector.queue.redrive()}
        if action is not None:
            raise RequestError("Without a shop_id the only action is redrive.")
        found = [_line(connector, shop) for shop in connector.shops.everyone()]
        return {"shops": sorted(found, key=lambda line: (not line["attention"], line["shop_id"]))}
    shop_id = requests.shop_id_of(given)
    if action == "pause":
        leave.pause(connector, shop_id, by=Actor.OPERATOR)
    elif action == "resume":
        leave.resume(connector, shop_id, by=Actor.OPERATOR)
    elif action is not None:
        raise RequestError("action must be pause or resume.")
    return _one(connector, connector.shop(shop_id))


def _line(connector: Connector, shop: Shop) -> dict[str, Any]:
    waiting = connector.entries.open(shop.shop_id, EntryState.WAITING, limit=1)
    held = connector.entries.count(shop.shop_id, EntryState.HELD)
    unknown = [
        file.name
        for file in connector.files.unfinished(shop.shop_id)
        if file.state is FileState.UNKNOWN
    ]
    proof = connector.shops.noted(shop.shop_id, note_name(connector.clock())) or {}
    watched = connector.shops.noted(shop.shop_id, WATCH_NOTE) or {}
    wrong = proof.get("verdict") == "wrong"
    late, ill = overdue(connector, shop), trouble(connector, shop.shop_id)
    disconnected = shop.state is ShopState.DISCONNECTED
    return {
        "shop_id": shop.shop_id,
        "state": shop.state.value,
        "waiting": connector.entries.count(shop.shop_id, EntryState.WAITING),
        "overdue": late,
        "oldest_waiting": waiting[0].day.isoformat() if waiting else None,
        "held": held,
        "unknown_files": unknown,
        "trouble": {"cause": ill.cause, "since": ill.since.isoformat()} if ill else None,
        "today": proof.get("verdict"),
        "swept_until": _iso(shop.swept_until),
        "quiet_days": int(watched["quiet_days"]) if watched.get("quiet_days") else None,
        "attention": bool(unknown or wrong or late or ill or disconnected),
    }


def _one(connector: Connector, shop: Shop) -> dict[str, Any]:
    return {
        **_line(connector, shop),
        "installed_at": shop.installed_at.isoformat(),
        "audit": [
            {"at": event.at.isoformat(), "what": event.what, "by": event.by, "detail": event.detail}
            for event in connector.shops.audit(shop.shop_id)
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
