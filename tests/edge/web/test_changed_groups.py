"""Late changes of one cause are one card with one button, counted in orders."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.ledger import DocumentKind, EntryState
from chalicelib.errors import ShopNotFound, ShopUnavailable
from chalicelib.usecases.afterwards import group_resolving
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import hint, report, state_of
from tests.fakes.documents_of_shop import invoice, order, order_line
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World

THREE = ("ORD1", "ORD2", "ORD3")


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def refund(world: World, *numbers: str) -> None:
    """Placed orders with a credit note in the shop each, reported."""
    for place, number in enumerate(numbers, start=1):
        report(world, LateChange.REFUNDED, number)
        document_id = hint(number).document_id
        note = invoice(f"INV{place}", id=90 + place, is_credit_note=True, order_id=document_id)
        world.api.orders[document_id] = replace(
            order(order_line("24.20")), id=document_id, number=number, invoices=(note,)
        )


def changed(world: World) -> int:
    return len(world.entries.list_changed(SHOP_ID))


def press(browser: Browser, text: str) -> Any:
    button = read(browser.get("/").body).press(text)
    assert button.action == f"{PUBLIC_URL}/changed"
    return browser.follow(browser.post("/changed", button.fields))


def test_orders_that_changed_in_one_way_are_one_card(browser: Browser, world: World) -> None:
    for number in THREE:
        report(world, LateChange.CANCELLED, number)
    report(world, LateChange.EDITED, "ORD4")

    body = browser.get("/").body

    assert body.count('<details class="cause"') == 2
    assert "<h3>Geannuleerd in uw webwinkel" in body
    assert '<span class="chip warn">3 bestellingen</span>' in body
    assert '<span class="chip warn">1 bestelling</span>' in body


def test_one_button_takes_a_whole_group_off_the_list(browser: Browser, world: World) -> None:
    for number in THREE:
        report(world, LateChange.CANCELLED, number)
    report(world, LateChange.EDITED, "ORD4")

    page = press(browser, "Afgehandeld (3 bestellingen)")

    assert "3 wijzigingen staan niet meer op uw lijst" in page.body
    assert changed(world) == 1
    assert {state_of(world, number) for number in THREE} == {EntryState.PLACED}


def test_one_button_books_the_correction_of_a_whole_group(browser: Browser, world: World) -> None:
    for number in THREE:
        report(world, LateChange.CANCELLED, number)

    page = press(browser, "Correctie boeken (3 bestellingen)")

    assert "3 correcties gaan mee" in page.body
    assert changed(world) == 0
    for number in THREE:
        reversal = world.entries.get(SHOP_ID, f"reversal-{hint(number).document_id}")
        assert reversal is not None
        assert reversal.state is EntryState.WAITING
    again = browser.post("/changed", {"kind": "order", "change": "cancelled", "action": "correct"})
    assert "Er was niets meer te doen" in browser.follow(again).body


def test_what_is_put_right_by_sending_again_has_no_button_for_all(
    browser: Browser, world: World
) -> None:
    for number in THREE:
        report(world, LateChange.EDITED, number)

    page = read(browser.get("/").body)

    assert {button.action for button in page.presses if "changed" in button.action} == {
        f"{PUBLIC_URL}/changed"
    }
    assert not page.says("Correctie boeken (3 bestellingen)")
    browser.post("/changed", {"kind": "order", "change": "edited", "action": "correct"})
    assert changed(world) == 3


def test_refunds_are_booked_together_from_the_shops_credit_notes(
    browser: Browser, world: World
) -> None:
    refund(world, *THREE)

    page = press(browser, "Terugbetaling boeken (3 bestellingen)")

    assert "3 correcties gaan mee" in page.body
    assert changed(world) == 0


def test_an_order_that_is_gone_stays_on_the_list_and_keeps_no_other(
    browser: Browser, world: World
) -> None:
    refund(world, *THREE)
    world.api.fail(ShopNotFound("gone", status=404), about={hint("ORD2").document_id})

    page = press(browser, "Terugbetaling boeken (3 bestellingen)")

    assert "Niet elke correctie kon worden klaargezet" in page.body
    assert changed(world) == 1


def test_a_shop_that_does_not_answer_leaves_the_rest_on_the_list(
    browser: Browser, world: World
) -> None:
    refund(world, *THREE)
    world.api.fail(ShopUnavailable("down"), after=1)

    page = press(browser, "Terugbetaling boeken (3 bestellingen)")

    assert "Niet elke correctie kon worden klaargezet" in page.body
    assert changed(world) == 2


def test_no_more_is_asked_of_the_shop_than_a_page_has_time_for(
    browser: Browser, world: World
) -> None:
    refund(world, *THREE)
    seconds = group_resolving.TIME.total_seconds()
    world.api.before_call = lambda _: world.clock.advance(seconds=seconds / 2)

    press(browser, "Terugbetaling boeken (3 bestellingen)")

    assert changed(world) == 1


def test_another_change_meanwhile_is_not_taken_for_the_one_that_was_seen(
    browser: Browser, world: World
) -> None:
    report(world, LateChange.CANCELLED, "ORD1")
    seen = {"kind": "order", "change": "edited", "action": "accept"}

    assert "Er was niets meer te doen" in browser.follow(browser.post("/changed", seen)).body
    assert changed(world) == 1


def test_invoices_and_orders_are_groups_of_their_own(browser: Browser, world: World) -> None:
    report(world, LateChange.CANCELLED, "ORD1")
    report(world, LateChange.CANCELLED, "INV1", DocumentKind.INVOICE)

    browser.post("/changed", {"kind": "invoice", "change": "cancelled", "action": "accept"})

    (left,) = world.entries.list_changed(SHOP_ID)
    assert left.number == "ORD1"


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": "order", "change": "cancelled"},
        {"kind": "order", "change": "cancelled", "action": "x"},
        {"kind": "order", "change": "x", "action": "accept"},
        {"kind": "x", "change": "cancelled", "action": "accept"},
    ],
)
def test_a_form_that_says_no_group_changes_nothing(
    browser: Browser, world: World, fields: dict[str, str]
) -> None:
    report(world, LateChange.CANCELLED)

    assert browser.post("/changed", fields).status == 400
    assert changed(world) == 1
