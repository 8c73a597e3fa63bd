"""How long reading the documents of one import file takes, beside what it must take.

A server on loopback answers each order after a given time, and says what SEOshop would of the
allowance; the connector's own client reads and parses them ahead, as a run does. No reading can be
quicker than SEOshop's pace, nor than the pool's share of the waiting.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests

from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.seoshop.client import SeoshopApi
from chalicelib.adapters.seoshop.many_reads import AT_ONCE
from chalicelib.ports import AppPair
from tools.bench_figures import Figure, print_figures

DOCUMENTS = 250
A_SECOND = 20  # calls that SEOshop allows
LATENCIES = (0.02, 0.3, 1.0)  # seconds
GOAL = 1.3
ALLOWANCE = {
    "X-RateLimit-Limit": "30000/300000/1200000",
    "X-RateLimit-Remaining": "29000/290000/1190000",
    "X-RateLimit-Reset": "263/2063/23663",
}


RECORDED_ID = "301204417"
_RECORDED = Path("tests/payloads/seoshop/order.json").read_text(encoding="utf-8")


def measure() -> list[Figure]:
    """The seconds on the clock of a file, as a ratio to the slower of both limits."""
    return [figure for latency in LATENCIES for figure in _measure_at(latency)]


def _measure_at(latency: float) -> list[Figure]:
    with _serve(0.0) as served:
        api = _open_api(served.url)
        api.order(1)  # what is opened once is open
        served.latency = latency
        served.moments.clear()
        began = time.perf_counter()
        reads = [partial(api.order, order_id) for order_id in range(1, DOCUMENTS + 1)]
        with closing(api.read_many(reads)) as answers:
            read = [answer for answer in answers if not isinstance(answer, Exception)]
        wall = time.perf_counter() - began
    if len(read) != DOCUMENTS:
        raise RuntimeError(f"{DOCUMENTS - len(read)} orders were not read.")
    slower = max(DOCUMENTS / A_SECOND, DOCUMENTS * latency / AT_ONCE)
    return [
        Figure(
            what=f"a file of {DOCUMENTS} read, answers after {latency:g} s",
            value=wall / slower,
            goal=GOAL,
            note=f"{wall:.1f} s; one after another {DOCUMENTS * max(latency, 0.06):.0f} s",
        ),
        Figure(
            what="  most calls that arrived within a second",
            value=_count_most(served.moments),
            unit="calls",
            goal=A_SECOND,
        ),
    ]


def _count_most(moments: list[float]) -> int:
    ordered = sorted(moments)
    return max(sum(1 for each in ordered if at <= each < at + 1) for at in ordered)


def _open_api(url: str) -> SeoshopApi:
    return SeoshopApi(
        session=requests.Session(),
        base_url=url,
        pairs=PairsInTurn(lambda: (AppPair("0" * 32, "1" * 32),)),
        token="2" * 32,
        language="nl",
        clock=partial(datetime.now, UTC),
    )


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, latency: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.latency = latency
        self.moments: list[float] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    wbufsize = -1  # headers and body go out in one piece

    def do_GET(self) -> None:
        self.server.moments.append(time.perf_counter())
        time.sleep(self.server.latency)
        number = self.path.rpartition("/")[2].partition(".")[0]
        body = json.dumps({"order": make_order(int(number))}).encode()
        self.send_response(200)
        for name, value in {**ALLOWANCE, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing is logged."""


@contextmanager
def _serve(latency: float) -> Iterator[_Server]:
    with _Server(latency) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def make_order(order_id: int) -> dict[str, Any]:
    """A paid order as SEOshop gives it: the recorded one, under another id and number."""
    changed: dict[str, Any] = json.loads(_RECORDED.replace(RECORDED_ID, str(order_id)))["order"]
    return changed | {"number": f"ORD{order_id:05d}"}


def main() -> None:
    """Print the figures."""
    print_figures("Reading a file", measure())


if __name__ == "__main__":
    main()
