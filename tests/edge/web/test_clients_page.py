"""All shops of a bookkeeper on one page: the worst first, what is wrong with it in words, and one
that cannot be read hides no other.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.shop_records import Trouble
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.errors import LedgerThrottled
from chalicelib.usecases.operating import client_list
from tests.edge.web.markup import read_text
from tests.edge.web.stored_orders import hold, place, report, wait
from tests.fakes.office import Office, among_orders_of
from tests.fakes.web import PUBLIC_URL, SHOP_ID, World

CHEESE, BREAD, WINE, BOOKS = range(SHOP_ID, SHOP_ID + 4)
TITLES = {CHEESE: "Kaasboerderij", BREAD: "Bakkerij", WINE: "Wijnhuis", BOOKS: "Boekwinkel"}


@pytest.fixture
def office(world: World) -> Office:
    """A bookkeeper with a seat in four shops, where nothing is wrong."""
    office = Office(world)
    for shop_id, title in TITLES.items():
        office.install(shop_id, title)
        office.take_seat(shop_id)
    return office


def add_shops(office: Office, count: int) -> None:
    """More shops, with seats in them, in which nothing happened."""
    example = office.shop()
    for n in range(count):
        shop_id = SHOP_ID + 100 + n
        shop = replace(example, shop_id=shop_id, title=f"Winkel {n:02d}", domain=f"winkel-{n}")
        office.world.shops.records[shop_id] = shop
        office.take_seat(shop_id)


def change(office: Office, shop_id: int, **changes: Any) -> Shop:
    return office.world.shops.update(shop_id, lambda shop: replace(shop, **changes))


def read_titles(body: str) -> list[str]:
    return re.findall(r'<(?:h3|th scope="row")><a href="[^"]*">([^<]*)</a>', body)


def read_card(body: str, title: str) -> str:
    """The text of a shop's card, or of its row, without markup."""
    parts = re.split(r"<li class=|<tr>|</tbody>|</ol>", body)
    (card,) = [each for each in parts if f">{title}</a>" in each]
    return read_text(card)


def test_the_worst_is_on_top_and_the_heading_counts(office: Office, world: World) -> None:
    change(office, WINE, state=ShopState.DISCONNECTED)
    with among_orders_of(BREAD):
        hold(world, "email_missing", "ORD1", "ORD2")
        hold(world, "country_missing", "ORD3")
    world.shops.save(BOOKS, Trouble(cause=TroubleCause.INBOX_REFUSED, since=world.clock()))

    body = office.browser.get("/clients").body

    assert read_titles(body) == ["Wijnhuis", "Boekwinkel", "Bakkerij", "Kaasboerderij"]
    assert "<h1>3 van 4 webwinkels vragen aandacht" in body
    assert "<title>(3) Al uw klanten" in body


def test_what_is_wrong_is_said_in_words(office: Office, world: World) -> None:
    with among_orders_of(BREAD):
        hold(world, "email_missing", "ORD1", "ORD2")
        world.clock.advance(hours=30)
        office.sign_in()
        hold(world, "country_missing", "ORD3")
    world.shops.save(BOOKS, Trouble(cause=TroubleCause.INBOX_REFUSED, since=world.clock()))
    change(office, WINE, state=ShopState.DISCONNECTED)

    body = office.browser.get("/clients").body

    bread = read_card(body, "Bakkerij")
    assert "3 bestellingen vragen aandacht" in bread
    assert "Er is geen bruikbaar e-mailadres. (2 bestellingen)" in bread
    assert "Vastgehouden 3 sinds gisteren 15:05" in bread
    books = read_card(body, "Boekwinkel")
    assert "Er komt nu niets aan in Asperion: Asperion neemt de bestanden niet aan" in books
    assert "De koppeling heeft geen toegang tot deze webwinkel" in read_card(body, "Wijnhuis")


def test_what_is_open_is_counted_by_quarter(office: Office, world: World) -> None:
    with among_orders_of(CHEESE):
        place(world, "ORD1")
        wait(world, "ORD2", "ORD3")  # of 22 November
        hold(world, "email_missing", "ORD4")
        report(world, LateChange.EDITED, "ORD5")
    cheese = read_card(office.browser.get("/clients").body, "Kaasboerderij")
    assert "Open 4e kwartaal 2026 4 Open 3e kwartaal 2026 0" in cheese
    assert "Laatste aflevering vandaag 15:05" in cheese

    world.clock.advance(days=50)
    office.sign_in()

    cheese = read_card(office.browser.get("/clients").body, "Kaasboerderij")
    assert "Open 1e kwartaal 2027 0 Open 4e kwartaal 2026 4" in cheese


