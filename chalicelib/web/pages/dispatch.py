"""Answers every request for a page: finds its handler, and makes a page of every error."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pkgutil import resolve_name
from urllib.parse import unquote

from chalicelib.usecases.connector import Connector
from chalicelib.web.http.http_messages import HTML, Request, Response
from chalicelib.web.http.routes import CALLBACKS, HANDLERS
from chalicelib.web.http.security_headers import add_security_headers
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.error_pages import NoSuchPage, render_error

log = logging.getLogger(__name__)


def answer_request(
    connector: Connector, request: Request, *, logger: logging.Logger = log
) -> Response:
    """The response to one request. Never raises: every error becomes a page."""
    if request.method.upper() == "HEAD":
        return _answer_head(connector, request, logger)
    # Decoded here, once: an encoded slash belongs to its part.
    params = {name: unquote(part) for name, part in request.params.items()}
    call = Call(connector=connector, request=request, log=logger, params=params)
    try:
        response = call.keep_session(find_handler(request.method, request.route)(call))
    except Exception as error:
        response = _render_failure(call, error)
    return add_security_headers(response, connector.settings.public_url)


def _answer_head(connector: Connector, request: Request, logger: logging.Logger) -> Response:
    """What GET answers, without the body. A callback is not carried out: HEAD changes nothing."""
    if request.route in CALLBACKS and request.query:
        empty = Response(status=200, headers={"Content-Type": HTML})
        return add_security_headers(empty, connector.settings.public_url)
    answer = answer_request(connector, replace(request, method="GET"), logger=logger)
    return replace(answer, body="")


def find_handler(method: str, route: str) -> Callable[[Call], Response]:
    """The handler of a route. Raises `NoSuchPage`."""
    name = HANDLERS.get((method.upper(), route))
    if name is None:
        raise NoSuchPage
    handler: Callable[[Call], Response] = resolve_name(f"chalicelib.web.pages.{name}")
    return handler


def _render_failure(call: Call, error: Exception) -> Response:
    try:
        return render_error(call, error)
    except Exception as second:  # the page itself is broken
        call.log.error("error page failed", extra={"error": type(second).__name__})
        return Response(
            status=500,
            body="<!doctype html><title>500</title><p>Something went wrong. Try again later.",
            headers={"Content-Type": HTML},
        )
