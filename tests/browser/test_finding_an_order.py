"""A merchant finds an order by what one remembers of its number."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tools.played_day import Day


def test_an_order_is_found_by_what_one_remembers(day: Day, visit: Callable[..., Visit]) -> None:
    visitor = visit("phone", "desk")
    page = visitor.page

    def search(text: str) -> None:
        page.get_by_role("searchbox").fill(text)
        page.get_by_role("searchbox").press("Enter")

    day.install()
    page.goto(day.make_link())
    unpaid, *paid = day.scenario("figuur5").items()
    for _, order_id in paid:
        day.pay(order_id)
    day.webhooks_delivered()
    numbers = [number for number, _ in paid]
    page.goto(f"{day.stack.api_url}/")

    search(numbers[0].lower())
    expect(page.get_by_role("heading", name=f"Bestelling {numbers[0]}")).to_be_visible()

    page.goto(f"{day.stack.api_url}/find")
    visitor.check_accessibility("60-find")
    search(numbers[0][3:].lstrip("0"))
    expect(page.get_by_text(numbers[0]).first).to_be_visible()

    page.goto(f"{day.stack.api_url}/find")
    search(numbers[0][:-2])
    for number in numbers[:3]:
        expect(page.get_by_role("link", name=number)).to_be_visible()
    visitor.examine("61-found")

    search(unpaid[0])
    expect(page.get_by_text("De bestelling is nog niet betaald").first).to_be_visible()
    visitor.examine("62-not-found")
    page.get_by_role("button", name="Zoek de bestelling").click()
    expect(page.get_by_text("Uw webwinkel heeft deze bestelling")).to_be_visible()
    visitor.examine("63-looked-up")
