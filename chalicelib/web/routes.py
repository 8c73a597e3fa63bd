"""The table of routes, and the one entry for every merchant route."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from urllib.parse import quote, unquote

from chalicelib.usecases.connector import Connector
from chalicelib.web import actions, faults, health, hooks, leaving, setup, views
from chalicelib.web.call import Call
from chalicelib.web.headers import secured
from chalicelib.web.http import HTML, Request, Response

log = logging.getLogger(__name__)

Handler = Callable[[Call], Response]


def webhook(call: Call) -> Response:
    """``POST /webhooks/{shop_id}/{topic}``, where no function of its own serves it."""
    return hooks.receive(
        quote(call.params["shop_id"], safe=""),
        quote(call.params["topic"], safe=""),
        call.request.headers,
        call.request.body,
        listener=call.connector,
        secret=call.connector.settings.app_secret,
        logger=call.log,
    )


ROUTES: Mapping[tuple[str, str], Handler] = {
    ("GET", "/"): views.home,
    ("GET", "/install"): setup.arrive,
    ("POST", "/install"): setup.submit,
    ("GET", "/settings"): setup.settings,
    ("POST", "/settings"): setup.submit,
    ("GET", "/cancel"): leaving.cancelled,
    ("GET", "/uninstall"): leaving.uninstalled,
    ("GET", "/orders/{number}"): views.order,
    ("POST", "/orders/{number}"): actions.order,
    ("GET", "/files/{name}"): views.file,
    ("POST", "/held"): actions.held,
    ("POST", "/pause"): actions.pause,
    ("POST", "/resume"): actions.resume,
    ("POST", "/webhooks/{shop_id}/{topic}"): webhook,
    ("GET", "/health"): health.health,
    ("GET", "/static/{name}"): health.static,
}


def handle(connector: Connector, request: Request, *, logger: logging.Logger = log) -> Response:
    """Answer one request. Never raises: every error becomes a page."""
    call = Call(connector=connector, request=request, log=logger)
    try:
        handler, call.params = _find(request.method.upper(), request.path)
        response = handler(call)
    except Exception as error:
        response = _failed(call, error)
    return secured(response, connector.settings.public_url)


def _failed(call: Call, error: Exception) -> Response:
    try:
        return faults.page(call, error)
    except Exception as second:  # the page itself is broken
        call.log.error("error page failed", extra={"error": type(second).__name__})
        return Response(
            status=500,
            body="<!doctype html><title>500</title><p>Something went wrong. Try again later.",
            headers={"Content-Type": HTML},
        )


def _find(method: str, path: str) -> tuple[Handler, dict[str, str]]:
    """The handler of a path and its decoded parts. Raises `NoSuchPage`, `WrongMethod`."""
    known = False
    for (allowed, pattern), handler in ROUTES.items():
        params = _match(pattern, path)
        if params is not None and allowed == method:
            return handler, params
        known = known or params is not None
    raise faults.WrongMethod if known else faults.NoSuchPage


def _match(pattern: str, path: str) -> dict[str, str] | None:
    """Parts of a path that fits a pattern. Split first, decoded once afterwards: an encoded slash
    belongs to its part.
    """
    wanted, given = pattern.strip("/").split("/"), path.strip("/").split("/")
    if len(wanted) != len(given):
        return None
    params: dict[str, str] = {}
    for name, value in zip(wanted, given, strict=True):
        if name.startswith("{"):
            params[name[1:-1]] = unquote(value)
        elif name != value:
            return None
    return params if all(params.values()) else None
