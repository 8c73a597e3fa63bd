"""The golden shelf: named days become the invoices a bookkeeper has checked, page by page."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from chalicelib.axml import load_profile, render, verify
from chalicelib.domain.code_totals import add_codes
from chalicelib.domain.concept_making import make_concept
from chalicelib.domain.concepts import CodeTotal
from chalicelib.domain.connection import ApiChoices
from chalicelib.domain.days import local_day
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.policy import VatClass
from chalicelib.domain.proposals import make_chosen
from chalicelib.domain.return_places import ReturnBox
from chalicelib.domain.treatment_details import TaxedAs, write_treatment
from sandbox.asperion.axml_reader import read_orders
from sandbox.asperion.vat_classes import totals_per_rate
from tests.books.oracle import books_of, dutch_rates
from tests.books.shelf import PAGE, RETURNS, Day, Document, days, page, shown

SHELF = list(days())
DOCUMENTS = [(day.name, document) for day in SHELF for document in day.documents]
PROFILE = load_profile(Path(__file__).parents[2] / "templates/axml/reconstructed-1.4")
D = Decimal
MOVED = {  # what splitting shipping, or a rounding line, moves between rates
    "09-verzendkosten-gemengd": Fraction(1, 100),
    "14-afronding": Fraction(1, 100),
    "15-afronding-per-stuk": Fraction(1, 100),
}


def named(value: object) -> str:
    return value if isinstance(value, str) else ""


def booked(day: Day) -> list[Invoice]:
    verdicts = [document.verdict() for document in day.documents]
    return [verdict for verdict in verdicts if isinstance(verdict, Invoice)]


def test_the_shelf_holds_the_days_a_bookkeeper_asked_for() -> None:
    assert [day.name.partition("-")[2] for day in SHELF] == [
        "figuur-5",
        "oudejaarsdag-2018",
        "nieuwjaarsdag-2019",
        "belgische-consument",
        "belgische-oss",
        "duits-bedrijf",
        "zwitserland",
        "kortingscode",
        "verzendkosten-gemengd",
        "credit-deel",
        "nul-euro",
        "kor",
        "exclusief",
        "afronding",
        "afronding-per-stuk",
        "statiegeld",
        "benidorm",
        "belgisch-nummer",
        "gecrediteerd-voor-de-boeking",
    ]


@pytest.mark.parametrize(("name", "document"), DOCUMENTS, ids=named)
def test_a_document_becomes_what_the_shelf_says(name: str, document: Document) -> None:
    expected = {key: value for key, value in document.expected.items() if key != "text"}
    assert shown(document.verdict()) == expected


@pytest.mark.parametrize(("name", "document"), DOCUMENTS, ids=named)
def test_the_tables_add_up_as_they_are_printed(name: str, document: Document) -> None:
    expected = document.expected
    for at, total in enumerate(expected.get("total", [])):
        assert sum(D(row[4 + at]) for row in expected["lines"]) == D(total)
        assert sum(D(row[4 + at]) for row in expected["totals"]) == D(total)
    for row in expected.get("lines", []) + expected.get("totals", []):
        excl, vat, incl = (D(cell) for cell in row[4:])
        assert excl + vat == incl
    for row in expected.get("lines", []):
        rate = D(row[3].rstrip("%")) / 100
        pieces = abs(D(row[1])) * D("0.005") * (1 + rate)
        assert abs(D(row[4]) * rate - D(row[5])) <= max(D("0.015"), pieces)


@pytest.mark.parametrize(("name", "document"), DOCUMENTS, ids=named)
def test_the_naive_calculator_finds_the_same_totals_per_rate(name: str, document: Document) -> None:
    verdict = document.verdict()
    if not isinstance(verdict, Invoice) or verdict.credits:
        return  # held, or a credit note: the calculator knows orders only
    naive = books_of(document.order)
    margin = MOVED.get(name, Fraction(0))
    assert naive.refused == []
    for total in verdict.totals:
        excl, incl = naive.rates.get(Fraction(total.treatment.rate), [Fraction(0), Fraction(0)])
        assert abs(Fraction(total.excl) - excl) <= margin
        assert abs(Fraction(total.incl) - incl) <= margin
        if total.treatment.country == "NL":
            assert Fraction(total.treatment.rate) in dutch_rates(
                local_day(document.order.created_at)
            )


@pytest.mark.parametrize("day", SHELF, ids=lambda day: day.name)
def test_an_asperion_that_shares_no_code_reaches_the_same_totals_per_rate(day: Day) -> None:
    invoices = booked(day)
    content = render(PROFILE, invoices)
    verify(PROFILE, content, invoices)
    read = {one.description: one for one in read_orders(content)}
    assert len(read) == len(invoices)
    for invoice in invoices:
        theirs = totals_per_rate(read[invoice.description].lines)
        assert [(one.rate / 100, one.excl, one.vat, one.incl) for one in theirs] == [
            (one.treatment.rate, one.excl, one.vat, one.incl) for one in invoice.totals
        ]
        kinds = [one.kind or "domestic" for one in theirs]
        assert kinds == [one.treatment.kind for one in invoice.totals]
        assert read[invoice.description].date == invoice.day


@pytest.mark.parametrize(("name", "document"), DOCUMENTS, ids=named)
def test_a_concept_has_the_same_totals_under_each_treatment(name: str, document: Document) -> None:
    verdict = document.verdict()
    if not isinstance(verdict, Invoice):
        return
    codes = tuple(
        make_chosen(TaxedAs.of(each.treatment), write_treatment(each.treatment))
        for each in verdict.totals
    )
    accounts = {name: number for number, name in enumerate(VatClass)}
    choices = ApiChoices(journal_id="VRK", vat_codes=codes, ledger_accounts=accounts)

    concept = make_concept(verdict, choices)

    assert add_codes(concept.lines) == {
        write_treatment(each.treatment): CodeTotal(excl=each.excl, vat=each.vat)
        for each in verdict.totals
    }


def test_figure_5_comes_to_the_totals_of_the_manual() -> None:
    invoices = booked(SHELF[0])
    assert len(invoices) == 7
    assert sum(one.excl for one in invoices) == D("887.30")
    assert sum(one.incl for one in invoices) == D("1043.45")
    assert [one.payment_code for one in invoices] == ["IDEAL"] + ["Op factuur"] * 6
    returning = [one.debtor for one in invoices if one.debtor.lastname == "cccc cccc"]
    assert {one.email for one in returning} == {"cccc@example.nl"}
    assert {one.external_id for one in returning} == {2269322}


WRITTEN = {
    ReturnBox.OSS: "OSS-aangifte",
    ReturnBox.SMALL_BUSINESS: "in geen aangifte",
    ReturnBox.OUTSIDE_VAT: "in geen aangifte",
    ReturnBox.FOREIGN: "de aangifte van dat land",
}


@pytest.mark.parametrize("box", ReturnBox)
def test_the_page_tells_of_each_place_in_the_returns_what_lands_there(box: ReturnBox) -> None:
    rows = [row.split("|") for row in RETURNS.read_text(encoding="utf-8").splitlines()]
    places = [row[2].strip() for row in rows if len(row) == 5]
    assert any(place.startswith(WRITTEN.get(box, box.value)) for place in places)


def test_the_page_of_the_docs_says_what_the_shelf_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "write it: python -m tests.books.shelf"
