"""The VAT sheet to take along: what a spreadsheet program reads of it."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.period_files import Uncounted
from chalicelib.domain.return_places import ReturnBox
from chalicelib.web.http.csv_files import Cell
from chalicelib.web.http.media_types import WORKBOOK
from chalicelib.web.http.xlsx_files import Table, write_workbook
from tests.edge.web.markup import read_table
from tests.edge.web.stored_orders import hint, hold
from tests.edge.web.vat_sheets import FULL, row, sheet, show
from tests.fakes.documents_of_shop import order
from tests.fakes.web import NOW, OURS, PUBLIC_URL, Browser, World
from tests.fakes.workbooks import read_workbook

ASKED = {"period": "2026-Q4"}


@pytest.fixture
def shown(world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A shop with a full sheet, and an order that is held."""
    browser.install()
    show(monkeypatch, FULL)
    made = order(id=hint("ORD1").document_id, number="ORD1")
    world.api.put(replace(made, price_excl=Decimal("100.00"), price_incl=Decimal("121.00")))
    hold(world, "email_missing", "ORD1")
    return browser


def test_the_workbook_has_four_sheets_of_numbers(shown: Browser) -> None:
    answer = shown.get("/vat/sheet.xlsx", ASKED, **OURS)
    assert answer.headers["Content-Type"] == WORKBOOK
    named = 'attachment; filename="btw-aangifte-2026-Q4-184520.xlsx"'
    assert answer.headers["Content-Disposition"] == named
    book = read_workbook(answer.content or b"")
    assert list(book) == ["Aangifte", "OSS", "Bestanden", "Openstaand"]
    rows = {tuple(cells[:2]): cells for cells in book["Aangifte"] if len(cells) > 6}
    general = rows["1a", "Leveringen/diensten belast met hoog tarief"]
    assert general[2:] == [
        "NL",
        21.0,
        "Goederen",
        1.0,
        1000.99,
        210.21,
        -100.0,
        -21.0,
        1000.0,
        210.0,
    ]


def test_the_sums_are_formulas_that_have_their_values(shown: Browser) -> None:
    book = read_workbook(shown.get("/vat/sheet.xlsx", ASKED, **OURS).content or b"")
    sums = {cells[0]: cells for cells in book["Aangifte"] if cells}
    owed = sums["Btw over de verkopen van uw webwinkel (deel van 5a)"]
    assert owed[7] == ("SUBTOTAL(9,H6:H11)", 209.3)
    assert owed[11] == ("SUBTOTAL(9,L6:L11)", 209.0)
    every = sums["Samen, zoals in de bestanden"]
    assert [every[6], every[7]] == [
        ("SUBTOTAL(9,G6:G16)", float(FULL.excl)),
        ("SUBTOTAL(9,H6:H16)", float(FULL.vat)),
    ]
    oss = {tuple(cells[:4]): cells for cells in book["OSS"] if len(cells) > 4}
    assert oss["DE", "", None, "2e kwartaal 2026"][4:] == [-30.0, -5.7]
    assert book["OSS"][-1][5] == ("SUBTOTAL(9,F6:F9)", 24.8)


def test_what_is_open_is_in_it_with_day_and_money(shown: Browser) -> None:
    book = read_workbook(shown.get("/vat/sheet.xlsx", ASKED, **OURS).content or b"")
    (held,) = [cells for cells in book["Openstaand"] if "ORD1" in cells]
    assert held[1:6] == ["ORD1", 46348.0, 100.0, 21.0, 121.0]  # the day as spreadsheets count


