"""The client over real HTTP on loopback: what a function that replaces the network cannot show."""

from __future__ import annotations

import gzip
import json
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

import pytest
import requests

from chalicelib.adapters.deadline import Deadline
from chalicelib.adapters.seoshop.client import SeoshopApi
from chalicelib.errors import ShopUnauthorised, ShopUnavailable
from tests.unit.adapters.seoshop.support import PAYLOADS, TOKEN, Time, one_pair

ORDER = (PAYLOADS / "order.json").read_bytes()
HTML = b"<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1></body></html>"
HANG, RESET = "hang", "reset"
TRICKLE = "trickle"
"""A byte every hundredth of a second, for five seconds."""


def http(body: bytes, status: str = "200 OK", length: int | None = None, extra: str = "") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body) if length is None else length}\r\n"
    return (head + f"Connection: close\r\n{extra}\r\n").encode() + body


class Server:
    """A server that does one thing after another, the last one for ever."""

    def __init__(self, *deeds: bytes | str) -> None:
        self.deeds = list(deeds)
        self.plan = tuple(deeds)
        self.asked = 0
        self.requests: list[bytes] = []
        self.done = Event()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        self.threads: list[Thread] = []

    def run(self) -> None:
        while not self.done.is_set():
            connection, _ = self.socket.accept()
            deed = self.deeds.pop(0) if len(self.deeds) > 1 else self.deeds[0]
            thread = Thread(target=self.serve, args=(connection, deed))
            self.threads.append(thread)
            thread.start()

    def serve(self, connection: socket.socket, deed: bytes | str) -> None:
        with connection:
            received = b""
            while b"\r\n\r\n" not in received:
                chunk = connection.recv(65536)
                if not chunk:
                    return
                received += chunk
            self.requests.append(received)
            if deed == HANG:
                self.done.wait()
            elif deed == RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif isinstance(deed, bytes):
                self.send(connection, deed)
            else:
                self.trickle(connection, *TRICKLES[deed])

    def trickle(self, connection: socket.socket, begin: bytes, drop: bytes) -> None:
        try:
            connection.sendall(begin)
            for _ in range(500):
                connection.sendall(drop)
                if self.done.wait(0.01):
                    return
        except OSError:
            return  # cut off, which the tests are about

    def send(self, connection: socket.socket, answer: bytes) -> None:
        try:
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(65536)
        except OSError:
            return  # The client has heard enough, which some of the tests are about.


TRICKLES = {
    f"{TRICKLE}: headers": (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"x"),
    f"{TRICKLE}: status line": (b"HTTP/1.1 200 ", b"x"),
    f"{TRICKLE}: body": (http(ORDER[:100], length=len(ORDER) * 1000), b" "),
    f"{TRICKLE}: body without a length": (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
    f"{TRICKLE}: whole answer, then blanks": (b"HTTP/1.1 200 OK\r\n\r\n" + ORDER, b" "),
    f"{TRICKLE}: chunks": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    f"{TRICKLE}: a chunk's length": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"0",
    ),
    f"{TRICKLE}: packed": (
        http(gzip.compress(ORDER)[:50], length=10**6, extra="Content-Encoding: gzip\r\n"),
        b"\0",
    ),
}
"""What comes at once, and then again and again."""


