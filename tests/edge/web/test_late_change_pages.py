"""Late changes with their corrections, a held order's numbers as they are now, and what the watch
saw.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause, LateChange, RequestCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.ledger import DocumentKind, EntryState
from chalicelib.domain.orders import Order
from chalicelib.domain.shop_records import WatchFindings
from chalicelib.errors import ShopUnavailable
from chalicelib.web.texts.localisation import format_money
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import hint, hold, place, report, state_of, take, wait
from tests.fakes.documents_of_shop import invoice, order, order_line
from tests.fakes.web import SHOP_ID, Browser, World, callback


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def in_shop(world: World, number: str = "ORD1", **changes: Any) -> Order:
    """The order as SEOshop has it: one mug of 24.20."""
    document_id = hint(number).document_id
    world.api.orders[document_id] = replace(
        order(order_line("24.20")), id=document_id, number=number, **changes
    )
    return world.api.orders[document_id]


@pytest.mark.parametrize("change", ["cancelled", "unpaid"])
def test_the_correction_is_one_click_and_says_what_it_books(
    browser: Browser, world: World, change: str
) -> None:
    report(world, LateChange(change))
    for path in ("/", "/orders/ORD1"):
        body = browser.get(path).body
        assert "met alle bedragen van de bestelling negatief" in body
        assert 'value="correct">Correctie boeken' in body

    page = browser.follow(browser.post("/orders/ORD1", {"action": "correct", "from": "overview"}))

    assert "De correctie gaat mee met de volgende levering" in page.body
    assert "Gewijzigd na aflevering" not in page.body
    reversal = world.entries.get(SHOP_ID, f"reversal-{hint('ORD1').document_id}")
    assert reversal is not None
    assert reversal.state is EntryState.WAITING


def test_the_order_page_tells_the_correction_as_a_chapter_of_its_own(
    browser: Browser, world: World
) -> None:
    report(world, LateChange.CANCELLED)

    page = browser.follow(browser.post("/orders/ORD1", {"action": "correct"}))

    assert "<h1>Bestelling ORD1</h1>" in page.body
    assert "<h2>Correctie van bestelling ORD1</h2>" in page.body
    assert "Op uw verzoek klaargezet" in page.body
    again = browser.follow(browser.post("/orders/ORD1", {"action": "correct"}))
    assert "Er was niets meer te doen" in again.body


def test_a_correction_in_a_file_cannot_be_sent_again(browser: Browser, world: World) -> None:
    place(world, "ORD1", kind=DocumentKind.REVERSAL)

    (entry,) = world.entries.find_by_numbers(SHOP_ID, ["ORD1"])
    assert '<span class="help">correctie</span>' in browser.get(f"/files/{entry.file}").body
    assert "Opnieuw versturen" not in browser.get("/orders/ORD1").body
    page = browser.follow(browser.post("/orders/ORD1", {"action": "again", "reason": "weg"}))
    assert "Er was niets meer te doen" in page.body


def test_a_refund_is_booked_from_the_shops_credit_notes(browser: Browser, world: World) -> None:
    report(world, LateChange.REFUNDED)
    assert "Terugbetaling boeken" in browser.get("/").body
    note = invoice("INV9", id=99, is_credit_note=True, order_id=hint("ORD1").document_id)
    in_shop(world, invoices=(note,))

    browser.post("/orders/ORD1", {"action": "correct"})

    entry = world.entries.get(SHOP_ID, "invoice-99")
    assert entry is not None
    assert (entry.number, entry.state) == ("INV9", EntryState.WAITING)
    assert "Gewijzigd na aflevering" not in browser.get("/").body


def test_a_shop_that_does_not_answer_leaves_a_refund_as_it_is(
    browser: Browser, world: World
) -> None:
    report(world, LateChange.REFUNDED)
    world.api.fail(ShopUnavailable("down"))

    assert browser.post("/orders/ORD1", {"action": "correct"}).status == 503
    assert "Terugbetaling boeken" in browser.get("/").body


def test_an_edited_order_leads_to_the_form_that_sends_again(browser: Browser, world: World) -> None:
    report(world, LateChange.EDITED)
    link = "/orders/ORD1?form=again#again"
    assert "Verwijder eerst de conceptfactuur in Asperion" in browser.get("/orders/ORD1").body
    for page in ("/", "/orders/ORD1"):
        body = browser.get(page).body
        assert "Of verwijder die daar en verstuur de bestelling opnieuw" in body
        assert f'{link}">Naar opnieuw versturen' in body
        assert 'value="correct"' not in body

    body = browser.get("/orders/ORD1", {"form": "again"}).body

    assert 'id="again" open>' in body


def test_a_held_correction_can_be_dealt_with_by_hand(browser: Browser, world: World) -> None:
    hold(world, "reversal_differs", "ORD1", kind=DocumentKind.REVERSAL)
    assert 'value="by_hand">Afgehandeld' in browser.get("/orders/ORD1").body

    page = browser.follow(browser.post("/orders/ORD1", {"action": "by_hand"}))

    assert "Afgehandeld: de bestelling gaat niet meer mee" in page.body
    assert "U hebt gemeld dat het is afgehandeld" in page.body


@pytest.mark.parametrize("reason", ["currency", "gift_card_payment", "totals_differ"])
def test_any_held_order_can_be_left_out_once_it_was_booked_by_hand(
    browser: Browser, world: World, reason: str
) -> None:
    hold(world, reason, "ORD1")

    document = f"order-{hint('ORD1').document_id}"
    page = browser.post("/orders/ORD1", {"action": "by_hand", "document": document})
    assert "Afgehandeld: de bestelling gaat niet meer mee" in browser.follow(page).body
    page = browser.post("/orders/ORD1", {"action": "by_hand", "document": document})
    assert "Er was niets meer te doen" in browser.follow(page).body


def test_where_doing_it_by_hand_is_not_the_advice_its_consequence_is_said(
    browser: Browser, world: World
) -> None:
    hold(world, "totals_differ", "ORD1")
    for page in ("/", "/orders/ORD1"):
        body = browser.get(page).body
        assert "Al zelf in Asperion geboekt of rechtgezet?" in body
        assert "wat er ook verandert in uw webwinkel of in de instellingen" in body


def test_a_group_can_be_left_out_together_without_the_choice_that_would_mend_it(
    browser: Browser, world: World
) -> None:
    hold(world, "payment_method_new", "ORD1", "ORD2", detail="klarna")
    hold(world, "payment_method_new", "ORD3", detail="riverty")
    assert "Afgehandeld (2 bestellingen)" in browser.get("/").body

    form = {"hold": "payment_method_new", "detail": "klarna", "action": "by_hand"}
    page = browser.follow(browser.post("/held", form))

    assert "Afgehandeld: 2 bestellingen gaan niet meer mee" in page.body
    states = [state_of(world, number) for number in ("ORD1", "ORD2", "ORD3")]
    assert states == [EntryState.WAITING, EntryState.WAITING, EntryState.HELD]
    assert not world.shop.policy.payments


def test_what_was_left_out_by_hand_can_be_sent_with_a_reason(
    browser: Browser, world: World
) -> None:
    hold(world, "currency", "ORD1")
    browser.post("/orders/ORD1", {"action": "by_hand"})
    key = hint("ORD1").key
    take(world, key, OrderStep.CLAIM, file="a.xml")
    take(world, key, OrderStep.DROP, cause=DropCause.BY_HAND, file="a.xml")
    body = browser.get("/orders/ORD1").body
    assert "u het in Asperion hebt afgehandeld" in body
    assert "Waarom verstuurt u" in body

    browser.post("/orders/ORD1", {"action": "again", "reason": "toch niet geboekt"})

    assert state_of(world, "ORD1") is EntryState.WAITING
    assert "Reden: toch niet geboekt" in browser.get("/orders/ORD1").body


def test_an_order_left_out_for_another_cause_has_no_such_form(
    browser: Browser, world: World
) -> None:
    hold(world, "currency", "ORD1")
    assert "Waarom verstuurt u" not in browser.get("/orders/ORD1").body


@pytest.mark.parametrize(
    ("change", "change_text", "cure"),
    [
        ("partly_paid", "niet meer volledig betaald", "Kijk hoeveel van de verkoop overblijft"),
        ("details", "klant, artikelen of btw", "Pas de conceptfactuur in Asperion aan"),
    ],
)
def test_what_only_a_person_can_put_right_is_explained(
    browser: Browser, world: World, change: str, change_text: str, cure: str
) -> None:
    report(world, LateChange(change))
    for page in ("/", "/orders/ORD1"):
        body = browser.get(page).body
        assert change_text in body
        assert cure in body
        assert 'value="correct"' not in body
        assert 'value="accept"' in body


def test_a_cancelled_invoice_is_the_business_of_its_credit_note(
    browser: Browser, world: World
) -> None:
    report(world, LateChange.CANCELLED, "INV1", DocumentKind.INVOICE)
    for page in ("/", "/orders/INV1"):
        body = browser.get(page).body
        assert "Maakt u er in SEOshop een creditfactuur van" in body
        assert 'value="correct"' not in body


def test_a_credit_note_that_follows_its_invoice_says_so(browser: Browser, world: World) -> None:
    hold(world, "credit_before_original", "INV2", detail="INV1", kind=DocumentKind.INVOICE)
    body = browser.get("/orders/INV2").body
    assert "staat nog niet in Asperion" in body
    assert "<strong>INV1</strong>" in body
    key, cause = hint("INV2", DocumentKind.INVOICE).key, RequestCause.ORIGINAL_PLACED
    take(world, key, OrderStep.FREE, by=Actor.SWEEP, cause=cause)
    assert "de creditfactuur gaat mee met de volgende levering" in browser.get("/orders/INV2").body


def test_a_held_order_shows_the_numbers_that_clash_now(browser: Browser, world: World) -> None:
    hold(world, "totals_differ", "ORD1")
    in_shop(world, price_incl=order().price_incl + 1234)

    body = browser.get("/orders/ORD1").body

    assert '<th scope="row">Regels samen, inclusief btw</th>' in body
    assert '<td class="figure">€\N{NO-BREAK SPACE}24,20</td>' in body
    assert '<td class="figure">€\N{NO-BREAK SPACE}1.258,20</td>' in body
    assert "1258" not in repr(world.entries.items) + repr(world.shops.kept)
    assert "1.258" not in browser.get("/").body


def test_the_numbers_are_written_as_the_shop_speaks(browser: Browser, world: World) -> None:
    browser.get("/install", callback(world.clock, language="en"))
    hold(world, "totals_differ", "ORD1")
    in_shop(world, price_incl=order().price_incl + 1234)

    body = browser.get("/orders/ORD1").body

    assert "Total in SEOshop, including VAT" in body
    assert "€\N{NO-BREAK SPACE}1,258.20" in body
    assert format_money("-1234567.05", "SEK", "nl") == "SEK\N{NO-BREAK SPACE}-1.234.567,05"


def test_a_held_order_that_was_mended_meanwhile_says_so(browser: Browser, world: World) -> None:
    hold(world, "totals_differ", "ORD1", "ORD2", "ORD3")
    in_shop(world, "ORD1")
    in_shop(world, "ORD2", status="cancelled")
    in_shop(world, "ORD3", email="")

    fine = browser.get("/orders/ORD1").body
    assert "is er geen beletsel" in fine
    assert "primary" in read(fine).press("Bekijk opnieuw").classes
    assert "valt er niets te boeken" in browser.get("/orders/ORD2").body
    third = browser.get("/orders/ORD3").body
    assert "Op dit moment zit er iets anders in de weg: Er is geen bruikbaar e-mailadres." in third
    assert all('class="figures"' not in browser.get(f"/orders/ORD{n}").body for n in (1, 2, 3))


def test_without_an_answer_of_the_shop_the_page_has_no_numbers(
    browser: Browser, world: World
) -> None:
    hold(world, "totals_differ", "ORD1")
    in_shop(world, price_incl=order().price_incl + 1)
    world.api.fail(ShopUnavailable("down"))

    page = browser.get("/orders/ORD1")

    assert page.status == 200
    assert 'class="figures"' not in page.body
    assert 'value="retry"' in page.body


def test_an_order_that_is_not_held_is_not_asked_for(browser: Browser, world: World) -> None:
    wait(world, "ORD1")

    assert browser.get("/orders/ORD1").status == 200
    assert world.api.calls["order"] == 0


def choose(world: World, **payments: str) -> None:
    chosen = MappingProxyType(payments)
    world.shops.update(
        SHOP_ID, lambda shop: replace(shop, policy=replace(shop.policy, payments=chosen))
    )


def test_a_new_payment_method_is_said_until_somebody_chose(browser: Browser, world: World) -> None:
    methods = {"wero": "Wero", "klarna": "Klarna <b>"}
    world.shops.save(SHOP_ID, WatchFindings(at=world.clock(), new_methods=methods))
    assert "staat klaar" in browser.get("/").body  # without any choice Asperion chooses for all
    choose(world, paypal="IDEAL")

    body = browser.get("/").body
    assert "2 nieuwe betaalmethoden: Wero, Klarna &lt;b&gt;" in body
    assert "<h1>2 nieuwe betaalmethoden wachten op uw keuze</h1>" in body

    choose(world, paypal="IDEAL", wero="IDEAL")

    body = browser.get("/").body
    assert "1 nieuwe betaalmethode: Klarna" in body


@pytest.mark.parametrize("has_watched", [False, True])
def test_a_watch_that_found_nothing_says_nothing(
    browser: Browser, world: World, has_watched: bool
) -> None:
    if has_watched:
        world.shops.save(SHOP_ID, WatchFindings(at=world.clock()))

    body = browser.get("/").body

    assert "nieuwe betaalmethode" not in body
    assert "geen betaalde bestelling" not in body
    assert "<h1>De koppeling staat klaar</h1>" in body


def test_silence_beyond_habit_is_said_without_asking_for_anything(
    browser: Browser, world: World
) -> None:
    world.shops.save(SHOP_ID, WatchFindings(at=world.clock(), quiet_days=6))

    body = browser.get("/").body

    assert "Al 6 dagen geen betaalde bestelling" in body
    assert "<h1>De koppeling staat klaar</h1>" in body
