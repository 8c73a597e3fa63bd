"""A shop's API without a network: answers from a function, a clock and a sleep that are fakes."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from requests.adapters import BaseAdapter

from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.seoshop.client import SeoshopApi
from chalicelib.ports import AppPair

Json = dict[str, Any]
"""A JSON object as parsed, to be changed at will."""

PAYLOADS = Path(__file__).parents[3] / "payloads" / "seoshop"
NOW = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
KEY, SECRET = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
TOKEN = "00112233445566778899aabbccddeeff"
BASIC = (
    "Basic MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY6ZmI0MjZiZGViZmQ1Yzc1OTFkY2RlMmI0Y2UzYmNhNjY="
)


def one_pair() -> PairsInTurn:
    """The app's one pair."""
    return PairsInTurn(lambda: (AppPair(KEY, SECRET),))


def payload(name: str) -> Json:
    """A recorded answer as plain JSON."""
    found: Json = json.loads((PAYLOADS / name).read_bytes())
    return found


class Call:
    """One request as SEOshop would see it."""

    def __init__(self, request: requests.PreparedRequest) -> None:
        parts = urlsplit(request.url or "")
        self.method = request.method
        self.url = request.url or ""
        self.path = parts.path
        self.query = dict(parse_qsl(parts.query))
        self.headers = request.headers
        self.body = request.body


class Answer:
    """What SEOshop answers: bytes, or anything that becomes JSON."""

    def __init__(
        self, body: Any = b"", status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.status = status
        self.headers = headers or {}


class Shop(BaseAdapter):
    """A transport that asks a function and remembers every call."""

    def __init__(self, answer: Callable[[Call], Answer]) -> None:
        super().__init__()
        self.answer = answer
        self.calls: list[Call] = []
        self.timeouts: list[Any] = []

    def send(  # type: ignore[override]
        self, request: requests.PreparedRequest, timeout: Any = None, **_: Any
    ) -> requests.Response:
        call = Call(request)
        self.calls.append(call)
        self.timeouts.append(timeout)
        answer = self.answer(call)
        response = requests.Response()
        response.status_code = answer.status
        response.headers.update(answer.headers)
        response.raw = io.BytesIO(answer.body)
        response.url = call.url
        response.request = request
        return response

    def close(self) -> None:
        """Nothing to close."""


class Time:
    """A clock that only moves when somebody sleeps."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.slept: list[float] = []

    def __call__(self) -> datetime:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


class Desk:
    """An API, the shop behind it and its time, for one test."""

    def __init__(self, answer: Callable[[Call], Answer], **settings: Any) -> None:
        self.shop, self.time = Shop(answer), Time()
        session = requests.Session()
        session.mount("https://", self.shop)
        session.mount("http://", self.shop)
        given: dict[str, Any] = {
            "session": session,
            "base_url": "https://api.webshopapp.com",
            "pairs": one_pair(),
            "token": TOKEN,
            "language": "nl",
            "clock": self.time,
            "sleep": self.time.sleep,
        }
        self.api = SeoshopApi(**{**given, **settings})

    @property
    def calls(self) -> list[str]:
        """Method and path of every call made."""
        return [f"{call.method} {call.path}" for call in self.shop.calls]


def answering(*answers: Any) -> Callable[[Call], Answer]:
    """Answers one after the other; the last one for ever."""
    queue = [each if isinstance(each, Answer) else Answer(each) for each in answers]

    def answer(_: Call) -> Answer:
        return queue.pop(0) if len(queue) > 1 else queue[0]

    return answer


def by_path(**paths: Any) -> Callable[[Call], Answer]:
    """Answers by the last path elements, written with ``__`` for a slash; else 404."""

    def answer(call: Call) -> Answer:
        name = call.path.removeprefix("/nl/").removesuffix(".json").replace("/", "__")
        found = paths.get(name, Answer(payload("error-404.json"), 404))
        return found if isinstance(found, Answer) else Answer(found)

    return answer
