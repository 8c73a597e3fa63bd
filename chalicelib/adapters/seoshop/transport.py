"""Calls to SEOshop over HTTP: address, credentials, retries, and the error for each refusal.

GETs are tried at most twice more on 5xx and network errors, every try counted against the
allowance; nothing else is ever repeated. Redirects are not followed, answers over 10 MB are not
read, and a call that takes longer than connecting and reading may take together is cut off. Our
errors carry SEOshop's own message, cleaned and cut. Source: API reference, 1
(addresses, credentials, envelopes), 10 (errors).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote, urlencode

import requests
import urllib3

from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.seoshop.call_timer import CallTimer
from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.domain.signatures import api_password
from chalicelib.errors import (
    SettingsError,
    ShopError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopNotFound,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
)
from chalicelib.ports import AppPair
from chalicelib.settings import check_url
from chalicelib.version import USER_AGENT

MAX_BYTES = 10 * 1024 * 1024
BACK_OFF = (0.5, 1.0)
"""Seconds before the second and third try of a GET."""

LEAST_TRY = 1.0
"""Seconds a further try must be able to take; with less left of a deadline it is not begun."""

_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": USER_AGENT}

Params = tuple[tuple[str, str], ...]


class Deadline:
    """A time limit for all calls of a job together, as for a page that somebody waits for: passes
    `seconds` after it is made. `monotonic` gives seconds and never goes back.
    """

    def __init__(self, seconds: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._until = monotonic() + seconds

    def seconds_left(self) -> float:
        """Seconds left; 0 once it has passed."""
        return max(self._until - self._monotonic(), 0.0)


def make_api_root(base_url: str, language: str) -> str:
    """Make the address that all calls of a shop start with. Raises `SettingsError`."""
    check_url(base_url, "SEOSHOP_API_URL_…")
    if not (len(language) == 2 and language.isascii() and language.isalpha()):
        raise SettingsError("The shop's language must be two letters, such as nl.")
    return f"{base_url.rstrip('/')}/{language.lower()}"


@dataclass(slots=True, kw_only=True, repr=False)
class Transport:
    """Calls of one shop's API under `root` (``https://api.webshopapp.com/nl``).

    `token` is the shop's; with one of the app's `pairs` it makes the HTTP Basic user and password,
    which go into a header only. `timeout` is
    (connect, read) in seconds, and no call takes longer than both together; `sleep` takes seconds.
    With a `deadline` no call outlasts that either.
    """

    session: requests.Session
    root: str
    token: str
    pairs: PairsInTurn
    limit: RateLimit
    timeout: tuple[float, float]
    sleep: Callable[[float], None]
    deadline: Deadline | None

    def get(self, path: str, params: Params = ()) -> object:
        """The parsed JSON of a resource such as ``orders/1.json``. Raises `ShopError`."""
        for pause in BACK_OFF:
            try:
                return self.call("GET", path, params)
            except _TransientError:
                if self.deadline and self.deadline.seconds_left() < pause + LEAST_TRY:
                    raise
                self.sleep(pause)
        return self.call("GET", path, params)

    def call(self, method: str, path: str, params: Params = (), document: object = None) -> object:
        """Make one call, once, with a document to send as JSON; returns the answer's parsed JSON,
        None for an empty one. Raises `ShopError`. A second pair is tried after a 401.
        """
        return self.pairs.call(lambda pair: self._call_as(pair, method, path, params, document))

    def _call_as(
        self, pair: AppPair, method: str, path: str, params: Params, document: object
    ) -> object:
        call = f"{method} {path}"
        if self.deadline and not self.deadline.seconds_left():
            raise ShopUnavailable(f"No time is left to ask SEOshop for {call}.")
        self.limit.reserve_call()
        query = urlencode(params, quote_via=quote)
        # Not prepared by the session, which would send one shop's cookies along with another's.
        request = requests.Request(
            method,
            f"{self.root}/{path}" + (f"?{query}" if query else ""),
            json=document,
            headers=_HEADERS,
            auth=(pair.key, api_password(self.token, pair.secret)),
        ).prepare()
        with CallTimer(self._longest_call()) as timer:
            try:
                response, body = self._send(request, call)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                raise _explain_failure(error, call, is_cut_off=timer.is_over) from error
        if timer.is_over:  # without a length, half an answer looks whole
            raise _explain_failure(None, call, is_cut_off=True)
        self.limit.record_headers(response.headers)
        return self._interpret(response, body, call)

    def _longest_call(self) -> float:
        whole = sum(self.timeout)
        return min(whole, self.deadline.seconds_left()) if self.deadline else whole

    def _send(
        self, request: requests.PreparedRequest, call: str
    ) -> tuple[requests.Response, bytes]:
        timeout: Any = self.timeout
        if self.deadline:
            connect, read = self.timeout
            timeout = urllib3.Timeout(
                connect=connect, read=read, total=self.deadline.seconds_left()
            )
        environment = self.session.merge_environment_settings(request.url, {}, True, None, None)
        with self.session.send(
            request, timeout=timeout, allow_redirects=False, **environment
        ) as response:
            body = bytearray()
            for chunk in response.iter_content(64 * 1024):
                body += chunk
                if len(body) > MAX_BYTES:
                    raise ShopUnavailable(f"SEOshop's answer to {call} is over {MAX_BYTES} bytes.")
                if self.deadline and not self.deadline.seconds_left():
                    raise ShopUnavailable(f"SEOshop's answer to {call} takes too long.")
        return response, bytes(body)

    def _interpret(self, response: requests.Response, body: bytes, call: str) -> object:
        status, document = response.status_code, _parse_json(body)
        error = _read_error(document)
        if 200 <= status < 300 and error is None:
            if document is None and body.strip():
                raise ShopUnavailable(
                    f"SEOshop answered {call} without usable JSON.", status=status
                )
            return document
        code, message = error or (None, "")
        if status < 400:
            status = code or status
        quoted = f": {message}" if message else ""
        if status == 429:
            raise self.limit.record_refusal(response.headers, quoted)
        raise _make_error(status, call, quoted, answered=error is not None)


class _TransientError(ShopUnavailable):
    """An error that may pass in a moment; the only kind that is retried."""


def _explain_failure(error: Exception | None, call: str, *, is_cut_off: bool) -> ShopUnavailable:
    if is_cut_off:
        return ShopUnavailable(f"SEOshop did not answer {call} in time: it takes too long.")
    if isinstance(error, requests.Timeout):
        return _TransientError(f"SEOshop did not answer {call} in time.")
    what = type(error).__name__
    return _TransientError(f"The connection to SEOshop broke during {call} ({what}).")


def _parse_json(body: bytes) -> object:
    """The body with every fraction as `Decimal`; None when it is not (sane) JSON."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=int)  # int("NaN") is refused
    except (ValueError, InvalidOperation, RecursionError):
        return None


