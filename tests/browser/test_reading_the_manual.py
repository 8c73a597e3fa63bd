"""A merchant who wants to know something reads the manual, searched or from chapter to chapter."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tools.played_day import Day


def test_a_question_is_answered_by_the_manual(day: Day, visit: Callable[..., Visit]) -> None:
    visitor = visit("phone", "desk")
    page = visitor.page
    page.goto(f"{day.stack.api_url}/help")  # nobody is signed in
    visitor.examine("80-help")
    page.get_by_label("Zoek in de hulp").fill("statiegeld")
    page.get_by_label("Zoek in de hulp").press("Enter")
    expect(page.locator("mark").first).to_have_text("statiegeld")
    visitor.examine("81-help-search")
    page.get_by_role("link", name="Ik verkoop met statiegeld").click()
    expect(page.locator("section:target")).to_contain_text("Artikelen buiten de btw")

    page.goto(f"{day.stack.api_url}/help/is-everything-in")
    picture = page.get_by_alt_text("Het overzicht").first
    picture.scroll_into_view_if_needed()
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    visitor.examine("82-help-chapter")
    page.get_by_role("link", name="Volgende:").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("De bestanden")
    page.get_by_role("link", name="Wat we bewaren").click()
    expect(page.get_by_role("heading", name="Hoe lang")).to_be_visible()
    visitor.examine("83-help-kept")
