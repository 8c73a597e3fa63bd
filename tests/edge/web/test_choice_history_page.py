"""The history of the settings, and taking a change back."""

from __future__ import annotations

import re
from html import unescape

import pytest

from chalicelib.domain.choice_history import ChoiceChange, ChoiceHistory
from chalicelib.domain.events import Actor
from chalicelib.domain.policy import DateBasis, Policy, Source
from chalicelib.domain.shop_records import SourceChange
from chalicelib.errors import ShopUnavailable
from chalicelib.usecases.shop.choosing import change_choices
from chalicelib.usecases.workspace import open_workspace
from chalicelib.web.http.http_messages import Response
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import hold
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World

HISTORY = "/settings/history"


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def change(browser: Browser, **answers: str) -> None:
    assert browser.post("/settings", answers).status == 303


def list_changes(page: Response) -> list[list[str]]:
    """The lines of each change, the newest first."""
    cards = re.findall(r'<section class="card past-choice".*?</section>', page.body, re.DOTALL)
    return [[unescape(line) for line in re.findall(r"<li>(.*?)</li>", card)] for card in cards]


def take_back(browser: Browser, number: int) -> Response:
    """What the button of a change answers, and, where it asks, the button after that."""
    shown = browser.post(HISTORY, {"change": str(number)})
    return shown if shown.status != 200 else confirm(browser, shown)


def confirm(browser: Browser, shown: Response) -> Response:
    return browser.post(HISTORY, read(shown.body).press("Zet terug").fields)


def test_nothing_was_changed_yet(browser: Browser) -> None:
    assert "Er is nog niets gewijzigd" in browser.get(HISTORY).body


def test_every_change_is_listed_with_when_who_and_what(browser: Browser, world: World) -> None:
    change(browser, date_basis="payment")
    world.clock.advance(hours=1)
    browser.arrive()
    workspace = open_workspace(world.connector, SHOP_ID)
    policy = Policy(date_basis=DateBasis.PAYMENT, on_account=True)
    change_choices(workspace, policy, by=Actor.OPERATOR)

    page = browser.get(HISTORY)

    assert list_changes(page) == [
        ["Bestellingen op rekening: van uit naar aan"],
        ["Factuurdatum: van datum van de bestelling naar datum van betaling"],
    ]
    first, second = re.findall(r'<time datetime="[^"]*">([^<]*)</time>', page.body)
    assert (first, second) == ("vandaag 16:05", "vandaag 15:05")
    assert page.body.index("Door de beheerder van de koppeling") < page.body.index("Door u, of wie")


def test_a_choice_on_a_held_groups_card_is_in_it_by_the_methods_name(
    browser: Browser, world: World
) -> None:
    hold(world, "payment_method_new", "ORD1", detail="banktransfer")

    browser.post(
        "/held", {"hold": "payment_method_new", "detail": "banktransfer", "choice": "IDEAL"}
    )

    assert list_changes(browser.get(HISTORY)) == [
        ["Betaalmethode Bankoverschrijving: van nog niet gekozen naar iDEAL"]
    ]
    take_back(browser, 1)
    assert world.shop.policy == Policy()


def test_taking_back_shows_what_it_does_and_is_a_change_of_its_own(
    browser: Browser, world: World
) -> None:
    change(browser, date_basis="payment", on_account="yes")

    shown = browser.post(HISTORY, {"change": "1"})
    assert "Deze wijziging terugzetten?" in shown.body
    assert "Factuurdatum: van datum van betaling naar datum van de bestelling" in shown.body
    assert world.shop.policy.on_account

    answer = confirm(browser, shown)

    assert answer.headers["Location"] == f"{PUBLIC_URL}/settings"
    assert "De wijziging is teruggezet" in browser.follow(answer).body
    assert world.shop.policy == Policy()
    page = browser.get(HISTORY)
    assert len(list_changes(page)) == 2
    assert "zet de wijziging van vandaag 15:05 terug" in page.body
    assert "Alles staat weer zoals het daarvoor stond" in page.body
    take_back(browser, 2)
    assert world.shop.policy == Policy(date_basis=DateBasis.PAYMENT, on_account=True)


