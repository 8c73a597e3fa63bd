"""Between Chalice and the use cases: events in, plain answers out. One function an entry point."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

from chalicelib import bootstrap, metrics
from chalicelib.adapters.sqs import Message, read_message
from chalicelib.errors import ConnectorError, ShopBusy, Unforeseen, UnknownShop
from chalicelib.logs import trail
from chalicelib.ports import Task
from chalicelib.usecases.exporting import daily
from chalicelib.usecases.exporting.export import FUNCTION_TIME, Job, Report
from chalicelib.usecases.exporting.export import export_shop as export
from chalicelib.usecases.lifecycle import watch as watching
from chalicelib.usecases.lifecycle.watch import Watched
from chalicelib.usecases.operating import backfill as migration
from chalicelib.usecases.operating import fleet
from chalicelib.usecases.operating import rerun as rerunning
from chalicelib.web.http.http_messages import Request, Response, read_cookies
from chalicelib.web.pages.dispatch import handle

log = logging.getLogger(__name__)


def page(request: Any) -> Response:
    """A merchant's page, from Chalice's request."""
    return handle(bootstrap.page_connector(), _request(request))


def _request(request: Any) -> Request:
    headers = {name.lower(): value for name, value in request.headers.items()}
    return Request(
        method=request.method,
        route=request.path,  # the route's pattern, as `app.py` declares it
        params=dict(request.uri_params or {}),
        query=dict((request.query_params or {}).items()),
        headers=headers,
        body=request.raw_body,
        cookies=read_cookies(headers.get("cookie")),
    )


def daily_export(event: Mapping[str, Any]) -> dict[str, Any]:
    """One message for every shop that exports."""
    return _send_out(event, Task.EXPORT)


def watch(event: Mapping[str, Any]) -> dict[str, Any]:
    """One message for every exporting shop, to be watched over; see `usecases.lifecycle.watch`."""
    return _send_out(event, Task.WATCH)


def _send_out(event: Mapping[str, Any], task: Task) -> dict[str, Any]:
    run = str(event.get("id") or uuid4())
    with _told():
        shops = daily.send_out(bootstrap.connector(), run=run, task=task)
    log.info("sent out", extra={"task": task.value, "shops": shops, "run": run})
    return {"shops": shops}


def export_shop(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Carry out what the messages ask for; one that fails comes back by itself, alone."""
    failed = [
        {"itemIdentifier": record["messageId"]}
        for record in event["Records"]
        if not _is_done(record, context)
    ]
    return {"batchItemFailures": failed}


def _is_done(record: Mapping[str, Any], context: Any) -> bool:
    """Carry out one message; False when it is to come back, and at last to the dead letters."""
    named: dict[str, object] = {"message_id": record["messageId"]}
    task = None
    try:
        message = read_message(record["body"])
        task = message.task
        named |= {"task": task.value, "shop_id": message.shop_id}
        _carry_out(message, record["messageId"], context)
    except UnknownShop:
        log.warning("unknown shop in the queue", extra=named)
    except ShopBusy as busy:
        log.info("comes back later", extra={**named, "cause": str(busy)})
        return False
    except ConnectorError as error:
        log.error("message failed: %s", error, extra={**named, "error": type(error).__name__})
        metrics.failed(task)
        return False
    except Exception as error:
        log.error("message failed unexpectedly", extra={**named, "trail": trail(error)})
        metrics.failed(task)
        return False
    return True


def _carry_out(message: Message, message_id: str, context: Any) -> None:
    connector = bootstrap.connector()
    if message.task is Task.WATCH:
        _account_for_watch(watching.watch_one(connector, message.shop_id))
        return
    job = Job(
        shop_id=message.shop_id,
        # One lease a delivery: a message delivered twice at once is two owners.
        run=f"{message.run or 'export'}/{message_id}/{uuid4().hex[:8]}",
        time=_time_left(context),
    )
    _account_for(export(connector, job))


def _time_left(context: Any) -> timedelta:
    """How long this invocation may still run."""
    try:
        return timedelta(milliseconds=context.get_remaining_time_in_millis())
    except (AttributeError, TypeError):
        return FUNCTION_TIME


def _account_for(report: Report) -> None:
    log.info(
        "shop exported",
        extra={
            "shop_id": report.shop_id,
            "files": [file.name for file in report.files],
            "held": len(report.held),
            "skipped": len(report.skipped),
            "waiting": report.waiting,
        },
    )
    metrics.exported(report)


def _account_for_watch(watched: Watched | None) -> None:
    if watched is None:
        return
    if watched.is_fine:
        log.info("shop watched", extra={"shop_id": watched.shop_id})
    else:
        log.warning("shop needs a look", extra=asdict(watched))
    metrics.watched(watched)


def rerun(event: Any, context: Any) -> dict[str, Any]:
    """Replay and repair by the operator; see `usecases.operating.rerun`."""
    run = getattr(context, "aws_request_id", None) or uuid4().hex
    with _told():
        return rerunning.rerun(bootstrap.connector(), event, run=f"rerun/{run}")


def backfill(event: Any, _context: Any) -> dict[str, Any]:
    """Migration of existing orders; see `usecases.operating.backfill`."""
    with _told():
        return migration.backfill(bootstrap.connector(), event)


def shops(event: Any, _context: Any) -> dict[str, Any]:
    """The operator's look at all shops; see `usecases.operating.fleet`."""
    with _told():
        return fleet.shops(bootstrap.connector(), event)


@contextmanager
def _told() -> Iterator[None]:
    """What fails is logged by Lambda with its message. Ours quote nothing; others may."""
    try:
        yield
    except ConnectorError:
        raise
    except Exception as error:
        log.error("failed unexpectedly", extra={"trail": trail(error)})
        raise Unforeseen(
            f"This failed unexpectedly ({type(error).__name__}); the log tells where."
        ) from None
