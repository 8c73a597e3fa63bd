"""Which VAT a line carries: destination, rate and date together, never the percentage alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice, VatKind, VatTreatment
from chalicelib.domain.judgement import Terms, judge, judge_invoice
from chalicelib.domain.orders import Address, Order, OrderLine
from chalicelib.domain.policy import VatClass
from chalicelib.domain.treatment import Sale, determine_treatment, untaxed_treatment
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
    terms,
)

OSS: Facts = {
    "one_stop_shop": True,
    "foreign_rates": {
        ("BE", Decimal("0.21")): VatClass.HIGH,
        ("DE", Decimal("0.07")): VatClass.LOW,
    },
}


def to(address: Address, *lines: OrderLine, **changes: Any) -> Order:
    return order(*lines, billing=address, shipping=address, **changes)


def treated(sold: Order, conditions: Terms) -> VatTreatment:
    verdict = judge(sold, conditions)
    assert isinstance(verdict, Invoice), verdict
    return verdict.lines[0].treatment


def held(sold: Order, conditions: Terms) -> tuple[HoldReason, str]:
    verdict = judge(sold, conditions)
    assert isinstance(verdict, Hold), verdict
    return verdict.reason, verdict.detail


def test_21_percent_to_a_belgian_consumer_is_dutch_high_rate() -> None:
    treatment = treated(to(BELGIUM), terms())
    assert treatment == VatTreatment(
        rate=Decimal("0.21"), vat_class=VatClass.HIGH, kind=VatKind.DOMESTIC, country="NL"
    )


def test_once_the_shop_uses_oss_the_same_21_percent_is_belgian() -> None:
    treatment = treated(to(BELGIUM), terms(**OSS))
    assert (treatment.kind, treatment.country) == (VatKind.OSS, "BE")
    assert treatment.vat_class is VatClass.HIGH


def test_under_oss_a_dutch_customer_still_pays_dutch_vat() -> None:
    assert treated(order(), terms(**OSS)).kind is VatKind.DOMESTIC


def test_a_foreign_rate_that_the_merchant_did_not_map_is_held() -> None:
    assert held(to(BELGIUM), terms(one_stop_shop=True)) == (HoldReason.RATE_FOREIGN, "BE 21%")
    seven = order_line("10.70", "0.07")
    assert held(to(GERMANY, seven), terms()) == (HoldReason.RATE_FOREIGN, "DE 7%")
    assert treated(to(GERMANY, seven), terms(**OSS)).vat_class is VatClass.LOW


def test_a_mapped_rate_of_a_country_where_the_shop_is_registered_is_that_countrys() -> None:
    conditions = terms(foreign_rates={("DE", Decimal("0.19")): VatClass.HIGH})
    treatment = treated(to(GERMANY, order_line("11.90", "0.19")), conditions)
    assert (treatment.kind, treatment.country) == (VatKind.DOMESTIC, "DE")


def test_a_rate_that_was_not_dutch_on_that_day_is_held() -> None:
    assert held(order(order_line("10.60", "0.06")), terms()) == (HoldReason.RATE_UNKNOWN, "NL 6%")
    in_2018 = datetime.fromisoformat("2018-12-31T22:59:00+00:00")
    assert treated(order(order_line("10.60", "0.06"), created_at=in_2018), terms()).rate == Decimal(
        "0.06"
    )
    in_2019 = datetime.fromisoformat("2018-12-31T23:00:00+00:00")
    assert held(order(order_line("10.60", "0.06"), created_at=in_2019), terms())[0] is (
        HoldReason.RATE_UNKNOWN
    )


def test_goods_to_a_german_business_are_an_intra_community_supply() -> None:
    sold = to(GERMANY, order_line("100.00", "0"), shipment=charge("9.95", "0"),
              company_vat_number="de 136695976")  # fmt: skip
    verdict = judge(sold, terms())
    assert isinstance(verdict, Invoice)
    assert {one.treatment.kind for one in verdict.lines} == {VatKind.INTRA_COMMUNITY}
    assert verdict.debtor.vat_number == "DE136695976"


@pytest.mark.parametrize("number", ["", "DE136695977", "NL004495445B01", "GB980780684"])
def test_no_vat_within_the_eu_without_another_members_number_is_held(number: str) -> None:
    sold = to(GERMANY, order_line("100.00", "0"), company_vat_number=number)
    assert held(sold, terms()) == (HoldReason.VAT_NUMBER, "DE")


def test_a_british_number_counted_until_2021() -> None:
    london = replace(HOME, postal_code="SW1A 1AA", city="London", country="GB")
    sold = to(london, order_line("100.00", "0"), company_vat_number="GB980780684")
    before = replace(sold, created_at=datetime.fromisoformat("2020-12-31T12:00:00+00:00"))
    assert treated(before, terms()).kind is VatKind.INTRA_COMMUNITY
    assert treated(sold, terms()).kind is VatKind.EXPORT


def test_services_to_an_eu_business_are_reverse_charged() -> None:
    advice = order_line("100.00", "0", article_code="ADVIES")
    sold = to(GERMANY, advice, shipment=charge("1.00", "0"), company_vat_number="DE136695976")
    verdict = judge(sold, terms(service_articles=frozenset({"ADVIES"})))
    assert isinstance(verdict, Invoice)
    assert {one.treatment.kind for one in verdict.lines} == {VatKind.REVERSE_CHARGE}


def test_costs_beside_goods_and_services_follow_the_goods() -> None:
    advice, mug = order_line("100.00", "0", article_code="ADVIES"), order_line("10.00", "0")
    sold = to(GERMANY, advice, mug, shipment=charge("1.00", "0"), company_vat_number="DE136695976")
    verdict = judge(sold, terms(service_articles=frozenset({"ADVIES"})))
    assert isinstance(verdict, Invoice)
    assert [one.treatment.kind for one in verdict.lines] == [
        VatKind.REVERSE_CHARGE,
        VatKind.INTRA_COMMUNITY,
        VatKind.INTRA_COMMUNITY,
    ]


def test_a_dutch_business_is_reverse_charged_only_by_word_and_number_together() -> None:
    shifted = (invoice(is_vat_shifted=True),)
    number = "NL004495445B01"
    kinds = {
        (bool(bills), bool(typed)): treated(
            order(order_line("10.00", "0"), invoices=bills, company_vat_number=typed), terms()
        ).kind
        for bills in ((), shifted)
        for typed in ("", number)
    }
    assert kinds == {
        (False, False): VatKind.DOMESTIC,
        (False, True): VatKind.DOMESTIC,
        (True, False): VatKind.DOMESTIC,
        (True, True): VatKind.REVERSE_CHARGE,
    }


def test_without_vat_to_switzerland_is_an_export() -> None:
    assert treated(to(SWITZERLAND, order_line("10.00", "0")), terms()).kind is VatKind.EXPORT


def test_dutch_vat_charged_to_a_swiss_customer_is_owed_in_the_netherlands() -> None:
    treatment = treated(to(SWITZERLAND), terms(**OSS))
    assert (treatment.kind, treatment.country) == (VatKind.DOMESTIC, "NL")


def test_the_canary_islands_are_an_export_even_under_oss() -> None:
    tenerife = replace(HOME, postal_code="38001", city="Santa Cruz", country="ES")
    assert treated(to(tenerife, order_line("10.00", "0")), terms(**OSS)).kind is VatKind.EXPORT


ORDERED = date(2026, 3, 14)
DAY = timedelta(days=1)
PERIODS = [
    (None, None, True),
    (ORDERED, None, True),
    (ORDERED + DAY, None, False),
    (None, ORDERED, True),
    (None, ORDERED - DAY, False),
    (ORDERED, ORDERED, True),
]


@pytest.mark.parametrize(("since", "until", "counts"), PERIODS)
def test_oss_counts_for_what_was_ordered_while_it_did(
    since: date | None, until: date | None, counts: bool
) -> None:
    conditions = terms(**OSS, oss_since=since, oss_until=until)
    kind = treated(to(BELGIUM), conditions).kind
    assert kind is (VatKind.OSS if counts else VatKind.DOMESTIC)
    note = invoice("INV2", id=2, is_credit_note=True, original_id=332000498)
    sold = replace(to(BELGIUM), invoices=(invoice(),))
    later = replace(note, created_at=datetime.fromisoformat("2027-01-05T09:00:00+01:00"))
    credit = judge_invoice(later, [item("24.20")], sold, conditions)
    assert isinstance(credit, Invoice)
    assert credit.lines[0].treatment.kind is kind


@pytest.mark.parametrize(("since", "until", "counts"), PERIODS)
def test_a_small_business_is_one_for_what_was_ordered_while_it_was(
    since: date | None, until: date | None, counts: bool
) -> None:
    conditions = terms(small_business_scheme=True, kor_since=since, kor_until=until)
    kind = treated(order(order_line("10.00", "0"), order_line("0.00", "0")), conditions).kind
    assert kind is (VatKind.SMALL_BUSINESS if counts else VatKind.DOMESTIC)
    verdict = judge(order(), conditions)
    assert isinstance(verdict, Hold) is counts


def test_the_day_that_counts_is_the_dutch_day_of_the_order() -> None:
    conditions = terms(**OSS, oss_since=date(2026, 7, 1))
    before = to(BELGIUM, created_at=datetime.fromisoformat("2026-06-30T21:59:59+00:00"))
    after = to(BELGIUM, created_at=datetime.fromisoformat("2026-06-30T22:00:00+00:00"))
    assert treated(before, conditions).kind is VatKind.DOMESTIC
    assert treated(after, conditions).kind is VatKind.OSS


def test_goods_follow_the_delivery_address_and_not_the_billing_one() -> None:
    gift = order(order_line("10.00", "0"), billing=HOME, shipping=SWITZERLAND)
    assert treated(gift, terms()).kind is VatKind.EXPORT
    home = order(order_line("10.00", "0"), billing=SWITZERLAND, shipping=HOME)
    assert treated(home, terms()).kind is VatKind.DOMESTIC


def test_what_a_belgian_collects_at_the_counter_is_sold_in_the_netherlands() -> None:
    assert treated(to(BELGIUM, is_pickup=True), terms(**OSS)).country == "NL"


@pytest.mark.parametrize(
    "changes",
    [{"billing": BELGIUM, "shipping": HOME}, {"billing": BELGIUM, "is_pickup": True}],
    ids=["delivered here", "collected here"],
)
def test_goods_without_vat_that_stay_here_are_held_for_a_business_from_abroad(
    changes: Facts,
) -> None:
    sold = order(
        order_line("100.00", "0"), shipment=charge("9.95", "0"), company_vat_number="BE0403170701",
        **({"shipping": BELGIUM} | changes),
    )  # fmt: skip
    assert held(sold, terms()) == (HoldReason.GOODS_STAYED, "NL")
    assert treated(replace(sold, company_vat_number=""), terms()).kind is VatKind.DOMESTIC
    dutch = replace(sold, company_vat_number="NL004495445B01")
    assert treated(dutch, terms()).kind is VatKind.DOMESTIC
    kor = treated(sold, terms(small_business_scheme=True))
    assert kor.kind is VatKind.SMALL_BUSINESS


def test_a_service_for_a_business_from_abroad_is_taxed_there_wherever_a_parcel_went() -> None:
    sold = order(
        order_line("100.00", "0", article_code="ADVIES"), billing=BELGIUM, shipping=HOME,
        company_vat_number="BE0403170701",
    )  # fmt: skip
    assert treated(sold, terms(service_articles=frozenset({"ADVIES"}))).kind is (
        VatKind.REVERSE_CHARGE
    )


def test_vat_charged_to_an_eu_business_under_oss_is_held() -> None:
    sold = to(BELGIUM, company_vat_number="BE0428759497")
    assert held(sold, terms(**OSS)) == (HoldReason.BUSINESS_CHARGED_VAT, "BE 21%")
    assert treated(sold, terms()).kind is VatKind.DOMESTIC


def test_a_members_zero_rate_is_oss_when_the_merchant_mapped_it() -> None:
    dublin = replace(HOME, postal_code="D02", city="Dublin", country="IE")
    zero = {("IE", Decimal(0)): VatClass.NONE}
    book = order_line("10.00", "0")
    assert treated(to(dublin, book), terms(one_stop_shop=True, foreign_rates=zero)).kind is (
        VatKind.OSS
    )
    assert held(to(dublin, book), terms(foreign_rates=zero))[0] is HoldReason.VAT_NUMBER


def test_a_small_business_has_no_vat_anywhere() -> None:
    conditions = terms(small_business_scheme=True)
    for address in (HOME, BELGIUM, SWITZERLAND):
        treatment = treated(to(address, order_line("10.00", "0")), conditions)
        assert (treatment.kind, treatment.vat_class) == (VatKind.SMALL_BUSINESS, VatClass.NONE)
    assert held(order(), conditions) == (HoldReason.SMALL_BUSINESS_VAT, "21%")
    assert held(order(order_line("10.00", "0", price_excl=Decimal("9.99"))), conditions)[0] is (
        HoldReason.SMALL_BUSINESS_VAT
    )


def test_a_shop_abroad_books_its_own_rates_as_the_merchant_mapped_them() -> None:
    mapped = {("DE", Decimal("0.19")): VatClass.HIGH}
    sold = to(GERMANY, order_line("11.90", "0.19"))
    treatment = treated(sold, terms(country="DE", foreign_rates=mapped))
    assert (treatment.kind, treatment.country) == (VatKind.DOMESTIC, "DE")
    assert held(sold, terms(country="DE")) == (HoldReason.RATE_FOREIGN, "DE 19%")


def test_a_shop_abroad_charges_its_own_vat_across_the_border_too() -> None:
    mapped = {("DE", Decimal("0.19")): VatClass.HIGH}
    paris = replace(HOME, postal_code="75001", city="Paris", country="FR")
    sold = to(paris, order_line("11.90", "0.19"))
    treatment = treated(sold, terms(country="DE", foreign_rates=mapped))
    assert (treatment.kind, treatment.country) == (VatKind.DOMESTIC, "DE")
    assert treatment.vat_class is VatClass.HIGH


def test_a_small_business_is_held_for_a_rate_even_without_its_vat() -> None:
    unfinished = order(order_line("10.00", price_excl=Decimal("10.00")))
    assert held(unfinished, terms(small_business_scheme=True)) == (
        HoldReason.SMALL_BUSINESS_VAT,
        "21%",
    )


def test_a_shop_that_states_no_country_is_dutch() -> None:
    assert treated(order(), terms(country="")).country == "NL"


def test_what_is_outside_vat_is_of_the_shops_own_country() -> None:
    sale = Sale(
        home="NL",
        territory="BE",
        day=date(2026, 1, 1),
        vat_number=None,
        is_vat_shifted=False,
        has_only_services=False,
        policy=terms().policy,
    )
    assert untaxed_treatment(sale).country == "NL"
    assert untaxed_treatment(sale).rate == 0
    assert determine_treatment(replace(sale, territory="NL"), Decimal(0)).kind is VatKind.DOMESTIC
    business = replace(sale, vat_number="BE0428759497")
    assert determine_treatment(business, Decimal(0)).kind is VatKind.INTRA_COMMUNITY


def test_goods_follow_the_billing_address_where_the_delivery_has_no_country() -> None:
    nowhere = replace(HOME, country=None)
    abroad = order(order_line("10.00", "0"), billing=SWITZERLAND, shipping=nowhere)
    assert treated(abroad, terms()).kind is VatKind.EXPORT
    at_home = order(order_line("10.00", "0"), billing=HOME, shipping=nowhere)
    assert treated(at_home, terms()).kind is VatKind.DOMESTIC


def test_northern_ireland_is_within_the_eu_by_its_postal_code() -> None:
    belfast = replace(HOME, postal_code="BT1 5GS", city="Belfast", country="GB")
    sold = to(belfast, order_line("10.00", "0"), company_vat_number="XI980780684")
    assert treated(sold, terms()).kind is VatKind.INTRA_COMMUNITY
