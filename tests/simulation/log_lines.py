"""Calls of the tables as lines of the event log."""

from __future__ import annotations

from typing import Any

from chalicelib.domain.events import Event
from chalicelib.ports import StepTaken

Arguments = tuple[Any, ...]


def describe_call(args: Arguments, kwargs: dict[str, Any]) -> str:
    """What a call was given, for the event log."""
    shown = [describe(one) for one in args[1:] if not callable(one)]
    shown += [f"{k}={describe(v)}" for k, v in kwargs.items() if k not in ("at", "by", "now")]
    return " ".join(shown)


def describe(value: Any) -> str:
    """One value of a call, likewise."""
    if isinstance(value, StepTaken):
        return f"{value.key} {describe(value.event)}"
    if isinstance(value, Event):
        facts = (value.step.value, value.cause, value.file, value.note)
        return " ".join(str(each) for each in facts if each)
    for attribute in ("key", "name"):
        if hasattr(value, attribute) and hasattr(value, "state"):
            return f"<{getattr(value, attribute)} {value.state.value}>"
    if hasattr(value, "key"):
        return str(value.key)
    return str(getattr(value, "value", value))[:300]
