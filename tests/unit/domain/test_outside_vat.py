"""An untaxed line beside taxed ones: what is outside VAT has a list, anything else is asked for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.fingerprint import Prints, fingerprint
from chalicelib.domain.holds import HeldLine, HoldReason
from chalicelib.domain.invoices import Invoice, LineKind, VatKind
from chalicelib.domain.judgement import judge, judge_invoice
from chalicelib.domain.orders import Address, Order, OrderStatus
from chalicelib.domain.policy import VatClass
from chalicelib.domain.reversal import judge_reversal
from tests.fakes.documents_of_shop import (
    BELGIUM,
    GERMANY,
    HOME,
    SWITZERLAND,
    Facts,
    charge,
    invoice,
    item,
    order,
    order_line,
    tax,
    terms,
)
from tests.unit.domain.verdicts import book, booked, held, hold

D = Decimal
LISTED: Facts = {"outside_vat_articles": frozenset({"KRAT"})}
OSS: Facts = {
    "one_stop_shop": True,
    "foreign_rates": {
        ("BE", D("0.21")): VatClass.HIGH,
        ("DE", D("0.19")): VatClass.HIGH,
    },
}
CRATE = order_line("3.90", "0", title="Statiegeld krat", article_code="KRAT")


def crates(address: Address, rate: str = "0.21", **changes: object) -> Order:
    """Beer with VAT and the deposit on its crate, to that address."""
    sold = (order_line("24.20", rate), replace(CRATE))
    return order(*sold, billing=address, shipping=address, **changes)


@pytest.mark.parametrize(
    ("address", "rate", "policy"),
    [(BELGIUM, "0.21", {}), (GERMANY, "0.21", {}), (BELGIUM, "0.21", OSS), (GERMANY, "0.19", OSS)],
    ids=["Belgium", "Germany", "Belgium by OSS", "Germany by OSS"],
)
def test_a_deposit_sold_to_a_consumer_abroad_is_booked_untaxed_once_it_is_listed(
    address: Address, rate: str, policy: Facts
) -> None:
    sold = crates(address, rate)

    found = hold(sold, **policy)
    assert (found.reason, found.detail) == (HoldReason.UNTAXED_LINE, address.country)
    assert found.line == HeldLine(title="Statiegeld krat", article_code="KRAT")

    beer, crate = book(sold, **policy, **LISTED).lines
    assert beer.treatment.rate == D(rate)
    assert (crate.kind, crate.incl, crate.vat) == (LineKind.PRODUCT, D("3.90"), D("0.00"))
    assert crate.treatment.vat_class is VatClass.NONE
    assert (crate.treatment.kind, crate.treatment.country) == (VatKind.DOMESTIC, "NL")


@pytest.mark.parametrize(
    ("address", "changes", "policy", "kinds"),
    [
        (HOME, {}, {}, [VatKind.DOMESTIC, VatKind.DOMESTIC]),
        (SWITZERLAND, {}, {}, [VatKind.EXPORT, VatKind.DOMESTIC]),
        (
            GERMANY,
            {"company_vat_number": "DE136695976"},
            {},
            [VatKind.INTRA_COMMUNITY, VatKind.DOMESTIC],
        ),
        (
            GERMANY,
            {"company_vat_number": "DE136695976"},
            {"service_articles": frozenset({"MOK"})},
            [VatKind.REVERSE_CHARGE, VatKind.DOMESTIC],
        ),
        (
            HOME,
            {},
            {"small_business_scheme": True},
            [VatKind.SMALL_BUSINESS, VatKind.SMALL_BUSINESS],
        ),
    ],
    ids=["at home", "export", "to a business", "beside a service", "small business"],
)
def test_what_is_listed_is_outside_vat_whoever_buys_it(
    address: Address, changes: Facts, policy: Facts, kinds: list[VatKind]
) -> None:
    sold = crates(address, "0", **changes)
    assert [line.treatment.kind for line in book(sold, **policy, **LISTED).lines] == kinds


def test_an_untaxed_line_in_a_dutch_order_is_booked_without_being_listed() -> None:
    assert [line.treatment.rate for line in book(crates(HOME)).lines] == [D("0.21"), D(0)]


def test_goods_that_stayed_for_a_business_from_abroad_were_taxed_but_for_the_deposit() -> None:
    sold = crates(HOME, company_vat_number="BE0403170701")
    assert hold(sold).reason is HoldReason.UNTAXED_LINE
    assert book(sold, **LISTED).lines[1].treatment.kind is VatKind.DOMESTIC
    untaxed = crates(HOME, "0", company_vat_number="BE0403170701")
    assert hold(untaxed).reason is HoldReason.GOODS_STAYED


def test_a_business_that_was_charged_vat_got_no_supply_within_the_community() -> None:
    sold = crates(BELGIUM, company_vat_number="BE0403170701")
    assert hold(sold).reason is HoldReason.UNTAXED_LINE
    assert [line.treatment.kind for line in book(sold, **LISTED).lines] == [
        VatKind.DOMESTIC,
        VatKind.DOMESTIC,
    ]


def test_taxed_shipping_cost_alone_makes_no_taxed_order() -> None:
    parcel = charge("7.95", "0.21")
    sold = crates(BELGIUM, "0", company_vat_number="BE0403170701", shipment=parcel)
    kinds = [line.treatment.kind for line in book(sold).lines]
    assert kinds == [VatKind.INTRA_COMMUNITY, VatKind.INTRA_COMMUNITY, VatKind.DOMESTIC]
    assert hold(replace(sold, company_vat_number="")).reason is HoldReason.VAT_NUMBER


def test_an_order_without_any_vat_still_asks_for_the_number() -> None:
    found = hold(crates(BELGIUM, "0"))
    assert (found.reason, found.detail) == (HoldReason.VAT_NUMBER, "BE")


def test_shipping_cost_without_vat_beside_taxed_goods_is_named() -> None:
    sold = order(billing=BELGIUM, shipping=BELGIUM, shipment=charge("7.95", "0", "Pakket"))
    found = hold(sold)
    assert found.reason is HoldReason.UNTAXED_LINE
    assert found.line == HeldLine(title="Verzendkosten Pakket", article_code="")


def test_costs_divided_over_taxed_goods_and_a_deposit_have_a_share_outside_vat() -> None:
    taxes = (tax("0.21", "1.22"), tax("0", "0.00"))
    parcel = charge("8.05", title="Pakket", price_excl=D("6.83"), tax_rates=taxes)
    sold = crates(BELGIUM, shipment=parcel)
    assert hold(sold).reason is HoldReason.UNTAXED_LINE
    *_, taxed, untaxed = book(sold, **LISTED).lines
    assert (taxed.vat, untaxed.vat) == (D("1.22"), D(0))
    assert {one.treatment.kind for one in (taxed, untaxed)} == {VatKind.DOMESTIC}

    without = order(billing=BELGIUM, shipping=BELGIUM, shipment=parcel)
    found = hold(without, **LISTED)
    assert found.reason is HoldReason.UNTAXED_LINE
    assert found.line == HeldLine(title="Verzendkosten Pakket (0% btw)", article_code="")


def test_a_rate_of_zero_of_the_customers_country_is_no_obstacle() -> None:
    dublin = replace(HOME, postal_code="D02", city="Dublin", country="IE")
    rates = {("IE", D("0.23")): VatClass.HIGH, ("IE", D(0)): VatClass.NONE}
    lines = book(crates(dublin, "0.23"), one_stop_shop=True, foreign_rates=rates).lines
    assert [line.treatment.kind for line in lines] == [VatKind.OSS, VatKind.OSS]


def test_vat_on_what_is_listed_is_held() -> None:
    sold = order(order_line("3.90", article_code="KRAT", title="Statiegeld krat"))
    found = hold(sold, **LISTED)
    assert (found.reason, found.detail) == (HoldReason.OUTSIDE_VAT_WITH_VAT, "21%")
    assert found.line == HeldLine(title="Statiegeld krat", article_code="KRAT")


def test_of_a_gift_card_that_is_listed_twice_the_gift_card_counts() -> None:
    lists: Facts = {**LISTED, "gift_card_articles": frozenset({"KRAT"})}
    (line,) = book(order(CRATE), **lists).lines
    assert line.kind is LineKind.GIFT_CARD
    with_vat = order(order_line("3.90", article_code="KRAT"))
    assert hold(with_vat, **lists).reason is HoldReason.GIFT_CARD_WITH_VAT


def test_a_code_is_the_listed_one_whatever_blanks_are_around_it() -> None:
    sold = order(order_line("24.20"), replace(CRATE, article_code=" KRAT "), billing=BELGIUM,
                 shipping=BELGIUM)  # fmt: skip
    assert book(sold, **LISTED).lines[1].treatment.rate == 0


def test_the_deposit_alone_is_credited_as_it_was_sold() -> None:
    sold = replace(crates(BELGIUM), invoices=(invoice(),))
    note = invoice(
        "INV2", id=2, is_credit_note=True, original_id=332000498,
        price_excl=D("3.90"), price_incl=D("3.90"),
    )  # fmt: skip
    returned = [item("3.90", "0", title="Statiegeld krat", article_code="KRAT")]

    found = held(judge_invoice(note, returned, sold, terms()))
    assert (found.reason, found.detail) == (HoldReason.UNTAXED_LINE, "BE")

    credit = booked(judge_invoice(note, returned, sold, terms(**LISTED)))
    (line,) = credit.lines
    assert (line.incl, line.treatment.kind) == (D("-3.90"), VatKind.DOMESTIC)


def test_an_order_with_a_deposit_is_taken_back_whole() -> None:
    sold, key = crates(BELGIUM), bytes(32)
    conditions = terms(**LISTED)
    whole = judge(sold, conditions)
    assert isinstance(whole, Invoice)
    back = judge_reversal(
        replace(sold, status=OrderStatus.CANCELLED),
        conditions,
        booked=Prints(key=key, summary="", source="", content=fingerprint(whole, key)),
        day=whole.day,
    )
    assert [line.treatment for line in booked(back).lines] == [
        line.treatment for line in whole.lines
    ]
