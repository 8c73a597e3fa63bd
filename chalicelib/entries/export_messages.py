"""The export queue's messages: each is one shop to export or to check, or a slice of all shops."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import uuid4

from chalicelib import bootstrap, metrics
from chalicelib.adapters.queue_messages import Message, read_message
from chalicelib.domain.nights import Slice
from chalicelib.entries.unforeseen import hide_unforeseen_errors
from chalicelib.errors import ConnectorError, RequestError, ShopBusy, UnknownShop
from chalicelib.logs import list_places
from chalicelib.ports import Task
from chalicelib.run_reports import log_run, log_slice
from chalicelib.usecases.filing.export import FUNCTION_TIME, TIME_TO_FINISH, Job
from chalicelib.usecases.filing.export import export_shop as export
from chalicelib.usecases.filing.sending_out import send_slice

log = logging.getLogger(__name__)

_COMES_BACK = (timedelta(minutes=15), timedelta(minutes=45), timedelta(hours=2))
"""After how long a message comes back that failed for the first, second, third time: 15 minutes,
one hour and three hours after the first.
"""


def export_shop(event: object, context: Any) -> dict[str, Any]:
    """Export or check the shops of the messages, or send out a slice of all shops. Returns the
    messages that are to come back. Raises `RequestError` for anything but messages of the queue.
    """
    records = event.get("Records") if isinstance(event, Mapping) else None
    if not isinstance(records, list) or not all(map(_is_message, records)):
        raise RequestError(
            "export_shop takes messages of the export queue. To export one shop, give rerun"
            ' {"shop_id": 184520}; for all shops, invoke daily_export.'
        )
    with hide_unforeseen_errors():
        failed = [
            {"itemIdentifier": record["messageId"]}
            for record in records
            if not _process(record, context)
        ]
    return {"batchItemFailures": failed}


def _is_message(record: object) -> bool:
    return (
        isinstance(record, Mapping)
        and isinstance(record.get("messageId"), str)
        and (isinstance(record.get("body"), str))
    )


def _process(record: Mapping[str, Any], context: Any) -> bool:
    """Process one message; False when it is to come back, and at last goes to the dead letters."""
    extra: dict[str, object] = {"message_id": record["messageId"]}
    message = None
    try:
        message = read_message(record["body"])
        extra |= {"task": message.task.value, **_name_subject(message)}
        if isinstance(message, Slice):
            _send_slice(message, record, context)
        else:
            _run_task(message, record, context)
    except UnknownShop:
        log.warning("unknown shop in the queue", extra=extra)
    except ShopBusy as busy:
        log.info("comes back later", extra={**extra, "cause": str(busy)})
        _choose_return(record)
        return False
    except ConnectorError as error:
        log.error("message failed: %s", error, extra={**extra, "error": type(error).__name__})
        _record_failure(message, record)
        return False
    except Exception as error:
        log.error("message failed unexpectedly", extra={**extra, "trail": list_places(error)})
        _record_failure(message, record)
        return False
    return True


def _name_subject(message: Message | Slice) -> dict[str, object]:
    if isinstance(message, Slice):
        return {"slice": message.slot, "part": message.part.value}
    return {"shop_id": message.shop_id}


def _record_failure(message: Message | Slice | None, record: Mapping[str, Any]) -> None:
    metrics.count_failure(None if message is None else message.task)
    if message is not None:
        _choose_return(record)


def _choose_return(record: Mapping[str, Any]) -> None:
    """Let a message come back when it may go well; else the queue's own time stands."""
    with suppress(ConnectorError):
        received = int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))
        wait = _COMES_BACK[min(received, len(_COMES_BACK)) - 1]
        receipt = record.get("receiptHandle", "")
        bootstrap.open_connector().queue.keep(receipt, int(wait.total_seconds()))


def _send_slice(one: Slice, record: Mapping[str, Any], context: Any) -> None:
    connector = bootstrap.open_connector()
    stop_at = connector.clock() + _read_time_left(context) - TIME_TO_FINISH
    receipt = record.get("receiptHandle", "")
    for progress in send_slice(connector, one, stop_at=stop_at, receipt=receipt):
        log_slice(progress)


def _run_task(message: Message, record: Mapping[str, Any], context: Any) -> None:
    connector = bootstrap.open_connector()
    if message.task is Task.WATCH:
        from chalicelib.entries.shop_watch import look_after_shop

        look_after_shop(connector, message.shop_id)
        return
    job = Job(
        shop_id=message.shop_id,
        # One lease a delivery: a message delivered twice at once is two owners.
        run=f"{message.run or 'export'}/{record['messageId']}/{uuid4().hex[:8]}",
        time=_read_time_left(context),
        task=message.task,
        receipt=record.get("receiptHandle", ""),
    )
    log_run(export(connector, job))


def _read_time_left(context: Any) -> timedelta:
    """How long this invocation may still run."""
    try:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())
    except (AttributeError, TypeError):
        return FUNCTION_TIME
