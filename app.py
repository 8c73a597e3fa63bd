"""Entry points only: each takes an event, calls one function of `chalicelib.entry`, returns.

Chalice stays here, at the rim. `chalicelib.entry` is imported inside the handlers, because the
webhook's own Lambda serves the same `app` and must start without what only pages and exports need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalice import Chalice, Cron, Response

from chalicelib.schedule import DAILY_EXPORT, WATCH

if TYPE_CHECKING:
    from datetime import time

    from chalice.app import CloudWatchEvent, SQSEvent

    from chalicelib.web.http.http_messages import Response as Answer

ANY = ["*/*"]  # a browser's form, a platform's JSON, or nothing said: parsed and refused by us

app = Chalice(app_name="seoshop-asperion")
app.api.cors = False


def _page(**_: str) -> Response:
    from chalicelib import entry

    return _response(entry.page(app.current_request))


def _daily(at: time) -> Cron:
    return Cron(at.minute, at.hour, "*", "*", "?", "*")


def _response(answer: Answer) -> Response:
    return Response(answer.body, dict(answer.headers), answer.status)


@app.route("/", methods=["GET"])
def overview() -> Response:
    """The merchant's overview."""
    return _page()


@app.route("/install", methods=["GET", "POST"], content_types=ANY)
def install() -> Response:
    """The AppCenter's Success URL, and the form it shows."""
    return _page()


@app.route("/cancel", methods=["GET"])
def cancel() -> Response:
    """The AppCenter's Cancel URL."""
    return _page()


@app.route("/uninstall", methods=["GET"])
def uninstall() -> Response:
    """The AppCenter's Uninstall URL."""
    return _page()


@app.route("/settings", methods=["GET", "POST"], content_types=ANY)
def settings() -> Response:
    """Licence code, payment methods and policies."""
    return _page()


@app.route("/orders/{number}", methods=["GET", "POST"], content_types=ANY)
def order(number: str) -> Response:
    """An order's biography, and what may be done about it."""
    return _page(number=number)


@app.route("/files/{name}", methods=["GET"])
def file(name: str) -> Response:
    """A file and the orders in it."""
    return _page(name=name)


@app.route("/held", methods=["POST"], content_types=ANY)
def held() -> Response:
    """Release a group of held orders."""
    return _page()


@app.route("/pause", methods=["POST"], content_types=ANY)
def pause() -> Response:
    """Stop exporting for now."""
    return _page()


@app.route("/resume", methods=["POST"], content_types=ANY)
def resume() -> Response:
    """Go on exporting."""
    return _page()


@app.route("/static/{name}", methods=["GET"])
def static(name: str) -> Response:
    """The pages' style sheet."""
    return _page(name=name)


@app.route("/health", methods=["GET"])
def health() -> Response:
    """Whether the app answers; no secrets."""
    return _page()


@app.route("/webhooks/{shop_id}/{topic}", methods=["POST"], content_types=ANY)
def webhook(shop_id: str, topic: str) -> Response:
    """SEOshop's deliveries. In the deployed stack this path has a Lambda of its own."""
    from chalicelib import hook

    return _response(hook.webhook(app.current_request, shop_id, topic))


@app.schedule(_daily(DAILY_EXPORT), name="daily_export")
def daily_export(event: CloudWatchEvent) -> dict[str, Any]:
    """Every night: one message for every shop."""
    from chalicelib import entry

    return entry.daily_export(event.to_dict())


# A stand-in: the merge template puts the stack's own queue in its place.
EXPORT_QUEUE = "arn:aws:sqs:eu-central-1:000000000000:export"


@app.on_sqs_message(queue_arn=EXPORT_QUEUE, batch_size=1, name="export_shop")
def export_shop(event: SQSEvent) -> dict[str, Any]:
    """Carry one shop's due orders into files, or watch over it: what its message asks for."""
    from chalicelib import entry

    return entry.export_shop(event.to_dict(), event.context)


@app.schedule(_daily(WATCH), name="watch")
def watch(event: CloudWatchEvent) -> dict[str, Any]:
    """Every night, after the export: one message for every shop, to look at subscriptions, refunds
    and silence.
    """
    from chalicelib import entry

    return entry.watch(event.to_dict())


@app.lambda_function(name="rerun")
def rerun(event: Any, context: Any) -> dict[str, Any]:
    """Replay and repair by the operator."""
    from chalicelib import entry

    return entry.rerun(event, context)


@app.lambda_function(name="backfill")
def backfill(event: Any, context: Any) -> dict[str, Any]:
    """Migration of existing orders."""
    from chalicelib import entry

    return entry.backfill(event, context)


@app.lambda_function(name="shops")
def shops(event: Any, context: Any) -> dict[str, Any]:
    """The operator's look at all shops; pause and resume."""
    from chalicelib import entry

    return entry.shops(event, context)
