"""What starts a night: the daily export, and the watch after it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from chalicelib import bootstrap_night
from chalicelib.domain import bounds
from chalicelib.entries.unforeseen import hide_unforeseen_errors
from chalicelib.errors import RequestError
from chalicelib.ports import Task
from chalicelib.usecases.filing.night_start import start_night

log = logging.getLogger(__name__)

_OF_EVENTBRIDGE = frozenset(
    {"version", "id", "detail-type", "source", "account", "time", "region", "resources"}
    | {"detail", "replay-name"}
)


def daily_export(event: object) -> dict[str, Any]:
    """Start the export of all shops that export, one message for each slice of them. Returns
    ``{"slices": 64, "run": …}``, without a window 4: the shops are counted while the slices are
    worked on.
    """
    return _start(event, Task.EXPORT, function="daily_export")


def watch(event: object) -> dict[str, Any]:
    """Start the watch over every shop, likewise; see `usecases.afterwards.watch`."""
    return _start(event, Task.WATCH, function="watch")


def _start(event: object, task: Task, *, function: str) -> dict[str, Any]:
    """`event` is EventBridge's, or an operator's ``{}`` or nothing. Raises `RequestError` for what
    is meant for one shop.
    """
    given = event or {}
    if not isinstance(given, Mapping) or not given.keys() <= _OF_EVENTBRIDGE:
        raise RequestError(
            f"{function} works for all shops and takes {{}}. To export one shop, give rerun"
            ' {"shop_id": 184520}.'
        )
    run = str(given.get("id") or uuid4())
    if not bounds.is_line(run, bounds.LONGEST_RUN):
        raise RequestError("The event's id cannot name a run.")
    with hide_unforeseen_errors():
        parts = bootstrap_night.open_senders()
        slices = start_night(parts, task, run=run, window=parts.settings.night_window)
    log.info("night started", extra={"task": task.value, "slices": slices, "run": run})
    return {"slices": slices, "run": run}
