"""A merchant connects his administration in Asperion, page by page, for the demo and the tests."""

from __future__ import annotations

import re
from html import unescape

import requests

from tools.page_forms import send_form
from tools.played_day import Day

USER = PASSWORD = "demo"
_SECONDS = 60
_MISSING = re.compile(r'href="([^"]+/connect/proposal\?also=[^"]+)"')
"""On the page of the try-out: to the choices that are still to be made."""


def connect_asperion(day: Day, *, user: str = USER, password: str = PASSWORD) -> None:
    """From the settings' button to "on": sign in at Asperion, allow it, choose the administration
    of the day's licence code, confirm what is proposed, try the last orders, confirm what they need
    besides, turn it on. Raises LookupError naming the page that is in the way.
    """
    page = open_account(day, user=user, password=password)
    number = str(_find_administration(day))
    page = send_form(day.browser, page, "/connect/administration", administration=number)
    page = send_form(day.browser, page, "journal")
    page = send_form(day.browser, page, "what")
    if missing := _MISSING.search(page.text):
        page = day.browser.get(unescape(missing[1]), timeout=_SECONDS)
        page = send_form(day.browser, page, "journal")
    page = send_form(day.browser, page, "seen")
    if not page.url.endswith("/connect/done"):
        raise LookupError(f"{page.url} ({page.status_code}): the connection is not on.")


def open_account(day: Day, *, user: str = USER, password: str = PASSWORD) -> requests.Response:
    """Sign in at Asperion from the settings, and allow it; the page it leads to."""
    day.asperion("GET", f"{day.licence}/invoices")  # makes the administration if it is not there
    page = day.browser.get(f"{day.stack.api_url}/connect", timeout=_SECONDS)
    page = send_form(day.browser, page, "/connect")
    page = send_form(day.browser, page, "password", user=user, password=password)
    return send_form(day.browser, page, "decision")


def _find_administration(day: Day) -> int:
    """Asperion's number of the administration that the day's licence code is of."""
    listed = day.asperion("GET", "api/administrations")
    return next(int(each["id"]) for each in listed if each["licence"] == day.licence)
