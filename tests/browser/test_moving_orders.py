"""A merchant moves last year's orders, without those that another connector has booked."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tools.played_day import Day, until

ORDERS = {
    "n": 5,
    "paid": True,
    "created_at": "2025-03-03T10:00:00+00:00",
    "paid_at": "2025-03-10T10:00:00+00:00",
    "step": 86_400,
}


def test_last_years_orders_are_moved_and_what_is_booked_stays_out(
    day: Day, visit: Callable[..., Visit]
) -> None:
    visitor = visit("desk", "phone")
    page = visitor.page
    first, last = sell(day)
    day.install()
    page.goto(day.make_link())
    page.goto(f"{day.stack.api_url}/migration")
    visitor.examine("80-migration")
    page.get_by_role("button", name="Bekijk wat er meegaat").click()
    expect(page.locator(".problems")).to_be_focused()
    expect(page).to_have_title("Fout: Oudere bestellingen meenemen – SEOshop – Asperion")
    visitor.examine("81-migration-mistake")
    page.get_by_label("Eerste dag").fill("2025-01-01")
    page.get_by_label("Laatste dag").fill("2025-12-31")
    page.get_by_label("Typ of plak bestelnummers").fill(f"{first}, ORD999999")
    table = f"Klant;Bestelnummer\nZoë;{last}\n".encode("cp1252")
    page.get_by_label("Of kies een bestand").set_input_files(
        {"name": "oud.csv", "mimeType": "text/csv", "buffer": table}
    )
    page.get_by_role("button", name="Bekijk wat er meegaat").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 bestellingen gaan mee")
    expect(page.get_by_text("Samen € 14,85")).to_be_visible()
    expect(page.get_by_text("ORD999999")).to_be_visible()
    visitor.examine("82-migration-count")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url(re.compile("/migration$"))
    visitor.examine("83-migration-begun")
    day.queue_empty()
    delivered = page.get_by_role("row", name=re.compile("^Afgeleverd in 1 bestand"))
    until(lambda: page.reload() and delivered.count() == 1, what="three orders delivered")
    expect(delivered).to_contain_text("3")
    expect(page.get_by_text("De oudere bestellingen zijn meegenomen")).to_be_visible()
    visitor.examine("84-migration-done")
    day.synchronise()
    assert len(day.invoices()) == 3
    visitor.complaints = [each for each in visitor.complaints if "400" not in each]


def sell(day: Day) -> tuple[str, str]:
    """Five orders of last year; the numbers of the first and the last."""
    made = day.shop("POST", "orders/bulk", {"shop_id": day.shop_id, **ORDERS})
    return made["first"], made["last"]
