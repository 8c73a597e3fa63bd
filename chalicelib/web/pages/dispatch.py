"""Which handler serves which route, and the one entry for every merchant route."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from urllib.parse import unquote

from chalicelib.usecases.connector import Connector
from chalicelib.web.http.http_messages import HTML, Request, Response
from chalicelib.web.http.security_headers import secured
from chalicelib.web.pages import actions, views
from chalicelib.web.pages import error_pages as faults
from chalicelib.web.pages import health_page as health
from chalicelib.web.pages import leave_pages as leaving
from chalicelib.web.pages import settings_page as setup
from chalicelib.web.pages.call import Call

log = logging.getLogger(__name__)

Handler = Callable[[Call], Response]


ROUTES: Mapping[tuple[str, str], Handler] = {  # the routes that `app.py` declares as pages
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
    ("GET", "/health"): health.health,
    ("GET", "/static/{name}"): health.static,
}


def handle(connector: Connector, request: Request, *, logger: logging.Logger = log) -> Response:
    """Answer one request. Never raises: every error becomes a page."""
    # Decoded here, once: an encoded slash belongs to its part.
    params = {name: unquote(part) for name, part in request.params.items()}
    call = Call(connector=connector, request=request, log=logger, params=params)
    try:
        response = _find(request)(call)
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


def _find(request: Request) -> Handler:
    """The handler of a route. Raises `NoSuchPage`."""
    try:
        return ROUTES[request.method.upper(), request.route]
    except KeyError:
        raise faults.NoSuchPage from None
