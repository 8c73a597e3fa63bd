"""A platform on a clock that stands still, reached through Flask's test client."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.seoshop.config import Config
from sandbox.seoshop.seoshop_server import create_app
from sandbox.seoshop.shop_platform import Platform
from sandbox.seoshop.signing import api_password

KEY, SECRET = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
SHOP = 184520


@dataclass
class StoppedClock:
    """A clock that moves only by a call."""

    now: datetime = datetime(2026, 3, 14, 9, 0, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class Bench:
    """A platform with the app installed in the default shop, and short ways to use it."""

    platform: Platform
    client: FlaskClient
    clock: StoppedClock
    auth: dict[str, str] = field(default_factory=dict)

    def install(self, shop_id: int = SHOP) -> None:
        self.control("install", shop_id=shop_id)
        live = self.platform.store.shops[shop_id].installation
        assert live
        self.auth = basic(KEY, api_password(live.token, SECRET))

    def control(self, door: str, /, **form: Any) -> Any:
        answer = self.client.post(f"/_control/{door}", data=json.dumps(form))
        assert answer.status_code in (200, 201), answer.text
        return json.loads(answer.data, parse_float=Decimal)

    def call(self, path: str, method: str = "GET", **more: Any) -> TestResponse:
        return self.client.open(f"/nl/{path}", method=method, headers=self.auth, **more)

    def get(self, path: str) -> Any:
        answer = self.call(path)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.data, parse_float=Decimal)

    def order(self, **form: Any) -> Any:
        return self.control("orders", **{"lines": [{"priceIncl": "14.95"}], **form})

    def subscribe(self, address: str, group: str = "orders", action: str = "paid") -> Any:
        body = {
            "webhook": {
                "isActive": True,
                "itemGroup": group,
                "itemAction": action,
                "language": "nl",
                "format": "json",
                "address": address,
            }
        }
        answer = self.call("webhooks.json", "POST", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json["webhook"] if answer.json else None


def basic(user: str, password: str) -> dict[str, str]:
    packed = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {packed}"}


@pytest.fixture
def bench() -> Iterator[Bench]:
    clock = StoppedClock()
    platform = Platform(Config(KEY, SECRET, "http://127.0.0.1:9", clock=clock, webhook_timeout=60))
    made = Bench(platform, create_app(platform).test_client(), clock)
    made.install()
    platform.sender.start()
    yield made
    platform.faults.clear()
    platform.sender.stop()


@dataclass
class Receiver:
    """A subscriber: keeps what arrives, answers with the next of ``answers`` or 200."""

    url: str
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            kept.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            kept.headers.append(dict(self.headers.items()))
            self.send_response(kept.answers.pop(0) if kept.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    kept = Receiver(f"http://127.0.0.1:{server.server_port}/hooks")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield kept
    server.shutdown()
    thread.join()
    server.server_close()
