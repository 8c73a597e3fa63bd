"""Migration on the operator's demand: count, start, see how far it is, stop, resume."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, timedelta
from operator import attrgetter
from typing import Any

from chalicelib.domain import bounds
from chalicelib.domain.days import start_of
from chalicelib.domain.policy import Source
from chalicelib.domain.shop_records import Migration, MigrationState
from chalicelib.errors import RequestError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.intake.migration import tally_orders
from chalicelib.usecases.intake.paging import every
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.repeats import WITHIN
from chalicelib.usecases.workspace import Workspace, open_workspace

KEYS = ("shop_id", "action", "from", "to", "except")
ACTIONS = ("count", "start", "status", "stop", "resume")
_STEPS = {
    ("stop", MigrationState.RUNNING): MigrationState.STOPPED,
    ("resume", MigrationState.STOPPED): MigrationState.RUNNING,
}


def backfill(connector: Connector, event: object) -> dict[str, Any]:
    """Count, start, report on, stop or resume a shop's migration.

    ``{"shop_id": 184520, "from": "2026-01-01", "to": "2026-01-31"}`` counts; with ``"action":
    "start"`` it begins. ``"except"`` lists order numbers that a previous connector has booked.
    Raises `RequestError` with nothing done, `ShopError` when the shop cannot be asked.
    """
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
    return _steer(workspace, action)


def _read_migration(workspace: Workspace, given: Mapping[str, Any]) -> Migration:
    """What is asked for: from the first day's beginning to the last day's end."""
    first, last = operator_input.day(given, "from"), operator_input.day(given, "to")
    if first is None or last is None or last < first:
        raise RequestError('Give the days "from" and "to", in that order.')
    excepted = operator_input.numbers(given, "except", most=bounds.MOST_EXCEPTED) or []
    if bounds.weigh(excepted) > bounds.LARGEST_EXCEPTED:
        raise RequestError("except is longer than can be kept; migrate in parts.")
    return Migration(
        state=MigrationState.RUNNING,
        first=start_of(first).astimezone(UTC),
        last=start_of(last + timedelta(days=1)).astimezone(UTC),
        excepted=frozenset(excepted),
        at=workspace.now(),
    )


def _count(workspace: Workspace, asked: Migration) -> dict[str, Any]:
    created_between = workspace.api.orders_created_between
    listed = every(lambda id_: created_between(asked.first, asked.last, after_id=id_))
    tally, _ = tally_orders(workspace, listed, asked.excepted)
    return {
        "shop_id": workspace.shop_id,
        "orders": tally.orders,
        "due": tally.due,
        "known": tally.known,
        "excepted": tally.excepted,
        "skipped": len(workspace.api.skipped_rows()),
        "not_due": tally.not_due,
        "files": -(-tally.due // workspace.connector.settings.orders_per_file),
    }


def _start(workspace: Workspace, asked: Migration) -> dict[str, Any]:
    def start(kept: Migration | None) -> Migration | None:
        if kept is not None and _is_same(kept, asked):
            return None
        if kept is not None and kept.state is MigrationState.RUNNING:
            raise RequestError("A migration of this shop is under way; stop it first.")
        return asked

    started = workspace.connector.shops.change(workspace.shop_id, Migration, start) or asked
    if started.state is MigrationState.RUNNING:  # once more, should the first message be lost
        workspace.connector.queue.send(workspace.shop_id, run=Migration.NAME)
    if started == asked:
        return _status(workspace, asked)
    return {**_status(workspace, started), "already": True}


def _is_same(kept: Migration, asked: Migration) -> bool:
    """Whether a migration that runs, or stood still less than `WITHIN` ago, is the one asked for:
    the caller repeats what got no answer.
    """
    is_same = _asks(kept) == _asks(asked)
    return is_same and (kept.state is MigrationState.RUNNING or asked.at - kept.at < WITHIN)


_asks = attrgetter("first", "last", "excepted")


def _steer(workspace: Workspace, action: str) -> dict[str, Any]:
    def steer(kept: Migration | None) -> Migration | None:
        leads_to = None if kept is None else _STEPS.get((action, kept.state))
        return replace(kept, state=leads_to) if kept is not None and leads_to else None

    migration = workspace.connector.shops.change(workspace.shop_id, Migration, steer)
    if migration is None:
        raise RequestError(f"Shop {workspace.shop_id} has no migration; start one.")
    if action == "resume" and migration.state is MigrationState.RUNNING:
        workspace.connector.queue.send(workspace.shop_id, run=Migration.NAME)
    return _status(workspace, migration)


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
