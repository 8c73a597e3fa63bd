"""The stand-in as a running HTTP server that starts and stops cleanly."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from socket import socket

from flask import Flask, Response, render_template
from waitress.server import BaseWSGIServer, create_server
from waitress.wasyncore import close_all, loop
from werkzeug.exceptions import HTTPException

from sandbox.asperion.administrations import Clock, Store
from sandbox.asperion.asperion_control import control_routes
from sandbox.asperion.formats import FILTERS
from sandbox.asperion.import_pages import import_routes
from sandbox.asperion.inbox_routes import MAX_BYTES, inbox_routes
from sandbox.asperion.invoice_pages import invoice_routes


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Config:
    """Where to listen (port 0 takes a free one), with how many threads, on which clock (UTC)."""

    port: int = 8072
    host: str = "127.0.0.1"
    threads: int = 8
    clock: Clock = field(default=_now)


@dataclass(frozen=True)
class Running:
    """A server that answers: its address, the connector's ASPERION_INBOX_URL, its memory."""

    url: str
    store: Store

    @property
    def inbox_url(self) -> str:
        """The address of a file, with the placeholders {licence} and {file}."""
        return self.url + "/inbox/{licence}/{file}"


def create_app(store: Store) -> Flask:
    """Build the WSGI application on a store."""
    app = Flask("sandbox.asperion")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES + 1024 * 1024
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for routes in (inbox_routes, control_routes, invoice_routes, import_routes):
        app.register_blueprint(routes(store))

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> tuple[str, int]:
        status = error.code or 500
        return render_template("error.html", status=status), status

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
    store = Store(config.clock)
    sockets: dict[int, socket] = {}
    server = _listen(config, store, sockets)
    assert server.socket is not None
    stopping = threading.Event()
    thread = threading.Thread(target=_answer, args=(sockets, stopping), daemon=True)
    thread.start()
    try:
        yield Running(f"http://{config.host}:{server.socket.getsockname()[1]}", store)
    finally:
        store.faults.stopping.set()
        stopping.set()
        server.pull_trigger()
        thread.join()  # which may have noticed before it was pulled, so that only now all is closed
        server.task_dispatcher.shutdown()
        close_all(sockets, ignore_all=True)


def _listen(config: Config, store: Store, sockets: dict[int, socket]) -> BaseWSGIServer:
    try:
        server = create_server(
            create_app(store),
            map=sockets,
            host=config.host,
            port=config.port,
            threads=config.threads,
            ident="Asperion",
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
