"""An order is found by what one remembers of its number, or by a day."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, EntryState, Hint
from chalicelib.domain.orders import OrderStatus, PaymentStatus
from chalicelib.domain.policy import Policy, Source
from chalicelib.errors import ShopUnavailable
from chalicelib.usecases.operating import finding
from tests.edge.web.markup import read
from tests.edge.web.stored_orders import hold, place, state_of
from tests.fakes.documents_of_shop import invoice, order
from tests.fakes.web import PUBLIC_URL, SHOP_ID, Browser, World

TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def installed(browser: Browser) -> None:
    browser.install()


def know(world: World, number: str, day: date = TODAY, document_id: int | None = None) -> Hint:
    """An order that waits."""
    hint = Hint(
        kind=DocumentKind.ORDER,
        document_id=document_id or len(world.entries.items.get(SHOP_ID, {})) + 1,
        number=number,
        day=day,
    )
    world.entries.record_hint(SHOP_ID, hint, at=world.clock(), by=Actor.WEBHOOK)
    return hint


def fill(world: World, *numbers: str) -> None:
    for place_, number in enumerate(numbers or (f"ORD{n:06}" for n in range(1, 200))):
        know(world, number, TODAY - timedelta(days=place_ // 50))


def find(browser: Browser, text: str) -> list[str]:
    """The numbers on the page, or of the order that it leads to."""
    answer = browser.get("/find", {"q": text})
    if answer.status == 303:
        return [str(answer.headers["Location"]).rpartition("/")[2]]
    assert answer.status == 200
    prefix = f"{PUBLIC_URL}/orders/"
    return [link.text for link in read(answer.body).links if link.href.startswith(prefix)]


@contextmanager
def counted(world: World, most: int) -> Iterator[None]:
    """No more queries than these are made, and the shop is not asked."""
    made: list[str] = []
    for name in ("list_numbers", "find_by_numbers", "list_waiting", "list_held", "list_changed"):
        asked = getattr(world.entries, name)

        def count(*args: Any, _asked: Any = asked, _name: str = name, **given: Any) -> Any:
            made.append(_name)
            return _asked(*args, **given)

        setattr(world.entries, name, count)
    calls = world.api.calls.total()
    yield
    assert len(made) <= most, made
    assert world.api.calls.total() == calls


@pytest.mark.parametrize(
    "typed",
    [
        *("ORD000042", "ord000042", " ORD000042 ", "bestelling ORD000042", "000042"),
        *("#ord000042", "ORD42", "ord 42"),
    ],
)
def test_one_order_of_a_whole_number_is_opened_at_once(
    browser: Browser, world: World, typed: str
) -> None:
    fill(world, "ORD000041", "ORD000042", "ORD000420", "ORD000043")

    with counted(world, most=2):
        found = find(browser, typed)

    assert found == ["ORD000042"]


def test_a_count_shows_its_own_order_first_and_then_those_that_have_it_in_them(
    browser: Browser, world: World
) -> None:
    fill(world)

    with counted(world, most=2):
        found = find(browser, "42")

    assert found == ["ORD000042", "ORD000142"]


def test_a_part_of_a_number_is_a_list_with_state_and_day(browser: Browser, world: World) -> None:
    fill(world, "ORD000041", "ORD000051")
    place(world, "ORD000045")
    hold(world, "email_missing", "ORD000046")

    body = browser.get("/find", {"q": "00004"}).body

    assert {"ORD000041", "ORD000045", "ORD000046"} == set(find(browser, "00004"))
    for said in ("Wacht", "Afgeleverd", "Vastgehouden", "22 november 2026"):
        assert said in body


def test_invoices_and_corrections_are_found_under_their_own_numbers(
    browser: Browser, world: World
) -> None:
    fill(world, "ORD000001")
    place(world, "INV000005", kind=DocumentKind.INVOICE)
    place(world, "ORD000001", kind=DocumentKind.REVERSAL)

    assert find(browser, "inv5") == ["INV000005"]
    assert find(browser, "INV000005") == ["INV000005"]
    assert find(browser, "ORD000001") == ["ORD000001"]


@pytest.mark.parametrize("typed", ["2026-11-22", "22-11-2026", "22-11", "22 nov", "gisteren"])
def test_a_day_shows_all_its_orders(browser: Browser, world: World, typed: str) -> None:
    know(world, "ORD1", TODAY)
    know(world, "ORD2", TODAY - timedelta(days=1))
    know(world, "ORD3", TODAY - timedelta(days=1))
    know(world, "ORD4", TODAY - timedelta(days=2))

    with counted(world, most=1):
        found = find(browser, typed)

    assert found == ["ORD3", "ORD2"]


def test_a_day_without_orders_says_so_and_asks_no_shop(browser: Browser, world: World) -> None:
    fill(world, "ORD1")

    page = browser.get("/find", {"q": "1 mei 2026"})

    assert "Van vrijdag 1 mei is hier geen bestelling bekend" in page.body
    assert not read(page.body).says("Zoek de bestelling")


def test_a_number_that_might_be_a_day_is_found_all_the_same(browser: Browser, world: World) -> None:
    fill(world, "2026-11-21", "7-2026")

    assert find(browser, "2026-11-21") == ["2026-11-21"]


def test_in_a_large_shop_a_part_is_sought_among_the_newest_and_a_number_among_all(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "NEWEST", 100)
    fill(world)  # ORD000001 to ORD000050 are the newest, ORD000199 is the oldest

    with counted(world, most=2):
        assert find(browser, "199") == ["ORD000199"]
    with counted(world, most=2):
        assert find(browser, "ord000150") == ["ORD000150"]
    body = browser.get("/find", {"q": "RD0000"}).body
    assert "zoeken we in uw laatste 3000 bestellingen" in body
    assert "ouder dan uw laatste 3000" in browser.get("/find", {"q": "RD00019"}).body


def test_more_than_a_page_shows_are_counted(
    browser: Browser, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "MOST_HITS", 10)
    fill(world)

    assert len(find(browser, "ORD")) == 10
    assert "Er zijn nog 189 bestellingen die passen" in browser.get("/find", {"q": "ORD"}).body


def test_the_former_address_of_the_search_leads_there(browser: Browser, world: World) -> None:
    fill(world, "A/1")

    answer = browser.get("/", {"order": " A/1 "})

    assert answer.headers["Location"] == f"{PUBLIC_URL}/find?q=A%2F1"
    assert browser.follow(browser.follow(answer)).status == 200


@pytest.mark.parametrize("typed", ["", "   ", "bestelling"])
def test_without_anything_to_look_for_the_form_is_shown(browser: Browser, typed: str) -> None:
    page = browser.get("/find", {"q": typed} if typed else {})

    assert page.status == 200
    assert 'type="search"' in page.body
    assert "Hier is geen bestelling" not in page.body


@pytest.mark.parametrize("typed", ["x" * 51, "9" * 1000])
def test_what_is_too_long_for_a_number_costs_no_query(
    browser: Browser, world: World, typed: str
) -> None:
    with counted(world, most=0):
        page = browser.get("/find", {"q": typed})

    assert "Dat is te lang voor een nummer" in page.body


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "%s%(num)s", "'; DROP", "\u0661"])
def test_whatever_is_typed_is_shown_as_it_was_typed_and_does_nothing(
    browser: Browser, typed: str
) -> None:
    page = browser.get("/find", {"q": typed})

    assert page.status == 200
    assert "<script>" not in page.body


def test_nothing_is_found_of_another_shop(browser: Browser, world: World) -> None:
    hint = Hint(kind=DocumentKind.ORDER, document_id=1, number="ORD9", day=TODAY)
    world.entries.record_hint(SHOP_ID + 1, hint, at=world.clock(), by=Actor.WEBHOOK)

    assert find(browser, "ORD9") == []


def test_nobody_searches_without_signing_in(world: World) -> None:
    stranger = Browser(world)

    assert stranger.get("/find", {"q": "1"}).status == 401
    assert stranger.post("/find", {"number": "1", "as": "take"}).status == 401


# ---- nothing found ----------------------------------------------------------------------------


def in_shop(world: World, number: str = "ORD000042", **changes: Any) -> int:
    """An order that the shop has, made today and paid."""
    made: dict[str, Any] = {"id": 4242, "number": number, "created_at": world.clock(), **changes}
    world.api.orders[4242] = order(**made)
    return 4242


def look_up(browser: Browser, number: str = "ORD000042", what: str = "order") -> Any:
    return browser.post("/find", {"number": number, "as": what})


def test_nothing_found_says_why_that_may_be_and_offers_to_look_in_the_shop(
    browser: Browser, world: World
) -> None:
    fill(world, "ORD000041")

    page = browser.get("/find", {"q": "42"})

    for reason in ("nog niet betaald", "voordat de koppeling begon", "typefout", "factuurnummer"):
        assert reason in page.body
    assert 'value="ORD000042"' in page.body
    assert read(page.body).press("Zoek de bestelling").action == f"{PUBLIC_URL}/find"


def test_an_order_page_that_is_not_known_says_the_same(browser: Browser) -> None:
    page = browser.get("/orders/ORD000042")

    assert page.status == 404
    assert "Hier is geen bestelling ‘ORD000042’ bekend" in page.body
    assert read(page.body).says("Zoek de bestelling")


def test_asking_the_shop_books_nothing_and_costs_one_call(browser: Browser, world: World) -> None:
    in_shop(world)
    before = world.api.calls.total()

    page = look_up(browser)

    assert page.status == 200
    assert "Wij kenden deze bestelling nog niet" in page.body
    assert world.api.calls.total() == before + 1
    assert SHOP_ID not in world.entries.items


def test_a_paid_order_that_is_not_known_yet_can_be_put_in_line(
    browser: Browser, world: World
) -> None:
    in_shop(world)
    press = read(look_up(browser).body).press("Zet klaar")

    page = browser.follow(browser.post("/find", press.fields))

    assert "De bestelling staat klaar" in page.body
    assert state_of(world, "ORD000042") is EntryState.WAITING


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"payment_status": PaymentStatus.NOT_PAID}, "nog niet betaald"),
        ({"status": OrderStatus.CANCELLED}, "geannuleerd"),
        ({"status": OrderStatus.ON_HOLD}, "in de wacht"),
        ({"status": OrderStatus.OFFER}, "offerte"),
    ],
)
def test_an_order_that_is_not_due_says_why_and_cannot_be_put_in_line(
    browser: Browser, world: World, changes: dict[str, Any], said: str
) -> None:
    in_shop(world, **changes)

    page = look_up(browser)
    taken = browser.follow(look_up(browser, what="take"))

    assert said in page.body
    assert not read(page.body).says("Zet klaar")
    assert "Er was niets meer te doen" in taken.body
    assert SHOP_ID not in world.entries.items


def test_an_order_from_before_the_connector_is_for_the_migration(
    browser: Browser, world: World
) -> None:
    in_shop(world, created_at=world.shop.installed_at - timedelta(days=1))

    page = look_up(browser)
    look_up(browser, what="take")

    assert "vóór de koppeling" in page.body
    assert read(page.body).link("Oudere bestellingen meenemen").href == (f"{PUBLIC_URL}/migration")
    assert SHOP_ID not in world.entries.items


def test_an_order_that_is_known_by_another_number_is_opened_and_put_right(
    browser: Browser, world: World
) -> None:
    know(world, "4242", document_id=in_shop(world))

    answer = look_up(browser)

    assert answer.headers["Location"] == f"{PUBLIC_URL}/orders/ORD000042"
    assert "Bestelling ORD000042" in browser.follow(answer).body


def test_an_order_is_found_by_the_number_of_its_invoice(browser: Browser, world: World) -> None:
    bill = invoice("INV000005", id=77, order_id=4242)
    know(world, "ORD000042", document_id=in_shop(world, invoices=(bill,)))

    answer = look_up(browser, "INV000005", "invoice")

    assert answer.headers["Location"] == f"{PUBLIC_URL}/orders/ORD000042"
    assert "kent dit nummer niet" in look_up(browser, "INV000006", "invoice").body


def test_an_invoice_of_an_order_that_is_not_known_says_so(browser: Browser, world: World) -> None:
    in_shop(world, invoices=(invoice("INV000005", id=77, order_id=4242),))

    assert "Uw webwinkel heeft deze factuur" in look_up(browser, "INV000005", "invoice").body


def test_a_shop_that_books_its_invoices_is_led_to_their_numbers(
    browser: Browser, world: World
) -> None:
    policy = Policy(source=Source.INVOICES)
    world.shops.update(SHOP_ID, lambda shop: replace(shop, policy=policy))
    in_shop(world)

    assert "de facturen van SEOshop te boeken" in look_up(browser).body
    look_up(browser, what="take")
    assert SHOP_ID not in world.entries.items


def test_what_the_shop_does_not_have_either_is_said(browser: Browser) -> None:
    page = look_up(browser, "ORD9")

    assert "Ook uw webwinkel kent dit nummer niet" in page.body
    assert 'value="ORD9"' in page.body


def test_a_shop_that_does_not_answer_is_said(browser: Browser, world: World) -> None:
    world.api.fail(ShopUnavailable("down"))

    assert look_up(browser).status == 503


@pytest.mark.parametrize(
    "fields",
    [{}, {"as": "order"}, {"number": "x" * 51, "as": "order"}, {"number": "1", "as": "x"}],
)
def test_a_form_that_says_no_number_is_refused(browser: Browser, fields: dict[str, str]) -> None:
    assert browser.post("/find", fields).status == 400
