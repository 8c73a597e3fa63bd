"""The stand-in as a running HTTP server that starts and stops cleanly."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask

from sandbox.serving import ServerConfig, guard_pages, serve_app
from sandbox.vies.register import Register
from sandbox.vies.register_pages import control_routes, page_routes
from sandbox.vies.rest_answers import API, rest_routes

LARGEST_QUESTION = 16 * 1024


@dataclass(frozen=True, kw_only=True)
class Config(ServerConfig):
    """Where to listen, with how many threads, on which clock."""

    port: int = 8073


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

    guard_pages(app)
    return app


@contextmanager
def serve(config: Config) -> Iterator[Running]:
    """Answer requests until the block ends; then all connections are closed.

    Raises OSError if the port cannot be had.
    """
    register = Register(config.clock)
    with serve_app(create_app(register), config, ident="VIES") as url:
        try:
            yield Running(url, register)
        finally:
            register.faults.stopping.set()
