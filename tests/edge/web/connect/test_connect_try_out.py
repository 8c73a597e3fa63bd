"""The last orders are tried, and it is turned on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.domain.refused_fields import RefusedField
from chalicelib.domain.ways import Way
from tests.edge.web.connect.connect_deeds import NEWEST, find, notice, sell
from tests.edge.web.filled_forms import read_filled_form
from tests.edge.web.markup import read, read_text
from tests.fakes.asperion_faults import Fault
from tests.fakes.asperion_lists import CHOICES, SALES
from tests.fakes.documents_of_shop import order, order_line
from tests.fakes.memory_asperion import MemoryAsperion
from tests.fakes.web import NOW, OURS, PUBLIC_URL, SHOP_ID, Browser, World


def test_the_try_out_shows_what_would_be_booked_and_stores_nothing(
    ready: Browser, world: World, asperion: MemoryAsperion
) -> None:
    sell(world, 1)
    before = len(asperion.books.invoices)
    asked = ready.get("/connect/try")
    assert not asperion.calls
    assert read(asked.body).says("Probeer de laatste 10")

    page = read_text(ready.get("/connect/try", NEWEST, **OURS).body)
    assert "ORD00001" in page
    assert "H € 10,00 en € 2,10 btw" in page.replace("\xa0", " ")
    assert "Asperion zou alles aannemen" in page
    assert len(asperion.books.invoices) == before
    assert not world.entries.find_by_numbers(SHOP_ID, ["ORD00001"])


def test_a_refused_order_is_worded_by_its_field(
    ready: Browser, world: World, asperion: MemoryAsperion
) -> None:
    sell(world, 1)
    refused = (RefusedField.LEDGER_ACCOUNT.value, RefusedField.VAT_CODE.value)
    asperion.fail(Fault.INVALID, "add_invoice", fields=refused)
    page = read_text(ready.get("/connect/try", NEWEST, **OURS).body)
    assert "Niet alles zou aankomen" in page
    assert "Asperion neemt de grootboekrekening die u koos niet aan" in page
    assert "Geweigerd" in page


def test_what_lacks_a_vat_code_is_asked_for_and_tried_again(ready: Browser, world: World) -> None:
    """An order of before 2019 has a rate of before, which the proposal did not ask for."""
    chosen = [each for each in CHOICES.vat_codes if each.rate != Decimal("0.06")]
    connection = replace(find(world), choices=replace(CHOICES, vat_codes=tuple(chosen)))
    world.shops.update(SHOP_ID, lambda shop: replace(shop, connection=connection))
    long_ago = datetime(2018, 5, 3, 12, tzinfo=UTC)
    line = order_line("10.60", "0.06")
    facts = {"created_at": long_ago, "paid_at": long_ago, "updated_at": NOW}
    world.api.put(order(line, id=1, number="ORD00001", **facts))
    page = ready.get("/connect/try", NEWEST, **OURS).body
    assert "Voor deze btw hebt u nog geen btw-code gekozen." in read_text(page)
    query = urlsplit(unescape(read(page).link("De keuzes wijzigen").href)).query
    assert dict(parse_qsl(query)) == {"also": "NL domestic 6%"}
    form = read_filled_form(ready.get("/connect/proposal", dict(parse_qsl(query))).body)
    assert form.values["code:domestic:NL:0.06"] == "L6"
    assert ready.post("/connect/proposal", form.values).status == 303
    again = read_text(ready.get("/connect/try", NEWEST, **OURS).body)
    assert "L6 € 10,00 en € 0,60 btw" in again.replace("\xa0", " ")


@pytest.mark.parametrize("also", ["x", "NL domestic 6%," * 99, "../..", "NL domestic 6", ","])
def test_what_else_an_address_asks_for_is_left_out(ready: Browser, also: str) -> None:
    assert ready.get("/connect/proposal", {"also": also}).status == 200


def test_an_order_that_would_be_held_says_why(ready: Browser, world: World) -> None:
    sell(world, 1, email="")
    page = read_text(ready.get("/connect/try", NEWEST, **OURS).body)
    assert "Zou worden vastgehouden" in page


def test_without_an_order_it_can_be_turned_on_all_the_same(ready: Browser, world: World) -> None:
    page = ready.get("/connect/try", NEWEST, **OURS)
    assert "Er is nog geen bestelling om uit te proberen" in read_text(page.body)
    assert read(page.body).says("Aanzetten")


def test_turned_on_the_page_says_what_happens_tonight(ready: Browser, world: World) -> None:
    button = read(ready.get("/connect/try").body).press("Aanzetten")
    answer = ready.post("/connect/try", button.fields)

    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/done"
    page = read_text(ready.follow(answer).body)
    assert "Vannacht om 02:15" in page
    assert "Synchroniseren hoeft niet" in page
    assert find(world).is_on
    assert world.shop.way is Way.API


def test_what_is_gone_in_asperion_is_chosen_again_first(
    ready: Browser, world: World, asperion: MemoryAsperion
) -> None:
    press = read(ready.get("/connect/try").body).press("Aanzetten")
    gone = [each for each in asperion.books.lists.daybooks if each.id != SALES]
    asperion.books.lists = replace(asperion.books.lists, daybooks=tuple(gone))
    answer = ready.post("/connect/try", press.fields)
    assert answer.headers["Location"] == f"{PUBLIC_URL}/connect/proposal"
    assert "Iets wat u koos, staat niet meer in Asperion" in notice(ready.follow(answer))
    assert not find(world).is_on


def test_a_stale_form_turns_nothing_on(ready: Browser, world: World) -> None:
    answer = ready.post("/connect/try", {"seen": "x"})
    assert answer.status == 409
    assert not find(world).is_on


def test_a_try_out_from_another_site_asks_nobody(
    ready: Browser, world: World, asperion: MemoryAsperion
) -> None:
    sell(world, 1)
    ready.get("/connect/try", NEWEST, sec_fetch_site="cross-site")
    assert not asperion.calls
