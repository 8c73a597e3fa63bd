"""The overview: is everything in, and if not, why and which button helps."""

from __future__ import annotations

import gettext
from dataclasses import replace
from datetime import UTC, datetime
from html import escape

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.domain.shop_records import SharedAddresses
from chalicelib.domain.shops import ShopState
from chalicelib.domain.statement import Verdict
from chalicelib.schedule import next_export
from chalicelib.web.pages import page_templates
from chalicelib.web.texts.hold_buttons import ONCE_INVOICED
from chalicelib.web.texts.hold_texts import TEXTS
from chalicelib.web.texts.localisation import load_translations
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import hint, hold, place, report, state, state_of, wait
from tests.fakes.documents_of_shop import order
from tests.fakes.open_vault import look_into
from tests.fakes.web import SHOP_ID, TOKEN, Browser, World, callback

LICENCE = "ASP-2026-4711"


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install(licence=LICENCE)


def test_a_shop_with_nothing_to_do_reads_that_everything_is_in(
    browser: Browser, world: World
) -> None:
    wait(world, "ORD1", "ORD2")
    place(world, "ORD3")
    state(world, "2026-11-23", Verdict.RIGHT, due=1, placed=1)

    body = browser.get("/").body

    assert "<h1>Alles is binnen</h1>" in body
    assert "2 bestellingen gaan vannacht om 02:15 mee." in body
    assert "<dt>Vandaag afgeleverd</dt><dd>1</dd>" in body
    assert "Extra</li><li>Im- Export Basis</li><li>Import orders (xml)</li>" in body
    assert "maandag 23 november" in body


def test_the_next_run_is_said_in_dutch_time() -> None:
    assert next_export(datetime(2026, 11, 23, 1, 14, tzinfo=UTC)).day == 23
    assert next_export(datetime(2026, 11, 23, 1, 15, tzinfo=UTC)).day == 24


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("reason", HoldReason)
def test_every_reason_says_what_why_and_what_to_do_in_both_languages(
    browser: Browser, world: World, reason: HoldReason, language: str
) -> None:
    browser.get("/install", callback(world.clock, language=language))
    hold(world, reason.value, "ORD1")

    overview, order = browser.get("/").body, browser.get("/orders/ORD1").body

    say = load_translations(language, page_templates.LOCALE).gettext
    text = TEXTS[reason]
    said = [text.what, text.why, text.in_shop, text.in_settings, text.by_hand]
    for sentence in filter(None, [*said, ONCE_INVOICED if text.edits_order else ""]):
        shown = say(sentence)
        assert (shown != sentence) is (language == "nl")
        assert str(escape(shown)).replace("&#x27;", "&#39;") in overview
        assert str(escape(shown)).replace("&#x27;", "&#39;") in order


def test_a_reason_of_an_older_version_still_has_its_button(browser: Browser, world: World) -> None:
    hold(world, "email_missing", "ORD1")
    entries, key = world.entries.items[SHOP_ID], hint("ORD1").key
    entries[key] = replace(entries[key], hold="no_longer_a_reason")

    assert read(browser.get("/").body).press("Bekijk opnieuw")
    assert browser.get("/orders/ORD1").status == 200


def test_held_orders_are_grouped_by_cause_and_freed_together(
    browser: Browser, world: World
) -> None:
    hold(world, "email_missing", "ORD1", "ORD2")
    hold(world, "country_missing", "ORD3")
    body = browser.get("/").body
    assert "3 bestellingen vragen uw aandacht" in body

    page = browser.follow(browser.post("/held", {"hold": "email_missing", "detail": ""}))

    assert "2 bestellingen zijn nog niet bekeken" in page.body  # the shop does not show them
    assert state_of(world, "ORD1") is state_of(world, "ORD2") is EntryState.WAITING
    assert state_of(world, "ORD3") is EntryState.HELD


def test_a_group_is_freed_by_its_detail(browser: Browser, world: World) -> None:
    hold(world, "currency", "ORD1", detail=" USD")
    hold(world, "currency", "ORD2", detail="USD")

    browser.post("/held", {"hold": "currency", "detail": " USD"})

    assert state_of(world, "ORD1") is EntryState.WAITING
    assert state_of(world, "ORD2") is EntryState.HELD


def test_a_new_payment_method_is_mended_and_its_orders_freed_with_one_button(
    browser: Browser, world: World
) -> None:
    hold(world, "payment_method_new", "ORD1", "ORD2", detail="klarna")
    assert "Opslaan en 2 bestellingen vrijgeven" in browser.get("/").body

    browser.post(
        "/held", {"hold": "payment_method_new", "detail": "klarna", "choice": "Op factuur"}
    )

    assert world.shop.policy.payments["klarna"] == "Op factuur"
    assert look_into(world.shop.licence) == LICENCE
    assert state_of(world, "ORD1") is EntryState.WAITING


def test_a_foreign_rate_is_mended_likewise(browser: Browser, world: World) -> None:
    hold(world, "rate_foreign", "ORD1", detail="FI 25.5%")

    browser.post("/held", {"hold": "rate_foreign", "detail": "FI 25.5%", "choice": "high"})

    ((country, rate), vat_class) = next(iter(world.shop.policy.foreign_rates.items()))
    assert (country, str(rate), vat_class.value) == ("FI", "0.255", "high")
    assert state_of(world, "ORD1") is EntryState.WAITING


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"hold": "payment_method_new", "detail": "klarna", "choice": ""},
        {"hold": "payment_method_new", "detail": "klarna", "choice": "NOT A CODE"},
        {"hold": "rate_foreign", "detail": "DE nineteen", "choice": "high"},
        {"hold": "rate_foreign", "detail": "DE 19%", "choice": "highest"},
        {"hold": "email_missing", "detail": "", "choice": "high"},
    ],
)
def test_a_choice_that_mends_nothing_changes_nothing(
    browser: Browser, world: World, fields: dict[str, str]
) -> None:
    hold(world, "payment_method_new", "ORD1", detail="klarna")
    before = world.shop

    assert browser.post("/held", fields).status == 400

    assert world.shop == before
    assert state_of(world, "ORD1") is EntryState.HELD


