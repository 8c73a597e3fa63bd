"""The whole journey by clicking: from "Installeren" in the AppCenter to Asperion's invoice list."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SIZES, Visit
from tests.stack.world import World, remove
from tools.demo import FIGURE_5
from tools.played_day import Day

COLUMNS = ("betref", "periode", "factuurdatum", "debnr", "excl", "incl", "betaalwijze")


@pytest.mark.parametrize("size", SIZES)
def test_orders_paid_in_the_shop_are_figure_5_in_asperion(
    day: Day, visit: Callable[..., Visit], size: str
) -> None:
    visitor = visit(size)
    install(visitor, day)
    pay_figure_5(visitor, day)
    day.webhooks_delivered()
    day.night()
    look_at_the_connector(visitor, day)
    synchronise(visitor, day)
    check_the_list(visitor)
    make_final(visitor)


def install(visitor: Visit, day: Day) -> None:
    """AppCenter, login, consent, form, and "Installeer de koppeling"."""
    page = visitor.page
    page.goto(f"{day.shop_url}/apps?shop={day.shop_id}")
    visitor.shoot("01-appcenter")
    page.get_by_role("link", name="Installeren").click()
    visitor.shoot("02-login")
    page.get_by_label("Gebruikersnaam").fill("winkelier")
    page.get_by_label("Wachtwoord").fill("geheim")
    page.get_by_role("button", name="Inloggen").click()
    visitor.shoot("03-consent")
    page.get_by_role("button", name="Toestaan").click()
    walk_installation(visitor, day)
    visitor.shoot("05-installed")


def walk_installation(visitor: Visit, day: Day) -> None:
    """From the first page of the installation to the last."""
    page = visitor.page
    expect(page.get_by_text("Stap 1 van 4")).to_be_visible()
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_label("licentiecode").fill(day.licence)
    page.get_by_role("button", name="Ga verder").click()
    expect(page.get_by_text(day.licence)).to_be_visible()
    page.get_by_role("button", name="Ja, ga verder").click()
    visitor.shoot("04-payments")
    choose(page, "iDEAL", "IDEAL")
    choose(page, "Op rekening|Op factuur|Factuur", "Op factuur")
    page.get_by_role("button", name="Ga verder").click()
    page.get_by_role("button", name="Installeer de koppeling").click()
    page.wait_for_url(f"{day.stack.api_url}/install/done")
    expect(page.get_by_text(f"••••••{day.licence[-2:]}")).to_be_visible()


def choose(page: Page, method: str, code: str) -> None:
    select = page.locator("#payments .pair").filter(
        has=page.locator("label", has_text=re.compile(f"^({method})$", re.IGNORECASE))
    )
    select.locator("select").select_option(code)


def pay_figure_5(visitor: Visit, day: Day) -> None:
    """The merchant's back office: an example's seven orders, marked paid."""
    page = visitor.page
    page.goto(f"{day.shop_url}/backoffice/{day.shop_id}/examples")
    visitor.shoot("06-examples")
    with page.expect_navigation():
        page.locator("form[action$='/figuur5'] button").first.click()
    page.goto(f"{day.shop_url}/backoffice/{day.shop_id}")
    page.get_by_label("Alles").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Betaald", exact=True).click()
    visitor.shoot("07-orders-paid")


def look_at_the_connector(visitor: Visit, day: Day) -> None:
    """The morning after: the overview, an order, a file."""
    page = visitor.page
    page.goto(f"{day.stack.api_url}/")
    visitor.shoot("08-overview")
    page.locator(".days a").first.click()
    expect(page.locator("#placed .count")).to_have_text("7")
    visitor.shoot("09-day")
    page.goto(f"{day.stack.api_url}/orders/ORD000038")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ORD000038")
    visitor.shoot("10-order")
    page.get_by_role("link", name=re.compile("axml-orders-")).first.click()
    expect(page.get_by_text("axml-orders-").first).to_be_visible()
    visitor.shoot("11-file")
    page.goto(f"{day.stack.api_url}/settings")
    visitor.shoot("12-settings")


def synchronise(visitor: Visit, day: Day) -> None:
    """Asperion's import page, and its button."""
    page = visitor.page
    page.goto(f"{day.asperion_url}/{day.licence}/import")
    visitor.shoot("13-import")
    row = page.get_by_role("row").filter(has_text="Webwinkelfacturen.nl")
    row.get_by_role("button", name="Synchroniseren").click()
    expect(page.get_by_role("status")).to_contain_text("7 conceptfacturen toegevoegd")
    visitor.shoot("14-synchronised")
    with page.expect_navigation():
        page.get_by_role("link", name="Naar de facturen").click()


