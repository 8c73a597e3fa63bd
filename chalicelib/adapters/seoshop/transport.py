"""Calls to SEOshop over HTTP: address, credentials, retries, and the error for each refusal.

GETs are tried at most twice more on 5xx and network errors, every try counted against the
allowance; nothing else is ever repeated. Redirects are not followed, answers over 10 MB are not
read, and a call that takes longer than connecting and reading may take together is cut off. Errors
carry nothing of an answer but what `shop_refusals` knows, and no error of the HTTP client as their
cause, because that may quote the answer. Source: API reference, 1 (addresses, credentials,
envelopes).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import field
from decimal import Decimal, InvalidOperation
from typing import Any
from urllib.parse import quote, urlencode

import requests
import urllib3

from chalicelib.adapters.deadline import Deadline
from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.seoshop.call_timer import CallTimer
from chalicelib.adapters.seoshop.calls import name_call
from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.adapters.seoshop.shop_refusals import (
    ShopMessage,
    TransientError,
    describe_refusal,
    make_error,
    read_refusal,
)
from chalicelib.domain.signatures import api_password
from chalicelib.errors import SettingsError, ShopUnavailable
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import AppPair
from chalicelib.safe_urls import check_url
from chalicelib.version import USER_AGENT

MAX_BYTES = 10 * 1024 * 1024
BACK_OFF = (0.5, 1.0)
"""Seconds before the second and third try of a GET."""

LEAST_TRY = 1.0
"""Seconds a further try must be able to take; with less left of a deadline it is not begun."""

LEAST_TIME = 0.001
"""Seconds for a call whose time passed while it waited for its turn: none at all is no time-out."""

_HEADERS = {"Accept": "application/json", "Accept-Encoding": "gzip", "User-Agent": USER_AGENT}

Params = tuple[tuple[str, str], ...]


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
    _settings: Mapping[str, Any] | None = field(default=None, init=False)
    _prepared: dict[AppPair, requests.PreparedRequest] = field(default_factory=dict, init=False)

    def get(self, path: str, params: Params = ()) -> object:
        """The parsed JSON of a resource such as ``orders/1.json``. Raises `ShopError`."""
        for pause in BACK_OFF:
            try:
                return self.call("GET", path, params)
            except TransientError:
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
        call = name_call(method, path)
        if self.deadline and not self.deadline.seconds_left():
            raise ShopUnavailable(f"No time is left to ask SEOshop for {call}.")
        query = urlencode(params, quote_via=quote)
        address = f"{self.root}/{path}" + (f"?{query}" if query else "")
        request = self._prepare(pair, method, address, document)
        failure: Exception | None = None
        with self.limit.make_call(), CallTimer(self._longest_call()) as timer:
            try:
                response, body = self._send(request, call)
            except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
                failure = error
        if failure is not None or timer.is_over:  # without a length, half an answer looks whole
            raise _explain_failure(failure, call, is_cut_off=timer.is_over)
        self.limit.record_headers(response.headers)
        return self._interpret(response, body, call)

    def _prepare(
        self, pair: AppPair, method: str, address: str, document: object
    ) -> requests.PreparedRequest:
        """A request, not prepared by the session, which would send one shop's cookies along with
        another's. GETs differ in their address alone, which is written as HTTP wants it.
        """
        if method == "GET" and (like := self._prepared.get(pair)):
            request = like.copy()
            request.url = address
            return request
        request = requests.Request(
            method,
            address,
            json=document,
            headers=_HEADERS,
            auth=(pair.key, api_password(self.token, pair.secret)),
        ).prepare()
        if method == "GET":
            self._prepared[pair] = request
        return request

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
                connect=connect, read=read, total=self.deadline.seconds_left() or LEAST_TIME
            )
        with self.session.send(
            request, timeout=timeout, allow_redirects=False, **self._list_settings()
        ) as response:
            body = bytearray()
            for chunk in response.iter_content(64 * 1024):
                body += chunk
                if len(body) > MAX_BYTES:
                    raise ShopUnavailable(f"SEOshop's answer to {call} is over {MAX_BYTES} bytes.")
                if self.deadline and not self.deadline.seconds_left():
                    raise ShopUnavailable(f"SEOshop's answer to {call} takes too long.")
        return response, bytes(body)

    def _list_settings(self) -> Mapping[str, Any]:
        """Proxies and certificates of this machine, which are the same for all calls."""
        if self._settings is None:
            self._settings = self.session.merge_environment_settings(
                self.root, {}, True, None, None
            )
        return self._settings

    def _interpret(self, response: requests.Response, body: bytes, call: str) -> object:
        status, document = response.status_code, _parse_json(body)
        refusal = read_refusal(document)
        if 200 <= status < 300 and refusal is None:
            if document is None and body.strip():
                raise ShopUnavailable(
                    f"SEOshop answered {call} without usable JSON.", status=status
                )
            return document
        message = refusal.message if refusal else ShopMessage.NONE
        if status < 400 and refusal and refusal.status:
            status = refusal.status
        if status == 429:
            raise self.limit.record_refusal(response.headers, describe_refusal(status, message))
        raise make_error(status, call, message, answered=refusal is not None)


def _explain_failure(error: Exception | None, call: str, *, is_cut_off: bool) -> ShopUnavailable:
    if is_cut_off:
        return ShopUnavailable(f"SEOshop did not answer {call} in time: it takes too long.")
    if isinstance(error, requests.Timeout):
        return TransientError(f"SEOshop did not answer {call} in time.")
    what = type(error).__name__
    return TransientError(f"The connection to SEOshop broke during {call} ({what}).")


def _parse_json(body: bytes) -> object:
    """The body with every fraction as `Decimal`; None when it is not (sane) JSON."""
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=int)  # int("NaN") is refused
    except (ValueError, InvalidOperation, RecursionError):
        return None
