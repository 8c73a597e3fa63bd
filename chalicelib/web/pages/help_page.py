"""The help page: what the connector keeps of a shop, and what it does not."""

from __future__ import annotations

from contextlib import suppress

from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.session_cookies import NotSignedIn
from chalicelib.web.pages.call import Call


def render_help(call: Call) -> Response:
    """``GET /help``: the promise to merchants; also for who is not signed in."""
    with suppress(NotSignedIn):
        _ = call.workspace
    return call.render("help.html")
