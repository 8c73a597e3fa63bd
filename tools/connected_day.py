"""A merchant connects his administration in Asperion, page by page, for the demo and the tests."""

from __future__ import annotations

from tools.page_forms import send_form
from tools.played_day import Day

USER = PASSWORD = "demo"
_SECONDS = 60


def connect_asperion(day: Day, *, user: str = USER, password: str = PASSWORD) -> None:
    """From the settings' button to "on": sign in at Asperion, allow it, choose the administration
    of the day's licence code, confirm what is proposed, try the last orders, turn it on. Raises
    LookupError naming the page that is in the way.
    """
    number = _find_administration(day)
    browser = day.browser
    page = browser.get(f"{day.stack.api_url}/connect", timeout=_SECONDS)
    page = send_form(browser, page, "/connect")
    page = send_form(browser, page, "password", user=user, password=password)
    page = send_form(browser, page, "decision")
    page = send_form(browser, page, "administration", administration=str(number))
    page = send_form(browser, page, "journal")
    page = send_form(browser, page, "what")
    page = send_form(browser, page, "seen")
    if not page.url.endswith("/connect/done"):
        raise LookupError(f"{page.url} ({page.status_code}): the connection is not on.")


def _find_administration(day: Day) -> int:
    """Asperion's number of the administration that the day's licence code is of."""
    day.asperion("GET", f"{day.licence}/invoices")  # which makes it, if it is not there yet
    listed = day.asperion("GET", "api/administrations")
    return next(int(each["id"]) for each in listed if each["licence"] == day.licence)
