"""The reconstructed profile: what a file looks like."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from chalicelib.axml import PaymentCode, Profile, find_unwritable, render, verify
from chalicelib.domain.invoices import Invoice, VatKind
from tests.unit.axml.builders import (
    EXPORT,
    HIGH,
    LOW,
    a_debtor,
    a_line,
    an_address,
    an_invoice,
    negated,
)

ONE_ORDER = """\
<?xml version="1.0" encoding="utf-8"?>
<Asperion version="1.4">
  <Orders>
    <Order>
      <OrderNumber>ORD000033</OrderNumber>
      <OrderDate>2014-11-09</OrderDate>
      <Description>Bestelling ORD000033 factuur INV000037</Description>
      <Currency>EUR</Currency>
      <PaymentCode>IDEAL</PaymentCode>
      <Debtor>
        <Number>2000001</Number>
        <Email>j.jansen@example.com</Email>
        <Name>J. Jansen</Name>
        <Address>
          <Type>invoice</Type>
          <Street>Dorpsstraat</Street>
          <HouseNumber>1</HouseNumber>
          <HouseNumberSuffix>A</HouseNumberSuffix>
          <PostalCode>1234 AB</PostalCode>
          <City>Naarden</City>
          <CountryCode>NL</CountryCode>
        </Address>
      </Debtor>
      <Orderline>
        <LineNumber>1</LineNumber>
        <ArticleCode>SKU-1</ArticleCode>
        <Description>Voorbeeldartikel</Description>
        <Quantity>2</Quantity>
        <UnitPriceExcl>10.0000</UnitPriceExcl>
        <UnitPriceIncl>12.1000</UnitPriceIncl>
        <VatPercentage>21.00</VatPercentage>
        <LineTotalExcl>20.00</LineTotalExcl>
        <LineVat>4.20</LineVat>
        <LineTotalIncl>24.20</LineTotalIncl>
      </Orderline>
    </Order>
  </Orders>
