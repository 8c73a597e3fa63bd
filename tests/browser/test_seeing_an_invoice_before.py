"""A merchant sees an invoice before it is sent, and finds the same one in Asperion afterwards."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_journey import euro, plain
from tools.played_day import Day


def test_what_is_seen_before_the_night_is_what_asperion_has_after_it(
    day: Day, visit: Callable[..., Visit]
) -> None:
    desk, phone = visit("desk"), visit("phone")
    day.install()
    day.scenario("figuur5", paid=True)
    nameless = {"email": "", "lastname": "Jansen"}
    lines = [{"title": "Mok", "priceIncl": 12.10}]
    day.shop(
        "POST", "orders",
        {"shop_id": day.shop_id, "paid": True, "customer": nameless, "lines": lines},
    )  # fmt: skip
    seen = try_out(desk, day)
    see_on_a_phone(phone, day)
    day.webhooks_delivered()
    day.night()
    day.synchronise()
    booked = {one["description"]: euro(one["incl"]) for one in day.invoices()}
    assert len(seen) == 7
    assert {number: booked[what] for number, what in described(booked, seen)} == seen
    see_one_order(desk, day)


def open_connector(visitor: Visit, day: Day) -> Page:
    """Come from the AppCenter."""
    page = visitor.page
    page.goto(day.make_link())
    return page


def try_out(visitor: Visit, day: Day) -> dict[str, str]:
    """Try the last fifty; gives the total of each invoice by its order's number."""
    page = open_connector(visitor, day)
    page.goto(f"{day.stack.api_url}/try-out")
    visitor.examine("50-try-out")
    page.get_by_role("button", name="Probeer de laatste 50").click()
    expect(page.get_by_text("Er is niets verstuurd en niets bewaard")).to_be_visible()
    seen = {
        plain(row.locator("th").inner_text()): plain(row.locator("td.figure").inner_text())
        for row in page.locator("table.tried tbody tr").all()
    }
    page.get_by_role("link", name="ORD000033", exact=True).click()
    first = page.locator("details.tried-invoice").filter(has_text="ORD000033")
    if first.get_attribute("open") is None:
        first.locator("summary").first.click()
    first.get_by_text("Zo staat het in het importbestand").click()
    expect(first.get_by_role("region")).to_contain_text("<OrderNumber>ORD000033</OrderNumber>")
    expect(page.get_by_text("Er is geen bruikbaar e-mailadres.").first).to_be_visible()
    visitor.examine("51-tried")
    return seen


def see_on_a_phone(visitor: Visit, day: Day) -> None:
    """Certain numbers, one of them wrong."""
    page = open_connector(visitor, day)
    page.goto(f"{day.stack.api_url}/try-out")
    page.get_by_label("Of bepaalde nummers").fill("ord000033, ORD999999")
    page.get_by_role("button", name="Probeer deze").click()
    expect(page.get_by_text("Deze nummers kent uw webwinkel niet")).to_be_visible()
    expect(page.get_by_text("1 wordt geboekt")).to_be_visible()
    visitor.examine("52-tried-numbers")


def see_one_order(visitor: Visit, day: Day) -> None:
    """From the page of an order that is booked by now."""
    page = visitor.page
    page.goto(f"{day.stack.api_url}/orders/ORD000038")
    page.get_by_role("link", name="Zo komt deze bestelling in Asperion").click()
    expect(page.get_by_text("Deze verkoop staat al in Asperion")).to_be_visible()
    visitor.examine("53-order-in-asperion")


def described(booked: dict[str, str], seen: dict[str, str]) -> list[tuple[str, str]]:
    """The number of each order that was seen, with what Asperion calls its invoice."""
    return [(number, what) for number in seen for what in booked if number in what]