class Visitor(requests.Session):
    """Soon gives up where nobody will answer, and waits as long as a busy machine takes for all
    else. Counts what it asks: how much of it a busy server has seen yet is another matter.
    """

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.trust_env = False
        self.server = server

    def send(self, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        deed = self.server.plan[min(self.server.asked, len(self.server.plan) - 1)]
        self.server.asked += 1
        is_slow = deed in TRICKLES
        if isinstance(more["timeout"], tuple) and not is_slow:  # no deadline's
            more["timeout"] = (60.0, 0.2 if deed == HANG else 60.0)
        return super().send(request, **more)


@contextmanager
def serve(
    *deeds: bytes | str,
    deadline: Deadline | None = None,
    timeout: tuple[float, float] = (60.0, 60.0),
) -> Iterator[tuple[Server, SeoshopApi]]:
    server, time = Server(*deeds), Time()
    thread = Thread(target=server.run)
    thread.start()
    with Visitor(server) as session:
        yield (
            server,
            SeoshopApi(
                session=session,
                base_url=server.url,
                pairs=one_pair(),
                token=TOKEN,
                language="nl",
                clock=time,
                sleep=time.sleep,
                deadline=deadline,
                timeout=timeout,
            ),
        )
    server.done.set()
    socket.create_connection(server.socket.getsockname()).close()
    for each in (thread, *server.threads):
        each.join()
    server.socket.close()


def test_an_order_is_read_over_the_line() -> None:
    with serve(http(ORDER)) as (server, api):
        assert api.order(301204417).number == "ORD00412"
    (sent,) = server.requests
    assert sent.startswith(b"GET /nl/orders/301204417.json HTTP/1.1\r\n")
    assert b"Authorization: Basic " in sent
    assert b"Cookie" not in sent


def test_a_shop_that_does_not_answer_in_time_is_unavailable() -> None:
    with serve(HANG) as (server, api):
        with pytest.raises(ShopUnavailable, match="in time"):
            api.order(301204417)
        assert server.asked == 3


def test_a_deadline_ends_the_wait_for_a_silent_shop() -> None:
    deadline = Deadline(0.1, monotonic=lambda: 0.0)  # it stands still, the line does not
    with serve(HANG, deadline=deadline) as (server, api):
        with pytest.raises(ShopUnavailable, match="in time"):
            api.order(301204417)
        assert server.asked == 1


@pytest.mark.parametrize("way", TRICKLES)
def test_an_answer_in_drops_ends_when_a_call_may_take_no_longer(way: str) -> None:
    with (
        serve(way, timeout=(0.15, 0.15)) as (_, api),
        pytest.raises(ShopUnavailable, match="in time"),
    ):
        api.order(301204417)


@pytest.mark.parametrize("way", TRICKLES)
def test_such_an_answer_ends_at_the_deadline_of_all_calls_too(way: str) -> None:
    deadline = Deadline(0.3, monotonic=lambda: 0.0)  # it stands still, the line does not
    with serve(way, deadline=deadline) as (_, api), pytest.raises(ShopUnavailable, match="in time"):
        api.order(301204417)


def test_after_a_call_that_was_cut_off_the_next_one_is_answered() -> None:
    slow = next(iter(TRICKLES))
    with serve(slow, http(ORDER), timeout=(5.0, 5.0)) as (_, api):
        deadline = Deadline(0.1, monotonic=lambda: 0.0)
        api._http.deadline = deadline
        with pytest.raises(ShopUnavailable):
            api.order(301204417)
        api._http.deadline = None
        assert api.order(301204417).number == "ORD00412"


def test_half_an_answer_and_then_silence_is_unavailable() -> None:
    with serve(HANG, http(ORDER[:500], length=len(ORDER)), http(ORDER)) as (server, api):
        assert api.order(301204417).number == "ORD00412"
        assert server.asked == 3


def test_a_reset_connection_is_tried_again() -> None:
    with serve(RESET, RESET, http(ORDER)) as (server, api):
        assert api.order(301204417).number == "ORD00412"
        assert len(server.requests) == 3


def test_a_line_that_keeps_breaking_is_unavailable() -> None:
    with serve(RESET) as (server, api):
        with pytest.raises(ShopUnavailable, match="broke"):
            api.order(301204417)
        assert len(server.requests) == 3


def test_making_a_subscription_over_a_breaking_line_is_not_repeated() -> None:
    with serve(RESET) as (server, api):
        with pytest.raises(ShopUnavailable):
            api.create_webhook("orders/paid", "https://connector.example/webhooks/1/orders-paid")
        assert len(server.requests) == 1


def test_an_answer_cut_off_on_the_way_is_not_taken_for_whole() -> None:
    with (
        serve(http(ORDER[:3000], length=len(ORDER))) as (_, api),
        pytest.raises(ShopUnavailable, match="broke"),
    ):
        api.order(301204417)


def test_json_cut_off_at_the_source_is_unavailable() -> None:
    with serve(http(ORDER[:3000])) as (server, api):
        with pytest.raises(ShopUnavailable, match="JSON"):
            api.order(301204417)
        assert len(server.requests) == 1


@pytest.mark.parametrize("status", ["200 OK", "502 Bad Gateway"])
def test_a_page_instead_of_json_is_unavailable(status: str) -> None:
    with serve(http(HTML, status)) as (_, api), pytest.raises(ShopUnavailable):
        api.order(301204417)


def test_what_is_no_http_at_all_is_unavailable() -> None:
    with serve(b"SSH-2.0-OpenSSH\r\n") as (_, api), pytest.raises(ShopUnavailable):
        api.order(301204417)


def test_a_small_answer_that_unpacks_to_gigabytes_is_not_unpacked() -> None:
    bomb = gzip.compress(b" " * (40 * 1024 * 1024))
    answer = http(bomb, extra="Content-Encoding: gzip\r\n")
    with serve(answer) as (_, api), pytest.raises(ShopUnavailable, match="over"):
        api.order(301204417)


def test_a_redirect_to_somebody_else_never_gets_the_credentials() -> None:
    with serve(http(ORDER)) as (other, _):
        redirect = http(b"", "302 Found", extra=f"Location: {other.url}/nl/orders/1.json\r\n")
        with serve(redirect) as (_, api), pytest.raises(ShopUnavailable):
            api.order(301204417)
        assert other.requests == []


def test_cookies_are_not_sent_back() -> None:
    with serve(http(ORDER, extra="Set-Cookie: a=b\r\n")) as (server, api):
        api.order(301204417)
        api.order(301204417)
    assert not any(b"\r\nCookie:" in request for request in server.requests)


def test_a_refusal_keeps_seoshops_words() -> None:
    body = json.dumps({"error": {"code": 401, "message": "Access denied."}}).encode()
    with (
        serve(http(body, "401 Unauthorized")) as (_, api),
        pytest.raises(ShopUnauthorised, match="Access denied"),
    ):
        api.profile()


def test_nobody_listening_is_unavailable() -> None:
    with serve(http(ORDER)) as (server, _):
        gone = server.url
    time = Time()
    with requests.Session() as session:
        api = SeoshopApi(
            session=session,
            base_url=gone,
            pairs=one_pair(),
            token=TOKEN,
            language="nl",
            clock=time,
            sleep=time.sleep,
        )
        with pytest.raises(ShopUnavailable, match="broke"):
            api.profile()
