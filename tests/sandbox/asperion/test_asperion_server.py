"""The stand-in as a merchant's browser sees it."""

import pytest
from playwright.sync_api import Browser, expect

from tests.sandbox.asperion.samples import FIGURE_5
from tests.sandbox.asperion.shop_client import Client


@pytest.mark.browser
def test_a_merchant_synchronises_and_makes_all_invoices_final(
    client: Client, browser: Browser
) -> None:
    client.put("a.xml", FIGURE_5)
    _walk(browser, client)
    assert {i["status"] for i in client.read("invoices")} == {"definitief"}


def _walk(browser: Browser, client: Client) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(client.asperion.url)
    page.get_by_label("Licentiecode").fill(client.licence)
    page.get_by_role("button", name="Openen").click()
    page.get_by_role("link", name="Menu", exact=True).click()
    page.get_by_label("Hoofdmenu").get_by_role("link", name="Import orders (xml)").click()
    page.get_by_role("button", name="Synchroniseren met Webwinkelfacturen.nl").click()
    page.get_by_role("link", name="Naar de facturen").click()
    expect(page.locator("tbody tr")).to_have_count(7)
    expect(page.locator("tfoot [data-col=incl]")).to_have_text("€ 1.043,45")
    page.get_by_label("Alles selecteren").check()
    expect(page.locator("#picked")).to_have_text("7 geselecteerd")
    page.get_by_role("button", name="Uitvoeren").click()
    expect(page.get_by_role("status")).to_have_text("7 facturen definitief gemaakt.")
    expect(page.locator("tr[data-status=definitief]")).to_have_count(7)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert problems == []
    context.close()
