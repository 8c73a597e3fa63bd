"""Every held order shows the buttons its text speaks of, and each leads where it says."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import DocumentKind, EntryState
from chalicelib.domain.policy import Policy
from chalicelib.web.pages import page_templates
from chalicelib.web.texts.hold_buttons import BUTTONS, Button, HoldText
from chalicelib.web.texts.hold_texts import TEXTS
from chalicelib.web.texts.localisation import load_translations
from tests.edge.web.markup import Page, read
from tests.edge.web.stored_orders import hint, hold, state_of
from tests.fakes.documents_of_shop import BELGIUM, order, order_line
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World, callback

ORDER = hint("ORD1").document_id
BACK_OFFICE = f"https://de-wilg.webshopapp.com/admin/orders/{ORDER}"
QUOTED = re.compile("[“‘](.+?)[”’]")
LANGUAGES = ["nl", "en"]


def _list_ways(text: HoldText) -> list[str]:
    ways = (text.in_shop, text.in_settings, text.in_choices, text.by_hand)
    return [way for way in ways if way]


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def name(button: Button, language: str = "nl") -> str:
    return load_translations(language, page_templates.LOCALE).gettext(BUTTONS[button])


def domain(world: World, known: str) -> None:
    world.shops.update(SHOP_ID, lambda shop: replace(shop, domain=known))


def check(
    page: Page,
    button: Button,
    language: str,
    reason: HoldReason,
    *,
    retry: str,
    fields: dict[str, str],
) -> None:
    """A page has this button, and it leads where it says."""
    text = name(button, language)
    if button is Button.OPEN_ORDER:
        assert page.link(text).href == BACK_OFFICE
    elif button is Button.SETTINGS:
        assert page.link(text).href == f"{PUBLIC_URL}/settings/{TEXTS[reason].subject}"
    elif button is Button.CHOICES:
        assert page.link(text).href == f"{PUBLIC_URL}/connect/proposal"
    elif button is Button.RETRY:
        assert page.press(text).action == f"{PUBLIC_URL}{retry}"
        assert page.press(text).fields == fields
    else:
        assert page.press(text).action == f"{PUBLIC_URL}/orders/ORD1"
        assert page.press(text).fields["action"] == "by_hand"


def check_by_hand_is_aside(page: Page, language: str, *, to: str) -> None:
    """Where doing it by hand is not the advice, it is possible all the same."""
    press = page.press(name(Button.DEALT_WITH, language))
    assert press.action == f"{PUBLIC_URL}{to}"
    assert press.fields["action"] == "by_hand"
    assert "primary" not in press.classes


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", HoldReason)
def test_every_reasons_card_shows_its_buttons(
    browser: Browser, world: World, reason: HoldReason, language: str
) -> None:
    browser.get("/install", callback(world.clock, language=language))
    hold(world, reason.value, "ORD1")
    page = read(browser.get("/").body)
    text = TEXTS[reason]

    for button in Button:
        if button in text.buttons:
            fields = {"hold": reason.value, "detail": ""}
            check(page, button, language, reason, retry="/held", fields=fields)
        elif button is Button.DEALT_WITH:
            check_by_hand_is_aside(page, language, to="/held")
        else:
            assert not page.says(name(button, language))
    primary = [each.text for each in page.offers if "primary" in each.classes]
    assert primary == [name(text.button, language)]


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", HoldReason)
def test_every_reasons_order_page_shows_its_buttons(
    browser: Browser, world: World, reason: HoldReason, language: str
) -> None:
    browser.get("/install", callback(world.clock, language=language))
    hold(world, reason.value, "ORD1")
    page = read(browser.get("/orders/ORD1").body)

    for button in Button:
        if button in TEXTS[reason].buttons:
            fields = {"action": "retry", "document": hint("ORD1").key}
            check(page, button, language, reason, retry="/orders/ORD1", fields=fields)
        elif button is Button.DEALT_WITH:
            check_by_hand_is_aside(page, language, to="/orders/ORD1")
        else:
            assert not page.says(name(button, language))


@pytest.mark.slow
@pytest.mark.parametrize("reason", HoldReason)
@pytest.mark.parametrize("path", ["/", "/orders/ORD1"])
def test_whatever_the_reason_an_order_that_was_booked_by_hand_is_left_alone(
    browser: Browser, world: World, reason: HoldReason, path: str
) -> None:
    hold(world, reason.value, "ORD1", detail="BE 21%")
    press = read(browser.get(path).body).press(name(Button.DEALT_WITH))

    page = browser.follow(browser.post(press.action.removeprefix(PUBLIC_URL), press.fields))

    assert "Afgehandeld: de bestelling gaat niet meer mee" in page.body
    entry = world.entries.items[SHOP_ID][hint("ORD1").key]
    assert (entry.state, entry.by_hand) == (EntryState.WAITING, True)


@pytest.mark.slow
@pytest.mark.parametrize("reason", HoldReason)
def test_whatever_the_reason_a_group_is_dealt_with_together(
    browser: Browser, world: World, reason: HoldReason
) -> None:
    hold(world, reason.value, "ORD1", "ORD2", detail="BE 21%")
    press = read(browser.get("/").body).press(f"{name(Button.DEALT_WITH)} (2 bestellingen)")

    browser.post(press.action.removeprefix(PUBLIC_URL), press.fields)

    entries = world.entries.items[SHOP_ID]
    assert [entries[hint(each).key].by_hand for each in ("ORD1", "ORD2")] == [True, True]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reason", HoldReason)
def test_a_text_calls_a_button_by_its_name_and_only_one_that_is_there(
    reason: HoldReason, language: str
) -> None:
    text = TEXTS[reason]
    say = load_translations(language, page_templates.LOCALE).gettext
    ways = [say(way) for way in _list_ways(text)]

    named = set(QUOTED.findall(" ".join(ways)))

    shown = {*text.buttons, Button.DEALT_WITH}
    assert named <= {name(button, language) for button in shown}
    assert name(Button.DEALT_WITH, language) in named


@pytest.mark.parametrize("path", ["/", "/orders/ORD1"])
def test_an_order_that_is_to_be_taken_back_is_not_booked_by_hand_but_credited(
    browser: Browser, world: World, path: str
) -> None:
    hold(world, "rate_averaged", "ORD1", kind=DocumentKind.REVERSAL)
    body = browser.get(path).body
    assert "Verwijder of crediteer de conceptfactuur in Asperion" in body
    assert "Boek de bestelling zelf" not in body


def sell_a_deposit_abroad(world: World, code: str = "KRAT") -> None:
    crate = order_line("3.90", "0", title="Statiegeld krat", article_code=code)
    sold = order(order_line("24.20"), crate, billing=BELGIUM, shipping=BELGIUM)
    world.api.orders[ORDER] = replace(sold, id=ORDER, number="ORD1")
    hold(world, "untaxed_line", "ORD1", detail="BE")


def test_the_untaxed_line_is_named_and_put_on_the_list_with_one_button(
    browser: Browser, world: World
) -> None:
    sell_a_deposit_abroad(world)
    hold(world, "untaxed_line", "ORD2", detail="DE")
    answer = browser.get("/orders/ORD1")
    assert "Statiegeld krat <code>KRAT</code>" in answer.body
    press = read(answer.body).press("Boek KRAT voortaan buiten de btw")

    page = browser.follow(browser.post(press.action.removeprefix(PUBLIC_URL), press.fields))

    assert "1 bestelling is vrijgegeven en gaat mee met de volgende levering" in page.body
    assert "1 bestelling is nog niet bekeken" in page.body
    assert world.shop.policy.outside_vat_articles == {"KRAT"}
    assert state_of(world, "ORD1") is state_of(world, "ORD2") is EntryState.WAITING
    form = browser.get("/settings/articles").body
    assert "Artikelen buiten de btw" in form
    assert "KRAT</textarea>" in form


def test_the_name_and_code_of_the_line_are_not_kept(browser: Browser, world: World) -> None:
    sell_a_deposit_abroad(world)
    browser.get("/orders/ORD1")
    assert "KRAT" not in repr(world.entries.items)
    assert "Statiegeld krat" not in repr(world.entries.items)
    assert "KRAT" not in browser.get("/").body


def test_a_line_without_a_code_is_named_and_cannot_be_listed(
    browser: Browser, world: World
) -> None:
    sell_a_deposit_abroad(world, code="")
    answer = browser.get("/orders/ORD1")
    assert "Statiegeld krat" in answer.body
    assert "voortaan buiten de btw" not in answer.body
    assert browser.post("/orders/ORD1", {"action": "outside_vat", "article": ""}).status == 400
    assert not world.shop.policy.outside_vat_articles


def test_what_is_outside_vat_is_no_service_any_longer(browser: Browser, world: World) -> None:
    policy = Policy(service_articles=frozenset({"KRAT", "ADVIES"}))
    world.shops.update(SHOP_ID, lambda shop: replace(shop, policy=policy))
    sell_a_deposit_abroad(world)

    browser.post("/orders/ORD1", {"action": "outside_vat", "article": "KRAT"})

    assert world.shop.policy.outside_vat_articles == {"KRAT"}
    assert world.shop.policy.service_articles == {"ADVIES"}


@pytest.mark.parametrize("number", ["ORD1", "ORD2"])
def test_no_article_is_listed_that_no_line_in_doubt_is_of(
    browser: Browser, world: World, number: str
) -> None:
    """A line of another order is in doubt, or another one of this order."""
    sell_a_deposit_abroad(world)
    hold(world, "email_missing", "ORD2")
    before = world.shop
    article = "PLANK" if number == "ORD1" else "KRAT"

    fields = {"action": "outside_vat", "article": article}

    assert browser.post(f"/orders/{number}", fields).status == 400
    assert world.shop == before
    assert state_of(world, "ORD1") is EntryState.HELD


def test_the_button_that_lists_an_article_may_be_pressed_twice(
    browser: Browser, world: World
) -> None:
    sell_a_deposit_abroad(world)
    for _ in range(2):
        answer = browser.post("/orders/ORD1", {"action": "outside_vat", "article": "KRAT"})
        assert answer.status == 303
    assert world.shop.policy.outside_vat_articles == {"KRAT"}


def test_of_several_orders_each_is_opened_and_dealt_with_by_itself(
    browser: Browser, world: World
) -> None:
    hold(world, "business_charged_vat", "ORD1", "ORD2")
    page = read(browser.get("/").body)

    opened = [each.href for each in page.links if each.text == name(Button.OPEN_ORDER)]
    dealt = [each.action for each in page.presses if each.text == name(Button.DEALT_WITH)]

    ids = [hint(number).document_id for number in ("ORD1", "ORD2")]
    assert sorted(opened) == sorted(f"https://de-wilg.webshopapp.com/admin/orders/{i}" for i in ids)
    assert sorted(dealt) == [f"{PUBLIC_URL}/orders/ORD1", f"{PUBLIC_URL}/orders/ORD2"]
    assert "primary" in page.press(name(Button.RETRY)).classes


@pytest.mark.parametrize("path", ["/", "/orders/ORD1"])
def test_reading_it_again_does(browser: Browser, world: World, path: str) -> None:
    hold(world, "email_missing", "ORD1")
    press = read(browser.get(path).body).press(name(Button.RETRY))

    browser.post(press.action.removeprefix(PUBLIC_URL), press.fields)

    assert state_of(world, "ORD1") is EntryState.WAITING


@pytest.mark.parametrize("path", ["/", "/orders/ORD1"])
def test_a_correction_that_was_dealt_with_leaves_the_list(
    browser: Browser, world: World, path: str
) -> None:
    hold(world, "reversal_differs", "ORD1", kind=DocumentKind.REVERSAL)
    press = read(browser.get(path).body).press(name(Button.DEALT_WITH))

    page = browser.follow(browser.post(press.action.removeprefix(PUBLIC_URL), press.fields))

    assert state_of(world, "ORD1") is EntryState.WAITING
    assert "Afgehandeld: de bestelling gaat niet meer mee" in page.body


@pytest.mark.parametrize("path", ["/", "/orders/ORD1"])
def test_without_the_shops_domain_there_is_no_link_that_leads_nowhere(
    browser: Browser, world: World, path: str
) -> None:
    domain(world, "")
    hold(world, "email_missing", "ORD1")
    page = read(browser.get(path).body)

    assert not page.says(name(Button.OPEN_ORDER))
    assert "primary" in page.press(name(Button.RETRY)).classes


def test_the_back_office_may_be_elsewhere(browser: Browser, world: World) -> None:
    elsewhere = {"eu1": "http://127.0.0.1:8071/backoffice/{shop}/orders/{order}"}
    settings = replace(world.connector.settings, order_pages=elsewhere)
    world.connector = replace(world.connector, settings=settings)
    domain(world, "")
    hold(world, "email_missing", "ORD1")

    link = read(browser.get("/").body).link(name(Button.OPEN_ORDER))

    assert link.href == f"http://127.0.0.1:8071/backoffice/{SHOP_ID}/orders/{ORDER}"


def test_what_asperion_refuses_is_said_by_field_with_the_button_that_mends_it(
    browser: Browser, world: World
) -> None:
    refused = HoldReason.ASPERION_REFUSED.value
    hold(world, refused, "ORD1", detail="vat_number")
    hold(world, refused, "ORD2", detail="ledger_account")

    first, second = browser.get("/orders/ORD1").body, browser.get("/orders/ORD2").body
    overview = browser.get("/").body

    for page in (first, overview):
        assert "Asperion neemt het btw-nummer van deze klant niet aan" in page
    for page in (second, overview):
        assert "Asperion neemt de grootboekrekening die u koos niet aan" in page
    assert read(first).link(name(Button.OPEN_ORDER)).href == BACK_OFFICE
    assert read(second).link(name(Button.CHOICES)).href == f"{PUBLIC_URL}/connect/proposal"
    assert "ledger_account" not in second


def test_an_invoice_leads_to_the_list_of_orders(browser: Browser, world: World) -> None:
    hold(world, "email_missing", "INV1", kind=DocumentKind.INVOICE)

    link = read(browser.get("/").body).link(name(Button.OPEN_ORDER))

    assert link.href == "https://de-wilg.webshopapp.com/admin/orders"
