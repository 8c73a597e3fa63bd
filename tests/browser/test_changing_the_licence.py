"""A merchant changes the licence code by clicking."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tools.played_day import Day


def test_the_new_code_is_seen_once_before_it_counts(day: Day, visit: Callable[..., Visit]) -> None:
    visitor = visit("desk", "phone")
    page, new = visitor.page, f"NIEUW-{day.shop_id}"
    day.install()
    page.goto(day.make_link())
    page.goto(f"{day.stack.api_url}/settings")
    visitor.shoot("20-settings-with-code")
    page.get_by_role("link", name="Licentiecode wijzigen").click()
    visitor.examine("21-licence")
    page.get_by_label("Nieuwe licentiecode").fill(new)
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_text(new)).to_be_visible()
    visitor.examine("22-licence-confirm")
    page.reload()  # the form is sent again, and nothing is changed
    expect(page.get_by_text(new)).to_be_visible()
    page.get_by_role("button", name="Ja, wijzig de code").click()
    expect(page.get_by_text("De licentiecode is gewijzigd")).to_be_visible()
    expect(page.get_by_text(f"naar ••{new[-2:]}")).to_be_visible()
    visitor.examine("23-licence-changed")
    assert new not in page.url + page.content()
