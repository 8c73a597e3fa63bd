"""Calls to SEOshop over HTTP: address, credentials, retries, and the error for each refusal.

GETs are tried at most twice more on 5xx and network errors, every try counted against the
allowance; nothing else is ever repeated. Redirects are not followed, answers over 10 MB are not
read. Our errors carry SEOshop's own message, cleaned and cut. Source: API reference, 1
(addresses, credentials, envelopes), 10 (errors).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast
from urllib.parse import quote, urlencode

import requests
import urllib3

from chalicelib.adapters.seoshop.deadline import Deadline
from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.adapters.seoshop.values import load_json
from chalicelib.errors import (
    ShopError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopNotFound,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
)
from chalicelib.version import USER_AGENT

MAX_BYTES = 10 * 1024 * 1024
BACK_OFF = (0.5, 1.0)
"""Seconds before the second and third try of a GET."""

LEAST_TRY = 1.0
"""Seconds a further try must be able to take; with less left of a deadline it is not begun."""

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": USER_AGENT,
}

Params = Iterable[tuple[str, str]]


class Transport:
    """Calls of one shop's API under `root` (``https://api.webshopapp.com/nl``).

    `credentials` are HTTP Basic user and password and go into a header only. `timeout` is
    (connect, read) in seconds; `sleep` takes seconds. With a `deadline` no call outlasts it.
    """

    def __init__(
        self,
        *,
        session: requests.Session,
        root: str,
        credentials: tuple[str, str],
        limit: RateLimit,
        timeout: tuple[float, float],
        sleep: Callable[[float], None],
        deadline: Deadline | None = None,
    ) -> None:
        self._deadline = deadline
        self._session = session
        self._root = root
        self._credentials = credentials
        self._limit = limit
        self._timeout = timeout
        self._sleep = sleep

    def get(self, path: str, params: Params = ()) -> object:
        """The parsed JSON of a resource such as ``orders/1.json``. Raises `ShopError`."""
        for pause in BACK_OFF:
            try:
                return self._call("GET", path, params)
            except _TransientError:
                if self._deadline and self._deadline.seconds_left() < pause + LEAST_TRY:
                    raise
                self._sleep(pause)
        return self._call("GET", path, params)

    def post(self, path: str, document: Mapping[str, object]) -> object:
        """Create something, once; returns the parsed JSON of the answer."""
        return self._call("POST", path, document=document)

    def delete(self, path: str) -> None:
        """Remove something, once."""
        self._call("DELETE", path)

    def _call(
        self,
        method: str,
        path: str,
        params: Params = (),
        document: Mapping[str, object] | None = None,
    ) -> object:
        call = f"{method} {path}"
        if self._deadline and not self._deadline.seconds_left():
            raise ShopUnavailable(f"No time is left to ask SEOshop for {call}.")
        self._limit.reserve_call()
        response, body = self._send(method, path, params, document, call)
        self._limit.record_headers(response.headers)
        return self._interpret(response, body, call)

    def _send(
        self,
        method: str,
        path: str,
        params: Params,
        document: Mapping[str, object] | None,
        call: str,
    ) -> tuple[requests.Response, bytes]:
        query = urlencode(list(params), quote_via=quote)
        # Not prepared by the session, which would send one shop's cookies along with another's.
        request = requests.Request(
            method,
            f"{self._root}/{path}" + (f"?{query}" if query else ""),
            json=document,
            headers=_HEADERS,
            auth=self._credentials,
        ).prepare()
        try:
            environment = self._session.merge_environment_settings(
                request.url, {}, True, None, None
            )
            with self._session.send(
                request, timeout=self._choose_timeout(), allow_redirects=False, **environment
            ) as response:
                return response, self._read(response, call)
        except requests.Timeout as error:
            raise _TransientError(f"SEOshop did not answer {call} in time.") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            what = type(error).__name__
            raise _TransientError(
                f"The connection to SEOshop broke during {call} ({what})."
            ) from error

    def _choose_timeout(self) -> Any:
        """The time-out for requests: (connect, read), or with a deadline one for the whole call."""
        if self._deadline is None:
            return self._timeout
        connect, read = self._timeout
        return urllib3.Timeout(connect=connect, read=read, total=self._deadline.seconds_left())

    def _read(self, response: requests.Response, call: str) -> bytes:
        body = bytearray()
        for chunk in response.iter_content(64 * 1024):
            body += chunk
            if len(body) > MAX_BYTES:
                raise ShopUnavailable(f"SEOshop's answer to {call} is over {MAX_BYTES} bytes.")
            if self._deadline and not self._deadline.seconds_left():
                raise ShopUnavailable(f"SEOshop's answer to {call} takes too long.")
        return bytes(body)

    def _interpret(self, response: requests.Response, body: bytes, call: str) -> object:
        status = response.status_code
        document = _parse_json(body)
        message = _read_error_message(document)
        if 200 <= status < 300 and message is None:
            if document is None and body.strip():
                raise ShopUnavailable(
                    f"SEOshop answered {call} without usable JSON.", status=status
                )
            return document
        if status < 400 and message is not None:
            status = _read_error_code(document) or status
        quoted = f": {message}" if message else ""
        if status == 429:
            raise self._limit.record_refusal(response.headers, quoted)
        raise _make_error(status, call, quoted, answered=message is not None)


class _TransientError(ShopUnavailable):
    """An error that may pass in a moment; the only kind that is retried."""


def _parse_json(body: bytes) -> object:
    """The body as parsed JSON, None when it is not JSON."""
    try:
        return load_json(body)
    except ValueError:
        return None


def _read_error_message(document: object) -> str | None:
    """SEOshop's own message, cleaned and cut; None when the document is no error."""
    if not isinstance(document, dict) or "error" not in document:
        return None
    error = document["error"]
    message = error.get("message") if isinstance(error, dict) else error
    text = message if isinstance(message, str) else ""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()[:200]


def _read_error_code(document: object) -> int | None:
    """The HTTP status an error body names."""
    error = cast("dict[str, object]", document)["error"]
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and 400 <= code < 600 else None


def _make_error(status: int, call: str, message: str, *, answered: bool) -> ShopError:
    """The error for a status. `answered` says that the body was an error document of SEOshop: a
    404 without one comes from a proxy in between and does not mean "no such order".
    """
    facts = f"({status}{message}) to {call}"
    kind: type[ShopError]
    if status == 401:
        kind, text = ShopUnauthorised, f"refuses the shop's token {facts}; install the app again."
    elif status == 403:
        kind = ShopForbidden
        text = f"denies a permission {facts}; give it to the app and install again."
    elif status == 404 and "language" in message.lower():
        kind = ShopLanguageUnknown
        text = (
            f"does not know the shop's language {facts}; open the app from the AppCenter "
            "again, which brings the shop's present language."
        )
    elif status == 404 and answered:
        kind, text = ShopNotFound, f"has nothing there {facts}."
    elif 400 <= status < 500 and status not in (404, 408):
        kind, text = ShopRefused, f"calls the request wrong {facts}."
    else:
        kind = _TransientError if status >= 500 else ShopUnavailable
        text = f"gave no usable answer {facts}."
    return kind(f"SEOshop {text}", status=status)
