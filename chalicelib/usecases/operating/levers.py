"""The operator's levers on one shop, or on all: each says whether it changed anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.events import Actor
from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.leaving import pause_shop, resume_shop
from chalicelib.usecases.shop.reconnecting import Reconnection, reconnect_shop
from chalicelib.usecases.workspace import Workspace, open_workspace

RECONNECTING_TIME = timedelta(seconds=40)
"""Less than an operator's client waits for an answer."""


class Unchanged(StrEnum):
    """Why an action changed nothing; those of `reconnect` are in `Reconnection`."""

    ALREADY_PAUSED = "already_paused"
    NOT_EXPORTING = "not_exporting"  # there is nothing to pause
    NOT_PAUSED = "not_paused"
    NO_DEAD_LETTERS = "no_dead_letters"


def _pause(workspace: Workspace) -> str | None:
    if pause_shop(workspace, by=Actor.OPERATOR):
        return None
    is_paused = workspace.shop.state is ShopState.PAUSED
    return Unchanged.ALREADY_PAUSED if is_paused else Unchanged.NOT_EXPORTING


def _resume(workspace: Workspace) -> str | None:
    return None if resume_shop(workspace, by=Actor.OPERATOR) else Unchanged.NOT_PAUSED


def _reconnect(workspace: Workspace) -> str | None:
    outcome = reconnect_shop(workspace)
    return None if outcome is Reconnection.DONE else outcome


ON_ONE: Mapping[str, Callable[[Workspace], str | None]] = {
    "pause": _pause,
    "resume": _resume,
    "reconnect": _reconnect,
}
"""The actions on one shop. Each gives why it changed nothing, or None."""


def act_on_shop(workspace: Workspace, action: str) -> dict[str, Any]:
    """Carry one out: ``{"changed": true}``, or ``{"changed": false, "why": …}``. Raises
    `RequestError` for an action that there is not.
    """
    if action not in ON_ONE:
        raise RequestError(f"action must be one of {', '.join(ON_ONE)}, extract, erase.")
    return _report(ON_ONE[action](workspace))


def redrive(connector: Connector) -> dict[str, Any]:
    """Give the dead letters another chance."""
    redriven = connector.queue.redrive()
    return {"redriven": redriven, **_report(None if redriven else Unchanged.NO_DEAD_LETTERS)}


def reconnect_all(connector: Connector, *, after: int) -> dict[str, Any]:
    """Connect every disconnected shop with a number above `after` again, each proven first, for as
    long as there is time. What is left goes on after the number in ``"go_on_after"``.
    """
    stop_at = connector.clock() + RECONNECTING_TIME
    outcomes: dict[Reconnection, list[int]] = {outcome: [] for outcome in Reconnection}
    lost = sorted(
        shop.shop_id
        for shop in connector.shops.everyone()
        if shop.state is ShopState.DISCONNECTED and shop.shop_id > after
    )
    left = list(lost)
    while left and connector.clock() < stop_at:
        shop_id = left.pop(0)
        outcomes[reconnect_shop(open_workspace(connector, shop_id))].append(shop_id)
    done = outcomes.pop(Reconnection.DONE)
    return {
        "changed": bool(done),
        "reconnected": done,
        "not_reconnected": {outcome.value: ids for outcome, ids in outcomes.items() if ids},
        "left": left,
        "go_on_after": lost[len(lost) - len(left) - 1] if left and len(left) < len(lost) else None,
    }


def _report(why: str | None) -> dict[str, Any]:
    return {"changed": True} if why is None else {"changed": False, "why": str(why)}
