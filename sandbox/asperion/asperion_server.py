"""The stand-in as a running HTTP server that starts and stops cleanly."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask, Response, render_template, request
from werkzeug.exceptions import HTTPException

from sandbox.asperion.asperion_control import control_routes
from sandbox.asperion.asperion_store import Store
from sandbox.asperion.books_control import books_control_routes
from sandbox.asperion.edit_pages import edit_routes
from sandbox.asperion.formats import FILTERS
from sandbox.asperion.import_pages import import_routes
from sandbox.asperion.inbox_routes import MAX_BYTES, inbox_routes
from sandbox.asperion.invoice_pages import invoice_routes
from sandbox.asperion.master_data_pages import master_data_routes
from sandbox.asperion.rest_control import rest_control_routes
from sandbox.asperion.rest_gate import read_language
from sandbox.asperion.rest_replies import answer_problem
from sandbox.asperion.rest_routes import rest_routes
from sandbox.asperion.rest_texts import Said, say
from sandbox.asperion.signin_pages import signin_routes
from sandbox.asperion.token_routes import token_routes
from sandbox.asperion.users import LOOPBACK, Application
from sandbox.serving import ServerConfig, guard_pages, serve_app

CLIENT_ID = "connector"
CLIENT_SECRET = "connector-secret-to-practise-with"


@dataclass(frozen=True, kw_only=True)
class Config(ServerConfig):
    """Where to listen, with how many threads, on which clock; and the application that may ask
    for access: its id, its secret, and the prefixes of the addresses it is answered at.
    """

    port: int = 8072
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_prefixes: tuple[str, ...] = LOOPBACK


@dataclass(frozen=True)
class Running:
    """A server that answers: its address, which is also that of the API and of the identity
    server, the connector's ASPERION_INBOX_URL, its memory.
    """

    url: str
    store: Store

    @property
    def api_settings(self) -> dict[str, str]:
        """The connector's settings and secret for API and identity server, by their names."""
        return {
            "ASPERION_API_URL": self.url,
            "ASPERION_IDENTITY_URL": self.url,
            "ASPERION_CLIENT_ID": self.store.application.id,
            "ASPERION_CLIENT_SECRET": self.store.application.secret,
        }

    @property
    def inbox_url(self) -> str:
        """The address of a file, with the placeholders {licence} and {file}."""
        return self.url + "/inbox/{licence}/{file}"


ROUTES = (
    *(inbox_routes, control_routes, rest_control_routes, books_control_routes),
    *(invoice_routes, import_routes, edit_routes, master_data_routes),
    *(rest_routes, signin_routes, token_routes),
)


def create_app(store: Store) -> Flask:
    """Build the WSGI application on a store."""
    app = Flask("sandbox.asperion")
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES + 1024 * 1024
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for routes in ROUTES:
        app.register_blueprint(routes(store))

    @app.errorhandler(HTTPException)
    def explain(error: HTTPException) -> Response | tuple[str, int]:
        status = error.code or 500
        if request.path.startswith("/v1/"):
            return answer_problem(status, say(Said.TROUBLE, read_language()))
        return render_template("error.html", status=status), status

    guard_pages(app)
    return app


@contextmanager
def serve(config: Config) -> Iterator[Running]:
    """Answer requests until the block ends; then all connections are closed.

    Raises OSError if the port cannot be had.
    """
    application = Application(
        config.client_id, config.client_secret, redirect_prefixes=list(config.redirect_prefixes)
    )
    store = Store(config.clock, application)
    with serve_app(create_app(store), config, ident="Asperion") as url:
        try:
            yield Running(url, store)
        finally:
            store.faults.stopping.set()
            store.rest_faults.stopping.set()
