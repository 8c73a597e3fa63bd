"""A merchant made a mistake in the settings, and puts it back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.stack.deeds import order
from tools.played_day import Day

DATE = "Factuurdatum: van datum van de bestelling naar datum van betaling"


def test_a_mistake_is_put_back_and_puts_back_nothing_else(
    day: Day, visit: Callable[..., Visit]
) -> None:
    visitor = visit("phone", "desk")
    page = visitor.page
    day.install()
    order(day)
    page.goto(day.make_link())
    page.goto(f"{day.stack.api_url}/settings/invoice-date")
    page.get_by_label("Datum van betaling").check()
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_role("button", name="Opslaan").click()
    expect(page.get_by_role("status")).to_contain_text(DATE)
    page.get_by_role("link", name="Wijzigen: Totalen bewaren").click()
    page.get_by_label("Totalen van elk bestand en elke dag bewaren").uncheck()
    page.get_by_role("button", name="Opslaan").click()

    page.get_by_role("link", name="Wat er eerder is gewijzigd").click()
    expect(page.locator(".past-choice").nth(1)).to_contain_text(DATE)
    visitor.examine("80-settings-history")
    page.locator(".past-choice").nth(1).get_by_role("button", name="Zet terug").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Deze wijziging terugzetten?")
    visitor.examine("81-taking-back")
    page.get_by_role("button", name="Zet terug").click()

    expect(page.get_by_role("status")).to_contain_text("De wijziging is teruggezet")
    expect(page.get_by_role("main")).to_contain_text("Datum van de bestelling.")
    expect(page.get_by_role("main")).to_contain_text("Ze worden niet bewaard.")
    page.get_by_role("link", name="Wat er eerder is gewijzigd").click()
    expect(page.locator(".past-choice")).to_have_count(3)
    visitor.examine("82-settings-history-after")
