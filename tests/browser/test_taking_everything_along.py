"""A merchant leaves with everything one needs: the last file, the tables, and a clear end."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import Visit
from tools.played_day import Day, until

TABLES = {
    "Dagafschriften": "dagafschriften",
    "Bestanden": "bestanden",
    "Bestellingen": "bestellingen",
    "Wat er is gewijzigd": "verloop",
}


def test_a_merchant_leaves_with_the_last_file_and_all_tables(
    day: Day, visit: Callable[..., Visit]
) -> None:
    visitor = visit("desk", "phone")
    page = visitor.page
    day.install()
    orders = day.scenario("figuur5", paid=True)
    day.webhooks_delivered()
    page.goto(day.make_link())
    page.goto(f"{day.stack.api_url}/leave")
    visitor.examine("85-leave")
    page.get_by_role("button", name="Maak nu het laatste bestand").click()
    expect(page.get_by_text("Het laatste bestand wordt gemaakt")).to_be_visible()
    day.queue_empty()
    page.goto(f"{day.stack.api_url}/leave")
    done = page.get_by_text("elke bestelling die hier bekend is, is afgehandeld")
    until(lambda: page.reload() and done.count() == 1, what="the last file delivered")
    tables = {name: take(visitor, name) for name in TABLES}
    assert {row["Nummer"] for row in tables["Bestellingen"]} == set(orders)
    assert {row["Status"] for row in tables["Bestanden"]} == {"Afgeleverd"}
    page.get_by_role("button", name="Stop nu").click()
    expect(page.get_by_text("De koppeling is gestopt")).to_be_visible()
    visitor.examine("86-left")


def take(visitor: Visit, name: str) -> list[dict[str, str]]:
    """Download a table; its rows, as Excel reads them."""
    link = visitor.page.locator("main").get_by_role("link", name=name)
    with visitor.page.expect_download() as waiting:
        link.click()
    assert waiting.value.suggested_filename.startswith(TABLES[name])
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))
