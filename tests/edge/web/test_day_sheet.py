"""The day sheet that a bookkeeper files, and the day's totals for a spreadsheet."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.policy import VatClass
from chalicelib.domain.statement import Verdict
from tests.edge.web.markup import read, read_table
from tests.edge.web.stored_orders import SHA, place, state
from tests.fakes.web import PUBLIC_URL, Browser, World

DAY = "2026-11-23"


def total(rate: str, vat_class: VatClass, excl: str, vat: str) -> TreatmentTotal:
    treatment = VatTreatment(
        rate=Decimal(rate), vat_class=vat_class, kind=VatKind.DOMESTIC, country="NL"
    )
    return TreatmentTotal(treatment=treatment, documents=1, excl=Decimal(excl), vat=Decimal(vat))


COVER = CoverSheet(
    currency="EUR",
    documents=1,
    totals=(
        total("0.21", VatClass.HIGH, "1000.00", "210.00"),
        total("0.09", VatClass.LOW, "-10.00", "-0.90"),
    ),
)


@pytest.fixture
def files(world: World, browser: Browser) -> list[FileEntry]:
    """Two files of a day that is stated; of one the totals are not known."""
    browser.install()
    made = [place(world, "ORD1", cover=COVER), place(world, "ORD2")]
    state(world, DAY, Verdict.RIGHT, placed=2, files={file.name: 1 for file in made})
    return made


def test_the_sheet_has_shop_files_and_hashes_and_says_how_to_print_it(
    browser: Browser, files: list[FileEntry]
) -> None:
    body = browser.get(f"/days/{DAY}").body
    sheet = body.partition('class="only-print sheet"')[2]
    assert "Kaasboerderij De Wilg" in sheet.partition("</header>")[0]
    assert "Webwinkelnummer 184520" in sheet
    table = sheet.partition('class="sheet-files"')[2].partition("</table>")[0]
    for file in files:
        assert file.name in table
    assert table.count(SHA) == 2
    assert "€\N{NO-BREAK SPACE}1.199,10" in table
    assert "onbekend" in table
    assert "Druk deze pagina af" in body


def test_a_day_without_files_has_no_table_of_files(world: World, browser: Browser) -> None:
    browser.install()
    state(world, DAY, Verdict.RIGHT)
    body = browser.get(f"/days/{DAY}").body
    assert "sheet-files" not in body
    assert "totals.csv" not in body


def test_the_totals_are_a_table_that_a_dutch_spreadsheet_reads(
    browser: Browser, files: list[FileEntry]
) -> None:
    link = read(browser.get(f"/days/{DAY}").body).link("Totalen voor een rekenblad (CSV)")
    answer = browser.get(link.href.removeprefix(PUBLIC_URL))
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    named = 'attachment; filename="dagtotalen-20261123-184520.csv"'
    assert answer.headers["Content-Disposition"] == named
    rows = read_table(answer.body)
    first, second = (file.name for file in files)
    assert rows[0][:2] == ["Dag", "Bestand"]
    assert rows[1:] == [
        [DAY, first, SHA, "21% btw", "1", "1000,00", "210,00", "1210,00", "EUR"],
        [DAY, first, SHA, "9% btw", "1", "-10,00", "-0,90", "-10,90", "EUR"],
        [DAY, second, SHA, "onbekend", "1", "onbekend", "onbekend", "onbekend", ""],
    ]


@pytest.mark.parametrize("day", ["2026-11-24", "gisteren", "20261123"])
def test_a_day_without_a_statement_has_no_totals(
    browser: Browser, files: list[FileEntry], day: str
) -> None:
    assert browser.get(f"/days/{day}/totals.csv").status == 404


def test_who_wants_no_totals_kept_is_given_none(browser: Browser, files: list[FileEntry]) -> None:
    browser.post("/settings", {"keep_totals": ""})
    assert browser.get(f"/days/{DAY}/totals.csv").status == 404
    assert "totals.csv" not in browser.get(f"/days/{DAY}").body
    assert "1.199,10" not in browser.get(f"/days/{DAY}").body


def test_nobody_gets_totals_without_signing_in(world: World, files: list[FileEntry]) -> None:
    assert Browser(world).get(f"/days/{DAY}/totals.csv").status == 401
