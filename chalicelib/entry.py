"""Between Chalice and the use cases: events in, plain answers out. One function an entry point."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import uuid4

from chalicelib import bootstrap
from chalicelib.errors import ShopBusy, UnknownShop
from chalicelib.metrics import publish
from chalicelib.usecases import backfill as migration
from chalicelib.usecases import daily, fleet
from chalicelib.usecases import rerun as rerunning
from chalicelib.usecases import watch as watching
from chalicelib.usecases.export import FUNCTION_TIME, Job, Report
from chalicelib.usecases.export import export_shop as export
from chalicelib.web.http import Request, Response, read_cookies
from chalicelib.web.routes import handle

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
    run = str(event.get("id") or uuid4())
    shops = daily.send_out(bootstrap.connector(), run=run)
    log.info("daily export sent out", extra={"shops": shops, "run": run})
    return {"shops": shops}


def export_shop(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Carry the messages' shops through; a message that fails comes back by itself, alone."""
    failed = []
    for record in event["Records"]:
        try:
            _export_one(record, context)
        except ShopBusy as busy:
            log.info("comes back later", extra={"cause": str(busy)})
            failed.append({"itemIdentifier": record["messageId"]})
        except Exception:
            log.exception("export failed", extra={"message_id": record.get("messageId")})
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}


def _export_one(record: Mapping[str, Any], context: Any) -> None:
    body = json.loads(record["body"])
    job = Job(
        shop_id=body["shop_id"],
        # One lease a delivery: a message delivered twice at once is two owners.
        run=f"{body.get('run') or 'export'}/{record['messageId']}/{uuid4().hex[:8]}",
        time=_time_left(context),
    )
    try:
        report = export(bootstrap.connector(), job)
    except UnknownShop:
        log.warning("unknown shop in the queue", extra={"shop_id": job.shop_id})
        return
    _account_for(report)


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
            "files": [name for name, _, _ in report.files],
            "held": len(report.held),
            "skipped": len(report.skipped),
            "waiting": report.waiting,
        },
    )
    publish(report)


def rerun(event: Any, context: Any) -> dict[str, Any]:
    """Replay and repair by the operator; see `usecases.rerun`."""
    run = getattr(context, "aws_request_id", None) or uuid4().hex
    return rerunning.rerun(bootstrap.connector(), event, run=f"rerun/{run}")


def backfill(event: Any, _context: Any) -> dict[str, Any]:
    """Migration of existing orders; see `usecases.backfill`."""
    return migration.backfill(bootstrap.connector(), event)


def watch(_event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """The nightly look at what nobody asks for; see `usecases.watch`."""
    connector = bootstrap.connector()
    until = connector.clock() + _time_left(context) - timedelta(seconds=30)
    seen = watching.watch_all(connector, until=until)
    for shop in seen:
        if shop.healed or shop.removed or shop.quiet_days or shop.failed:
            log.warning("shop needs a look", extra=asdict(shop))
    return {"shops": len(seen), "attention": [asdict(shop) for shop in seen if shop.failed]}


def shops(event: Any, _context: Any) -> dict[str, Any]:
    """The operator's look at all shops; see `usecases.fleet`."""
    return fleet.shops(bootstrap.connector(), event)
