"""An order's biography, and what a merchant can do with one order."""

from __future__ import annotations

import pytest

from chalicelib.domain.causes import DropCause, ReleaseCause
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.ledger import DocumentKind, EntryState
from chalicelib.web.texts.biography_texts import describe_history
from tests.edge.web.stored_orders import hint, hold, place, state_of, wait
from tests.fakes.web import NOW, Browser, World


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def test_searching_leads_to_the_order(browser: Browser, world: World) -> None:
    wait(world, "A/1 é")

    answer = browser.follow(browser.get("/", {"order": " A/1 é "}))

    assert answer.headers["Location"] == "https://koppeling.example/api/orders/A%2F1%20%C3%A9"
    assert "Bestelling A/1 é" in browser.follow(answer).body


def test_an_order_tells_its_life(browser: Browser, world: World) -> None:
    file = place(world, "ORD1")
    browser.post("/orders/ORD1", {"action": "again", "reason": "verwijderd <b>in</b> Asperion"})

    body = browser.get("/orders/ORD1").body

    assert "Uw webwinkel meldde de bestelling" in body
    assert (
        f'afgeleverd in bestand <a class="file" href="https://koppeling.example/api/files/{file.name}">'
        in body
    )
    assert "Op uw verzoek opnieuw verstuurd" in body
    assert "verwijderd &lt;b&gt;in&lt;/b&gt; Asperion" in body
    assert "1 keer op uw verzoek opnieuw verstuurd" in body


def test_an_order_in_the_books_says_its_invoice_date(browser: Browser, world: World) -> None:
    wait(world, "ORD2")
    assert "Factuurdatum" not in browser.get("/orders/ORD2").body
    place(world, "ORD1")
    assert "Factuurdatum: " in browser.get("/orders/ORD1").body


def test_sending_again_names_the_first_file_and_needs_a_reason(
    browser: Browser, world: World
) -> None:
    file = place(world, "ORD1")
    assert f"De eerste factuur staat in bestand {file.name}" in browser.get("/orders/ORD1").body

    assert browser.post("/orders/ORD1", {"action": "again", "reason": "  "}).status == 400
    assert state_of(world, "ORD1") is EntryState.PLACED

    page = browser.follow(browser.post("/orders/ORD1", {"action": "again", "reason": "weg"}))
    assert "1 bestelling wordt opnieuw verstuurd" in page.body
    assert state_of(world, "ORD1") is EntryState.WAITING


def test_pressing_a_button_that_came_too_late_says_so(browser: Browser, world: World) -> None:
    wait(world, "ORD1")

    page = browser.follow(browser.post("/orders/ORD1", {"action": "retry"}))

    assert "Er was niets meer te doen" in page.body


def test_one_number_may_stand_for_several_documents(browser: Browser, world: World) -> None:
    place(world, "X1")
    place(world, "X1", kind=DocumentKind.INVOICE)

    body = browser.get("/orders/X1").body

    assert "Bestelling X1" in body
    assert "Factuur X1" in body


@pytest.mark.parametrize("path", ["/orders/ORD9", "/files/nope.xml"])
def test_what_nobody_knows_is_not_found(browser: Browser, path: str) -> None:
    assert browser.get(path).status == 404


def test_an_action_nobody_knows_is_refused(browser: Browser, world: World) -> None:
    wait(world, "ORD1")

    assert browser.post("/orders/ORD1", {"action": "delete"}).status == 400
    assert browser.post("/orders/ORD9", {"action": "retry"}).status == 404


def test_another_shops_orders_are_not_shown(browser: Browser, world: World) -> None:
    world.entries.record_hint(999, hint("ORD1"), at=world.clock(), by=Actor.WEBHOOK)

    assert browser.get("/orders/ORD1").status == 404


def test_a_held_order_is_read_again(browser: Browser, world: World) -> None:
    hold(world, "email_missing", "ORD1")

    page = browser.follow(browser.post("/orders/ORD1", {"action": "retry"}))

    assert state_of(world, "ORD1") is EntryState.WAITING
    assert "U vroeg om opnieuw te kijken" in page.body
    assert "Vastgehouden: Er is geen bruikbaar e-mailadres." in page.body


def test_a_biography_is_read_newest_first_with_its_causes() -> None:
    steps = [
        Event(at=NOW, step=OrderStep.DISCOVER, by=Actor.SWEEP),
        Event(at=NOW, step=OrderStep.CLAIM, by=Actor.EXPORT, file="a.xml"),
        Event(at=NOW, step=OrderStep.RELEASE, by=Actor.EXPORT, cause=ReleaseCause.BUDGET),
        Event(at=NOW, step=OrderStep.CLAIM, by=Actor.EXPORT, file="b.xml"),
        Event(at=NOW, step=OrderStep.DROP, by=Actor.EXPORT, cause=DropCause.NOT_PAID),
        Event(at=NOW, step=OrderStep.DROP, by=Actor.EXPORT),
    ]

    texts = [text.text for _, text in describe_history(steps)][::-1]

    assert texts == [
        "Found in your webshop during the daily check; it waits for the next delivery.",
        "Taken into file %(file)s.",
        "Put back, because %(cause)s; it goes with the next delivery.",
        "Taken into file %(file)s.",
        "Left out, because %(cause)s.",
        "Left out.",
    ]


@pytest.mark.parametrize("number", ['"><script>alert(1)</script>', "A/1", "100%", "é ü", ".."])
def test_any_number_can_be_shown_and_linked(browser: Browser, world: World, number: str) -> None:
    hold(world, "currency", number, detail='"><script>')

    overview = browser.get("/").body
    page = browser.follow(browser.follow(browser.get("/", {"order": number})))

    assert page.status == 200
    assert "<script" not in overview + page.body
