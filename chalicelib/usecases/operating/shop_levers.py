"""The operator's levers on one shop: each says whether it changed anything, and why not; or, on a
dry run, whether it would.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.shop_life import take_step
from chalicelib.domain.shops import ShopState
from chalicelib.errors import RequestError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.held_causes import group_held, list_held_for_reason
from chalicelib.usecases.operating.releasing import release_group
from chalicelib.usecases.shop.leaving import pause_shop, resume_shop
from chalicelib.usecases.shop.reconnecting import Reconnection, reconnect_shop
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

Given = Mapping[str, Any]


class Unchanged(StrEnum):
    """Why an action changed nothing; those of `reconnect` are in `Reconnection`."""

    ALREADY_PAUSED = "already_paused"
    NOT_EXPORTING = "not_exporting"  # there is nothing to pause
    NOT_PAUSED = "not_paused"
    NO_DEAD_LETTERS = "no_dead_letters"
    NOTHING_HELD = "nothing_held"  # for that reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """An action on one shop: `pull` does it, `rehearse` only looks. Both give what they have to say
    beside why it changes nothing; that is None when it does change something.
    """

    pull: Callable[[Workspace, Given], tuple[str | None, dict[str, Any]]]
    rehearse: Callable[[Workspace, Given], tuple[str | None, dict[str, Any]]]
    keys: tuple[str, ...] = ("dry_run",)


def pull_lever(workspace: Workspace, action: str, given: Given) -> dict[str, Any]:
    """Carry one out: ``{"changed": true}``, or ``{"changed": false, "why": …}``; with ``dry_run``
    ``{"dry_run": true, "would_change": …}``. Raises `RequestError`.
    """
    lever = LEVERS[action]
    if operator_input.flag(given, "dry_run"):
        why, said = lever.rehearse(workspace, given)
        return {"dry_run": True, **report(why, "would_change"), **said}
    why, said = lever.pull(workspace, given)
    return {**report(why), **said}


def report(why: str | None, changed: str = "changed") -> dict[str, Any]:
    """Whether something changed, and if not, why."""
    return {changed: True} if why is None else {changed: False, "why": str(why)}


def _pause(workspace: Workspace, _: Given) -> tuple[str | None, dict[str, Any]]:
    is_paused = pause_shop(workspace, by=Actor.OPERATOR)
    return None if is_paused else _why_not_paused(workspace), {}


def _rehearse_pause(workspace: Workspace, _: Given) -> tuple[str | None, dict[str, Any]]:
    return None if _may(workspace, ShopStep.PAUSE) else _why_not_paused(workspace), {}


def _why_not_paused(workspace: Workspace) -> str:
    is_paused = workspace.shop.state is ShopState.PAUSED
    return Unchanged.ALREADY_PAUSED if is_paused else Unchanged.NOT_EXPORTING


def _resume(workspace: Workspace, _: Given) -> tuple[str | None, dict[str, Any]]:
    is_resumed = resume_shop(workspace, by=Actor.OPERATOR)
    return None if is_resumed else Unchanged.NOT_PAUSED, {}


def _rehearse_resume(workspace: Workspace, _: Given) -> tuple[str | None, dict[str, Any]]:
    return None if _may(workspace, ShopStep.RESUME) else Unchanged.NOT_PAUSED, {}


def _may(workspace: Workspace, step: ShopStep) -> bool:
    """Whether the step would change the shop as it is."""
    stored = workspace.shop
    return take_step(stored, step, Actor.OPERATOR, at=workspace.now()) != stored


def _reconnect(workspace: Workspace, _: Given) -> tuple[str | None, dict[str, Any]]:
    outcome = reconnect_shop(workspace)
    return None if outcome is Reconnection.DONE else outcome, {}


def _rehearse_reconnect(workspace: Workspace, _: Given) -> tuple[str | None, dict[str, Any]]:
    """The token is tried only when it is meant."""
    is_lost = workspace.shop.state is ShopState.DISCONNECTED
    return None if is_lost else Reconnection.NOT_DISCONNECTED, {}


def _release(workspace: Workspace, given: Given) -> tuple[str | None, dict[str, Any]]:
    """Every document's biography says that the operator released it."""
    reason, detail = _read_hold(workspace, given)
    released = release_group(workspace, reason, detail, by=Actor.OPERATOR)
    why = None if released.count else Unchanged.NOTHING_HELD
    return why, {"released": {**asdict(released), "held": dict(released.held)}}


def _rehearse_release(workspace: Workspace, given: Given) -> tuple[str | None, dict[str, Any]]:
    reason, detail = _read_hold(workspace, given)
    held = list_held_for_reason(workspace, reason, detail)
    groups = [{"detail": group.detail, "count": len(group.entries)} for group in group_held(held)]
    return None if held else Unchanged.NOTHING_HELD, {"would_look_at": groups}


def _read_hold(workspace: Workspace, given: Given) -> tuple[HoldReason, str | None]:
    named = operator_input.text(given, "reason")
    if named in set(HoldReason):
        return HoldReason(named), operator_input.text(given, "detail")
    held = workspace.connector.entries.list_held(workspace.shop_id, limit=ALL_OPEN)
    present = sorted({each.hold for each in held if each.hold})
    raise RequestError(
        "release takes the reason for which orders are held. Shop"
        f" {workspace.shop_id} has some held for: {', '.join(present) or 'no reason at all'}."
    )


LEVERS: Mapping[str, Lever] = {
    "pause": Lever(pull=_pause, rehearse=_rehearse_pause),
    "resume": Lever(pull=_resume, rehearse=_rehearse_resume),
    "reconnect": Lever(pull=_reconnect, rehearse=_rehearse_reconnect),
    "release": Lever(
        pull=_release, rehearse=_rehearse_release, keys=("reason", "detail", "dry_run")
    ),
}
"""The actions on one shop."""
