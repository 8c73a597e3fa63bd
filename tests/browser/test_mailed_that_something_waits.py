"""A merchant is mailed that something waits, ends the mail with one click and undoes it, and lets
it go to another address.
"""

from __future__ import annotations

from collections.abc import Callable

import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.stack.deeds import export, send
from tools.played_day import Day

NEW = "boekhouder@example.nl"


def test_what_waits_is_in_the_mail_of_the_morning(day: Day, visit: Callable[..., Visit]) -> None:
    visitor = visit("phone", "desk")
    page = visitor.page
    day.install()
    day.scenario("geen-email", paid=True)
    day.webhooks_delivered()
    export(day)
    for _ in range(2):  # a message that is delivered twice
        send(day, {"shop_id": day.shop_id, "run": "test", "task": "watch"})
    day.queue_empty()

    open_mail(page, day)
    expect(page.get_by_text("1 bestelling wordt vastgehouden")).to_have_count(1)
    visitor.shoot("84-mail")
    end_and_undo(visitor)
    choose_another_address(visitor, day)
    visitor.complaints = [each for each in visitor.complaints if not each.startswith("400")]
    visitor.complaints = [each for each in visitor.complaints if "status of 400" not in each]


def open_mail(page: Page, day: Day) -> None:
    """The mail that was caught."""
    page.goto(f"{day.shop_url}/backoffice/{day.shop_id}/mail")


def end_and_undo(visitor: Visit) -> None:
    """By the link in the mail, in a browser that is not signed in; and as mail programs do it."""
    page = visitor.page
    link = page.locator("a[href*='/unsubscribe?']").first
    address = link.get_attribute("href") or ""
    link.click()
    visitor.examine("85-unsubscribe")
    page.get_by_role("button", name="Geen e-mail meer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U krijgt geen e-mail meer")
    visitor.check_accessibility("unsubscribed")
    page.get_by_role("button", name="Ongedaan maken").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("U krijgt weer e-mail")
    parts = {"List-Unsubscribe": (None, "One-Click")}
    assert requests.post(address, files=parts, timeout=60).status_code == 200


def choose_another_address(visitor: Visit, day: Day) -> None:
    """One that is none is said at the field; another is confirmed by the link that comes there."""
    page = visitor.page
    page.goto(day.make_link())
    page.goto(f"{day.stack.api_url}/settings/mail")
    expect(page.get_by_label("als er iets op mij wacht")).not_to_be_checked()
    visitor.examine("86-mail-choices")
    page.get_by_label("als er iets op mij wacht").check()
    page.get_by_label("Naar een ander adres").check()
    page.get_by_label("Ander adres", exact=True).fill("boekhouder")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".problems")).to_be_focused()
    visitor.examine("87-mail-refused")
    page.get_by_label("Ander adres", exact=True).fill(NEW)
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_text("wacht een adres op bevestiging")).to_be_visible()
    visitor.check_accessibility("mail, asked")
    open_mail(page, day)
    page.locator("a[href*='/confirm-address?']").first.click()
    visitor.check_accessibility("confirm")
    page.get_by_role("button", name="Ja, mail mij hier").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Het adres is bevestigd")
    visitor.shoot("88-confirmed")
    open_mail(page, day)
    expect(page.get_by_text("gaat nu naar een ander adres")).to_be_visible()
    page.goto(f"{day.stack.api_url}/settings/mail")
    expect(page.get_by_label("Ander adres", exact=True)).to_have_value(NEW)