def test_only_what_that_change_changed_is_put_back(browser: Browser, world: World) -> None:
    change(browser, service_articles="A\nB")
    change(browser, service_articles="A\nB\nC", on_account="yes")

    take_back(browser, 1)

    assert world.shop.policy == Policy(service_articles=frozenset({"C"}), on_account=True)


def test_what_was_changed_again_since_is_said_and_asked(browser: Browser, world: World) -> None:
    change(browser, keep_totals="no")
    change(browser, keep_totals="yes")
    change(browser, date_basis="payment")
    change(browser, date_basis="invoice")

    shown = browser.post(HISTORY, {"change": "3"})

    assert "Dit is daarna nog eens gewijzigd" in shown.body
    assert world.shop.policy.date_basis is DateBasis.INVOICE
    assert confirm(browser, shown).status == 303
    assert world.shop.policy == Policy()
    buttons = [each.fields["change"] for each in read(browser.get(HISTORY).body).presses[1:]]
    assert buttons == ["5", "4", "2"]  # the first and the third are as they were before


def test_what_changes_no_booking_is_put_back_at_once(browser: Browser, world: World) -> None:
    change(browser, keep_totals="no")

    assert browser.post(HISTORY, {"change": "1"}).status == 303
    assert world.shop.policy.keep_totals


def test_a_button_that_is_pressed_twice_takes_back_once(browser: Browser, world: World) -> None:
    change(browser, on_account="yes")
    shown = browser.post(HISTORY, {"change": "1"})

    for _ in range(2):
        assert confirm(browser, shown).status == 303

    history = world.shops.load(SHOP_ID, ChoiceHistory)
    assert history is not None
    assert [each.takes_back for each in history.changes] == [None, 1]


def test_taking_back_from_two_tabs_shows_the_effect_of_now(browser: Browser, world: World) -> None:
    change(browser, on_account="yes")
    shown = browser.post(HISTORY, {"change": "1"})
    change(browser, zero_orders="skip")

    again = confirm(browser, shown)

    assert again.status == 200
    assert "gewijzigd terwijl u naar deze pagina keek" in again.body
    assert world.shop.policy.on_account


def test_the_source_is_taken_back_with_what_follows_from_it(browser: Browser, world: World) -> None:
    change(browser, source="invoices")
    assert world.shops.load(SHOP_ID, SourceChange) is not None

    shown = browser.post(HISTORY, {"change": "1"})
    assert "Elke verkoop wordt één keer geboekt" in shown.body
    world.api.fail(ShopUnavailable("no answer"), times=99)
    page = confirm(browser, shown)

    assert page.status == 503
    assert world.shop.policy.source is Source.ORDERS


def test_what_would_contradict_another_choice_cannot_be_put_back(
    browser: Browser, world: World
) -> None:
    change(browser, service_articles="A")
    change(browser, service_articles="")
    change(browser, outside_vat_articles="A")

    page = browser.post(HISTORY, {"change": "2"})

    assert page.status == 409
    assert "<title>Fout: " in page.body
    assert "Deze wijziging kan nu niet worden teruggezet" in page.body
    assert world.shop.policy.service_articles == frozenset()


def test_what_was_too_large_to_be_kept_says_so(browser: Browser, world: World) -> None:
    lost = ChoiceChange(number=1, at=world.clock(), by=Actor.MERCHANT, left_out=3)
    world.shops.save(SHOP_ID, ChoiceHistory(last=1, changes=(lost,)))

    assert "Terugzetten kan niet" in browser.get(HISTORY).body
    assert browser.post(HISTORY, {"change": "1"}).status == 303


@pytest.mark.parametrize("number", ["", "-1", "x", "²", "9" * 40, "1.0"])
def test_a_number_that_is_none_is_refused(browser: Browser, number: str) -> None:
    assert browser.post(HISTORY, {"change": number}).status == 400


def test_a_change_that_is_not_kept_leaves_everything(browser: Browser, world: World) -> None:
    answer = browser.post(HISTORY, {"change": "12"})

    assert "Er was niets meer te doen" in browser.follow(answer).body
    assert world.shop.policy == Policy()
