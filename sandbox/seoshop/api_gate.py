"""The checks on every API call: credentials, faults, allowance, language; and the call log."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, timedelta
from email.utils import formatdate
from typing import Any

from flask import Flask, Response, g, request

from sandbox.seoshop.jsonout import dumps, iso
from sandbox.seoshop.platform_faults import ApiFault
from sandbox.seoshop.shop_platform import Platform
from sandbox.seoshop.webshop import Shop

API_PATH = re.compile(r"^/([A-Za-z]{2})/(.+)$")
TOO_MANY = "Too many requests in this time period. Try again later."
MESSAGES = {
    400: "Invalid data input.",
    401: "Access denied.",
    403: "Access denied.",
    404: "Resource not found.",
    429: TOO_MANY,
    500: "Internal server error.",
    502: "Bad gateway.",
    503: "Service unavailable.",
}
HTML = "<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1><hr>cloud proxy</body></html>"


class ApiError(Exception):
    """A refusal, answered as the platform does."""

    def __init__(self, status: int, message: str | None = None) -> None:
        """Take the HTTP status and, if not the usual one, the message."""
        super().__init__(message or MESSAGES.get(status, "Error"))
        self.status = status


def answer(document: Any, status: int = 200) -> Response:
    """Return a JSON answer as the platform writes it."""
    return Response(dumps(document), status, content_type="application/json; charset=utf-8")


def error_answer(status: int, message: str | None = None) -> Response:
    """Return the error body of a status."""
    method = "CREATE" if request.method == "POST" else request.method
    text = message or MESSAGES.get(status, "Error")
    error = {"code": status, "method": method, "request": request.path, "message": text}
    return answer({"error": error}, status)


def is_api_call() -> bool:
    """Return whether the current request is for the API."""
    return API_PATH.match(request.path) is not None


def guard(app: Flask, platform: Platform) -> None:
    """Check every API call before its route, and add headers and a log entry after it."""

    @app.before_request
    def enter() -> Response | None:
        match = API_PATH.match(request.path)
        return _enter(platform, match.group(1), match.group(2)) if match else None

    @app.after_request
    def leave(response: Response) -> Response:
        return _leave(platform, response) if is_api_call() else response

    @app.errorhandler(ApiError)
    def refuse(error: ApiError) -> Response:
        return error_answer(error.status, str(error))


def _enter(platform: Platform, language: str, resource: str) -> Response | None:
    g.allowance = g.fault = None
    with platform.store.lock:
        g.shop, g.key = _authenticate(platform) or (None, "")
        shop: Shop | None = g.shop
        if shop is not None:
            g.allowance = platform.limiter.take(shop, g.key)
    g.fault = platform.faults.strike(shop.id if shop else None, request.method, resource)
    trouble = _suffer(platform, g.fault) if g.fault else None
    if trouble is not None:
        return trouble
    if shop is None:
        return error_answer(401)
    if not g.allowance.allowed:
        return _too_many(platform, shop)
    if language not in shop.languages:
        return error_answer(404, "Unknown or inactive language.")
    return None


def _authenticate(platform: Platform) -> tuple[Shop, str] | None:
    scheme, _, packed = request.headers.get("Authorization", "").partition(" ")
    try:
        user, _, password = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    if scheme.lower() != "basic":
        return None
    app = platform.app
    return platform.store.by_credentials(user, password, app.key, app.secret)


def _too_many(platform: Platform, shop: Shop) -> Response:
    response = error_answer(429)
    form = shop.switches["retry_after"]
    if form == "seconds":
        response.headers["Retry-After"] = str(g.allowance.wait)
    elif form != "absent":
        until = platform.config.clock() + timedelta(seconds=g.allowance.wait)
        dates = {
            "date": formatdate(until.timestamp(), usegmt=True),
            "iso": f"{until.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
        }
        response.headers["Retry-After"] = dates[form]
    return response


def _suffer(platform: Platform, fault: ApiFault) -> Response | None:
    if fault.kind == "hang":
        platform.faults.stopping.wait(fault.seconds)
        return None
    if fault.kind == "html":
        status = fault.status if fault.status != 500 else 200
        return Response(HTML, status, content_type="text/html; charset=utf-8")
    if fault.kind == "status" and fault.status == 429 and g.shop is not None:
        empty = (0, *g.allowance.remaining[1:])
        g.allowance = replace(g.allowance, remaining=empty, wait=g.allowance.resets[0])
        return _too_many(platform, g.shop)
    if fault.kind == "reset":
        _drop_connection()
        return Response("", 500)
    return error_answer(fault.status) if fault.kind == "status" else None


def _let_trickle(whole: bytes, seconds: float, platform: Platform) -> Iterator[bytes]:
    for place in range(len(whole)):
        yield whole[place : place + 1]
        platform.faults.stopping.wait(seconds)


def _drop_connection() -> None:
    """Reset the connection; without a real one (test client) the answer is an empty 500."""
    drop = request.environ.get("sandbox.drop")
    if drop is not None:
        drop()


def _leave(platform: Platform, response: Response) -> Response:
    fault: ApiFault | None = g.get("fault")
    if fault and fault.kind == "truncated":
        whole = response.get_data()
        response.set_data(whole[: max(1, len(whole) // 2)])
    if fault and fault.kind == "trickle":
        response.response = _let_trickle(response.get_data(), fault.seconds, platform)
    if g.get("allowance"):
        response.headers.update(g.allowance.headers())
    shop: Shop | None = g.get("shop")
    platform.calls.append(
        {
            "method": request.method,
            "path": request.path,
            "query": request.query_string.decode("latin-1"),
            "shop": shop.id if shop else None,
            "status": response.status_code,
            "at": iso(platform.config.clock()),
        }
    )
    return response
