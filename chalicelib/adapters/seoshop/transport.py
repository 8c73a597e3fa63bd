"""One call to SEOshop: address, credentials, retries, and what each refusal means.

GETs are tried at most twice more on 5xx and network errors, every try counted against the
allowance; nothing else is ever repeated. Redirects are not followed, answers over 10 MB are not
read. SEOshop's own message is carried into our error, cut and cleaned. Source: API reference, 1
(addresses, credentials, envelopes), 10 (errors).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import cast
from urllib.parse import quote, urlencode

import requests
import urllib3

from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.adapters.seoshop.values import load_json
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
from chalicelib.settings import is_safe_url
from chalicelib.version import USER_AGENT

MAX_BYTES = 10 * 1024 * 1024
BACK_OFF = (0.5, 1.0)
"""Seconds before the second and third try of a GET."""

_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "gzip",
    "User-Agent": USER_AGENT,
}

Params = Iterable[tuple[str, str]]


class Transport:
    """Calls of one shop's API under `root` (``https://api.webshopapp.com/nl``).

    `credentials` are HTTP Basic user and password and go into a header only. `timeout` is
    (connect, read) in seconds; `sleep` takes seconds.
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
    ) -> None:
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
            except _Passing:
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
        self._limit.before_call()
        call = f"{method} {path}"
        response, body = self._send(method, path, params, document, call)
        self._limit.heard(response.headers)
        return self._judge(response, body, call)

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
            around = self._session.merge_environment_settings(request.url, {}, True, None, None)
            with self._session.send(
                request, timeout=self._timeout, allow_redirects=False, **around
            ) as response:
                return response, _read(response, call)
        except requests.Timeout as error:
            raise _Passing(f"SEOshop did not answer {call} in time.") from error
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            what = type(error).__name__
            raise _Passing(f"The connection to SEOshop broke during {call} ({what}).") from error

    def _judge(self, response: requests.Response, body: bytes, call: str) -> object:
        status = response.status_code
        document = _document(body)
        said = _said(document)
        if 200 <= status < 300 and said is None:
            if document is None and body.strip():
                raise ShopUnavailable(
                    f"SEOshop answered {call} without usable JSON.", status=status
                )
            return document
        if status < 400 and said is not None:
            status = _code(document) or status
        quoted = f": {said}" if said else ""
        if status == 429:
            raise self._limit.refused(response.headers, quoted)
        raise _refusal(status, call, quoted, answered=said is not None)


class _Passing(ShopUnavailable):
    """An error that may be gone a moment later; the only kind that is tried again."""


def root_of(base_url: str, language: str) -> str:
    """The address all calls of a shop begin with. `base_url` must be https, or http to a loopback
    address, without credentials or query; `language` two letters. Raises `SettingsError`.
    """
    if not is_safe_url(base_url):
        raise SettingsError(
            "SEOshop's API address (SEOSHOP_API_URL_…) must begin with https://, without "
            "credentials or a query; plain http is only for a loopback address."
        )
    if not (len(language) == 2 and language.isascii() and language.isalpha()):
        raise SettingsError("The shop's language must be two letters, such as nl.")
    return f"{base_url.rstrip('/')}/{language.lower()}"


def _read(response: requests.Response, call: str) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > MAX_BYTES:
            raise ShopUnavailable(f"SEOshop's answer to {call} is over {MAX_BYTES} bytes.")
    return bytes(body)


def _document(body: bytes) -> object:
    """The body as parsed JSON, None when it is not JSON."""
    try:
        return load_json(body)
    except ValueError:
        return None


def _said(document: object) -> str | None:
    """SEOshop's own message, cleaned and cut; None when the document is no error."""
    if not isinstance(document, dict) or "error" not in document:
        return None
    error = document["error"]
    message = error.get("message") if isinstance(error, dict) else error
    text = message if isinstance(message, str) else ""
    return "".join(sign if sign.isprintable() else " " for sign in text).strip()[:200]


def _code(document: object) -> int | None:
    """The HTTP status an error body names."""
    error = cast("dict[str, object]", document)["error"]
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, int) and 400 <= code < 600 else None


def _refusal(status: int, call: str, said: str, *, answered: bool) -> ShopError:
    """The error for a status. `answered` says that the body was an error document of SEOshop: a
    404 without one comes from something in between, and must not pass for "no such order".
    """
    told = f"({status}{said}) to {call}"
    if status == 401:
        return ShopUnauthorised(
            f"SEOshop refuses the shop's token {told}; install the app again.", status=status
        )
    if status == 403:
        return ShopForbidden(
            f"SEOshop denies a permission {told}; give it to the app and install again.",
            status=status,
        )
    if status == 404 and "language" in said.lower():
        return ShopLanguageUnknown(
            f"SEOshop does not know the shop's language {told}; open the app from the AppCenter "
            "again, which brings the shop's present language.",
            status=status,
        )
    if status == 404 and answered:
        return ShopNotFound(f"SEOshop has nothing there {told}.", status=status)
    if 400 <= status < 500 and status not in (404, 408):
        return ShopRefused(f"SEOshop calls the request wrong {told}.", status=status)
    kind = _Passing if status >= 500 else ShopUnavailable
    return kind(f"SEOshop gave no usable answer {told}.", status=status)
