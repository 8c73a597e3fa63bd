"""Rounding by the line, by the piece and on the whole explains VAT; nothing else does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.orders import OrderLine
from tests.fakes.documents_of_shop import BELGIUM, charge, order, order_line, tax
from tests.unit.domain.verdicts import book, hold

D = Decimal
Two = tuple[str, str]
NOTHING_OFF = ("0", "0")


def make_line(
    rate: str, quantity: str, unit: Two, total: Two, discount: Two = NOTHING_OFF
) -> OrderLine:
    """A line of which both sides are given: unit price, total and discount."""
    one = order_line(
        total[1],
        rate,
        base_price_excl=D(unit[0]),
        base_price_incl=D(unit[1]),
        price_excl=D(total[0]),
        price_incl=D(total[1]),
        discount_excl=D(discount[0]),
        discount_incl=D(discount[1]),
        tax_rates=(),
    )
    return replace(one, quantity=D(quantity))


@pytest.mark.parametrize(
    ("rate", "quantity", "unit", "total"),
    [
        ("0.09", "10", ("3.60", "3.924"), ("36.00", "39.20")),
        ("0.09", "10", ("3.60", "3.92"), ("36.00", "39.20")),
        ("0.21", "22", ("121.28", "146.7488"), ("2668.16", "3228.50")),
        ("0.21", "100", ("1.6446", "1.99"), ("164.00", "199.00")),  # 1.64 without VAT
        ("0.21", "100", ("1.6446", "1.99"), ("164.46", "199.00")),
        ("0.09", "10", ("3.6049", "3.9293"), ("36.05", "39.30")),
        ("0.21", "10", ("56.405", "68.25"), ("564.10", "682.50")),  # 56.40496, rounded twice
        ("0.21", "10", ("56.41", "68.25"), ("564.10", "682.50")),
        ("0.09", "2.5", ("3.60", "3.924"), ("9.00", "9.80")),  # metres
        ("0.09", "12.75", ("3.6049", "3.9293"), ("45.96", "50.11")),
        ("0.21", "10000", ("0.10", "0.121"), ("1000.00", "1200.00")),
        ("0.21", "999", ("12.3554", "14.95"), ("12343.04", "14935.05")),  # 12.355372 a piece
        ("0.09", "-10", ("3.60", "3.924"), ("-36.00", "-39.20")),
    ],
)
def test_a_line_that_was_rounded_by_the_piece_is_booked_as_the_shop_says(
    rate: str, quantity: str, unit: Two, total: Two
) -> None:
    more = order_line("100000.00")  # an order is never below zero
    booked = book(order(make_line(rate, quantity, unit, total), more)).lines[0]
    assert (booked.excl, booked.incl) == (D(total[0]), D(total[1]))
    assert booked.quantity == D(quantity)
    assert booked.quantity * booked.unit_excl == pytest.approx(booked.excl, abs=D("0.005"))
    assert booked.quantity * booked.unit_incl == pytest.approx(booked.incl, abs=D("0.005"))


@pytest.mark.parametrize(
    ("rate", "quantity", "unit", "total"),
    [
        ("0.09", "10", ("3.60", "3.924"), ("36.00", "39.30")),  # 3.93: more than half a cent
        ("0.09", "10", ("3.60", "3.924"), ("36.00", "39.19")),  # not ten times whole cents
        ("0.09", "10", ("3.60", "3.924"), ("36.00", "39.28")),
        ("0.09", "10", ("3.6049", "3.9293"), ("36.00", "39.30")),  # both rounded, and apart
        ("0.09", "10000", ("0.0230", "0.0251"), ("200.00", "300.00")),
        ("0.21", "10000", ("0.0040", "0.0048"), ("40.00", "0.00")),
        ("0.21", "22", ("121.28", "146.7488"), ("2668.16", "3228.28")),
        ("0.21", "10000", ("0.10", "0.121"), ("1000.00", "1210.50")),
        ("0.21", "10000", ("0.10", "0.121"), ("1000.00", "1300.00")),
        ("0.21", "10000", ("0.10", "0.121"), ("1000.00", "1205.00")),
        ("0.09", "10000", ("0.10", "0.12"), ("1000.00", "1200.00")),  # the other rate
        ("0.21", "100", ("3.60", "3.924"), ("360.00", "392.00")),
        ("0.09", "2.5", ("3.60", "3.924"), ("9.00", "9.84")),
        ("0.21", "0", ("3.60", "3.924"), ("36.00", "39.20")),
    ],
)
def test_what_rounding_by_the_piece_does_not_explain_is_held(
    rate: str, quantity: str, unit: Two, total: Two
) -> None:
    found = hold(order(make_line(rate, quantity, unit, total)))
    assert found.reason is HoldReason.VAT_DIFFERS
    assert (found.figures["line_excl"], found.figures["line_incl"]) == total


def test_an_article_with_a_surcharge_is_rounded_by_the_piece_as_well() -> None:
    """Its unit price lacks the surcharge; 3.60 and 3.92 in whole cents are one price all the same,
    3.60 and 3.93 are not.
    """
    (one,) = book(order(make_line("0.09", "10", ("3.00", "3.27"), ("36.00", "39.20")))).lines
    assert (one.excl, one.incl) == (D("36.00"), D("39.20"))
    assert (one.quantity, one.description) == (D(1), "10 × Keramische mok")
    dearer = order(make_line("0.09", "10", ("3.00", "3.27"), ("36.00", "39.30")))
    assert hold(dearer).reason is HoldReason.VAT_DIFFERS


@pytest.mark.parametrize(
    ("rate", "quantity", "unit", "discount", "total"),
    [
        ("0.21", "1", ("56.405", "68.25"), ("5.64", "6.83"), ("50.77", "61.42")),
        ("0.09", "10", ("3.60", "3.924"), ("3.60", "3.92"), ("32.40", "35.28")),
        ("0.09", "10", ("3.60", "3.924"), ("3.60", "3.924"), ("32.40", "35.28")),
        ("0.09", "10", ("4.00", "4.36"), ("4.00", "4.40"), ("36.00", "39.20")),  # by the piece
        ("0.21", "10000", ("0.10", "0.121"), ("500.00", "600.00"), ("500.00", "600.00")),
        ("0.09", "10", ("3.60", "3.924"), ("36.00", "39.20"), ("0.00", "0.00")),
    ],
)
def test_a_discount_is_rounded_by_itself(
    rate: str, quantity: str, unit: Two, discount: Two, total: Two
) -> None:
    cheaper = make_line(rate, quantity, unit, total, discount)
    booked = book(order(cheaper, order_line("24.20"))).lines[0]
    assert (booked.excl, booked.incl) == (D(total[0]), D(total[1]))


@pytest.mark.parametrize(
    ("unit", "discount", "total"),
    [
        (("0.10", "0.121"), ("500.00", "590.00"), ("500.00", "610.00")),
        (("0.10", "0.121"), ("500.00", "610.00"), ("500.00", "590.00")),
        (("0.10", "0.121"), ("1.00", "1.27"), ("999.00", "1198.73")),
    ],
)
def test_many_pieces_explain_no_discount_at_another_rate(
    unit: Two, discount: Two, total: Two
) -> None:
    found = hold(order(make_line("0.21", "10000", unit, total, discount)))
    assert found.reason is HoldReason.VAT_DIFFERS


def test_a_discount_at_the_rate_itself_needs_no_pieces() -> None:
    sold = make_line("0.21", "10000", ("0.10", "0.121"), ("500.00", "595.00"), ("500.00", "605.00"))
    assert book(order(sold)).vat == D("95.00")


@pytest.mark.parametrize(
    ("excl", "incl", "is_booked"),
    [
        ("50.77", "61.42", True),  # 10.65; 21 % is 10.6617, in whole cents 10.66
        ("50.77", "61.44", True),
        ("50.77", "61.41", False),
        ("50.77", "61.45", False),
        ("-50.77", "-61.42", True),
        ("-50.77", "-61.45", False),
    ],
)
def test_vat_is_within_a_cent_of_the_vat_in_whole_cents(
    excl: str, incl: str, is_booked: bool
) -> None:
    one = make_line("0.21", "1", (excl, incl), (excl, incl))
    sold = order(one, order_line("1.00", "0"), order_line("100.00", "0.09"))
    if is_booked:
        assert book(sold).lines[0].vat == D(incl) - D(excl)
    else:
        assert hold(sold).reason is HoldReason.VAT_DIFFERS


def test_whole_cents_too_much_on_every_line_add_up_to_more_than_rounding() -> None:
    """10.65 is a cent below 21 % of 50.77 in whole cents: once that is rounding, ten times not."""
    off = make_line("0.21", "1", ("50.77", "61.42"), ("50.77", "61.42"))
    assert book(order(off)).vat == D("10.65")
    found = hold(order(*[off] * 10))
    assert (found.reason, found.detail) == (HoldReason.VAT_DIFFERS, "21%")
    assert dict(found.figures) == {
        "lines_excl": "507.70",
        "lines_incl": "614.20",
        "lines_vat": "106.50",
        "expected_vat": "106.62",
    }
    right = make_line("0.21", "1", ("50.76", "61.42"), ("50.76", "61.42"))
    assert book(order(*[right] * 10)).vat == D("106.60")


def test_lines_that_are_wrong_together_were_not_divided() -> None:
    right = make_line("0.21", "1", ("10.00", "12.10"), ("10.00", "12.10"))
    off = make_line("0.21", "1", ("10.00", "12.13"), ("10.00", "12.13"))
    assert hold(order(right, off, right)).figures["line_incl"] == "12.13"


def test_a_line_with_a_discount_was_rounded_twice_on_either_side() -> None:
    """10.00 may be 9.99 and a bit, and 12.12 as much less."""
    cheaper = make_line("0.21", "1", ("11.00", "13.31"), ("10.00", "12.12"), ("1.00", "1.19"))
    assert book(order(cheaper)).vat == D("2.12")
    assert hold(order(replace(cheaper, price_incl=D("12.13")))).detail == "21%"
    plain = make_line("0.21", "1", ("10.00", "12.12"), ("10.00", "12.12"))
    assert hold(order(plain)).detail == "21%"


def test_what_was_rounded_on_the_whole_may_be_divided_so_that_one_line_takes_the_rest() -> None:
    """Nine lines of 1.04 are 0.95 each and 9.36 / 1.09 is 8.59: the last has 0.99."""
    each = make_line("0.09", "1", ("0.95", "1.04"), ("0.95", "1.04"))
    last = make_line("0.09", "1", ("0.99", "1.04"), ("0.99", "1.04"))
    verdict = book(order(*[each] * 8, last))
    assert (verdict.excl, verdict.vat) == (D("8.59"), D("0.77"))
    assert hold(order(each, last)).reason is HoldReason.VAT_DIFFERS
    more = make_line("0.09", "1", ("1.07", "1.04"), ("1.07", "1.04"))  # half a cent a line is 0.047
    less = replace(each, price_excl=D("0.87"))
    assert hold(order(less, *[each] * 7, more)).reason is HoldReason.VAT_DIFFERS


@pytest.mark.parametrize("side", ["shipment", "payment"])
@pytest.mark.parametrize(
    ("excl", "incl", "taxes"),
    [
        ("10.02", "12.12", (("0.21", "2.10"), ("0", "0"))),
        ("10.02", "12.12", (("0", "0"), ("0.21", "2.10"))),
        ("5.04", "5.49", (("0.09", "0.45"), ("0", "0"))),
        ("10.02", "12.12", (("0.21", "2.10"), ("0.09", "0"), ("0", "0"))),
        ("-10.02", "-12.12", (("0.21", "-2.10"), ("0", "0"))),
        ("10.01", "12.11", (("0.21", "2.1001"), ("0", "0"))),  # only the line is in cents
    ],
)
def test_a_rate_of_zero_that_is_listed_for_rounding_only_makes_no_line(
    side: str, excl: str, incl: str, taxes: tuple[Two, ...]
) -> None:
    listed = charge(incl, price_excl=D(excl), tax_rates=tuple(tax(*one) for one in taxes))
    (_, one) = book(order(order_line("24.20"), **{side: listed})).lines
    assert (one.excl, one.incl) == (D(excl), D(incl))
    assert one.treatment.rate == max(D(rate) for rate, _ in taxes)
    assert "btw" not in one.description


def test_a_consumer_abroad_is_asked_for_no_vat_number_for_rounding() -> None:
    listed = charge("12.12", price_excl=D("10.02"), tax_rates=(tax("0.21", "2.10"), tax("0", "0")))
    sold = order(order_line("24.20"), shipment=listed, billing=BELGIUM, shipping=BELGIUM)
    assert [one.treatment.rate for one in book(sold).lines] == [D("0.21"), D("0.21")]


def test_a_line_of_articles_may_list_a_rate_of_zero_for_rounding_only() -> None:
    taxes = (tax("0.21", "2.10"), tax("0", "0"))
    mug = order_line("12.12", price_excl=D("10.02"), tax_rates=taxes)
    (one,) = book(order(mug)).lines
    assert (one.treatment.rate, one.excl, one.description) == (
        D("0.21"),
        D("10.02"),
        "Keramische mok",
    )


@pytest.mark.parametrize(
    ("excl", "incl", "taxes", "untaxed"),
    [
        ("10.04", "12.14", (("0.21", "2.10"), ("0", "0")), "0.04"),  # 3.4 cents are rounding
        ("5.07", "5.52", (("0.09", "0.45"), ("0", "0")), "0.07"),  # 6.6 cents
        ("5.66", "6.56", (("0.21", "0.70"), ("0.09", "0.20"), ("0", "0")), "0.11"),
    ],
)
def test_a_part_without_vat_stays_when_it_is_more_than_rounding(
    excl: str, incl: str, taxes: tuple[Two, ...], untaxed: str
) -> None:
    listed = charge(incl, price_excl=D(excl), tax_rates=tuple(tax(*one) for one in taxes))
    *_, last = book(order(order_line("24.20"), shipment=listed)).lines
    assert (last.treatment.rate, last.excl, last.vat) == (D(0), D(untaxed), D("0.00"))


def test_several_rates_take_what_rounding_left_and_none_goes_to_the_rate_of_zero() -> None:
    taxes = (tax("0.21", "0.70"), tax("0.09", "0.20"), tax("0", "0"))
    listed = charge("6.50", price_excl=D("5.60"), tax_rates=taxes)
    parts = book(order(order_line("24.20"), shipment=listed)).lines[1:]
    assert [(one.treatment.rate, one.excl) for one in parts] == [
        (D("0.21"), D("3.35")),
        (D("0.09"), D("2.25")),
    ]