def check_the_list(visitor: Visit) -> None:
    """The manual's figure 5, as a person reads it."""
    page = visitor.page
    visitor.shoot("15-invoices")
    found = {
        tuple(plain(row.locator(f"[data-col={column}]").inner_text()) for column in COLUMNS)
        for row in page.locator("tbody tr").all()
    }
    expected = {
        (
            f"Bestelling {order} factuur {invoice}" if invoice else f"Bestelling {order}",
            *(period, day, str(debtor), euro(excl), euro(incl), method),
        )
        for order, invoice, period, day, debtor, excl, incl, method in FIGURE_5
    }
    assert found == expected
    total = page.locator("tr.total")
    assert plain(total.locator("[data-col=excl]").inner_text()) == "€ 887,30"
    assert plain(total.locator("[data-col=incl]").inner_text()) == "€ 1.043,45"


def make_final(visitor: Visit) -> None:
    """All concepts become final."""
    page = visitor.page
    page.locator("#action").select_option("final-all")
    with page.expect_navigation():
        page.get_by_role("button", name="Uitvoeren").click()
    with page.expect_navigation():
        page.get_by_role("link", name="Alle", exact=True).click()
    states = {row.get_attribute("data-status") for row in page.locator("tbody tr").all()}
    assert len(states) == 1
    assert states != {"concept"}
    visitor.shoot("16-final")


def plain(text: str) -> str:
    return " ".join(text.split())


def euro(amount: str) -> str:
    return f"€ {amount.replace('.', ',')}"


def test_the_app_can_be_installed_by_keyboard_alone(day: Day, visit: Callable[..., Visit]) -> None:
    visitor = visit("desk")
    page = visitor.page
    page.goto(day.make_link())
    press_on(page)
    tab_to(page, "document.activeElement.id === 'licence'")
    page.keyboard.type(day.licence)
    press_on(page)
    press_on(page)
    tab_to(page, "document.activeElement.tagName === 'SELECT'")
    page.keyboard.type("ID")
    press_on(page)
    tab_to(page, "document.activeElement.type === 'radio'")
    press_on(page)
    expect(page.get_by_text(f"••••••{day.licence[-2:]}")).to_be_visible()


def press_on(page: Page) -> None:
    """The button that leads to the next page, by the Enter key."""
    tab_to(page, "document.activeElement.matches('main button')")
    with page.expect_navigation():
        page.keyboard.press("Enter")


def tab_to(page: Page, goal: str) -> None:
    """Press Tab until the goal has the focus; what has it on the way must show it."""
    for _ in range(60):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => {
                const seen = getComputedStyle(document.activeElement);
                return document.activeElement === document.body
                    || seen.outlineStyle !== 'none' || seen.boxShadow !== 'none';
            }"""
        )
        assert shown, page.evaluate("document.activeElement.outerHTML")
        if page.evaluate(goal):
            return
    pytest.fail(f"Sixty times Tab, and not there: {goal}")


def test_a_link_signs_in_once_asks_before_another_shop_and_the_merchant_signs_out(
    world: World, day: Day, visit: Callable[..., Visit]
) -> None:
    other = world.day()
    visitor, late = visit("phone", "desk"), visit("phone", "desk")
    page = visitor.page
    try:
        day.install()
        link = day.make_link()
        page.goto(link)
        assert page.url == f"{day.stack.api_url}/"
        assert "token" not in page.evaluate("document.referrer")
        page.goto(f"{day.stack.api_url}/settings")
        page.go_back()
        assert page.url == f"{day.stack.api_url}/"
        late.page.goto(link)
        expect(late.page.get_by_role("heading", level=1)).to_have_text("Deze link is al gebruikt")
        late.shoot("18-used-link")

        answer_question(visitor, other)
        page.goto(day.stack.api_url + "/")
        page.get_by_role("button", name="Afmelden").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("U bent afgemeld")
        visitor.shoot("20-signed-out")
        page.go_back()
        expect(page.get_by_text("Meld u aan").first).to_be_visible()
    finally:
        remove(other)
    assert [each[:3] for each in late.complaints if each.startswith("4")] == ["401"]
    for each in (visitor, late):
        each.complaints = [one for one in each.complaints if "401" not in one]


def answer_question(visitor: Visit, other: Day) -> None:
    """A link into another shop: stay, then follow it again and go on."""
    page = visitor.page
    link = other.make_link()
    page.goto(link)
    assert page.url == f"{other.stack.api_url}/switch"
    expect(page.get_by_text(f"Winkel {other.shop_id}")).to_be_visible()
    visitor.shoot("19-question")
    page.get_by_role("button", name="Blijf in deze webwinkel").click()
    assert page.url == f"{other.stack.api_url}/"
    page.goto(link)
    page.get_by_role("button", name="Ga verder in de andere webwinkel").click()
    expect(page.get_by_text("Stap 1 van 4")).to_be_visible()
    assert page.url == f"{other.stack.api_url}/install"
