"""The control route of the partner app: its maker turns its key and secret."""

from __future__ import annotations

import secrets

from flask import Response

from sandbox.seoshop.control_shops import control, form, reply
from sandbox.seoshop.shop_platform import current


@control.post("/app")
def turn_app() -> Response:
    """Replace the app's pair, and return it. Keys: ``key``, by default the present one, and
    ``secret``, by default a random one. From now on API calls with the former pair get 401, and
    what is signed is signed with the new secret; deliveries that wait keep their signature.
    """
    asked, app = form(), current().app
    with current().store.lock:
        key = asked.pop("key", app.key)
        secret = asked.pop("secret", None) or secrets.token_hex(16)
        if asked:
            raise ValueError(f"unknown: {', '.join(asked)}; known are key and secret")
        app.turn(key, secret)
        return reply({"key": app.key, "secret": app.secret})
