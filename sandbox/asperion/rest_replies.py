"""Answers of the API: JSON with exact amounts, and errors in its own form."""

import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from flask import Response
from waitress.channel import ClientDisconnected

from sandbox.asperion.rest_texts import Language, Said, say

Json = dict[str, Any]
Message = tuple[Said, tuple[object, ...]]
Findings = dict[str, list[Message]]
"""Messages by field, as `lines[0].vatCode`; "" is the request as a whole."""


class RestError(Exception):
    """A request that is refused: HTTP status, message, messages by field, extra headers."""

    def __init__(
        self,
        status: int,
        said: Said,
        findings: Findings | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(said)
        self.status = status
        self.said = said
        self.findings = findings or {}
        self.headers = headers or {}


def answer_json(value: object, status: int = 200) -> Response:
    """An answer with a value as JSON; decimals are numbers with two decimals."""
    content = "application/json; charset=utf-8"
    return Response("".join(_write(value)), status, content_type=content)


def answer_error(error: RestError, language: Language) -> Response:
    """An error in the API's form and in one of its languages."""
    errors = {
        field: [say(said, language, *values) for said, values in messages]
        for field, messages in error.findings.items()
    }
    response = answer_problem(error.status, say(error.said, language), errors)
    response.headers.update(error.headers)
    return response


def answer_problem(
    status: int, text: str, errors: Mapping[str, Sequence[str]] | None = None
) -> Response:
    """An error in the API's form: title, status, detail, traceId and errors by field."""
    trace = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"
    body: Json = {"title": text, "status": status, "detail": text, "traceId": trace}
    if errors:
        body["errors"] = errors
    return answer_json(body, status)


def hang_up(sent: bytes = b"", length: int | None = None) -> Response:
    """Make the server close the connection: before a status line, or within a body of `length`."""

    def body() -> Iterator[bytes]:
        if sent:
            yield sent
        raise ClientDisconnected

    response = Response(body())
    if length is not None:
        response.headers["Content-Length"] = str(length)
    return response


def _write(value: object) -> Iterator[str]:
    if isinstance(value, Decimal):
        yield f"{value:.2f}"
    elif isinstance(value, Mapping):
        yield from _write_between("{", "}", (_write_pair(*pair) for pair in value.items()))
    elif isinstance(value, list | tuple):
        yield from _write_between("[", "]", map(_write, value))
    else:
        yield json.dumps(value, ensure_ascii=False)


def _write_pair(key: object, value: object) -> Iterator[str]:
    yield f"{json.dumps(str(key), ensure_ascii=False)}:"
    yield from _write(value)


def _write_between(first: str, last: str, parts: Iterator[Iterator[str]]) -> Iterator[str]:
    yield first
    for place, part in enumerate(parts):
        if place:
            yield ","
        yield from part
    yield last
