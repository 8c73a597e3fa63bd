"""Postal codes that lost their zeros, and those that do not tell where the goods went."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.invoices import VatKind
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import VatClass
from tests.fakes.documents_of_shop import HOME, Facts, order, order_line
from tests.unit.domain.verdicts import book, hold

D = Decimal
OSS: Facts = {"one_stop_shop": True, "foreign_rates": {("ES", D("0.21")): VatClass.HIGH}}


def sent_to(country: str, code: str, rate: str = "0", **changes: object) -> Order:
    address = replace(HOME, postal_code=code, country=country)
    return order(order_line("24.20", rate), billing=address, shipping=address, **changes)


@pytest.mark.parametrize("code", ["03500", "3500", "E-3500", " 3 500 "])
def test_benidorm_is_in_spain_with_and_without_its_leading_zero(code: str) -> None:
    found = hold(sent_to("ES", code))
    assert (found.reason, found.detail) == (HoldReason.VAT_NUMBER, "ES")
    (line,) = book(sent_to("ES", code, "0.21"), **OSS).lines
    assert (line.treatment.kind, line.treatment.country) == (VatKind.OSS, "ES")


@pytest.mark.parametrize("code", ["35500", "E-35500", "35 500", "38001 Santa Cruz"])
def test_the_canary_islands_are_outside_with_and_without_oss(code: str) -> None:
    assert book(sent_to("ES", code)).lines[0].treatment.kind is VatKind.EXPORT
    (line,) = book(sent_to("ES", code, "0.21"), **OSS).lines
    assert (line.treatment.kind, line.treatment.country) == (VatKind.DOMESTIC, "NL")


@pytest.mark.parametrize(
    ("country", "code"),
    [
        *(
            ("ES", code)
            for code in ("", "350", "35", "355001", "3550012", "0350", "35OO1", "Adeje")
        ),
        *(("DE", code) for code in ("", "782", "782666")),
        *(("FR", code) for code in ("974", "9740012", "97I00")),
        *(("FI", code) for code in ("22", "221000")),
        *(("GR", code) for code in ("6308", "630866")),
        *(("IT", code) for code in ("22", "230411")),
        *(("DK", code) for code in ("390", "39000")),
        *(("GB", code) for code in ("", "15 5GS")),
    ],
)
def test_a_code_that_leaves_it_open_is_held_where_the_vat_depends_on_it(
    country: str, code: str
) -> None:
    for found in (
        hold(sent_to(country, code)),
        hold(sent_to(country, code, company_vat_number="DE136695976")),
        hold(sent_to(country, code, "0.21"), **OSS),
    ):
        assert (found.reason, found.detail) == (HoldReason.POSTAL_CODE, country)


def test_where_the_vat_is_the_same_anywhere_the_code_does_not_matter() -> None:
    assert book(sent_to("ES", "350", "0.21")).lines[0].treatment.kind is VatKind.DOMESTIC
    kor = book(sent_to("ES", "350"), small_business_scheme=True)
    assert kor.lines[0].treatment.kind is VatKind.SMALL_BUSINESS
    collected = book(sent_to("ES", "350", is_pickup=True))
    assert collected.lines[0].treatment.country == "NL"
    listed = book(sent_to("ES", "350"), outside_vat_articles=frozenset({"MOK"}))
    assert listed.lines[0].treatment.kind is VatKind.DOMESTIC


def test_the_code_that_counts_is_where_the_goods_go() -> None:
    sold = sent_to("ES", "350")
    assert book(replace(sold, shipping=HOME)).lines[0].treatment.kind is VatKind.DOMESTIC


@pytest.mark.parametrize(
    ("country", "code"),
    [("BE", "1"), ("AT", "123456"), ("CH", ""), ("AX", ""), ("GP", "1"), ("IC", ""), ("XI", "")],
)
def test_countries_without_such_territories_need_no_postal_code(country: str, code: str) -> None:
    inside = country in ("BE", "AT", "XI")
    if inside:
        assert hold(sent_to(country, code)).reason is HoldReason.VAT_NUMBER
    else:
        assert book(sent_to(country, code)).lines[0].treatment.kind is VatKind.EXPORT
