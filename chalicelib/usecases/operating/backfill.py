"""Migration on the operator's demand: count, start, see how far it is, stop, resume."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalicelib.domain import bounds
from chalicelib.domain.events import Actor
from chalicelib.domain.migrations import Migration
from chalicelib.domain.policy import Source
from chalicelib.errors import RequestError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.intake.migrating import (
    ask_migration,
    count_orders,
    find_migration,
    resume_migration,
    start_migration,
    stop_migration,
)
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.fleet_help import write_backfill_help
from chalicelib.usecases.workspace import Workspace, open_workspace

KEYS = ("shop_id", "action", "from", "to", "except")
ACTIONS = ("count", "start", "status", "stop", "resume")


def backfill(connector: Connector, event: object) -> dict[str, Any]:
    """Count, start, report on, stop or resume a shop's migration.

    ``{"shop_id": 184520, "from": "2026-01-01", "to": "2026-01-31"}`` counts; with ``"action":
    "start"`` it begins. ``"except"`` lists order numbers that a previous connector has booked.
    Asked for nothing, it says what may be asked for.
    Raises `RequestError` with nothing done, `ShopError` when the shop cannot be asked.
    """
    if not event:
        return write_backfill_help()
    given = operator_input.only_keys(event, KEYS, function="backfill")
    workspace = open_workspace(connector, operator_input.shop_id_of(given))
    shop = workspace.shop
    action = operator_input.text(given, "action") or "count"
    if action not in ACTIONS:
        raise RequestError(f"action must be one of {', '.join(ACTIONS)}.")
    if not shop.state.exports and action in ("count", "start", "resume"):
        raise RequestError(f"Shop {shop.shop_id} is {shop.state.value}; nothing can be exported.")
    if shop.policy.source is Source.INVOICES:
        raise RequestError("This shop exports invoices; migration works on orders only.")
    if action == "count":
        return _count(workspace, _read_migration(workspace, given))
    if action == "start":
        return _start(workspace, _read_migration(workspace, given))
    if action == "status":
        return _status(workspace, find_migration(workspace))
    steer = stop_migration if action == "stop" else resume_migration
    return _status(workspace, steer(workspace, by=Actor.OPERATOR))


def _read_migration(workspace: Workspace, given: Mapping[str, Any]) -> Migration:
    first, last = operator_input.day(given, "from"), operator_input.day(given, "to")
    if first is None or last is None:
        raise RequestError('Give the days "from" and "to", in that order.')
    excepted = operator_input.numbers(given, "except", most=bounds.MOST_EXCEPTED) or []
    return ask_migration(workspace, first, last, excepted)


def _count(workspace: Workspace, asked: Migration) -> dict[str, Any]:
    counted = count_orders(workspace, asked)
    return {
        "shop_id": workspace.shop_id,
        "orders": counted.orders,
        "due": counted.due,
        "incl": str(counted.incl),
        "currency": counted.currency,
        "late": counted.late,
        "known": counted.known,
        "excepted": counted.excepted,
        "skipped": counted.skipped,
        "not_due": dict(counted.not_due),
        "files": counted.files,
    }


def _start(workspace: Workspace, asked: Migration) -> dict[str, Any]:
    started = start_migration(workspace, asked, by=Actor.OPERATOR)
    status = _status(workspace, started)
    return status if started == asked else {**status, "already": True}


def _status(workspace: Workspace, migration: Migration) -> dict[str, Any]:
    return {
        "shop_id": workspace.shop_id,
        "state": migration.state.value,
        "seen": migration.orders,
        "taken": migration.taken,
        "skipped": migration.skipped,
        "waiting": workspace.count_waiting(),
        "held": workspace.connector.entries.count_held(workspace.shop_id),
        "at": migration.at.isoformat(),
    }