def test_saving_settings_frees_orders_whose_cause_lies_there(
    browser: Browser, world: World
) -> None:
    hold(world, "currency", "ORD1", detail="USD")
    hold(world, "email_missing", "ORD2")

    page = browser.follow(browser.post("/settings", {"accepted_currencies": "EUR USD"}))

    assert "Uw keuzes zijn opgeslagen" in page.body
    assert "1 bestelling is nog niet bekeken" in page.body
    assert world.shop.policy.accepted_currencies == {"EUR", "USD"}
    assert state_of(world, "ORD1") is EntryState.WAITING
    assert state_of(world, "ORD2") is EntryState.HELD


def test_a_file_without_an_answer_is_shown_as_being_checked(browser: Browser, world: World) -> None:
    file = place(world, "ORD1", state=FileState.UNKNOWN)

    overview, page = browser.get("/").body, browser.get(f"/files/{file.name}").body

    assert "Bestanden die worden nagegaan" in overview
    assert "Alles is binnen" not in overview
    assert "heeft dit bestand niet bevestigd" in page
    assert "18342 bytes" in page
    assert f"/orders/{'ORD1'}" in page


@pytest.mark.parametrize("change", LateChange)
def test_a_change_after_delivery_is_the_merchants_to_deal_with(
    browser: Browser, world: World, change: LateChange
) -> None:
    report(world, change)
    assert "Gewijzigd na aflevering" in browser.get("/").body
    assert "Gewijzigd na aflevering" in browser.get("/orders/ORD1").body

    page = browser.follow(browser.post("/orders/ORD1", {"action": "accept", "from": "overview"}))

    assert "De wijziging staat niet meer op uw lijst" in page.body
    assert "<h1>Alles is binnen</h1>" in page.body


def test_a_day_that_does_not_close_is_said_first(browser: Browser, world: World) -> None:
    state(world, "2026-11-23", Verdict.WRONG, due=2, placed=1)

    body = browser.get("/").body

    assert "De laatste dag klopt niet" in body
    assert "Klopt niet" in body


def test_pausing_and_going_on(browser: Browser, world: World) -> None:
    paused = browser.follow(browser.post("/pause"))
    assert "De koppeling staat op pauze" in paused.body
    paused_shop = world.shop
    assert paused_shop.state is ShopState.PAUSED

    resumed = browser.follow(browser.post("/resume"))
    assert "De koppeling gaat verder" in resumed.body
    assert world.shop.state is ShopState.ACTIVE


def test_no_page_shows_token_or_licence_code(browser: Browser, world: World) -> None:
    hold(world, "email_missing", "ORD1")
    file = place(world, "ORD2")

    for path in ("/", "/settings", "/orders/ORD1", "/orders/ORD2", f"/files/{file.name}"):
        page = browser.get(path)
        assert page.status == 200
        assert LICENCE not in page.body
        assert TOKEN not in page.body


def test_pages_survive_without_compiled_catalogues() -> None:
    empty = load_translations("nl", page_templates.TEMPLATES / "static")

    assert isinstance(empty, gettext.NullTranslations)
    assert empty.gettext("Overview") == "Overview"


def test_companies_under_one_address_are_named_by_their_orders_until_put_away(
    browser: Browser, world: World
) -> None:
    wait(world, "ORD1", "ORD2")
    shown = {"a" * 32: (hint("ORD1").key, hint("ORD2").key)}
    world.shops.save(SHOP_ID, SharedAddresses(reported=("a" * 32,), shown=shown))
    body = browser.get("/").body
    assert "Verschillende bedrijven hebben hetzelfde e-mailadres" in body
    assert "/orders/ORD1" in body
    assert "<h1>De koppeling staat klaar</h1>" in body

    form = read(body).press("Gezien")
    page = browser.follow(browser.post("/addresses", form.fields))

    assert "De melding staat niet meer op uw lijst" in page.body
    assert "Verschillende bedrijven" not in page.body
    again = browser.follow(browser.post("/addresses", form.fields))
    assert "Er was niets meer te doen" in again.body


def test_a_repair_says_how_many_are_free_and_why_others_are_not(
    browser: Browser, world: World
) -> None:
    hold(world, "email_missing", "ORD1", "ORD2", "ORD3", "ORD4")
    for number, email in (("ORD1", "klant@example.nl"), ("ORD2", ""), ("ORD3", "")):
        document_id = hint(number).document_id
        world.api.orders[document_id] = order(id=document_id, number=number, email=email)

    page = browser.follow(browser.post("/held", {"hold": "email_missing", "detail": ""}))

    assert "1 bestelling is vrijgegeven en gaat mee met de volgende levering" in page.body
    assert "2 bestellingen blijven vastgehouden: Er is geen" in page.body
    assert "1 bestelling is nog niet bekeken" in page.body
    assert state_of(world, "ORD2") is EntryState.HELD

    again = browser.follow(browser.post("/orders/ORD2", {"action": "retry"}))

    assert "Er is nog geen bestelling vrijgegeven" in again.body
    assert "Opnieuw bekeken, en nog steeds vastgehouden" in again.body
