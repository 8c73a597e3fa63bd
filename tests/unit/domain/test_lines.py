"""Lines: copied from the shop, multiplied out, split over rates, closed to the cent."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice, LineKind, VatKind
from chalicelib.domain.judgement import judge
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import GiftCardPayments, VatClass
from tests.unit.domain.build import charge, line, order, tax, terms

D = Decimal


def booked(sold: Order, **policy: Any) -> Invoice:
    verdict = judge(sold, terms(**policy))
    assert isinstance(verdict, Invoice), verdict
    return verdict


def held(sold: Order, **policy: Any) -> Hold:
    verdict = judge(sold, terms(**policy))
    assert isinstance(verdict, Hold), verdict
    return verdict


def test_an_ordinary_line_keeps_the_shops_quantity_and_unit_price() -> None:
    (one,) = booked(order(line("14.95", quantity=2))).lines
    assert (one.index, one.kind, one.article_code) == (1, LineKind.PRODUCT, "MOK")
    assert (one.quantity, one.unit_excl, one.unit_incl) == (D(2), D("12.3554"), D("14.95"))
    assert (one.excl, one.vat, one.incl) == (D("24.71"), D("5.19"), D("29.90"))
    assert one.description == "Keramische mok"


def test_a_discount_is_folded_into_the_unit_price() -> None:
    (one,) = booked(order(line("14.95", quantity=2, discount="2.99"))).lines
    assert (one.quantity, one.unit_incl, one.unit_excl) == (D(2), D("13.4550"), D("11.1200"))
    assert (one.excl, one.incl) == (D("22.24"), D("26.91"))


def test_a_folded_price_that_cannot_be_written_becomes_one_piece_at_the_line_total() -> None:
    many = line("1.99", quantity=999, discount="0.02")
    (one,) = booked(order(many)).lines
    assert (one.quantity, one.unit_incl, one.unit_excl) == (D(1), many.price_incl, many.price_excl)
    assert one.description == "999 × Keramische mok"


def test_a_unit_price_that_does_not_close_gives_way_to_the_line_total() -> None:
    wrong = line("14.95", quantity=2, base_price_incl=D("15.45"), base_price_excl=D("12.7686"))
    (one,) = booked(order(wrong)).lines
    assert (one.quantity, one.unit_incl, one.incl) == (D(1), D("29.90"), D("29.90"))
    assert one.description == "2 × Keramische mok"
    only_excl = line("14.95", quantity=2, base_price_excl=D("12.7686"))
    assert booked(order(only_excl)).lines[0].quantity == 1


@pytest.mark.parametrize(
    ("incl", "unit", "quantity"),
    [("0.00", "0.00", 1), ("0.50", "0.50", 1), ("-0.50", "0.50", -1), ("-24.20", "24.20", -1)],
)
def test_the_one_piece_is_counted_back_only_below_zero(incl: str, unit: str, quantity: int) -> None:
    wrong = line(incl, base_price_incl=D("15.45"))
    one = booked(order(wrong, line("100.00"))).lines[0]
    assert (one.quantity, one.unit_incl, one.incl) == (D(quantity), D(unit), D(incl))
    assert one.unit_excl == one.excl * quantity


def test_a_single_piece_that_does_not_close_needs_no_quantity_in_its_name() -> None:
    wrong = line("14.95", base_price_incl=D("15.45"))
    assert booked(order(wrong)).lines[0].description == "Keramische mok"


@pytest.mark.parametrize(
    ("title", "variant", "code", "shown"),
    [
        ("Mok", "Blauw", "M", "Mok - Blauw"),
        ("Mok", "Default", "M", "Mok"),
        (" Mok ", " default ", "M", "Mok"),
        ("", "", "MOK-1", "MOK-1"),
        ("", "Blauw", "", "Artikel - Blauw"),
    ],
)
def test_a_line_is_called_by_its_title_and_variant(
    title: str, variant: str, code: str, shown: str
) -> None:
    sold = order(line("10.00", title=title, variant=variant, article_code=code))
    assert booked(sold).lines[0].description == shown


def test_where_nothing_was_paid_no_payment_method_is_asked_for() -> None:
    free = order(line("10.00", discount="10.00"), payment_id="")
    assert booked(free, default_payment=None).payment_code is None


def test_a_free_article_is_a_line_of_nothing() -> None:
    verdict = booked(order(line("10.00", discount="10.00"), line("24.20")))
    assert [one.incl for one in verdict.lines] == [D("0.00"), D("24.20")]
    assert verdict.lines[0].treatment.vat_class is VatClass.NONE


def test_a_free_article_with_a_rate_nobody_knows_holds_nothing_up() -> None:
    assert booked(order(line("0.00", "0.33"), line("24.20"))).incl == D("24.20")


def test_a_shop_that_sells_excluding_vat_keeps_its_excluding_totals() -> None:
    sold = line(
        "0", quantity=3, base_price_excl=D("9.99"), base_price_incl=D("12.0879"),
        price_excl=D("29.97"), price_incl=D("36.26"), tax_rates=(tax("0.21", "6.2937"),),
    )  # fmt: skip
    (one,) = booked(order(sold)).lines
    assert (one.quantity, one.unit_excl, one.unit_incl) == (D(3), D("9.99"), D("12.0879"))
    assert (one.excl, one.vat, one.incl) == (D("29.97"), D("6.29"), D("36.26"))


def test_shipping_and_payment_cost_say_what_they_are() -> None:
    verdict = booked(
        order(shipment=charge("4.95", title="PostNL "), payment=charge("0.5", title=""))
    )
    names = [(one.kind, one.description) for one in verdict.lines[1:]]
    assert {one.article_code for one in verdict.lines[1:]} == {""}
    assert names == [
        (LineKind.SHIPPING, "Verzendkosten PostNL"),
        (LineKind.PAYMENT_FEE, "Betaalkosten"),
    ]


def test_a_cost_of_a_single_cent_is_a_line() -> None:
    cent = charge("0.01", price_excl=D("0.00"))
    assert len(booked(order(line("24.20"), payment=cent)).lines) == 2


def test_shipping_at_several_rates_becomes_a_line_a_rate() -> None:
    mixed = charge(
        "6.00", price_excl=D("5.20"), tax_rates=(tax("0.21", "0.5702"), tax("0.09", "0.2236"))
    )
    verdict = booked(order(line("24.20"), shipment=mixed))
    high, low = verdict.lines[1:]
    assert (high.description, low.description) == (
        "Verzendkosten PostNL (21% btw)",
        "Verzendkosten PostNL (9% btw)",
    )
    assert (high.excl, high.vat) == (D("2.72"), D("0.57"))
    assert (low.excl, low.vat) == (D("2.48"), D("0.23"))
    assert high.incl + low.incl == D("6.00")
    assert [one.treatment.vat_class for one in verdict.totals] == [VatClass.HIGH, VatClass.LOW]


def test_a_rate_of_the_shipping_may_be_listed_twice() -> None:
    taxes = (tax("0.21", "0.3000"), tax("0.09", "0.2236"), tax("0.21", "0.2702"))
    mixed = charge("6.00", price_excl=D("5.20"), tax_rates=taxes)
    high, low = booked(order(line("24.20"), shipment=mixed)).lines[1:]
    assert (high.excl, high.vat) == (D("2.72"), D("0.57"))
    assert (low.excl, low.vat) == (D("2.48"), D("0.23"))


def test_a_line_of_no_pieces_is_no_trouble() -> None:
    off = line("10.00", quantity=0, discount="1.21")
    (first, _) = booked(order(off, line("24.20"))).lines
    assert (first.quantity, first.unit_incl, first.incl) == (D(-1), D("1.21"), D("-1.21"))
    assert first.description == "0 × Keramische mok"


def test_the_part_of_shipping_without_vat_is_what_is_left() -> None:
    mixed = charge("5.00", price_excl=D("4.50"), tax_rates=(tax("0.21", "0.5000"), tax("0", "0")))
    high, none = booked(order(line("24.20"), shipment=mixed)).lines[1:]
    assert (high.excl, high.vat, high.incl) == (D("2.38"), D("0.50"), D("2.88"))
    assert (none.excl, none.vat, none.incl) == (D("2.12"), D("0.00"), D("2.12"))


def test_a_rate_that_is_listed_but_has_no_part_makes_no_line() -> None:
    listed = charge("1.21", tax_rates=(tax("0.21", "0.2100"), tax("0.09", "0")))
    assert len(booked(order(line("24.20"), shipment=listed)).lines) == 2


def test_a_split_over_rates_that_does_not_add_up_is_held() -> None:
    wrong = charge(
        "6.00", price_excl=D("5.18"), tax_rates=(tax("0.21", "0.57"), tax("0.09", "0.50"))
    )
    found = held(order(line("24.20"), shipment=wrong))
    assert found.reason is HoldReason.VAT_DIFFERS
    assert dict(found.figures) == {
        "line_excl": "5.18",
        "implied_excl": "8.27",
        "line_vat": "0.82",
        "listed_vat": "1.07",
    }


def parcel(excl: str, incl: str, *taxes: tuple[str, str]) -> Order:
    mixed = charge(incl, price_excl=D(excl), tax_rates=tuple(tax(*one) for one in taxes))
    return order(line("24.20"), line("10.90", "0.09"), shipment=mixed)


@pytest.mark.parametrize(
    ("excl", "incl", "taxes", "parts"),
    [
        ("5.60", "6.50", (("0.21", "0.70"), ("0.09", "0.20")), ("3.35", "2.25")),
        ("-5.60", "-6.50", (("0.21", "-0.70"), ("0.09", "-0.20")), ("-3.35", "-2.25")),
        ("5.63", "6.53", (("0.21", "0.70"), ("0.09", "0.20")), ("3.36", "2.27")),
        ("5.60", "6.50", (("0.21", "0.3"), ("0.21", "0.4"), ("0.09", "0.2")), ("3.35", "2.25")),
        ("5.65", "6.55", (("0.21", "0.35"), ("0.21", "0.35"), ("0.09", "0.2")), ("3.38", "2.27")),
        ("3.32", "4.02", (("0.21", "0.70"), ("0", "0")), ("3.32",)),
        ("1.05", "1.17", (("0.21", "0.1155"), ("0", "0")), ("0.55", "0.50")),
    ],
)
def test_vat_in_whole_cents_leaves_open_what_it_was_charged_on(
    excl: str, incl: str, taxes: tuple[tuple[str, str], ...], parts: tuple[str, ...]
) -> None:
    split = booked(parcel(excl, incl, *taxes)).lines[2:]
    assert [one.excl for one in split] == [D(part) for part in parts]
    assert sum(one.vat for one in split) == D(incl) - D(excl)


@pytest.mark.parametrize(
    ("excl", "incl", "taxes"),
    [
        ("5.46", "6.36", (("0.21", "0.70"), ("0.09", "0.20"))),  # 9.6 cents away, 8 are open
        ("5.60", "6.50", (("0.21", "0.7001"), ("0.09", "0.2001"))),  # nothing is open
        ("4.50", "9.50", (("0.21", "5.00"), ("0", "0"))),  # what is left is below zero
    ],
)
def test_what_is_open_explains_no_more_than_half_a_cent_a_rate(
    excl: str, incl: str, taxes: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    found = held(parcel(excl, incl, *taxes))
    assert (found.reason, found.detail) == (HoldReason.VAT_DIFFERS, "21%")
    assert found.figures["line_excl"] != found.figures["implied_excl"]


def test_of_two_parts_that_are_as_close_the_higher_rate_gives_way() -> None:
    high, low = booked(parcel("1.00", "1.15", ("0.09", "0.0450"), ("0.21", "0.1050"))).lines[2:]
    assert (high.vat, low.vat) == (D("0.10"), D("0.05"))


def test_a_cent_left_over_never_lands_where_there_is_no_vat() -> None:
    sold = parcel("3.36", "3.86", ("0.21", "0.4951"), ("0", "0"))
    assert [(one.treatment.rate, one.vat) for one in booked(sold).lines[2:]] == [
        (D("0.21"), D("0.50")),
        (D("0"), D("0.00")),
    ]


def test_vat_that_does_not_fit_its_rate_is_held_with_the_numbers() -> None:
    wrong = line("49.95", price_excl=D("40.00"), tax_rates=(tax("0.21", "9.95"),))
    found = held(order(wrong))
    assert (found.reason, found.detail) == (HoldReason.VAT_DIFFERS, "21%")
    assert dict(found.figures) == {
        "line_excl": "40.00",
        "line_incl": "49.95",
        "line_vat": "9.95",
        "expected_vat": "8.40",
    }


def test_a_listed_vat_amount_at_a_single_rate_is_not_needed() -> None:
    odd = line("24.20", tax_rates=(tax("0.21", "5.0820"),))
    assert booked(order(odd)).vat == D("4.20")


def test_the_listed_rate_is_the_one_that_counts() -> None:
    odd = line("24.20", tax_rates=(tax("0.09", "1.98"),))
    found = held(order(odd))
    assert (found.reason, found.detail) == (HoldReason.VAT_DIFFERS, "9%")


def test_vat_may_be_a_cent_off_and_no_more() -> None:
    def sold(incl: str) -> Order:
        return order(line("24.20", tax_rates=(), price_incl=D(incl)))

    assert booked(sold("24.21")).vat == D("4.21")
    assert booked(sold("24.19")).vat == D("4.19")
    assert held(sold("24.22")).reason is HoldReason.VAT_DIFFERS
    assert held(sold("24.18")).reason is HoldReason.VAT_DIFFERS


@pytest.mark.parametrize("incl", ["10.01", "9.99"])
def test_of_nothing_not_even_a_cent_may_be_vat(incl: str) -> None:
    found = held(order(line("10.00", "0", tax_rates=(), price_incl=D(incl))))
    assert (found.reason, found.detail) == (HoldReason.VAT_DIFFERS, "0%")
    assert found.figures["expected_vat"] == "0.00"


def test_amounts_per_rate_add_up_rates_listed_twice() -> None:
    twice = line("24.20", tax_rates=(tax("0.21", "2.1"), tax("0.21", "2.1")))
    assert len(booked(order(twice)).lines) == 1


def test_a_sold_gift_card_is_no_turnover_yet() -> None:
    card = line("25.00", "0", article_code="BON")
    verdict = booked(order(card, line("24.20")), gift_card_articles=frozenset({"BON"}))
    assert verdict.lines[0].kind is LineKind.GIFT_CARD
    assert verdict.lines[0].treatment.vat_class is VatClass.NONE
    assert verdict.lines[0].treatment.kind is VatKind.DOMESTIC


def test_a_gift_card_with_vat_is_held() -> None:
    card = line("25.00", article_code="BON")
    found = held(order(card), gift_card_articles=frozenset({"BON"}))
    assert (found.reason, found.detail) == (HoldReason.GIFT_CARD_WITH_VAT, "21%")


def test_an_order_paid_with_a_gift_card_waits_until_the_merchant_has_chosen() -> None:
    spent = order(has_gift_card_payment=True)
    assert held(spent).reason is HoldReason.GIFT_CARD_PAYMENT
    assert booked(spent, gift_card_payments=GiftCardPayments.BOOK).incl == D("24.20")


@pytest.mark.parametrize("cents", ["0.01", "0.05", "-0.05"])
def test_up_to_five_cents_become_one_visible_rounding_line(cents: str) -> None:
    verdict = booked(
        order(line("49.95"), price_excl=D("41.28") + D(cents), price_incl=D("49.95") + D(cents))
    )
    *_, rounding = verdict.lines
    assert rounding.kind is LineKind.ROUNDING
    assert rounding.index == 2
    assert (rounding.excl, rounding.vat, rounding.incl) == (D(cents), D("0.00"), D(cents))
    assert (rounding.quantity * rounding.unit_excl, rounding.unit_incl) == (D(cents), D(cents))
    assert rounding.article_code == ""
    assert rounding.description == "Afrondingsverschil: regels en totaal van de webwinkel"
    assert rounding.treatment == verdict.lines[0].treatment
    assert verdict.incl == D("49.95") + D(cents)


def test_rounding_goes_where_most_of_the_order_is() -> None:
    sold = order(line("10.00", "0.09"), line("50.00"), price_excl=D("50.50"))
    verdict = booked(sold)
    assert verdict.lines[-1].kind is LineKind.ROUNDING
    assert verdict.lines[-1].treatment.rate == D("0.21")
    assert (verdict.lines[-1].excl, verdict.lines[-1].vat) == (D("0.01"), D("-0.01"))
    sold = order(line("100.00", "0.09"), line("50.00"), price_excl=D("133.08"))
    assert booked(sold).lines[-1].treatment.rate == D("0.09")


@pytest.mark.parametrize(
    ("excl", "incl"),
    [("41.34", "49.95"), ("41.28", "50.01"), ("41.22", "49.95"), ("41.23", "50.00")],
)
def test_more_than_five_cents_are_held_with_the_numbers(excl: str, incl: str) -> None:
    found = held(order(line("49.95"), price_excl=D(excl), price_incl=D(incl)))
    assert (found.reason, found.detail) == (HoldReason.TOTALS_DIFFER, "")
    assert dict(found.figures) == {
        "lines_excl": "41.28",
        "order_excl": excl,
        "lines_incl": "49.95",
        "order_incl": incl,
    }


@pytest.mark.parametrize(
    ("excl", "incl", "books"),
    [
        ("41.28", "49.96", True),  # 8.68: a cent from 8.6688, and there are two lines
        ("41.28", "49.93", True),
        ("41.28", "49.97", False),
        ("41.28", "50.00", False),
        ("41.33", "49.95", False),
        ("41.32", "50.00", True),
        ("41.33", "49.93", False),  # base up, VAT down
    ],
)
def test_a_rounding_line_leaves_the_vat_of_its_rate_within_a_cent_a_line(
    excl: str, incl: str, books: bool
) -> None:
    sold = order(line("49.95"), price_excl=D(excl), price_incl=D(incl))
    if books:
        assert booked(sold).lines[-1].kind is LineKind.ROUNDING
    else:
        assert held(sold).reason is HoldReason.TOTALS_DIFFER


def test_a_shop_that_rounds_excl_on_the_total_is_booked_to_its_own_vat() -> None:
    """Five lines of 2.02 are 1.67 each, 8.35 together; 10.10 / 1.21 is 8.35 rounded once."""
    many = [line("2.04") for _ in range(5)]  # 1.69 each; 10.20 / 1.21 is 8.43
    rounding = booked(order(*many, price_excl=D("8.43"))).lines[-1]
    assert (rounding.excl, rounding.vat, rounding.incl) == (D("-0.02"), D("0.02"), D("0.00"))


def test_rounding_goes_where_the_vat_still_fits() -> None:
    many = [line("1.04", "0.09") for _ in range(9)]  # 0.95 each; 9.36 / 1.09 is 8.59
    sold = order(*many, line("50.00"), price_excl=D("49.91"))
    rounding = booked(sold).lines[-1]
    assert (rounding.treatment.rate, rounding.excl, rounding.vat) == (
        D("0.09"),
        D("0.04"),
        D("-0.04"),
    )


def test_a_difference_in_vat_goes_where_vat_is() -> None:
    sold = order(line("100.00", "0"), line("12.10"), line("5.45", "0.09"), price_excl=D("115.01"))
    rounding = booked(sold).lines[-1]
    assert rounding.treatment.rate == D("0.21")
    assert (rounding.excl, rounding.vat) == (D("0.01"), D("-0.01"))
    even = replace(sold, price_excl=D("115.01"), price_incl=D("117.56"))
    assert booked(even).lines[-1].treatment.rate == 0


def test_rounding_never_brings_vat_into_an_order_without() -> None:
    free = order(line("49.95", "0"), price_excl=D("49.94"))
    assert held(free).reason is HoldReason.TOTALS_DIFFER
    even = order(line("49.95", "0"), price_excl=D("49.94"), price_incl=D("49.94"))
    assert booked(even).lines[-1].treatment.rate == 0


def test_nothing_is_rounded_where_nothing_has_to_be() -> None:
    kinds = {one.kind for one in booked(order(line("49.95"), shipment=charge("4.95"))).lines}
    assert LineKind.ROUNDING not in kinds


def test_an_order_of_nothing_at_all_is_held() -> None:
    empty = order(price_excl=D(0), price_incl=D(0), lines=())
    assert held(empty).reason is HoldReason.NO_LINES


def test_an_order_below_zero_is_held() -> None:
    found = held(order(line("-10.00")))
    assert found.reason is HoldReason.NEGATIVE_TOTAL
    assert dict(found.figures) == {"order_excl": "-8.26", "order_incl": "-10.00"}


def test_a_negative_line_is_a_discount_by_another_name() -> None:
    verdict = booked(order(line("24.20"), line("-4.84")))
    assert verdict.incl == D("19.36")
    assert (verdict.lines[1].quantity, verdict.lines[1].unit_incl) == (D(1), D("-4.84"))


@pytest.mark.parametrize("currency", ["USD", "GBP"])
def test_another_currency_is_held_unless_the_merchant_accepts_it(currency: str) -> None:
    verdict = judge(order(), terms(currency=currency))
    assert verdict == Hold(HoldReason.CURRENCY, currency)
    accepted = judge(order(), terms(currency=currency, accepted_currencies=frozenset({currency})))
    assert isinstance(accepted, Invoice)
    assert accepted.currency == currency


def test_totals_stand_per_treatment_highest_rate_first() -> None:
    verdict = booked(order(line("10.90", "0.09"), line("24.20"), line("5.00", "0"), line("12.10")))
    assert [(one.treatment.rate, one.excl, one.vat, one.incl) for one in verdict.totals] == [
        (D("0.21"), D("30.00"), D("6.30"), D("36.30")),
        (D("0.09"), D("10.00"), D("0.90"), D("10.90")),
        (D("0"), D("5.00"), D("0.00"), D("5.00")),
    ]
