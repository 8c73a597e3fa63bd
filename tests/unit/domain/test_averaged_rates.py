"""Shipping and payment cost at the average rate of the basket, which is no rate of any country."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chalicelib.domain.holds import HeldLine, HoldReason
from chalicelib.domain.judgement import judge_invoice
from chalicelib.domain.policy import VatClass
from tests.fakes.documents_of_shop import (
    BELGIUM,
    Facts,
    charge,
    invoice,
    item,
    order,
    order_line,
    terms,
)
from tests.unit.domain.verdicts import book, held, hold

D = Decimal
MUG, BOOK = order_line("24.20"), order_line("21.80", "0.09")
OSS: Facts = {
    "one_stop_shop": True,
    "foreign_rates": {("BE", D("0.21")): VatClass.HIGH, ("BE", D("0.06")): VatClass.LOW},
}


@pytest.mark.parametrize("cost", ["shipment", "payment"])
def test_costs_at_the_average_of_a_dutch_basket_are_held_as_that(cost: str) -> None:
    sold = order(MUG, BOOK, **{cost: charge("6.95", "0.15", "Pakket")})
    found = hold(sold)
    assert (found.reason, found.detail) == (HoldReason.RATE_AVERAGED, "NL 15%")
    assert found.line is not None
    assert found.line.article_code == ""


def test_costs_at_the_average_of_a_basket_taxed_abroad_are_no_rate_to_choose_a_class_for() -> None:
    sold = order(
        MUG, order_line("21.20", "0.06"), shipment=charge("6.95", "0.1431", "Pakket"),
        billing=BELGIUM, shipping=BELGIUM,
    )  # fmt: skip
    found = hold(sold, **OSS)
    assert (found.reason, found.detail) == (HoldReason.RATE_AVERAGED, "BE 14.31%")
    assert found.line == HeldLine(title="Verzendkosten Pakket", article_code="")


def test_the_average_over_what_has_no_vat_is_one_too() -> None:
    deposit = order_line("3.90", "0", article_code="KRAT")
    sold = order(MUG, deposit, shipment=charge("6.95", "0.1804"))
    assert hold(sold).reason is HoldReason.RATE_AVERAGED


def test_a_rate_that_no_average_explains_is_unknown() -> None:
    assert hold(order(MUG, shipment=charge("6.95", "0.15"))).reason is HoldReason.RATE_UNKNOWN
    assert hold(order(MUG, BOOK, shipment=charge("6.95", "0.25"))).reason is HoldReason.RATE_UNKNOWN
    article = order_line("10.00", "0.15")
    assert hold(order(MUG, BOOK, article)).reason is HoldReason.RATE_UNKNOWN


def test_costs_at_a_rate_of_the_articles_are_booked() -> None:
    assert book(order(MUG, BOOK, shipment=charge("6.95", "0.09"))).incl == D("52.95")


def test_a_credit_note_over_the_costs_alone_is_held_for_the_same() -> None:
    sold = order(MUG, BOOK, shipment=charge("6.95", "0.15"), invoices=(invoice(),))
    note = invoice(
        "INV2", id=2, is_credit_note=True, original_id=332000498,
        price_excl=D("6.04"), price_incl=D("6.95"),
    )  # fmt: skip
    shipping = [item("6.95", "0.15", kind="shipment")]
    assert held(judge_invoice(note, shipping, sold, terms())).reason is HoldReason.RATE_AVERAGED
