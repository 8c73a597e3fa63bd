"""One shop as the operator sees it, with all that is kept of how it stands; and its health alone,
as lists show it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import FileState
from chalicelib.domain.notified_changes import list_shown
from chalicelib.domain.period_locks import list_standing
from chalicelib.domain.shop_health import Severity, ShopHealth
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.domain.shops import Shop
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.usecases.filing.health_keeping import renew_health
from chalicelib.usecases.filing.lateness import count_overdue
from chalicelib.usecases.operating.connection_reading import describe_connection
from chalicelib.usecases.shop.trouble import read_follow_up, read_trouble
from chalicelib.usecases.workspace import Workspace


def list_health(shop_id: int, health: ShopHealth | None) -> dict[str, Any]:
    """What lists say of a shop's health: ``severity``, since when, and the ``causes``."""
    causes = () if health is None else health.causes
    return {
        "shop_id": shop_id,
        "severity": (Severity.FINE if health is None else health.severity).word,
        "since": None if health is None else health.since.isoformat(),
        "causes": [
            {"cause": each.code, "since": each.since.isoformat(), "count": each.count}
            for each in causes
        ],
    }


def list_line(shop: Shop | ShopHealth, health: ShopHealth | None) -> dict[str, Any]:
    """A shop as lists show it."""
    place = {"state": shop.state.value, "way": shop.way.value, "cluster": shop.cluster}
    return {**list_health(shop.shop_id, health), **place}


def describe_shop(workspace: Workspace) -> dict[str, Any]:
    """Everything about one shop. Its health is judged anew: that is what lists show from then on.
    Raises `LedgerError`.
    """
    health = renew_health(workspace)
    return {
        **list_line(workspace.shop, health),
        **_describe_work(workspace),
        "attention": health is not None and health.severity >= Severity.LATE,
        **_describe_past(workspace),
    }


def _describe_work(workspace: Workspace) -> dict[str, Any]:
    connector, shop, shop_id = workspace.connector, workspace.shop, workspace.shop_id
    waiting = workspace.list_waiting(limit=1)
    unfinished = connector.files.list_unfinished(shop_id)
    today = statement_name(local_day(workspace.now()))
    statement = connector.shops.load(shop_id, DayStatement, today)
    findings = connector.shops.load(shop_id, WatchFindings)
    trouble, follow_up = read_trouble(workspace), read_follow_up(workspace)
    return {
        "connection": describe_connection(workspace),
        "waiting": workspace.count_waiting(),
        "overdue": count_overdue(workspace),
        "oldest_waiting": waiting[0].day.isoformat() if waiting else None,
        "held": connector.entries.count_held(shop_id),
        "unknown_files": [each.name for each in unfinished if each.state is FileState.UNKNOWN],
        "double_files": [each.name for each in unfinished if each.state is FileState.DOUBLE],
        "trouble": {"cause": trouble.cause, "since": _iso(trouble.since)} if trouble else None,
        "tries": follow_up.tries,
        "next_try": _iso(follow_up.next_at),
        "today": None if statement is None else statement.verdict.value,
        "swept_until": _iso(shop.swept_until),
        "leaving_since": _iso(shop.leaving_since),
        "quiet_days": None if findings is None else findings.quiet_days,
    }


def _describe_past(workspace: Workspace) -> dict[str, Any]:
    shop, now = workspace.shop, workspace.now()
    return {
        "installed_at": shop.installed_at.isoformat(),
        "licence_changes": [
            {
                "at": one.at.isoformat(),
                "from": one.former or None,
                "to": one.new,
                "by": one.by.value,
                "contact": one.telling.value,
            }
            for one in list_shown(shop.licence_changes, now)
        ],
        "connection_changes": [
            {
                "at": one.at.isoformat(),
                "what": one.what.value,
                "from": one.former or None,
                "to": one.new or None,
                "by": one.by.value,
                "contact": one.telling.value,
            }
            for one in list_shown(shop.connection_changes, now)
        ],
        "locks": [
            {
                "until": lock.until.isoformat(),
                "at": lock.at.isoformat(),
                "by": lock.by.value,
            }
            for lock in list_standing(shop.locks)
        ],
        "audit": [
            {
                "at": event.at.isoformat(),
                "what": event.step.value,
                "by": event.by.value,
                "detail": event.note,
            }
            for event in workspace.connector.shops.audit(workspace.shop_id)
        ],
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