def _read_error(document: object) -> tuple[int | None, str] | None:
    """The HTTP status that an error body names, and SEOshop's own message, cleaned and cut; None
    when the document is no error.
    """
    if not isinstance(document, dict) or "error" not in document:
        return None
    error = document["error"]
    fields: Mapping[str, object] = error if isinstance(error, dict) else {"message": error}
    code, message = fields.get("code"), fields.get("message")
    text = message if isinstance(message, str) else ""
    return (
        code if isinstance(code, int) and 400 <= code < 600 else None,
        "".join(sign if sign.isprintable() else " " for sign in text).strip()[:200],
    )


def _make_error(status: int, call: str, message: str, *, answered: bool) -> ShopError:
    """The error for a status. `answered` says that the body was an error document of SEOshop: a
    404 without one comes from a proxy in between and does not mean "no such order", nor does a 401
    of such a page say anything of key, secret and token.
    """
    facts = f"({status}{message}) to {call}"
    kind: type[ShopError]
    if status == 401 and answered:
        kind, text = ShopUnauthorised, f"refuses the shop's token, or the app's key {facts}."
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
    elif 400 <= status < 500 and status not in (401, 404, 408):
        kind, text = ShopRefused, f"calls the request wrong {facts}."
    else:
        kind = _TransientError if status >= 500 else ShopUnavailable
        text = f"gave no usable answer {facts}."
    return kind(f"SEOshop {text}", status=status)