</Asperion>
"""


def rendered(profile: Profile, *invoices: Invoice) -> ET.Element:
    content = render(profile, invoices)
    verify(profile, content, invoices)
    return ET.fromstring(content)


def test_an_order_becomes_a_concept_invoice_in_the_documented_shape(default: Profile) -> None:
    assert render(default, [an_invoice()]).decode("utf-8") == ONE_ORDER


def test_a_file_without_orders_is_still_a_file(default: Profile) -> None:
    root = rendered(default)
    assert root.findall("Orders/Order") == []


def test_the_profile_says_that_it_is_not_official(default: Profile) -> None:
    assert default.declaration.profile.version == "1.4"
    assert (default.id, default.official) == ("axml-1.4-reconstructed", False)


def test_a_merchant_may_choose_the_payment_names_seen_in_asperion(default: Profile) -> None:
    assert default.payments[:2] == (
        PaymentCode(code="IDEAL", label="iDEAL", guess=False),
        PaymentCode(code="Op factuur", label="Op factuur", guess=False),
    )
    assert all(payment.guess for payment in default.payments[2:])


@pytest.mark.parametrize("code", [None, ""])
def test_a_method_left_to_asperion_writes_no_payment_code(
    default: Profile, code: str | None
) -> None:
    assert rendered(default, an_invoice(payment_code=code)).find(".//PaymentCode") is None


def test_optional_elements_are_written_where_there_is_a_value(default: Profile) -> None:
    debtor = a_debtor(
        company="Jansen B.V.",
        phone="+31 35 1234567",
        vat_number="NL001234567B01",
        coc_number="12345678",
        addresses=(
            an_address(attention="t.a.v. Piet", line2="hof", region="Gooi"),
            an_address("delivery", country="BE"),
        ),
    )
    order = rendered(default, an_invoice(debtor=debtor))
    texts = {element.tag: element.text for element in order.findall(".//Debtor/*")}
    assert texts["CompanyName"] == "Jansen B.V."
    assert texts["Phone"] == "+31 35 1234567"
    assert texts["VatNumber"] == "NL001234567B01"
    assert texts["CocNumber"] == "12345678"
    assert [element.text for element in order.findall(".//Type")] == ["invoice", "delivery"]
    assert [element.text for element in order.findall(".//CountryCode")] == ["NL", "BE"]
    assert order.findtext(".//Attention") == "t.a.v. Piet"
    assert order.findtext(".//AddressLine2") == "hof"
    assert order.findtext(".//Region") == "Gooi"


def test_a_guest_without_customer_number_gets_no_debtor_number(default: Profile) -> None:
    order = rendered(default, an_invoice(debtor=a_debtor(external_id=None)))
    assert order.find(".//Debtor/Number") is None


def test_only_lines_that_are_not_plain_domestic_have_kind_and_country(default: Profile) -> None:
    lines = (a_line(1, treatment=HIGH), a_line(2, treatment=EXPORT))
    domestic, export = rendered(default, an_invoice(lines=lines)).findall(".//Orderline")
    assert domestic.find("VatKind") is None
    assert domestic.find("VatCountry") is None
    assert export.findtext("VatKind") == "export"
    assert export.findtext("VatCountry") == "CH"
    assert export.findtext("VatPercentage") == "0.00"


@pytest.mark.parametrize("kind", VatKind)
def test_every_kind_of_vat_can_be_written(default: Profile, kind: VatKind) -> None:
    line = a_line(treatment=dataclasses.replace(HIGH, kind=kind))
    word = "" if kind is VatKind.DOMESTIC else kind.value
    assert rendered(default, an_invoice(lines=(line,))).findtext(".//VatKind", "") == word


def test_a_credit_note_has_negative_amounts(default: Profile) -> None:
    order = an_invoice(lines=(a_line(), a_line(2, "5.00", LOW)))
    first = rendered(default, negated(order)).find(".//Orderline")
    assert first is not None
    assert first.findtext("Quantity") == "-2"
    assert first.findtext("LineTotalExcl") == "-20.00"
    assert first.findtext("LineVat") == "-4.20"
    assert first.findtext("LineTotalIncl") == "-24.20"


def test_an_invoice_and_its_credit_note_fit_in_one_file(default: Profile) -> None:
    order = an_invoice()
    root = rendered(default, negated(order), order)
    totals = [element.text for element in root.findall(".//LineTotalIncl")]
    assert sorted(totals, key=str) == ["-24.20", "24.20"]


def test_nothing_is_ever_written_as_minus_zero(default: Profile) -> None:
    line = a_line(excl="0.00")
    zero = a_line(excl="-0.00", vat=Decimal("-0.00"), incl=Decimal("-0.00"))
    assert b"-0" not in render(default, [negated(an_invoice(lines=(line,)))])[200:].replace(
        b"2014-11-09", b""
    ).replace(b"SKU-1", b"")
    assert rendered(default, an_invoice(lines=(zero,))).findtext(".//LineVat") == "0.00"


def test_quantities_have_the_decimals_they_need(default: Profile) -> None:
    amounts = ("10", "1.50", "100.00", "0.125")
    lines = tuple(a_line(i, quantity=Decimal(each)) for i, each in enumerate(amounts, start=1))
    written = [e.text for e in rendered(default, an_invoice(lines=lines)).findall(".//Quantity")]
    assert written == ["10", "1.5", "100", "0.125"]


def test_unit_prices_are_rounded_half_up_to_four_decimals(default: Profile) -> None:
    line = a_line(unit_excl=Decimal("3.33325"), unit_incl=Decimal(4))
    order = rendered(default, an_invoice(lines=(line,)))
    assert order.findtext(".//UnitPriceExcl") == "3.3333"
    assert order.findtext(".//UnitPriceIncl") == "4.0000"


def test_an_article_code_that_cannot_be_meant_holds_its_order(default: Profile) -> None:
    longest, longer = (an_invoice(lines=(a_line(article_code="é" * n),)) for n in (255, 256))
    assert find_unwritable(default, longest) is None
    wrong = find_unwritable(default, longer)
    assert str(wrong) == "line.article_code is longer than 255 characters"
    assert wrong is not None
    assert wrong.field == "line.article_code"
