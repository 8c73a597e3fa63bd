"""The stand-in as a running HTTP server that starts and stops cleanly."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, render_template
from werkzeug.exceptions import HTTPException

from sandbox.asperion.administrations import Store
from sandbox.asperion.asperion_control import control_routes
from sandbox.asperion.formats import FILTERS
from sandbox.asperion.import_pages import import_routes
from sandbox.asperion.inbox_routes import MAX_BYTES, inbox_routes
from sandbox.asperion.invoice_pages import invoice_routes
from sandbox.serving import ServerConfig, guard_pages, serve_app


@dataclass(frozen=True, kw_only=True)
class Config(ServerConfig):
    """Where to listen, with how many threads, on which clock."""

    port: int = 8072


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

    guard_pages(app)
    return app


@contextmanager
def serve(config: Config) -> Iterator[Running]:
    """Answer requests until the block ends; then all connections are closed.

    Raises OSError if the port cannot be had.
    """
    store = Store(config.clock)
    with serve_app(create_app(store), config, ident="Asperion") as url:
        try:
            yield Running(url, store)
        finally:
            store.faults.stopping.set()
