"""Where each line lands in the VAT returns: by the facts of its treatment, not by percentage."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.documents import find_invoice_day
from chalicelib.domain.invoices import Invoice, LineKind
from chalicelib.domain.judgement import judge
from chalicelib.domain.orders import Address, Order
from chalicelib.domain.policy import VatClass
from chalicelib.domain.return_places import ReturnBox, ReturnPlace, Supply
from tests.fakes.documents_of_shop import (
    BELGIUM,
    GERMANY,
    HOME,
    SWITZERLAND,
    Facts,
    charge,
    invoice,
    order,
    order_line,
    tax,
    terms,
)

D = Decimal
BELFAST = replace(HOME, postal_code="BT1 5GS", city="Belfast", country="GB")
CANARIES = replace(HOME, postal_code="35001", city="Las Palmas", country="ES")
GERMAN, BELGIAN, DUTCH, IRISH = "DE136695976", "BE0403019261", "NL004495445B01", "XI110305878"
SERVICE: Facts = {"service_articles": frozenset({"LES"})}
OSS: Facts = {
    "one_stop_shop": True,
    "foreign_rates": {
        ("DE", D("0.19")): VatClass.HIGH,
        ("BE", D("0.06")): VatClass.LOW,
        ("BE", D(0)): VatClass.NONE,
    },
}
GOODS, SERVICES, Box = Supply.GOODS, Supply.SERVICES, ReturnBox


def to(address: Address, *lines: Any, **facts: Any) -> Order:
    return order(*lines, billing=address, shipping=address, **facts)


def course(incl: str = "24.20", rate: str = "0.21") -> Any:
    return order_line(incl, rate, article_code="LES")


def business(number: str) -> Facts:
    return {"company_name": "Handel", "company_vat_number": number}


def booked(sold: Order, country: str = "NL", **policy: Any) -> Invoice:
    verdict = judge(sold, terms(country, **policy))
    assert isinstance(verdict, Invoice), verdict
    return verdict


def places(sold: Order, country: str = "NL", **policy: Any) -> list[ReturnPlace]:
    return [line.place for line in booked(sold, country, **policy).lines]


def place(sold: Order, country: str = "NL", **policy: Any) -> ReturnPlace:
    (found,) = {*places(sold, country, **policy)}
    return found


def at(box: ReturnBox, supply: Supply = GOODS, distance_to: str = "") -> ReturnPlace:
    return ReturnPlace(box=box, supply=supply, distance_to=distance_to)


FREE = order_line("20.00", "0")


@pytest.mark.parametrize(
    ("rate", "made", "box"),
    [
        ("0.21", "2026-03-14", Box.GENERAL),
        ("0.09", "2026-03-14", Box.REDUCED),
        ("0.06", "2018-12-31", Box.REDUCED),
        ("0.19", "2012-09-30", Box.GENERAL),
        ("0", "2026-03-14", Box.ZERO),
    ],
)
def test_a_sale_at_home_lands_by_the_rates_of_its_day(rate: str, made: str, box: ReturnBox) -> None:
    day = datetime.fromisoformat(f"{made}T10:00:00+01:00")
    assert place(order(order_line("20.00", rate), created_at=day)) == at(box)


def test_a_rate_that_was_no_dutch_one_that_day_is_another_rate() -> None:
    mapped: Facts = {"foreign_rates": {("NL", D("0.06")): VatClass.LOW}}
    assert place(order(order_line("10.60", "0.06")), **mapped) == at(Box.OTHER)


def test_reverse_charge_at_home_is_asked_with_0_percent() -> None:
    bill = invoice(is_vat_shifted=True, price_excl=D("20.00"), price_incl=D("20.00"))
    shifted = order(FREE, **business(DUTCH), invoices=(bill,))
    assert place(shifted) == at(Box.ZERO)


@pytest.mark.parametrize("address", [SWITZERLAND, CANARIES], ids=["Switzerland", "Canaries"])
def test_goods_that_leave_the_eu_are_exports(address: Address) -> None:
    assert place(to(address, FREE)) == at(Box.EXPORT)
    assert place(to(address, FREE, **business(GERMAN))) == at(Box.EXPORT)


def test_a_service_to_outside_the_eu_is_in_no_box() -> None:
    assert place(to(SWITZERLAND, course("20.00", "0")), **SERVICE) == at(Box.OUTSIDE_VAT, SERVICES)


def test_goods_and_services_to_a_business_in_the_eu_are_in_one_box_apart() -> None:
    both = to(GERMANY, FREE, course("9.00", "0"), **business(GERMAN), shipment=charge("5.00", "0"))
    assert places(both, **SERVICE) == [at(Box.EU), at(Box.EU, SERVICES), at(Box.EU)]


def test_where_nothing_but_services_is_sold_the_costs_follow() -> None:
    only = to(GERMANY, course("9.00", "0"), **business(GERMAN), payment=charge("0.50", "0"))
    assert place(only, **SERVICE) == at(Box.EU, SERVICES)


@pytest.mark.parametrize("address", [HOME, BELGIUM, SWITZERLAND], ids=["here", "there", "outside"])
def test_a_service_lands_by_the_number_wherever_a_parcel_went(address: Address) -> None:
    parcel = order(course("9.00", "0"), billing=GERMANY, shipping=address, **business(GERMAN))
    assert place(parcel, **SERVICE) == at(Box.EU, SERVICES)


def test_northern_ireland_is_in_the_eu_for_goods_alone() -> None:
    assert place(to(BELFAST, FREE, **business(IRISH))) == at(Box.EU)
    service = to(BELFAST, course("9.00", "0"), **business(IRISH))
    assert place(service, **SERVICE) == at(Box.OUTSIDE_VAT, SERVICES)


def test_consumers_abroad_under_the_one_stop_shop_are_in_its_return() -> None:
    assert place(to(GERMANY, order_line("11.90", "0.19")), **OSS) == at(Box.OSS)
    assert place(to(BELGIUM, FREE), **OSS) == at(Box.OSS)
    assert place(to(GERMANY, course("11.90", "0.19")), **OSS, **SERVICE) == at(Box.OSS, SERVICES)


def test_the_same_line_is_a_distance_sale_while_the_shop_charges_its_own_vat() -> None:
    assert place(to(GERMANY)) == at(Box.GENERAL, distance_to="DE")
    assert place(to(BELFAST)) == at(Box.GENERAL, distance_to="XI")
    assert place(to(replace(GERMANY, postal_code=""))) == at(Box.GENERAL, distance_to="DE")
    assert place(to(GERMANY, shipment=charge("4.95"))) == at(Box.GENERAL, distance_to="DE")


@pytest.mark.parametrize(
    "sold",
    [
        order(),
        to(GERMANY, course()),
        to(GERMANY, **business(GERMAN)),
        to(SWITZERLAND),
        to(CANARIES),
        to(GERMANY, is_pickup=True),
    ],
    ids=["at home", "a service", "a business", "outside", "no part of it", "collected"],
)
def test_these_are_no_distance_sales(sold: Order) -> None:
    assert place(sold, **SERVICE).distance_to == ""


def test_a_number_of_the_own_country_makes_no_business_abroad() -> None:
    assert place(to(GERMANY, **business(DUTCH))) == at(Box.GENERAL, distance_to="DE")


def test_the_small_business_scheme_is_in_no_return_and_its_distance_sales_still_count() -> None:
    scheme: Facts = {"small_business_scheme": True}
    assert place(order(FREE), **scheme) == at(Box.SMALL_BUSINESS)
    assert place(to(SWITZERLAND, FREE), **scheme) == at(Box.SMALL_BUSINESS)
    assert place(to(GERMANY, FREE), **scheme) == at(Box.SMALL_BUSINESS, distance_to="DE")


def test_what_is_outside_vat_is_in_no_return() -> None:
    apart: Facts = {
        "gift_card_articles": frozenset({"BON"}),
        "outside_vat_articles": frozenset({"STATIEGELD"}),
    }
    card = order_line("25.00", "0", article_code="BON")
    deposit = order_line("1.50", "0", article_code="STATIEGELD")
    divided = charge("6.00", price_excl=D("5.13"), tax_rates=(tax("0.21", "0.87"), tax("0", "0")))
    sold = to(GERMANY, card, deposit, order_line("24.20"), shipment=divided)
    found = places(sold, **apart)
    assert found[:3] == [at(Box.OUTSIDE_VAT)] * 2 + [at(Box.GENERAL, distance_to="DE")]
    assert found[3:] == [at(Box.GENERAL, distance_to="DE"), at(Box.OUTSIDE_VAT)]
    free = places(order(order_line("24.20"), order_line("0.00")))
    assert free == [at(Box.GENERAL), at(Box.OUTSIDE_VAT)]
    assert places(order(card), **apart, small_business_scheme=True) == [at(Box.OUTSIDE_VAT)]


def test_vat_of_another_country_without_the_one_stop_shop_is_in_that_countrys_return() -> None:
    mapped: Facts = {"foreign_rates": {("DE", D("0.19")): VatClass.HIGH}}
    assert place(to(GERMANY, order_line("11.90", "0.19")), **mapped) == at(Box.FOREIGN)


def test_a_belgian_shop_has_a_return_of_its_own() -> None:
    mapped: Facts = {"foreign_rates": {("BE", D("0.21")): VatClass.HIGH}}
    assert place(to(BELGIUM), "BE", **mapped) == at(Box.FOREIGN)
    assert place(to(GERMANY), "BE", **mapped) == at(Box.FOREIGN, distance_to="DE")
    assert place(to(SWITZERLAND, FREE), "BE") == at(Box.FOREIGN)
    assert place(to(GERMANY, FREE, **business(GERMAN)), "BE") == at(Box.FOREIGN)
    assert place(to(GERMANY, order_line("11.90", "0.19")), "BE", **OSS) == at(Box.OSS)


def test_the_rounding_line_lands_with_the_largest_line_of_its_treatment() -> None:
    lines = (order_line("10.00"), course("40.00"), order_line("30.00"))
    whole = order(*lines, price_excl=D("66.12"), price_incl=D("80.01"))
    rounding = booked(whole, **SERVICE).lines[-1]
    assert rounding.kind is LineKind.ROUNDING
    assert rounding.place == at(Box.GENERAL, SERVICES)


def test_the_payment_method_goes_along_for_the_totals_alone() -> None:
    paid = booked(order(payment_id="mollie_ideal"))
    assert (paid.payment_method, paid.payment_code) == ("mollie_ideal", None)


def test_where_nobody_knows_when_an_order_was_paid_its_own_date_stands_in() -> None:
    policy = terms(date_basis="payment").policy
    assert find_invoice_day(order(paid_at=None), None, policy, None).isoformat() == "2026-03-14"
