"""The operator's look at all shops, and the few levers on them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import FileState
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.statement import DayStatement, Verdict, statement_name
from chalicelib.errors import RequestError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.lateness import count_overdue
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.kept_data import answer_about_kept_data
from chalicelib.usecases.shop.leaving import pause_shop, resume_shop
from chalicelib.usecases.shop.trouble import read_follow_up, read_trouble
from chalicelib.usecases.shop.uninstalling import is_overdue
from chalicelib.usecases.workspace import Workspace, open_workspace

KEYS = ("shop_id", "action", "order", "after", "confirm")


def shops(connector: Connector, event: object) -> dict[str, Any]:
    """``{}`` lists all shops, those that need a person first. ``{"shop_id": n}`` shows one with its
    audit; ``"action": "pause"`` or ``"resume"`` acts on it. ``"extract"`` gives all that is kept
    about it, or about an ``"order"``; ``"erase"`` erases all of it. ``{"action": "redrive"}``
    gives the dead letters another chance. Raises `RequestError`, `UnknownShop`.
    """
    given = operator_input.only_keys(event or {}, KEYS, function="shops")
    action = operator_input.text(given, "action")
    if (answer := answer_about_kept_data(connector, given, action)) is not None:
        return answer
    if "shop_id" not in given:
        if action == "redrive":
            return {"redriven": connector.queue.redrive()}
        if action is not None:
            raise RequestError("Without a shop_id the only action is redrive.")
        found = [_describe(_open_whole(connector, shop)) for shop in connector.shops.everyone()]
        return {"shops": sorted(found, key=lambda one: (not one["attention"], one["shop_id"]))}
    workspace = open_workspace(connector, operator_input.shop_id_of(given))
    if action == "pause":
        pause_shop(workspace, by=Actor.OPERATOR)
    elif action == "resume":
        resume_shop(workspace, by=Actor.OPERATOR)
    elif action is not None:
        raise RequestError("action must be pause, resume, extract or erase.")
    audit = [
        {
            "at": event.at.isoformat(),
            "what": event.step.value,
            "by": event.by.value,
            "detail": event.note,
        }
        for event in connector.shops.audit(workspace.shop_id)
    ]
    installed_at = workspace.shop.installed_at.isoformat()
    return {**_describe(workspace), "installed_at": installed_at, "audit": audit}


def _open_whole(connector: Connector, listed: Shop) -> Workspace:
    """The shop with what the index of all shops does not show."""
    return Workspace(connector, connector.shops.get(listed.shop_id) or listed)


def _describe(workspace: Workspace) -> dict[str, Any]:
    connector, shop, shop_id = workspace.connector, workspace.shop, workspace.shop_id
    waiting = workspace.list_waiting(limit=1)
    unfinished = connector.files.list_unfinished(shop_id)
    unknown = [file.name for file in unfinished if file.state is FileState.UNKNOWN]
    doubles = [file.name for file in unfinished if file.state is FileState.DOUBLE]
    today = statement_name(local_day(workspace.now()))
    statement = connector.shops.load(shop_id, DayStatement, today)
    findings = connector.shops.load(shop_id, WatchFindings)
    verdict = None if statement is None else statement.verdict
    late, trouble = count_overdue(workspace), read_trouble(workspace)
    follow_up = read_follow_up(workspace)
    is_disconnected = shop.state is ShopState.DISCONNECTED
    is_wrong = verdict is Verdict.WRONG
    is_long_leaving = is_overdue(shop, workspace.now())
    return {
        "shop_id": shop_id,
        "state": shop.state.value,
        "waiting": workspace.count_waiting(),
        "overdue": late,
        "oldest_waiting": waiting[0].day.isoformat() if waiting else None,
        "held": connector.entries.count_held(shop_id),
        "unknown_files": unknown,
        "double_files": doubles,
        "trouble": {"cause": trouble.cause, "since": _iso(trouble.since)} if trouble else None,
        "tries": follow_up.tries,
        "next_try": _iso(follow_up.next_at),
        "today": None if verdict is None else verdict.value,
        "swept_until": _iso(shop.swept_until),
        "leaving_since": _iso(shop.leaving_since),
        "quiet_days": None if findings is None else findings.quiet_days,
        "attention": any(
            (unknown, doubles, is_wrong, late, trouble, is_disconnected, is_long_leaving)
        ),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
