"""The morning's report: what EventBridge or the operator starts."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from chalicelib import bootstrap_night
from chalicelib.entries.unforeseen import hide_unforeseen_errors
from chalicelib.errors import RequestError
from chalicelib.report_figures import count_report, count_sent_report
from chalicelib.usecases.operating.health_report import make_report
from chalicelib.usecases.operating.report_page import describe_report, write_page, write_subject

log = logging.getLogger(__name__)

_OWN_SOURCE = "aws.events"


def report(event: object) -> dict[str, Any]:
    """Make the report and tell it to all who get the alarms; ``{"tell": false}`` only answers it.
    Raises `RequestError`, `LedgerError`, `QueueError`, `AlarmsUnavailable`.
    """
    tells = _read_event(event)
    with hide_unforeseen_errors():
        parts = bootstrap_night.open_reporter()
        made = make_report(parts)
        count_report(made)
        if tells:
            parts.alarms.notify(write_subject(made), write_page(made))
            count_sent_report()
    log.info("reported", extra={"is_well": made.is_well, "ill": made.count_ill, "notified": tells})
    return {"notified": tells, **describe_report(made)}


def _read_event(event: object) -> bool:
    """Whether anybody is to be told: by EventBridge's event, and by nothing."""
    given = event or {}
    if isinstance(given, Mapping) and given.get("source") == _OWN_SOURCE:
        return True
    if not isinstance(given, Mapping) or not given.keys() <= {"tell"}:
        raise RequestError('report takes {} or, to tell nobody, {"tell": false}.')
    tells = given.get("tell", True)
    if not isinstance(tells, bool):
        raise RequestError("tell must be true or false.")
    return tells
