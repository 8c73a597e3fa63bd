"""The web application and the server that runs it."""

from __future__ import annotations

import secrets
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, Response, redirect, render_template, request
from waitress.channel import HTTPChannel
from waitress.task import WSGITask
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as BaseResponse

from sandbox.seoshop import (
    api_shop,
    api_write,
    backoffice_mail,
    backoffice_tools,
    control_app,
    control_merchant,
    control_orders,
    control_traffic,
    labels,
)
from sandbox.seoshop.api import api
from sandbox.seoshop.api_gate import error_answer, guard, is_api_call
from sandbox.seoshop.appcenter import appcenter
from sandbox.seoshop.backoffice_orders import backoffice
from sandbox.seoshop.config import Config
from sandbox.seoshop.control_shops import control, reply
from sandbox.seoshop.platform_store import Store
from sandbox.seoshop.shop_platform import Platform
from sandbox.serving import serve_app

ROUTE_MODULES = (
    api_shop,
    api_write,
    backoffice_mail,
    backoffice_tools,
    control_app,
    control_merchant,
    control_orders,
    control_traffic,
)


class DroppableTask(WSGITask):
    """Lets the application drop the connection without an answer, with a TCP reset."""

    dropped = False

    def get_environment(self) -> dict[str, Any]:
        """Return the WSGI environment with the callable ``sandbox.drop`` in it."""
        environment: dict[str, Any] = super().get_environment()
        environment["sandbox.drop"] = self.drop
        return environment

    def drop(self) -> None:
        """Reset the connection and discard whatever is written to it afterwards."""
        linger = struct.pack("ii", 1, 0)
        if self.channel.socket is not None:
            self.channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.dropped = self.close_on_finish = True

    def write(self, data: bytes) -> None:
        """Write, unless dropped."""
        if self.dropped:
            self.content_bytes_written = self.content_length or 0
        else:
            super().write(data)


class DroppableChannel(HTTPChannel):
    """A channel that runs ``DroppableTask``."""

    task_class = DroppableTask


def create_app(platform: Platform) -> Flask:
    """Return the WSGI application of a platform."""
    app = Flask(__name__)
    app.secret_key = secrets.token_bytes(16)
    app.extensions["seoshop"] = platform
    labels.set_up(app)
    guard(app, platform)
    for blueprint in (api, control, appcenter, backoffice):
        app.register_blueprint(blueprint)
    _pages(app)
    _errors(app)
    return app


def _errors(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def fail(error: HTTPException) -> Response | HTTPException | tuple[str, int]:
        status = error.code or 500
        if is_api_call():
            return error_answer(404 if status == 405 else status)
        if request.path.startswith("/_control/"):
            return reply({"error": error.description}, status)
        return (render_template("missing.html"), 404) if status == 404 else error


def _pages(app: Flask) -> None:
    @app.get("/")
    def home() -> BaseResponse:
        return redirect("/apps")


class RunningShop:
    """A sandbox that answers. ``url`` is its address, ``api_url`` what goes in the connector's
    ``SEOSHOP_API_URL_EU1``; ``store`` and ``platform`` give access from the same process.
    """

    def __init__(self, platform: Platform, url: str) -> None:
        """Wrap a platform that is being served at ``url``."""
        self.platform, self.url, self.api_url = platform, url, url

    @property
    def store(self) -> Store:
        """The shops; hold ``store.lock`` while using them."""
        return self.platform.store

    def set_app_url(self, url: str) -> None:
        """Set the app's public base address."""
        self.platform.app_url = url.rstrip("/")

    def set_mail_url(self, url: str) -> None:
        """Set where the mail that apps send is caught; see ``backoffice_mail``."""
        self.platform.mail_url = url


@contextmanager
def serve(config: Config) -> Iterator[RunningShop]:
    """Run a sandbox on loopback for as long as the context lasts."""
    platform = Platform(config)
    with serve_app(create_app(platform), config, channel=DroppableChannel) as url:
        platform.sender.start()
        try:
            yield RunningShop(platform, url)
        finally:
            platform.faults.clear()
            platform.sender.stop()
