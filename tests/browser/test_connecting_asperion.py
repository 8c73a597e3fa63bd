"""A merchant connects Asperion by clicking, from the settings to the first night's promise."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tools.played_day import Day


def test_from_the_settings_to_turned_on(day: Day, visit: Callable[..., Visit]) -> None:
    visitor = visit("desk", "phone")
    page = visitor.page
    day.install()
    day.scenario("figuur5", paid=True)
    name = f"Administratie {day.shop_id}"
    day.asperion("POST", f"api/administrations/{day.licence}", {"name": name})
    page.goto(day.make_link())
    page.goto(f"{day.stack.api_url}/settings")
    page.get_by_role("link", name="Koppelen met Asperion").click()
    visitor.examine("90-connect")
    page.get_by_role("button", name="Koppelen met Asperion").click()

    page.get_by_label("Gebruikersnaam").fill("demo")
    page.get_by_label("Wachtwoord").fill("demo")
    page.get_by_role("button", name="Inloggen").click()
    page.get_by_role("button", name="Toestaan").click()

    expect(page.get_by_role("heading", name="Welke administratie")).to_be_visible()
    assert page.url == f"{day.stack.api_url}/connect/administration"
    visitor.check_accessibility("91-connect-administration")
    page.get_by_role("radio", name=name).check()
    page.get_by_role("button", name="Ga verder").click()

    expect(page.get_by_role("heading", name="Hoe worden uw facturen geboekt?")).to_be_visible()
    visitor.examine("92-connect-proposal")
    page.get_by_role("button", name="Bevestigen en verdergaan").click()

    # Figure 5 has a rate of before 2019, for which nobody was asked yet.
    page.get_by_role("button", name="Probeer de laatste 10").click()
    expect(page.get_by_text("Niet alles zou aankomen")).to_be_visible()
    page.get_by_role("link", name="De keuzes wijzigen").click()
    page.get_by_role("button", name="Bevestigen en verdergaan").click()
    page.get_by_role("button", name="Probeer de laatste 10").click()
    expect(page.get_by_text("Asperion zou alles aannemen")).to_be_visible()
    visitor.examine("93-connect-tried")
    page.get_by_role("button", name="Aanzetten").click()

    expect(page.get_by_role("heading", name="rechtstreeks naar Asperion")).to_be_visible()
    visitor.check_accessibility("94-connect-done")
    page.get_by_role("link", name="Hoe het ermee staat").click()
    visitor.check_accessibility("95-connected")
    page.get_by_role("link", name="Ga verder: Ontkoppelen").click()
    visitor.check_accessibility("96-connect-off")
