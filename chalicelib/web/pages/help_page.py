"""The help page: what the connector keeps of a shop, and what it does not."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import NamedTuple

from chalicelib.web.http.http_messages import Response
from chalicelib.web.http.session_cookies import NotSignedIn
from chalicelib.web.pages.call import Call


def render_help(call: Call) -> Response:
    """``GET /help``: the promise to merchants; also for who is not signed in."""
    with suppress(NotSignedIn):
        _ = call.workspace
    settings = call.connector.settings
    keeps = {
        "audit": _say_how_long(settings.keep_audit),
        "after_leaving": _say_how_long(settings.keep_after_leaving),
        "backups": _say_how_long(settings.keep_backups),
    }
    return call.render("help.html", keeps=keeps)


class _Duration(NamedTuple):
    number: int
    is_years: bool


def _say_how_long(kept: timedelta) -> _Duration:
    """In whole years where it is so many, else in days."""
    years = round(kept.days / 365.25)
    is_years = years > 1 and abs(kept.days - years * 365.25) < 2
    return _Duration(years if is_years else kept.days, is_years)
