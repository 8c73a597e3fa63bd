"""The VAT sheet of a period, as a bookkeeper reads it, and what is open beside it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.period_files import Uncounted
from chalicelib.domain.policy import Policy
from chalicelib.domain.return_places import ReturnBox
from chalicelib.errors import ShopUnavailable
from tests.edge.web.markup import read, read_cells, read_text
from tests.edge.web.stored_orders import hint, hold, report, take, wait
from tests.edge.web.vat_sheets import FULL, ROWS, row, sheet, show
from tests.fakes.documents_of_shop import order
from tests.fakes.web import OURS, PUBLIC_URL, SHOP_ID, Browser, World

PERIOD = {"period": "2026-Q4"}
EQUAL = "Tot op de cent gelijk aan de som van de 2 bestanden voor Asperion."


def sell(world: World, number: str, excl: str, incl: str) -> None:
    """The shop has an order of this number that comes to so much."""
    made = order(id=hint(number).document_id, number=number, created_at=world.clock())
    world.api.put(replace(made, price_excl=Decimal(excl), price_incl=Decimal(incl)))


def read_sheet(browser: Browser, period: str = "2026-Q4") -> str:
    return browser.get("/vat", {"period": period}, **OURS).body


def test_the_boxes_are_exact_and_beside_them_is_what_to_fill_in(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    show(monkeypatch, FULL)
    cells = read_cells(read_sheet(browser, "2026-Q3"))
    assert cells["1a Leveringen/diensten belast met hoog tarief"] == [
        "€ 1.000,99 waarvan correcties € -100,00",
        "€ 210,21 waarvan correcties € -21,00",
        "€ 1.000",
        "€ 210",
    ]
    low = cells["1b Leveringen/diensten belast met laag tarief"]
    assert low[2:] == ["€ -11", "€ -1"]
    assert cells["3a Leveringen naar landen buiten de EU (uitvoer)"][0] == "€ 250,00"
    assert cells["Goederen"][0] == "€ 300,00"
    assert cells["Diensten"][0] == "€ 80,50"
    owed = cells["Btw over de verkopen van uw webwinkel (deel van 5a)"]
    assert owed == ["", "€ 209,30", "", "€ 209"]
    boxes = [title.split()[0] for title in cells if title[0].isdigit()]
    assert boxes == ["1a", "1b", "1e", "2a", "3a", "3b"]


def test_an_unusual_box_is_there_when_something_is_in_it(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    show(monkeypatch, sheet(row(ReturnBox.OTHER, "0.12", "100.00", "12.00")))
    assert "1c Leveringen/diensten belast met overige tarieven, behalve 0%" in read_cells(
        read_sheet(browser)
    )


def test_what_takes_back_earlier_quarters_stands_apart_from_the_sales(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    show(monkeypatch, FULL)
    cells = read_cells(read_sheet(browser, "2026-Q3"))
    assert cells["DE, goederen, 19%"] == ["€ 100,00", "€ 19,00"]
    assert cells["DE, correctie van het 2e kwartaal 2026"] == ["€ -30,00", "€ -5,70"]


def test_that_it_is_equal_to_the_files_is_said_only_when_it_is(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    show(monkeypatch, FULL)
    assert EQUAL in read_sheet(browser)
    show(monkeypatch, sheet(*ROWS, off="0.01"))
    body = read_sheet(browser)
    assert EQUAL not in body
    assert "€\N{NO-BREAK SPACE}0,01 zonder btw" in body


@pytest.mark.parametrize("kind", Uncounted)
def test_files_that_are_not_counted_are_named(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, kind: Uncounted
) -> None:
    browser.install()
    name = "axml-orders-20260801-184520-001.xml"
    files = replace(FULL.files, uncounted={kind: (name,)})
    show(monkeypatch, replace(FULL, files=files))
    body = read_sheet(browser)
    assert EQUAL not in body
    assert "Op deze btw-staat kunt u nog niet bouwen" in body
    assert read(body).link(name).href == f"{PUBLIC_URL}/files/{name}"


def test_every_kind_of_open_order_is_there_with_its_money(world: World, browser: Browser) -> None:
    browser.install()
    for number, excl, incl in [
        ("ORD1", "100.00", "121.00"),
        ("ORD2", "10.00", "10.90"),
        ("ORD3", "50.00", "60.50"),
        ("ORD4", "1.00", "1.21"),
    ]:
        sell(world, number, excl, incl)
    hold(world, "email_missing", "ORD1")
    wait(world, "ORD2")
    report(world, LateChange.EDITED, "ORD3")
    hold(world, "email_missing", "ORD4")
    take(world, hint("ORD4").key, OrderStep.BOOK_BY_HAND, by=Actor.MERCHANT)
    body = read_sheet(browser)
    cells = read_cells(body)
    assert cells["Vastgehouden: kan nog niet geboekt worden"] == [
        *("1", "€ 100,00", "€ 21,00", "€ 121,00")
    ]
    assert cells["Wacht op een levering, of is onderweg naar Asperion"][:2] == ["1", "€ 10,00"]
    assert cells["Gewijzigd na levering aan Asperion, nog niets over besloten"][1] == "€ 50,00"
    assert cells["Door u zelf in Asperion verwerkt"][3] == "€ 1,21"
    assert "Doe liever nog geen aangifte: 3 bestellingen van deze periode staan nog open." in body
    page = read(body)
    assert page.link("ORD1").href == f"{PUBLIC_URL}/orders/ORD1"
    assert page.link("Vastgehouden: kan nog niet geboekt worden").href == f"{PUBLIC_URL}/#held"


def test_what_is_open_of_another_period_is_not_there(world: World, browser: Browser) -> None:
    browser.install()
    hold(world, "email_missing", "ORD1")
    body = read_sheet(browser, "2026-Q3")
    assert "Van deze periode wordt niets vastgehouden" in body
    assert world.api.calls["order"] == 0


def test_an_amount_that_cannot_be_had_is_said_to_be_missing(world: World, browser: Browser) -> None:
    browser.install()
    for number in ("ORD1", "ORD2"):
        sell(world, number, "100.00", "121.00")
    hold(world, "email_missing", "ORD1", "ORD2")
    gone = [hint("ORD2").document_id]
    world.api.fail(ShopUnavailable("no answer"), "order", about=gone)
    body = read_sheet(browser)
    assert read_cells(body)["Vastgehouden: kan nog niet geboekt worden"][3] == "€ 121,00"
    assert "Van 1 bestelling is het bedrag nu niet op te vragen" in body


def test_a_shop_that_does_not_answer_keeps_nobody_from_the_sheet(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    show(monkeypatch, FULL)
    hold(world, "email_missing", *(f"ORD{n}" for n in range(1, 13)))
    world.api.fail(ShopUnavailable("no answer"))
    answer = browser.get("/vat", PERIOD, **OURS)
    assert answer.status == 200
    assert EQUAL in answer.body
    assert "Van 12 bestellingen is het bedrag nu niet op te vragen" in answer.body


def test_many_open_orders_are_read_by_a_few_lists(world: World, browser: Browser) -> None:
    browser.install()
    numbers = [f"ORD{n}" for n in range(100, 160)]
    for number in numbers:
        sell(world, number, "10.00", "12.10")
    wait(world, *numbers)
    world.api.calls.clear()
    body = read_sheet(browser)
    assert read_cells(body)["Wacht op een levering, of is onderweg naar Asperion"][:2] == [
        "60",
        "€ 600,00",
    ]
    assert world.api.calls.total() == 1


def test_a_link_elsewhere_asks_the_shop_nothing(world: World, browser: Browser) -> None:
    browser.install()
    sell(world, "ORD1", "100.00", "121.00")
    hold(world, "email_missing", "ORD1")
    world.api.calls.clear()
    answer = browser.get("/vat", PERIOD, sec_fetch_site="cross-site")
    assert "bedrag nu niet op te vragen" in answer.body
    assert not world.api.calls


def test_the_usual_period_is_the_last_quarter_that_is_over(world: World, browser: Browser) -> None:
    browser.install()
    assert '<h1>Btw-aangifte <span class="of">4e kwartaal 2026</span></h1>' in read_sheet(
        browser, ""
    )
    world.clock.advance(days=60)
    browser.arrive()
    body = read_sheet(browser, "")
    assert "4e kwartaal 2026</span></h1>" in body
    assert read(body).link("Volgende periode").href == f"{PUBLIC_URL}/vat?period=2027-Q1"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "vorig jaar"}, "period"),
        ({"period": "2026-Q5"}, "period"),
        ({"period": "9999"}, "period"),
        ({"period": "2026-01-01_2027-12-31"}, "period"),
        ({"first": "2026-07-01", "last": ""}, "last"),
        ({"first": "2026-07-01", "last": "2026-06-30"}, "last"),
        ({"first": "gisteren", "last": "2026-06-30"}, "first"),
    ],
)
def test_what_is_no_period_is_said_at_its_field(
    browser: Browser, query: dict[str, str], field: str
) -> None:
    browser.install()
    answer = browser.get("/vat", query, **OURS)
    assert answer.status == 400
    assert "<title>Fout: " in answer.body
    assert f'<a href="#{field}">' in answer.body
    assert f'id="{field}-problem"' in answer.body


def test_any_days_in_a_row_are_a_period(browser: Browser) -> None:
    browser.install()
    answer = browser.get("/vat", {"first": "05-01-2026", "last": "2026-02-03"}, **OURS)
    assert answer.status == 200
    assert "5 januari 2026 – 3 februari 2026</span></h1>" in answer.body


def test_a_shop_elsewhere_reads_that_the_boxes_are_not_its_own(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    world.shops.update(SHOP_ID, lambda shop: replace(shop, country="BE", currency="GBP"))
    show(
        monkeypatch,
        sheet(row(ReturnBox.GENERAL, "0.21", "100.00", "21.00", country="BE"), currency="GBP"),
    )
    body = read_sheet(browser)
    assert "Uw webwinkel staat niet in Nederland (BE)" in body
    assert "De bedragen zijn in GBP" in body
    assert "1a" not in read_text(body)
    assert read_cells(body)["Belast in eigen land, algemeen tarief"] == [
        *("GBP 100,00", "GBP 21,00")
    ]


def test_who_keeps_no_totals_reads_why_there_is_no_sheet(world: World, browser: Browser) -> None:
    browser.install()
    policy = Policy(keep_totals=False)
    world.shops.update(SHOP_ID, lambda shop: replace(shop, policy=policy))
    assert "daarom is dit overzicht niet te maken" in read_sheet(browser)


def test_nobody_sees_it_without_signing_in(world: World, browser: Browser) -> None:
    browser.install()
    for page in ("/vat", "/vat/sheet.csv", "/vat/sheet.xlsx", "/vat/oss", "/vat/oss.csv"):
        assert Browser(world).get(page).status == 401
