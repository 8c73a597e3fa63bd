"""Requests and responses as plain values; reading of forms and cookies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from chalicelib.domain import bounds
from chalicelib.errors import RequestError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.web.http.multipart import is_multipart, read_parts
from chalicelib.web.http.refusals import Refusal

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
LARGEST_BODY = 1_000_000  # bytes
MOST_FIELDS = 2_000

Headers = Mapping[str, str | list[str]]


class BodyTooLarge(RequestError):
    """The body is larger than `LARGEST_BODY`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request. `route` is the address's pattern, as ``/orders/{number}``, and `params` are its
    parts, still percent-encoded; `headers` have lower-cased names; `body` is raw. `query` has the
    last value of each parameter, `repeated` the names of those that came more than once.
    """

    method: str
    route: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    repeated: frozenset[str] = frozenset()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    cookies: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One response. A list as a header's value stands for several headers of that name. `content`
    is sent in the place of `body` by what is no text. `refused` says why the call was turned away,
    if it was; it is counted, and not sent.
    """

    status: int
    body: str = field(default="", repr=False)
    content: bytes | None = field(default=None, repr=False)
    headers: Headers = field(default_factory=dict, repr=False)
    refused: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Form:
    """A posted form: `fields` holds the last value of each field as it was typed."""

    fields: Mapping[str, str]

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def get(self, name: str, default: str = "") -> str:
        """The field's value without blanks around it, or `default` when it was not posted."""
        return self.fields.get(name, default).strip()

    def select(self, prefix: str) -> dict[str, str]:
        """Fields whose name starts with `prefix`, keyed by the rest of the name."""
        return {
            name.removeprefix(prefix): value.strip()
            for name, value in self.fields.items()
            if name.startswith(prefix)
        }


def read_request(given: Any) -> Request:
    """The request that Chalice gives."""
    headers = {name.lower(): value for name, value in given.headers.items()}
    query = given.query_params
    return Request(
        method=given.method,
        route=given.path,  # the route's pattern, as `app.py` declares it
        params=dict(given.uri_params or {}),
        query=dict(query.items()) if query else {},
        repeated=frozenset(name for name in query or () if len(query.getlist(name)) > 1),
        headers=headers,
        body=given.raw_body,
        cookies=read_cookies(headers.get("cookie")),
    )


def read_form(request: Request) -> Form:
    """The posted form (``application/x-www-form-urlencoded``, or with a file in it
    ``multipart/form-data``).

    Raises `BodyTooLarge`, and `RequestError` for a body that is no such form.
    """
    if len(request.body) > LARGEST_BODY:
        raise BodyTooLarge(f"The form is larger than {LARGEST_BODY} bytes.")
    content_type = request.headers.get("content-type", "")
    try:
        if is_multipart(content_type):
            return Form(dict(read_parts(content_type, request.body)))
        text = request.body.decode("utf-8")
        fields = parse_qsl(
            text, keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict"
        )
    except ValueError:
        raise RequestError("The form cannot be read: it is no UTF-8, or not whole.") from None
    return Form(dict(fields))


def read_cookies(header: str | None) -> dict[str, str]:
    """Names and values of a ``Cookie`` header; a name that comes twice is left out.

    Not by `http.cookies`, which stops at the first cookie it does not like, and other applications
    on the same domain set what they like. Only blanks and tabs are taken off, as browsers do: with
    other white space off, a cookie of another name would pass for one of ours. Of two cookies of
    one name, one is not from us. Nor is one with other characters than ours have, or longer than
    browsers keep them.
    """
    pairs = [pair.partition("=") for pair in (header or "").split(";")]
    found = [(name.strip(" \t"), value.strip(" \t")) for name, equals, value in pairs if equals]
    counts = Counter(name for name, _ in found)
    return {
        name: value
        for name, value in found
        if counts[name] == 1 and bounds.is_ascii_line(name + value, bounds.LONGEST_COOKIE)
    }


def redirect(url: str, *, cookies: list[str] | None = None) -> Response:
    """A 303, on which browsers GET that address."""
    headers = {"Location": url, "Content-Type": HTML}
    return Response(status=303, headers=add_cookies(headers, cookies))


def send_download(content: str | bytes, media_type: str, name: str) -> Response:
    """What browsers save as a file of that name, of letters, digits, points and hyphens."""
    disposition = f'attachment; filename="{name}"'
    headers = {"Content-Type": media_type, "Content-Disposition": disposition}
    if isinstance(content, bytes):
        return Response(status=200, content=content, headers=headers)
    return Response(status=200, body=content, headers=headers)


def add_cookies(headers: Headers, cookies: list[str] | None) -> Headers:
    """The headers with a ``Set-Cookie`` line for each cookie."""
    return {**headers, "Set-Cookie": cookies} if cookies else headers


def find_origin(url: str) -> str:
    """Scheme, host and port of an address, as browsers send it in ``Origin``."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
