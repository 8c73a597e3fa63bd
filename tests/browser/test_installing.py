"""The installation, page by page: what is filled in, what is refused, and the way back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tools.played_day import Day


def test_a_merchant_is_led_through_the_installation_and_loses_nothing_on_the_way_back(
    day: Day, visit: Callable[..., Visit]
) -> None:
    visitor = visit("phone", "desk")
    page = visitor.page
    day.scenario("factuur-later", paid=True)
    page.goto(day.make_link())
    visitor.examine("40-install-about")
    go_on(page)
    visitor.examine("41-install-licence")
    refuse_code(visitor)
    page.get_by_label("licentiecode").fill(day.licence)
    go_on(page)
    expect(page.get_by_text(day.licence)).to_be_visible()
    visitor.examine("43-install-check")
    go_on(page)
    expect(page.get_by_label("iDEAL")).to_have_value("IDEAL")
    expect(page.get_by_label("Op rekening")).to_have_value("Op factuur")
    visitor.examine("44-install-payments")
    page.get_by_label("iDEAL").select_option("PayPal")
    go_on(page)
    visitor.examine("45-install-start")
    page.go_back()
    expect(page.get_by_label("iDEAL")).to_have_value("PayPal")
    go_on(page)
    choose_a_day(visitor)
    page.get_by_role("link", name="Terug").click()
    expect(page.get_by_label("Vanaf een eerdere datum")).to_be_checked()
    page.goto(day.make_link())  # opened again
    page.get_by_role("button", name="Installeer de koppeling").click()
    page.get_by_role("button", name="Installeer de koppeling").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("De koppeling is actief")
    expect(page.get_by_text("worden nu opgehaald")).to_be_visible()
    visitor.examine("48-install-done")
    visitor.complaints = [each for each in visitor.complaints if "400" not in each]


def refuse_code(visitor: Visit) -> None:
    """A code that cannot be one: the summary has the focus, and leads to the field."""
    page = visitor.page
    page.get_by_label("licentiecode").fill("DEMO/2014")
    go_on(page)
    expect(page.locator(".problems")).to_be_focused()
    expect(page).to_have_title("Fout: Licentiecode (stap 2 van 4) – SEOshop – Asperion")
    visitor.examine("42-install-refused")
    page.locator(".problems a").click()
    expect(page.get_by_label("licentiecode")).to_be_focused()
    expect(page.get_by_label("licentiecode")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label("licentiecode")).to_have_value("DEMO/2014")


def choose_a_day(visitor: Visit) -> None:
    """A first day: without one it is asked for, with one the orders are counted."""
    page = visitor.page
    page.get_by_label("Vanaf een eerdere datum").check()
    page.get_by_role("button", name="Installeer de koppeling").click()
    expect(page.locator(".problems")).to_be_focused()
    visitor.examine("46-install-no-day")
    page.get_by_label("Eerste dag").fill("2026-01-01")
    page.get_by_role("button", name="Installeer de koppeling").click()
    expect(page.get_by_text("van €")).to_be_visible()
    visitor.examine("47-install-count")


def go_on(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="ga verder").click()
