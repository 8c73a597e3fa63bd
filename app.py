"""What Chalice starts: pages, webhooks, schedules, the queue and the operator's functions.

What each needs is imported inside its handler: every Lambda loads this module, and must start
without what only the others need.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from chalice import Chalice, Cron, Response
from chalice.app import CloudWatchEvent

from chalicelib.schedule import DAILY_EXPORT, REPORT, WATCH
from chalicelib.web.http.client_routes import EVERY_HANDLER, EVERY_ROUTE
from chalicelib.web.http.media_types import WORKBOOK
from chalicelib.web.http.routes import ANY_ADDRESS, METHODS, Route

if TYPE_CHECKING:
    from datetime import time

    from chalice.app import SQSEvent

    from chalicelib.web.http import http_messages

ANY = ["*/*"]  # a form, JSON or no content type at all: the handlers read and refuse bodies

# Chalice's own log would show the text of an error that nobody foresaw; so it goes through ours.
app = Chalice(app_name="seoshop-asperion", configure_logs=False)
app.api.cors = False
# What Chalice sends as bytes. API Gateway takes every type for one that may be: the merge template
# says so, since it goes by what a browser accepts first, which is a page.
app.api.binary_types = [WORKBOOK]


def _register_page(route: Route) -> None:
    def answer(**_: str) -> Response:
        from chalicelib.entries import pages

        return _to_chalice(pages.answer_page(app.current_request))

    answer.__doc__ = route.purpose  # Chalice's summary of the path
    methods = [method for method, path in EVERY_HANDLER if path == route.path]
    if "GET" in methods:
        methods.append("HEAD")
    types = {"content_types": ANY} if "POST" in methods else {}
    app.route(route.path, name=route.name, methods=methods, **types)(answer)


def _register_any_address() -> None:
    """Whatever has no page: every other address, and the root by methods that it does not take."""

    def answer(**_: str) -> Response:
        from chalicelib.entries import pages

        return _to_chalice(pages.answer_page(app.current_request))

    answer.__doc__ = "What no page is at: our own answer, with a way home."
    app.route(ANY_ADDRESS, name="any_address", methods=list(METHODS), content_types=ANY)(answer)
    others = [method for method in METHODS if method not in app.routes["/"]]
    app.route("/", name="root", methods=others, content_types=ANY)(answer)


def _to_chalice(answer: http_messages.Response) -> Response:
    body = answer.body if answer.content is None else answer.content
    return Response(body, dict(answer.headers), answer.status)


class NightlyEvent(CloudWatchEvent):  # type: ignore[misc]  # Chalice has no types
    """What starts a night: EventBridge's event, or whatever an operator sends by hand, which
    Chalice's own class refuses.
    """

    def _extract_attributes(self, event_dict: dict[str, Any]) -> None:
        """Nothing is taken out of it; `chalicelib.entries.nightly` reads it."""


def _every_day_at(at: time) -> Cron:
    return Cron(at.minute, at.hour, "*", "*", "?", "*")


for page in EVERY_ROUTE:
    _register_page(page)
_register_any_address()


@app.route("/webhooks/{shop_id}/{topic}", methods=["POST"], content_types=ANY)
def webhook(**_: str) -> Response:
    """SEOshop's deliveries. In the deployed stack this path has a Lambda of its own."""
    from chalicelib import hook

    return _to_chalice(hook.answer_webhook(app.current_request))


@app.schedule(_every_day_at(DAILY_EXPORT), name="daily_export")
def daily_export(event: CloudWatchEvent) -> dict[str, Any]:
    """Every night: one export message for every shop."""
    from chalicelib.entries import nightly

    return nightly.daily_export(event.to_dict())


daily_export.event_class = NightlyEvent


# A stand-in: the merge template puts the stack's own queue in its place. The variable is for plain
# `chalice deploy`, see tools/quick.py; no function needs it.
EXPORT_QUEUE = os.environ.get("EXPORT_QUEUE_ARN", "arn:aws:sqs:eu-central-1:000000000000:export")


@app.on_sqs_message(queue_arn=EXPORT_QUEUE, batch_size=1, name="export_shop")
def export_shop(event: SQSEvent) -> dict[str, Any]:
    """Export or check one shop, as its message asks."""
    from chalicelib.entries import export_messages

    return export_messages.export_shop(event.to_dict(), event.context)


@app.schedule(_every_day_at(WATCH), name="watch")
def watch(event: CloudWatchEvent) -> dict[str, Any]:
    """Every night, after the export: one message for every shop, to check its subscriptions,
    refunds and silence.
    """
    from chalicelib.entries import nightly

    return nightly.watch(event.to_dict())


watch.event_class = NightlyEvent


@app.schedule(_every_day_at(REPORT), name="report")
def report(event: CloudWatchEvent) -> dict[str, Any]:
    """Every morning: how the night went and which shops need somebody, to whoever gets the
    alarms.
    """
    from chalicelib.entries import report as reporting

    return reporting.report(event.to_dict())


report.event_class = NightlyEvent


@app.lambda_function(name="rerun")
def rerun(event: Any, context: Any) -> dict[str, Any]:
    """The operator repeats or repairs exports of a shop."""
    from chalicelib.entries import operator_rerun

    return operator_rerun.rerun(event, context)


@app.lambda_function(name="backfill")
def backfill(event: Any, context: Any) -> dict[str, Any]:
    """The operator migrates existing orders of a shop."""
    from chalicelib.entries import operator_backfill

    return operator_backfill.backfill(event, context)


@app.lambda_function(name="behaviours")
def behaviours(event: Any, context: Any) -> dict[str, Any]:
    """The operator puts shops on another version of the rules of booking, or sees what it does."""
    from chalicelib.entries import operator_behaviours

    return operator_behaviours.behaviours(event, context)


@app.lambda_function(name="shops")
def shops(event: Any, context: Any) -> dict[str, Any]:
    """The operator lists all shops, pauses or resumes one, or redrives dead letters."""
    from chalicelib.entries import operator_shops

    return operator_shops.shops(event, context)
