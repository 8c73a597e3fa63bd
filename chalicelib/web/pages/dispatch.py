"""Answers every request for a page: finds its handler, and makes a page of every error."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pkgutil import resolve_name
from urllib.parse import unquote

from chalicelib.domain import bounds
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.shop.connecting import CALLBACK
from chalicelib.web.http.bookkeeper_sessions import is_bookkeepers, renew_bookkeeper
from chalicelib.web.http.client_routes import EVERY_HANDLER, is_of_client, list_methods
from chalicelib.web.http.http_messages import HTML, Request, Response, add_cookies
from chalicelib.web.http.routes import ANY_ADDRESS, CALLBACKS
from chalicelib.web.http.security_headers import add_security_headers, make_broken_page
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.client_access import enter_client
from chalicelib.web.pages.error_pages import NoSuchPage, WrongMethod, find_refusal, render_error

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
        _check_address(call)
        handler = find_handler(request)
        if is_of_client(request.route):
            enter_client(call)
        response = _keep_sessions(call, handler(call))
    except Exception as error:
        call.refused = find_refusal(error) or call.refused
        response = _render_failure(call, error)
    answer = add_security_headers(response, connector.settings.public_url)
    return replace(answer, refused=call.refused)


def _keep_sessions(call: Call, response: Response) -> Response:
    """The response, with the cookie of the merchant's session anew when that is about to be idle,
    and of the bookkeeper's likewise.
    """
    set_already = response.headers.get("Set-Cookie", [])
    lines = [set_already] if isinstance(set_already, str) else [*set_already]
    cookies, renewed = call.sessions, list[str | None]()
    if call.session and not any(map(cookies.is_session, lines)):
        renewed.append(cookies.renew(call.session))
    if call.bookkeeper and not any(is_bookkeepers(cookies, line) for line in lines):
        renewed.append(renew_bookkeeper(cookies, call.bookkeeper))
    new = [line for line in renewed if line]
    headers = add_cookies(response.headers, [*lines, *new] if new else None)
    return replace(response, headers=headers)


def _check_address(call: Call) -> None:
    """Raises `NoSuchPage` for an address that no page of ours links to: what is longer than a key
    of the tables can be, or has characters that nobody sees. What Asperion sends a browser back
    with is for its own page to judge: a code may be of any length, and texts come along.
    """
    queried = [text.strip() or "-" for pair in call.request.query.items() for text in pair]
    is_ours = all(bounds.is_line(part, bounds.LONGEST_PART) for part in call.params.values())
    are_lines = all(bounds.is_line(text, bounds.LONGEST_QUERY) for text in queried)
    if not is_ours or not (are_lines or call.request.route == CALLBACK):
        raise NoSuchPage


def _answer_head(connector: Connector, request: Request, logger: logging.Logger) -> Response:
    """What GET answers, without the body. A callback is not carried out: HEAD changes nothing."""
    if request.route in CALLBACKS and request.query:
        empty = Response(status=200, headers={"Content-Type": HTML})
        return add_security_headers(empty, connector.settings.public_url)
    answer = answer_request(connector, replace(request, method="GET"), logger=logger)
    return replace(answer, body="", content=None if answer.content is None else b"")


def find_handler(request: Request) -> Callable[[Call], Response]:
    """The handler of a request. Raises `NoSuchPage`, and `WrongMethod` for a page that is there and
    does not take the request's method.
    """
    name = EVERY_HANDLER.get((request.method.upper(), request.route))
    if name is None:
        is_any = request.route == ANY_ADDRESS
        address = f"/{request.params.get('proxy', '')}" if is_any else request.route
        if methods := list_methods(address):
            raise WrongMethod(methods)
        raise NoSuchPage
    handler: Callable[[Call], Response] = resolve_name(f"chalicelib.web.pages.{name}")
    return handler


def _render_failure(call: Call, error: Exception) -> Response:
    try:
        return render_error(call, error)
    except Exception as second:  # the page itself is broken
        call.log.error("error page failed", extra={"error": type(second).__name__})
        return make_broken_page()
