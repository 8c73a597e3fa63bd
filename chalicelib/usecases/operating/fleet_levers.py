"""The operator's levers on a part of all shops: halting it, and letting it go on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.errors import RequestError
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.halts import read_halt
from chalicelib.usecases.operating import operator_input
from chalicelib.usecases.operating.halting import describe_halt, halt_fleet, resume_fleet

Given = Mapping[str, Any]


def halt(connector: Connector, given: Given) -> dict[str, Any]:
    """``{"action": "halt", "part": "api", "reason": …}``. Raises `RequestError`."""
    part, reason = _read_part(given), operator_input.text(given, "reason")
    if reason is None:
        raise RequestError("halt takes a reason, which whoever looks after the shops next reads.")
    if operator_input.flag(given, "dry_run"):
        return _rehearse(connector, part not in read_halt(connector).parts)
    return halt_fleet(connector, part, reason=reason)


def resume(connector: Connector, given: Given) -> dict[str, Any]:
    """``{"action": "resume", "part": "api"}``. Raises `RequestError`, `QueueError`."""
    part, reason = _read_part(given), operator_input.text(given, "reason") or ""
    if operator_input.flag(given, "dry_run"):
        halted = read_halt(connector).parts
        return _rehearse(connector, bool(halted) if part is FleetPart.ALL else part in halted)
    return resume_fleet(connector, part, reason=reason)


def _rehearse(connector: Connector, changes: bool) -> dict[str, Any]:
    return {
        "dry_run": True,
        "would_change": changes,
        "halted": describe_halt(read_halt(connector)),
    }


def _read_part(given: Given) -> FleetPart:
    named = operator_input.text(given, "part")
    for part in FleetPart:
        if part.value == named:
            return part
    raise RequestError(
        f"part must be one of {', '.join(FleetPart)}. To stop one shop, pause it:"
        ' {"shop_id": 184520, "action": "pause"}.'
    )


def iso(moment: datetime | None) -> str | None:
    """A moment as answers have it."""
    return moment.isoformat() if moment else None
