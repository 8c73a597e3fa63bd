"""What the stand-ins have in common as HTTP servers: their address, start and stop, the headers of
their pages, and the program that runs one from a shell.
"""

import argparse
import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from socket import socket

from flask import Flask, Response
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer, create_server
from waitress.wasyncore import close_all, loop

Clock = Callable[[], datetime]
"""Gives the present time, aware, in UTC."""

MOST_CONNECTIONS = 500


def system_clock() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class ServerConfig:
    """Where to listen (port 0 takes a free one), with how many threads, on which clock (UTC)."""

    port: int = 0
    host: str = "127.0.0.1"
    threads: int = 8
    clock: Clock = system_clock


@contextmanager
def serve_app(
    app: Flask,
    config: ServerConfig,
    *,
    ident: str | None = None,
    channel: type[HTTPChannel] = HTTPChannel,
) -> Iterator[str]:
    """Answer requests until the block ends; then all connections are closed. Gives the address.

    An answer that waits on purpose must end before the block does. `ident` is the Server header.
    Raises OSError if the port cannot be had.
    """
    sockets: dict[int, socket] = {}
    try:
        server = create_server(
            app,
            map=sockets,
            host=config.host,
            port=config.port,
            threads=config.threads,
            connection_limit=MOST_CONNECTIONS,
            ident=ident,
            clear_untrusted_proxy_headers=True,
        )
    except OSError:
        close_all(sockets, ignore_all=True)
        raise
    assert isinstance(server, BaseWSGIServer)
    assert server.socket is not None
    server.channel_class = channel
    stopping = threading.Event()
    thread = threading.Thread(target=_answer, args=(sockets, stopping), daemon=True)
    thread.start()
    try:
        yield f"http://{config.host}:{server.socket.getsockname()[1]}"
    finally:
        stopping.set()
        server.pull_trigger()
        thread.join()  # which may have noticed before it was pulled, so that only now all is closed
        server.task_dispatcher.shutdown()
        close_all(sockets, ignore_all=True)


def _answer(sockets: dict[int, socket], stopping: threading.Event) -> None:
    while not stopping.is_set():
        loop(timeout=1.0, use_poll=True, map=sockets, count=1)


def guard_pages(app: Flask) -> None:
    """Have every answer say that it is shown and read as what it is, and in no frame."""

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        return response


def make_parser(program: str, about: str | None, *, port: int) -> argparse.ArgumentParser:
    """The options that every stand-in's program has; `port` is where it listens by itself."""
    parser = argparse.ArgumentParser(prog=f"python -m {program}", description=about)
    parser.add_argument("--port", type=int, default=port)
    parser.add_argument("--host", default="127.0.0.1")
    return parser


Start = Callable[[argparse.Namespace], AbstractContextManager[str]]


def run_program(parser: argparse.ArgumentParser, start: Start) -> None:
    """Serve until SIGINT or SIGTERM, by the options given; print the one line that `start` gives
    once it answers.
    """
    given = parser.parse_args()
    # That a request waits a moment for a thread says only that the machine is busy.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    try:
        with start(given) as line:
            print(line, flush=True)
            stop.wait()
    except OSError as error:
        where = f"{given.host}:{given.port}"
        parser.exit(1, f"Cannot listen on {where}: {error.strerror}. Choose another --port.\n")
