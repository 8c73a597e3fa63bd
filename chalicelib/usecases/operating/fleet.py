"""The operator's look at all shops, and the few levers on them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import FileState
from chalicelib.domain.notified_changes import list_shown
from chalicelib.domain.period_locks import list_standing
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.statement import DayStatement, Verdict, statement_name
from chalicelib.errors import RequestError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.lateness import count_overdue
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.connection_reading import describe_connection
from chalicelib.usecases.operating.kept_data import answer_about_kept_data
from chalicelib.usecases.operating.levers import act_on_shop, reconnect_all, redrive
from chalicelib.usecases.shop.app_proof import read_app_standing
from chalicelib.usecases.shop.trouble import read_follow_up, read_trouble
from chalicelib.usecases.shop.uninstalling import is_overdue
from chalicelib.usecases.workspace import Workspace, open_workspace

KEYS = ("shop_id", "action", "order", "after", "confirm")


def shops(connector: Connector, event: object) -> dict[str, Any]:
    """``{}`` lists all shops, those that need a person first. ``{"shop_id": n}`` shows one with its
    audit; ``"action": "pause"``, ``"resume"`` or ``"reconnect"`` acts on it, for ``"extract"`` and
    ``"erase"`` see `answer_about_kept_data`. ``{"action": "redrive"}`` gives the dead letters
    another chance, ``{"action": "reconnect"}`` connects all shops again that can be. Raises
    `RequestError`, `UnknownShop`.
    """
    given = operator_input.only_keys(event or {}, KEYS, function="shops")
    action = operator_input.text(given, "action")
    if (answer := answer_about_kept_data(connector, given, action)) is not None:
        return answer
    if "after" in given and (action != "reconnect" or "shop_id" in given):
        raise RequestError("after goes with extract, and with reconnect for all shops.")
    if "shop_id" not in given:
        return _list_shops(connector) if action is None else _act_on_all(connector, action, given)
    workspace = open_workspace(connector, operator_input.shop_id_of(given))
    done = {} if action is None else act_on_shop(workspace, action)
    return {**done, **_describe_in_full(workspace)}


def _list_shops(connector: Connector) -> dict[str, Any]:
    found = [_describe(_open_whole(connector, shop)) for shop in connector.shops.everyone()]
    return {
        "app_refused_since": _iso(read_app_standing(connector).refused_since),
        "shops": sorted(found, key=lambda one: (not one["attention"], one["shop_id"])),
    }


def _act_on_all(connector: Connector, action: str, given: Mapping[str, Any]) -> dict[str, Any]:
    if action == "reconnect":
        after = given.get("after", 0)
        if type(after) is not int or after < 0:
            raise RequestError("after must be a shop's number, such as 184520.")
        return reconnect_all(connector, after=after)
    if action == "redrive":
        return redrive(connector)
    raise RequestError("Without a shop_id the actions are redrive and reconnect.")


def _describe_in_full(workspace: Workspace) -> dict[str, Any]:
    connector = workspace.connector
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
    changes = [
        {
            "at": one.at.isoformat(),
            "from": one.former or None,
            "to": one.new,
            "by": one.by.value,
            "contact": one.telling.value,
        }
        for one in list_shown(workspace.shop.licence_changes, workspace.now())
    ]
    return {
        **_describe(workspace),
        "installed_at": installed_at,
        "licence_changes": changes,
        "connection_changes": [
            {
                "at": one.at.isoformat(),
                "what": one.what.value,
                "from": one.former or None,
                "to": one.new or None,
                "by": one.by.value,
                "contact": one.telling.value,
            }
            for one in list_shown(workspace.shop.connection_changes, workspace.now())
        ],
        "locks": [
            {
                "until": lock.until.isoformat(),
                "at": lock.at.isoformat(),
                "by": lock.by.value,
            }
            for lock in list_standing(workspace.shop.locks)
        ],
        "audit": audit,
    }


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
        "way": shop.way.value,
        "connection": describe_connection(workspace),
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
