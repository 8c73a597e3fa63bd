"""The stand-in as a running HTTP server that starts and stops cleanly."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from socket import socket

from flask import Flask, Response
from waitress.server import BaseWSGIServer, create_server
from waitress.wasyncore import close_all, loop

from sandbox.vies.register import Clock, Register
from sandbox.vies.register_pages import control_routes, page_routes
from sandbox.vies.rest_answers import API, rest_routes

LARGEST_QUESTION = 16 * 1024


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Config:
    """Where to listen (port 0 takes a free one), with how many threads, on which clock (UTC)."""

    port: int = 8073
    host: str = "127.0.0.1"
    threads: int = 8
    clock: Clock = field(default=_now)


@dataclass(frozen=True)
class Running:
    """A server that answers: its address, and its memory."""

    url: str
    register: Register

    @property
    def api_url(self) -> str:
        """The connector's VIES_URL."""
        return self.url + API


def create_app(register: Register) -> Flask:
    """Build the WSGI application on a register."""
    app = Flask("sandbox.vies")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_QUESTION
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for routes in (rest_routes, page_routes, control_routes):
        app.register_blueprint(routes(register))

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = "default-src 'self'; frame-ancestors 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return app


@contextmanager
def serve(config: Config) -> Iterator[Running]:
    """Answer requests until the block ends; then all connections are closed.

    Raises OSError if the port cannot be had.
    """
    register = Register(config.clock)
    sockets: dict[int, socket] = {}
    server = _listen(config, register, sockets)
    assert server.socket is not None
    stopping = threading.Event()
    thread = threading.Thread(target=_answer, args=(sockets, stopping), daemon=True)
    thread.start()
    try:
        yield Running(f"http://{config.host}:{server.socket.getsockname()[1]}", register)
    finally:
        register.faults.stopping.set()
        stopping.set()
        server.pull_trigger()
        thread.join()
        server.task_dispatcher.shutdown()
        close_all(sockets, ignore_all=True)


def _listen(config: Config, register: Register, sockets: dict[int, socket]) -> BaseWSGIServer:
    try:
        server = create_server(
            create_app(register),
            map=sockets,
            host=config.host,
            port=config.port,
            threads=config.threads,
            ident="VIES",
            clear_untrusted_proxy_headers=True,
        )
    except OSError:
        close_all(sockets, ignore_all=True)
        raise
    assert isinstance(server, BaseWSGIServer)
    return server


def _answer(sockets: dict[int, socket], stopping: threading.Event) -> None:
    while not stopping.is_set():
        loop(timeout=1.0, use_poll=True, map=sockets, count=1)
