"""The operator halts the exports of all shops, or of a part of them, and lets them go on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from chalicelib.domain.events import Actor, AuditEvent, ShopStep
from chalicelib.domain.fleet_halt import FleetHalt, FleetPart, Halt, halt_part, resume_part
from chalicelib.domain.tasks import Task
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.halts import read_halt
from chalicelib.usecases.filing.night_start import start_night
from chalicelib.usecases.shop.app_proof import ALL_SHOPS


def halt_fleet(connector: Connector, part: FleetPart, *, reason: str) -> dict[str, Any]:
    """Halt a part of all shops from now on: no run begins a file any more, and one at work stops
    before it sends the next. Returns ``{"changed": …, "halted": …}``; nothing changes when the part
    is halted for that reason already. Halting is safe at any moment, and can be repeated.
    """
    before, halt = read_halt(connector), Halt(since=connector.clock(), reason=reason)
    after = _change(connector, lambda kept: halt_part(kept, part, halt))
    is_changed = after != before
    if is_changed:
        _append_audit(connector, ShopStep.HALT, part, reason)
    return {"changed": is_changed, "halted": describe_halt(after)}


def resume_fleet(connector: Connector, part: FleetPart, *, reason: str = "") -> dict[str, Any]:
    """End the halt of a part, or every halt when the part is all shops, and send the part's shops
    out once more, now. They are sent out even if nothing was halted: whoever repeats this after a
    failure can rely on it. While all shops are halted, a part of them stays so: nothing is sent.
    Returns ``{"changed": …, "halted": …, "slices": …}``. Raises `QueueError`.
    """
    before = read_halt(connector)
    after = _change(connector, lambda kept: resume_part(kept, part))
    is_changed = after != before
    if is_changed:
        _append_audit(connector, ShopStep.END_HALT, part, reason)
    slices = 0
    if FleetPart.ALL not in after.parts:
        run = f"resume-{uuid4().hex[:12]}"
        slices = start_night(connector, Task.EXPORT, run=run, part=part)
    return {"changed": is_changed, "halted": describe_halt(after), "slices": slices}


def describe_halt(halt: FleetHalt) -> dict[str, Any]:
    """The parts that are halted: ``{"eu1": {"since": …, "reason": …}}``."""
    return {
        part.value: {"since": each.since.isoformat(), "reason": each.reason}
        for part, each in sorted(halt.parts.items())
    }


def _change(connector: Connector, change: Callable[[FleetHalt], FleetHalt]) -> FleetHalt:
    changed = connector.shops.change(ALL_SHOPS, FleetHalt, lambda kept: change(kept or FleetHalt()))
    return changed or FleetHalt()


def _append_audit(connector: Connector, step: ShopStep, part: FleetPart, reason: str) -> None:
    """Under no shop's number, as all that is about the fleet."""
    note = f"{part}: {reason}" if reason else part.value
    event = AuditEvent(at=connector.clock(), step=step, by=Actor.OPERATOR, note=note)
    connector.shops.append_audit(ALL_SHOPS, event)