def test_the_vat_sheet_of_a_shop_is_one_click_away(office: Office) -> None:
    body = office.browser.get("/clients").body

    for quarter in ("2026-Q3", "2026-Q4"):
        assert f'href="{PUBLIC_URL}/clients/{BREAD}/vat?period={quarter}"' in body


def test_a_shop_that_cannot_be_read_hides_no_other(office: Office, world: World) -> None:
    reads = world.entries.list_waiting

    def read(shop_id: int, **given: Any) -> Any:
        if shop_id == BREAD:
            raise LedgerThrottled("busy")
        return reads(shop_id, **given)

    world.entries.list_waiting = read  # type: ignore[method-assign]
    body = office.browser.get("/clients").body

    assert read_titles(body)[0] == "Bakkerij"
    assert "<h1>1 webwinkel kon niet worden bekeken" in body
    assert "Deze webwinkel kon nu niet worden bekeken." in read_card(body, "Bakkerij")
    assert 'id="in-order">In orde' in body


def test_shops_for_which_there_is_no_time_left_are_listed_all_the_same(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_list, "READING_TIME", timedelta())

    body = office.browser.get("/clients").body

    assert sorted(read_titles(body)) == sorted(TITLES.values())
    assert "<h1>4 webwinkels konden niet worden bekeken" in body


def test_many_shops_are_searched_by_name(office: Office) -> None:
    assert 'name="q"' not in office.browser.get("/clients").body
    add_shops(office, 8)

    assert 'name="q"' in office.browser.get("/clients").body
    assert read_titles(office.browser.get("/clients", {"q": "BAKK"}).body) == ["Bakkerij"]
    assert read_titles(office.browser.get("/clients", {"q": str(WINE)}).body) == ["Wijnhuis"]
    nothing = office.browser.get("/clients", {"q": "<b>slager"}).body
    assert "Geen webwinkel heeft ‘&lt;b&gt;slager’ in de naam" in nothing
    assert f'href="{PUBLIC_URL}/clients"' in nothing


def test_fifty_shops_are_on_a_page_and_the_worst_on_the_first(office: Office, world: World) -> None:
    add_shops(office, 60)
    with among_orders_of(SHOP_ID + 159):
        hold(world, "email_missing", "ORD1")

    first = office.browser.get("/clients").body
    second = office.browser.get("/clients", {"page": "2"}).body

    assert len(read_titles(first)) == 50
    assert len(read_titles(second)) == 14
    assert read_titles(first)[0] == "Winkel 59"
    assert "Pagina 2 van 2" in second
    assert office.browser.get("/clients", {"page": "9"}).body == second
    for number in ("0", "-1", "x", "99999", "²"):
        assert office.browser.get("/clients", {"page": number}).status == 404


def test_one_shop_is_a_list_too(world: World) -> None:
    office = Office(world)
    office.install(CHEESE, "Kaasboerderij")
    office.take_seat(CHEESE)

    body = office.browser.get("/clients").body
    assert read_titles(body) == ["Kaasboerderij"]
    assert "<h1>1 webwinkel: niets vraagt aandacht" in body
    hold(world, "email_missing", "ORD1")
    assert "<h1>De webwinkel vraagt aandacht" in office.browser.get("/clients").body


def test_who_has_no_seat_reads_how_one_gets_one(world: World) -> None:
    body = Office(world).browser.get("/clients").body

    assert "<h1>U hebt nog geen klanten" in body
    assert "Zodra een winkelier u uitnodigt" in body


def test_a_title_is_no_markup(office: Office) -> None:
    change(office, CHEESE, title='"><script>alert(1)</script>')

    assert "<script" not in office.browser.get("/clients").body


def test_a_shop_without_a_title_has_its_number(office: Office) -> None:
    change(office, CHEESE, title="")

    assert f"Webwinkel {CHEESE}" in office.browser.get("/clients").body
