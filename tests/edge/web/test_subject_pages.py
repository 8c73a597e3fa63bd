"""A page a subject: what changes is shown first, and saved without losing anything."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import timedelta
from html import unescape
from pathlib import Path

import pytest

from chalicelib.axml import load_profile
from chalicelib.domain.choice_history import ChoiceHistory
from chalicelib.domain.events import ShopStep
from chalicelib.domain.orders import PaymentMethod
from chalicelib.domain.policy import DateBasis, Policy, ZeroOrders
from chalicelib.errors import ShopUnauthorised, ShopUnavailable
from chalicelib.web.http.http_messages import Response
from chalicelib.web.pages.page_templates import TEMPLATES
from chalicelib.web.pages.settings_form import list_values
from chalicelib.web.texts.settings_questions import CHOICES, SWITCHES
from chalicelib.web.texts.settings_subjects import SUBJECTS, find_field
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import hint, hold
from tests.fakes.documents_of_shop import order
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World

PAGES = [f"/settings/{subject.name.value}" for subject in SUBJECTS]
DATE = "/settings/invoice-date"
PROFILE = load_profile(Path(TEMPLATES) / "axml" / "reconstructed-1.4")


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def controls(page: Response) -> set[str]:
    found = re.findall(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"', page.body)
    return set(map(unescape, found)) - {"shop", "version"}


def post(browser: Browser, path: str, **changed: str) -> Response:
    """What a browser posts that opened the page and changed these answers."""
    return browser.post(path, {**hidden(browser.get(path)), **changed})


def hidden(page: Response, button: str = "Opslaan") -> dict[str, str]:
    return read(page.body).press(button).fields


def save(browser: Browser, path: str, **changed: str) -> Response:
    """Change answers, look at what that does, and save."""
    shown = post(browser, path, **changed)
    return shown if shown.status == 303 else browser.post(path, hidden(shown))


def said(page: Response) -> list[str]:
    (listed,) = re.findall(r'<ul class="said">(.*?)</ul>', page.body)
    return [unescape(line) for line in re.findall(r"<li>(.*?)</li>", listed)]


def test_every_choice_has_its_place_on_one_page(browser: Browser, world: World) -> None:
    world.shops.update(
        SHOP_ID, lambda shop: replace(shop, policy=Policy(payments={"ideal": "IDEAL"}))
    )
    found = [find_field(name) for path in PAGES for name in controls(browser.get(path))]

    chosen = {field.name for field in fields(Policy)} - {"seen_payments"}
    assert set(found) == chosen
    for subject, path in zip(SUBJECTS, PAGES, strict=True):
        assert {find_field(name) for name in controls(browser.get(path))} <= set(subject.names)
        assert f'href="{PUBLIC_URL}{path}"' in browser.get("/settings").body


def test_every_choice_says_what_follows_with_an_example_in_figures(browser: Browser) -> None:
    for choice in (*CHOICES, *SWITCHES):
        for option in getattr(choice, "options", (choice,)):
            assert option.help
            assert re.search(r"\d", option.example) or "Free" in option.example.title(), option
    for path in PAGES:
        body = browser.get(path).body
        examples = re.findall(r'<p class="example">([^<]*)', body)
        assert any(re.search(r"\d", example) for example in examples), path
        assert not any(re.search(r"€ |\d\.\d\d\b", example) for example in examples), path


@pytest.mark.parametrize("path", PAGES)
def test_saving_a_page_as_it_is_changes_nothing(browser: Browser, world: World, path: str) -> None:
    world.shops.update(
        SHOP_ID,
        lambda shop: replace(
            shop, policy=Policy(payments={"ideal": "IDEAL"}, seen_payments=frozenset({"x"}))
        ),
    )
    before, subject = world.shop, next(each for each in SUBJECTS if path.endswith(each.name.value))
    values = {k: v for k, v in list_values(before.policy).items() if find_field(k) in subject.names}

    version = hidden(browser.get(path))["version"]
    for posted in ({**values, "version": version}, {"version": version}, {}):
        answer = browser.post(path, posted)
        assert answer.headers["Location"] == f"{PUBLIC_URL}/settings"
        assert "Er is niets veranderd" in browser.follow(answer).body
    assert world.shop == before
    assert world.shops.load(SHOP_ID, ChoiceHistory) is None


def test_what_changes_is_shown_first_and_said_back_afterwards(
    browser: Browser, world: World
) -> None:
    shown = post(browser, DATE, date_basis="payment")

    line = "Factuurdatum: van datum van de bestelling naar datum van betaling"
    assert shown.status == 200
    assert said(shown) == [line]
    assert "Er is nog niets opgeslagen" in shown.body
    assert world.shop.policy == Policy()

    answer = browser.post(DATE, hidden(shown))
    after = browser.follow(answer)

    assert answer.headers["Location"] == f"{PUBLIC_URL}/settings"
    assert said(after) == [line]
    assert "Uw keuzes zijn opgeslagen" in after.body
    assert "Datum van betaling." in after.body
    assert world.shop.policy == Policy(date_basis=DateBasis.PAYMENT)
    assert [e.step for e in world.shops.audit(SHOP_ID)][-1] is ShopStep.CHANGE_SETTINGS


def test_an_order_that_would_be_booked_otherwise_is_on_the_page(
    browser: Browser, world: World
) -> None:
    world.profile = PROFILE
    ordered = world.clock() - timedelta(days=3)
    world.api.put(order(id=412, number="ORD00412", created_at=ordered, paid_at=world.clock()))

    shown = post(browser, DATE, date_basis="payment")

    assert "ORD00412" in shown.body
    assert "1 bestelling zou anders worden geboekt" in shown.body
    assert "ORD00412" not in repr(world.entries.items)


def test_what_changes_no_booking_is_saved_at_once(browser: Browser, world: World) -> None:
    answer = post(browser, "/settings/totals", keep_totals="no")

    assert answer.status == 303
    assert not world.shop.policy.keep_totals
    assert said(browser.follow(answer)) == ["Totalen van elk bestand en elke dag: van aan naar uit"]


def test_a_shop_that_does_not_answer_is_no_obstacle_to_saving(
    browser: Browser, world: World
) -> None:
    form = {**hidden(browser.get(DATE)), "date_basis": "payment"}
    world.api.fail(ShopUnavailable("no answer"))

    shown = browser.post(DATE, form)
    assert shown.status == 200
    assert "U kunt de wijziging toch opslaan" in shown.body

    page = browser.post(DATE, hidden(shown))
    assert page.status == 503
    assert "Uw keuzes zijn opgeslagen. Uw webwinkel gaf net geen antwoord" in page.body
    assert world.shop.policy.date_basis is DateBasis.PAYMENT


def test_a_refused_token_is_said_and_the_choice_is_stored(browser: Browser, world: World) -> None:
    form = {**hidden(browser.get("/settings/totals")), "keep_totals": "no"}
    world.api.fail(ShopUnauthorised("refused", status=401))

    page = browser.post("/settings/totals", form)

    assert page.status >= 400
    assert "SEOshop laat de koppeling op dit moment niet toe" in page.body
    assert not world.shop.policy.keep_totals


def test_back_loses_nothing(browser: Browser, world: World) -> None:
    lists = {"service_articles": "S-1\r\nS-2", "outside_vat_articles": '<KRAT> & "co"'}
    shown = post(browser, "/settings/articles", **lists)

    back = browser.post("/settings/articles", hidden(shown, "Terug"))

    assert back.status == 200
    assert "S-1\r\nS-2</textarea>" in back.body
    assert "&lt;KRAT&gt; &amp; &#34;co&#34;</textarea>" in back.body
    assert world.shop.policy == Policy()


def test_what_is_hidden_on_the_way_is_read_again(browser: Browser, world: World) -> None:
    shown = post(browser, DATE, date_basis="payment")

    forged = browser.post(DATE, {**hidden(shown), "date_basis": "invoice"})

    assert forged.status == 200  # another change than the one that was shown
    assert said(forged) == [
        "Factuurdatum: van datum van de bestelling naar datum van de factuur in SEOshop"
    ]
    assert browser.post(DATE, {**hidden(shown), "date_basis": "x"}).status == 400
    assert world.shop.policy == Policy()


def test_what_has_to_be_mended_is_listed_first_and_in_the_title(browser: Browser) -> None:
    page = post(
        browser,
        "/settings/vat",
        **{"rate_country:1": "Duitsland", "rate_percent:1": "19", "oss_since": "1 juli"},
    )

    assert page.status == 400
    assert "<title>Fout: Btw" in page.body
    assert re.search(r'tabindex="-1" autofocus', page.body)
    for name in ("oss_since", "rate_country:1"):
        assert f'href="#{name}"' in page.body
        assert f'id="{name}"' in page.body
    assert 'value="1 juli"' in page.body
    assert 'value="Duitsland"' in page.body


def test_a_problem_of_a_method_leads_to_its_list(browser: Browser, world: World) -> None:
    world.api.methods.append(PaymentMethod(key='a"b', title='A"B'))

    page = post(browser, "/settings/payments", **{'payment:a"b': "CASH", "payment:gone": "CASH"})

    assert page.status == 400
    assert 'href="#payment-3"' in page.body
    assert 'href="#main"' in page.body


def test_a_page_stores_its_own_choices_only(browser: Browser, world: World) -> None:
    shown = post(browser, DATE, date_basis="payment", on_account="yes", licence="NEW-1")

    browser.post(DATE, {**hidden(shown), "zero_orders": "skip"})

    assert world.shop.policy == Policy(date_basis=DateBasis.PAYMENT)
    assert world.shop.licence_changes == ()


# ---- two tabs ------------------------------------------------------------------------------------


def test_a_form_that_was_opened_before_another_change_puts_nothing_back(
    browser: Browser, world: World
) -> None:
    opened = hidden(browser.get("/settings/orders"))
    save(browser, "/settings/orders", on_account="yes")
    stale = {"source": "orders", "on_account": "no", "zero_orders": "skip"}

    page = browser.post("/settings/orders", {**opened, **stale})

    assert page.status == 409
    assert said(page) == ["Bestellingen op rekening: van uit naar aan"]
    assert world.shop.policy == Policy(on_account=True)
    assert 'value="skip" aria-describedby="zero_orders-skip-help" checked' in page.body
    assert re.search(r'id="on_account"[^>]* checked', page.body)  # not changed in this form

    merged = {"source": "orders", "on_account": "yes", "zero_orders": "skip"}
    shown = browser.post("/settings/orders", {**hidden(page), **merged})
    assert said(shown) == ["Bestellingen van € 0,00: van wel boeken naar weglaten"]
    browser.post("/settings/orders", hidden(shown))
    assert world.shop.policy == Policy(on_account=True, zero_orders=ZeroOrders.SKIP)


def test_a_change_of_another_subject_is_no_conflict_but_the_effect_is_shown_anew(
    browser: Browser, world: World
) -> None:
    shown = post(browser, DATE, date_basis="payment")
    save(browser, "/settings/orders", on_account="yes")

    again = browser.post(DATE, hidden(shown))

    assert again.status == 200
    assert "gewijzigd terwijl u naar deze pagina keek" in again.body
    assert world.shop.policy == Policy(on_account=True)
    assert browser.post(DATE, hidden(again)).status == 303
    assert world.shop.policy == Policy(on_account=True, date_basis=DateBasis.PAYMENT)


@pytest.mark.parametrize("version", ["0" * 16, "x", "é" * 500])
def test_a_version_that_nobody_gave_is_a_conflict_and_not_an_error(
    browser: Browser, world: World, version: str
) -> None:
    page = browser.post(DATE, {"date_basis": "payment", "version": version})

    assert page.status == 409
    assert world.shop.policy == Policy()


def test_a_button_that_is_pressed_twice_saves_once(browser: Browser, world: World) -> None:
    shown = post(browser, DATE, date_basis="payment")

    answers = [browser.post(DATE, hidden(shown)).status for _ in range(2)]

    assert answers == [303, 303]
    history = world.shops.load(SHOP_ID, ChoiceHistory)
    assert history is not None
    assert len(history.changes) == 1


# ---- all at once ---------------------------------------------------------------------------------


def test_choices_of_several_subjects_are_saved_at_once_and_said_back_on_the_overview(
    browser: Browser, world: World
) -> None:
    answer = browser.post("/settings", {"date_basis": "payment", "on_account": "yes"})
    page = browser.follow(answer)

    assert answer.headers["Location"] == f"{PUBLIC_URL}/"
    assert "Bestellingen op rekening: van uit naar aan" in page.body
    assert "Factuurdatum: van datum van de bestelling naar datum van betaling" in page.body
    assert world.shop.policy == Policy(date_basis=DateBasis.PAYMENT, on_account=True)
    again = browser.follow(browser.post("/settings", {"on_account": "yes"}))
    assert "Uw keuzes zijn opgeslagen" in again.body
    assert "Bestellingen op rekening: van" not in again.body


def test_a_form_of_several_subjects_is_mended_without_losing_anything(
    browser: Browser, world: World
) -> None:
    page = browser.post("/settings", {"accepted_currencies": "euro's", "on_account": "yes"})
    assert page.status == 400

    mended = {**hidden(page), "accepted_currencies": "EUR USD"}
    assert browser.post("/settings", mended).status == 303
    assert world.shop.policy.on_account
    assert world.shop.policy.accepted_currencies == {"EUR", "USD"}


def test_an_article_cannot_come_on_two_lists_from_two_pages(browser: Browser, world: World) -> None:
    save(browser, "/settings/articles", outside_vat_articles="KRAT")

    page = post(browser, "/settings/gift-cards", gift_card_articles="KRAT")

    assert page.status == 400
    assert "staat op de lijst met artikelen buiten de btw" in page.body


# ---- held orders ---------------------------------------------------------------------------------


def test_orders_that_the_settings_held_are_judged_again_at_once(
    browser: Browser, world: World
) -> None:
    world.profile = PROFILE
    hold(world, "currency", "ORD1", detail="USD")
    hold(world, "email_missing", "ORD2")
    world.api.put(order(id=hint("ORD1").document_id, number="ORD1", paid_at=world.clock()))

    answer = save(browser, "/settings/currencies", accepted_currencies="EUR USD")

    page = browser.follow(answer)
    assert said(page) == ["Valuta: USD erbij"]
    assert "1 vastgehouden bestelling is vrij" in page.body
    assert world.entries.count_held(SHOP_ID) == 1
