"""A merchant sees what a setting does to the last orders before it counts."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tests.stack.deeds import order
from tools.played_day import Day


def test_a_setting_shows_what_it_does_before_it_is_saved(
    day: Day, visit: Callable[..., Visit]
) -> None:
    visitor = visit("desk", "phone")
    page = visitor.page
    day.install()
    made = order(day)
    page.goto(day.make_link())
    page.get_by_role("link", name="Instellingen").first.click()
    visitor.examine("70-settings")
    page.get_by_role("link", name="Wijzigen: Btw").click()
    visitor.examine("71-settings-vat")
    page.get_by_label("Ik gebruik de kleineondernemersregeling (KOR)").check()
    page.get_by_role("button", name="Opslaan").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Deze wijziging opslaan?")
    expect(page.locator(".said").first).to_contain_text("van uit naar aan")
    changed = page.get_by_role("row").filter(has_text=made["number"])
    expect(changed).to_contain_text("vastgehouden")
    visitor.examine("72-settings-effect")
    page.get_by_role("button", name="Terug").click()
    expect(page.get_by_label("Ik gebruik de kleineondernemersregeling (KOR)")).to_be_checked()
    page.get_by_role("button", name="Opslaan").click()
    page.get_by_role("main").get_by_role("button", name="Opslaan").click()

    expect(page.get_by_role("status")).to_contain_text("Uw keuzes zijn opgeslagen")
    expect(page.get_by_role("main")).to_contain_text("KOR vanaf")
    visitor.examine("73-settings-saved")
    for number, subject in enumerate(("payments", "gift-cards", "orders"), 74):
        page.goto(f"{day.stack.api_url}/settings/{subject}")
        visitor.examine(f"{number}-settings-{subject}")
    mend_an_answer(visitor)
    visitor.complaints = [each for each in visitor.complaints if "400" not in each]


def mend_an_answer(visitor: Visit) -> None:
    """What cannot be meant is listed, and the list has the focus and leads to the field."""
    page = visitor.page
    page.goto(page.url.replace("/orders", "/currencies"))
    page.get_by_role("textbox", name="Valuta").fill("euro's")
    page.get_by_role("button", name="Opslaan").click()
    expect(page.locator(".problems")).to_be_focused()
    expect(page).to_have_title("Fout: Valuta – SEOshop – Asperion")
    visitor.examine("77-settings-refused")
    page.locator(".problems a").click()
    expect(page.get_by_role("textbox", name="Valuta")).to_be_focused()
