"""A concept invoice says to the cent what the file would say, with what the merchant confirmed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given

from chalicelib.domain.code_totals import add_codes
from chalicelib.domain.concept_making import find_concept_obstacle, make_concept
from chalicelib.domain.concepts import CodeTotal
from chalicelib.domain.connection import ApiChoices, ChosenCode
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice, LineKind, VatKind
from chalicelib.domain.judgement import judge
from chalicelib.domain.money import total
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import VatClass
from chalicelib.domain.reversal import mirror_invoice
from chalicelib.domain.treatment_details import write_treatment
from tests.books.strategies import orders
from tests.fakes.documents_of_shop import charge, order, order_line, terms
from tests.unit.domain.verdicts import book

D = Decimal
ACCOUNTS: dict[VatClass, int] = {VatClass.HIGH: 8000, VatClass.LOW: 8010, VatClass.NONE: 8020}
DOMESTIC = {D("0.21"): "H", D("0.09"): "L", D(0): "N"}
CHOICES = ApiChoices(
    journal_id="VRK",
    debtor_kind="WEB",
    payment_condition_id=14,
    vat_codes=tuple(
        ChosenCode(kind=VatKind.DOMESTIC, country="NL", rate=rate, code=code)
        for rate, code in DOMESTIC.items()
    ),
    ledger_accounts=ACCOUNTS,
)
MIXED = order(
    order_line("24.20", article_code="MOK"),
    order_line("10.90", "0.09", quantity=3, article_code="THEE"),
    shipment=charge("6.05"),
)


def choose_for(invoice: Invoice) -> ApiChoices:
    """Choices with a code for each treatment of an invoice, named for it."""
    codes = [
        ChosenCode(
            kind=each.treatment.kind,
            country=each.treatment.country,
            rate=each.treatment.rate,
            code=write_treatment(each.treatment),
        )
        for each in invoice.totals
    ]
    return replace(CHOICES, vat_codes=tuple(codes))


def test_a_concept_has_the_lines_of_the_invoice_and_what_was_confirmed() -> None:
    invoice = book(MIXED)

    concept = make_concept(invoice, CHOICES)

    assert [(line.vat_code, line.ledger_account_id) for line in concept.lines] == [
        ("H", 8000),
        ("L", 8010),
        ("H", 8000),
    ]
    assert [(line.amount, line.vat_amount) for line in concept.lines] == [
        (D("20.00"), D("4.20")),
        (D("30.00"), D("2.70")),
        (D("5.00"), D("1.05")),
    ]
    assert [line.description for line in concept.lines] == [
        line.description for line in invoice.lines
    ]
    assert (concept.journal_id, concept.payment_condition_id) == ("VRK", 14)
    assert (concept.debtor, concept.debtor_kind) == (invoice.debtor, "WEB")
    assert (concept.day, concept.description) == (invoice.day, invoice.description)


def test_a_description_that_is_too_long_is_cut() -> None:
    invoice = book(MIXED)
    long = replace(invoice.lines[0], description="Z" * 4000)
    concept = make_concept(replace(invoice, lines=(long, *invoice.lines[1:])), CHOICES)
    assert len(concept.lines[0].description) == 255


@given(sold=orders())
def test_whatever_is_sold_a_concept_adds_up_to_the_cent_under_every_treatment(sold: Order) -> None:
    verdict = judge(sold, terms())
    assume(isinstance(verdict, Invoice))
    assert isinstance(verdict, Invoice)
    for invoice in (verdict, mirror_invoice(verdict, day=date(2026, 4, 15))):
        concept = make_concept(invoice, choose_for(invoice))
        assert total(line.amount for line in concept.lines) == invoice.excl
        assert total(line.vat_amount for line in concept.lines) == invoice.vat
        expected: dict[str, CodeTotal] = {}
        for each in invoice.totals:
            code = write_treatment(each.treatment)
            so_far = expected.get(code, CodeTotal(excl=D(0), vat=D(0)))
            expected[code] = CodeTotal(excl=so_far.excl + each.excl, vat=so_far.vat + each.vat)
        assert add_codes(concept.lines) == expected
        amounts = [part for line in concept.lines for part in (line.amount, line.vat_amount)]
        assert all(each.as_tuple().exponent == -2 for each in amounts)


def test_a_line_of_nothing_is_kept_as_the_file_keeps_it() -> None:
    free = order_line("0.00", title="Gratis sticker")
    invoice = book(order(order_line("12.10"), free))

    concept = make_concept(invoice, choose_for(invoice))

    assert [line.amount for line in concept.lines] == [D("10.00"), D("0.00")]


def test_what_takes_a_sale_back_is_negative() -> None:
    credit = mirror_invoice(book(MIXED), day=date(2026, 4, 15))

    concept = make_concept(credit, CHOICES)

    assert total(line.amount for line in concept.lines) == D("-55.00")
    assert {line.vat_code for line in concept.lines} == {"H", "L"}


def test_an_article_may_have_an_account_of_its_own() -> None:
    choices = replace(CHOICES, article_accounts={"THEE": 8099})

    concept = make_concept(book(MIXED), choices)

    assert [line.ledger_account_id for line in concept.lines] == [8000, 8099, 8000]


def test_shipping_has_no_article_and_hence_no_exception() -> None:
    invoice = book(MIXED)
    assert [line.kind for line in invoice.lines if not line.article_code] == [LineKind.SHIPPING]

    concept = make_concept(invoice, replace(CHOICES, article_accounts={"": 1}))

    assert concept.lines[-1].ledger_account_id == 8000


def test_vat_without_a_code_is_held_and_says_which() -> None:
    known = [each for each in CHOICES.vat_codes if each.code != "L"]

    hold = find_concept_obstacle(book(MIXED), replace(CHOICES, vat_codes=tuple(known)))

    assert hold == Hold(HoldReason.VAT_CODE_MISSING, "NL domestic 9%")


@pytest.mark.parametrize(
    "other",
    [
        {"kind": VatKind.OSS},
        {"country": "BE"},
        {"rate": D("0.19")},
        {"code": ""},
    ],
)
def test_a_code_counts_for_its_own_kind_country_and_rate_only(other: dict[str, str]) -> None:
    codes = tuple(replace(each, **other) for each in CHOICES.vat_codes if each.code == "H")  # type: ignore[arg-type]

    choices = replace(CHOICES, vat_codes=codes)
    hold = find_concept_obstacle(book(order(order_line("12.10"))), choices)

    assert hold == Hold(HoldReason.VAT_CODE_MISSING, "NL domestic 21%")


def test_a_class_without_an_account_is_held_and_says_which() -> None:
    accounts = dict(ACCOUNTS)
    del accounts[VatClass.LOW]

    hold = find_concept_obstacle(book(MIXED), replace(CHOICES, ledger_accounts=accounts))

    assert hold == Hold(HoldReason.LEDGER_ACCOUNT_MISSING, "low")


def test_amounts_in_another_currency_would_be_booked_as_euros() -> None:
    dollars = replace(book(MIXED), currency="USD")

    assert find_concept_obstacle(dollars, CHOICES) == Hold(HoldReason.CURRENCY_BY_API, "USD")
    assert find_concept_obstacle(book(MIXED), CHOICES) is None
