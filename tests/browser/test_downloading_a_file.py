"""A merchant finds yesterday's file, downloads it, and prints the day for the bookkeeper."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import requests
from playwright.sync_api import Page, expect

from tests.browser.conftest import SCREENSHOTS, Visit
from tests.stack.deeds import export, files, order
from tools.played_day import Day


def test_what_is_downloaded_is_what_lies_in_the_inbox(
    day: Day, visit: Callable[..., Visit]
) -> None:
    visitor = visit("desk", "phone")
    page = visitor.page
    day.install()
    page.goto(day.make_link())
    first, second = order(day), order(day)
    export(day)
    (name,) = files(day)
    page.goto(f"{day.stack.api_url}/files")
    visitor.examine("30-files")
    page.get_by_role("link", name=name).click()
    visitor.examine("31-file-to-download")
    sent = requests.get(f"{day.asperion_url}/inbox/{day.licence}/{name}", timeout=30).content
    assert read_download(page, "Dit bestand downloaden") == (name, sent)
    print_day(visitor, day, name, (first["number"], second["number"]))
    change_order(day, first["id"])
    page.get_by_role("link", name="Dit bestand downloaden").click()
    expect(page.get_by_text("niet meer hetzelfde").first).to_be_visible()
    assert first["number"] in page.content()
    assert second["number"] not in page.content()
    visitor.examine("32-file-differs")
    new_name, content = read_download(page, "Downloaden zoals het nu zou zijn")
    assert new_name.startswith("nieuw-")
    assert content != sent
    forgive_conflict(visitor)


def read_download(page: Page, link: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def print_day(visitor: Visit, day: Day, name: str, numbers: tuple[str, ...]) -> None:
    """The browser's own print command."""
    page = visitor.page
    page.goto(f"{day.stack.api_url}/files")
    page.locator("h2 a").first.click()
    expect(page.get_by_role("heading", name="Voor uw boekhouder")).to_be_visible()
    visitor.examine("33-day-sheet")
    page.emulate_media(media="print", color_scheme="light")
    shown = page.locator("body").inner_text()
    assert re.search(r"\(SHA-256\) [0-9a-f]{64}", shown)
    for text in (name, *numbers, str(day.shop_id)):
        assert text in shown
    for text in ("Instellingen", "Voor uw boekhouder", "Afmelden"):
        assert text not in shown
    page.pdf(path=SCREENSHOTS / "33-day-sheet.pdf", prefer_css_page_size=True)
    page.emulate_media(media="screen")
    page.goto(f"{day.stack.api_url}/files/{name}")


def change_order(day: Day, order_id: int) -> None:
    """The merchant corrects the customer's name in the shop."""
    day.shop("POST", f"orders/{order_id}/edit", {"customer": {"firstname": "Gewijzigd"}})


def forgive_conflict(visitor: Visit) -> None:
    """The page that says what differs is answered with 409, which a console shows."""
    visitor.complaints[:] = [one for one in visitor.complaints if "409" not in one]