def test_every_file_is_in_it_and_whether_it_is_counted(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    uncounted = {kind: (f"{kind.name.lower()}.xml",) for kind in Uncounted}
    show(monkeypatch, replace(FULL, files=replace(FULL.files, uncounted=uncounted)))
    book = read_workbook(browser.get("/vat/sheet.xlsx", ASKED, **OURS).content or b"")
    rows = {cells[0]: cells[1:] for cells in book["Bestanden"] if len(cells) > 1}
    assert [rows[file.name] for file in FULL.files.counted] == [["ja", 0.0, 0.0, 0.0]] * 2
    said = {name: cells[0] for name, cells in rows.items() if name in sum(uncounted.values(), ())}
    assert said == {
        "unsure.xml": "nee: er wordt nagegaan of het is aangekomen",
        "double.xml": "één keer: het staat dubbel in Asperion",
        "partly.xml": "nee: een deel ervan is in Asperion verwijderd",
        "undated.xml": "nee: de dagen of totalen zijn niet bewaard",
        "other_currency.xml": "nee: het is in een andere munt",
    }


def test_the_table_has_all_of_it_in_lines(shown: Browser) -> None:
    answer = shown.get("/vat/sheet.csv", ASKED, **OURS)
    rows = read_table(answer.body)
    assert rows[0][:3] == ["Onderdeel", "Rubriek", "Omschrijving"]
    assert rows[1][:2] == ["Aangifte", "1a"]
    assert rows[1][7:] == ["1000,99", "210,21", "-100,00", "-21,00", "1000,00", "210,00"]
    assert {cells[0] for cells in rows if cells} >= {"Aangifte", "OSS", "Bestanden", "Openstaand"}
    (held,) = [cells for cells in rows if "ORD1" in cells]
    assert held[3:7] == ["2026-11-22", "100,00", "21,00", "121,00"]


def test_the_same_sheet_gives_the_same_bytes_and_says_when_it_was_made() -> None:
    table = Table(name="Blad", headings=("Dag",), rows=[[NOW.date()]])
    content = write_workbook([table], at=NOW)
    assert content == write_workbook([table], at=NOW)
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        said = packed.read("docProps/core.xml").decode()
    assert said.count("2026-11-23T15:05:00Z") == 2  # created and modified, by the clock of the shop


def test_a_text_is_never_a_formula() -> None:
    texts: list[Cell] = ["=1+1", "@SUM(A1)", "https://example.nl", "0123"]
    table = Table(name="Blad", headings=("=A1", "", "", ""), rows=[texts])
    (rows,) = read_workbook(write_workbook([table], at=NOW)).values()
    assert rows == [["=A1", "", "", ""], texts]


def test_an_empty_sheet_is_a_workbook_as_well(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    show(monkeypatch, sheet(files=()))
    book = read_workbook(browser.get("/vat/sheet.xlsx", ASKED, **OURS).content or b"")
    assert [cells[0] for cells in book["Aangifte"] if len(cells) > 6][1:6] == [
        *("1a", "1b", "1e", "3a", "3b")
    ]


def test_a_head_of_the_workbook_is_empty(shown: Browser) -> None:
    answer = shown.head("/vat/sheet.xlsx", ASKED)
    assert (answer.status, answer.content) == (200, b"")


@pytest.mark.parametrize("page", ["/vat/sheet.csv", "/vat/sheet.xlsx"])
def test_a_period_that_is_none_leads_back_to_the_page(browser: Browser, page: str) -> None:
    browser.install()
    answer = browser.get(page, {"period": "morgen"}, **OURS)
    assert answer.headers["Location"] == f"{PUBLIC_URL}/vat"


def test_a_shop_elsewhere_has_no_boxes_in_it(
    world: World, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser.install()
    made = replace(world.shop, country="BE")
    world.shops.update(world.shop.shop_id, lambda shop: replace(shop, country=made.country))
    show(monkeypatch, sheet(row(ReturnBox.GENERAL, "0.21", "100.00", "21.00", country="BE")))
    book = read_workbook(browser.get("/vat/sheet.xlsx", ASKED, **OURS).content or b"")
    (only,) = [cells for cells in book["Aangifte"] if "BE" in cells]
    assert only[:2] == ["", "Belast in eigen land, algemeen tarief"]
    show(monkeypatch, sheet(files=()))
    book = read_workbook(browser.get("/vat/sheet.xlsx", ASKED, **OURS).content or b"")
    assert [cells[0] for cells in book["Aangifte"] if len(cells) > 6] == ["Rubriek"]
