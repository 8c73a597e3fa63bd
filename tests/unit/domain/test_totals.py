"""Lines and order add up: to the cent, by one rounding line, or the order is held."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice, LineKind
from chalicelib.domain.judgement import judge
from chalicelib.domain.orders import Order
from tests.fakes.documents_of_shop import charge, order, order_line, terms
from tests.unit.domain.verdicts import book, hold

D = Decimal


def off(sold: Order, excl: str, incl: str) -> Order:
    """The order with a total that is this much more than its lines."""
    return replace(sold, price_excl=sold.price_excl + D(excl), price_incl=sold.price_incl + D(incl))


@pytest.mark.parametrize("cents", ["0.01", "0.02", "-0.02"])
def test_what_rounding_explains_becomes_one_visible_rounding_line(cents: str) -> None:
    verdict = book(off(order(*[order_line("49.95")] * 3), cents, cents))
    *_, rounding = verdict.lines
    assert rounding.kind is LineKind.ROUNDING
    assert rounding.index == 4
    assert (rounding.excl, rounding.vat, rounding.incl) == (D(cents), D("0.00"), D(cents))
    assert (rounding.quantity * rounding.unit_excl, rounding.unit_incl) == (D(cents), D(cents))
    assert rounding.article_code == ""
    assert rounding.description == "Afrondingsverschil: regels en totaal van de webwinkel"
    assert rounding.treatment == verdict.lines[0].treatment
    assert verdict.incl == D("149.85") + D(cents)


@pytest.mark.parametrize(
    ("many", "most", "more"),
    [
        (1, ("0.01", "0.01"), ("0.02", "0.02")),
        (3, ("0.02", "0.02"), ("0.02", "0.03")),
        (9, ("0.04", "0.05"), ("0.05", "0.06")),
        (29, ("0.12", "0.15"), ("0.13", "0.16")),
    ],
)
def test_half_a_cent_for_each_line_and_for_the_total_is_the_most(
    many: int, most: tuple[str, str], more: tuple[str, str]
) -> None:
    bought = order(*[order_line("12.10")] * many)
    rounding = book(off(bought, *most)).lines[-1]
    assert (rounding.excl, rounding.incl) == (D(most[0]), D(most[1]))
    assert hold(off(bought, *more)).reason is HoldReason.TOTALS_DIFFER


def test_a_discount_was_rounded_as_well_and_a_free_article_was_not() -> None:
    cheaper = order(order_line("12.10", discount="1.21"), order_line("12.10"))
    assert book(off(cheaper, "0.02", "0.02")).lines[-1].kind is LineKind.ROUNDING
    given = order(order_line("12.10", discount="12.10"), order_line("12.10"))
    assert hold(off(given, "0.02", "0.02")).reason is HoldReason.TOTALS_DIFFER


def test_rounding_goes_where_most_of_the_order_is() -> None:
    sold = order(order_line("10.00", "0.09"), order_line("50.00"), price_excl=D("50.50"))
    verdict = book(sold)
    assert verdict.lines[-1].kind is LineKind.ROUNDING
    assert verdict.lines[-1].treatment.rate == D("0.21")
    assert (verdict.lines[-1].excl, verdict.lines[-1].vat) == (D("0.01"), D("-0.01"))
    sold = order(order_line("100.00", "0.09"), order_line("50.00"), price_excl=D("133.08"))
    assert book(sold).lines[-1].treatment.rate == D("0.09")


@pytest.mark.parametrize(
    ("excl", "incl"), [("0.06", "0.01"), ("0.01", "0.06"), ("-0.03", "0.03"), ("0.05", "-0.01")]
)
def test_ten_lines_explain_five_cents_and_no_base_without_its_vat(excl: str, incl: str) -> None:
    bought = order(*[order_line("24.20")] * 10)
    assert hold(off(bought, excl, incl)).reason is HoldReason.TOTALS_DIFFER


def test_the_base_of_the_rounding_line_counts_for_the_vat_as_well() -> None:
    verdict = book(off(order(*[order_line("121.00")] * 9), "0.03", "0.05"))
    assert (verdict.lines[-1].excl, verdict.lines[-1].vat) == (D("0.03"), D("0.02"))


def test_of_equal_bases_the_higher_rate_takes_the_rounding() -> None:
    sold = order(order_line("109.00", "0.09"), order_line("121.00"), price_incl=D("230.01"))
    assert book(sold).lines[-1].treatment.rate == D("0.21")


@pytest.mark.parametrize(
    ("excl", "incl"),
    [("41.34", "49.95"), ("41.28", "50.01"), ("41.22", "49.95"), ("41.23", "50.00")],
)
def test_more_than_rounding_explains_is_held_with_the_numbers(excl: str, incl: str) -> None:
    found = hold(order(order_line("49.95"), price_excl=D(excl), price_incl=D(incl)))
    assert (found.reason, found.detail) == (HoldReason.TOTALS_DIFFER, "")
    assert dict(found.figures) == {
        "lines_excl": "41.28",
        "order_excl": excl,
        "lines_incl": "49.95",
        "order_incl": incl,
    }


@pytest.mark.parametrize(
    ("excl", "incl", "is_booked"),
    [
        ("41.28", "49.96", True),  # 8.68: a cent from 8.67
        ("41.28", "49.94", True),
        ("41.29", "49.96", True),
        ("41.28", "49.97", False),
        ("41.28", "49.93", False),
        ("41.33", "49.95", False),
        ("41.32", "50.00", False),  # right at its rate, but the shop rounded twice and no more
        ("41.29", "49.94", False),  # base up, VAT down
    ],
)
def test_a_rounding_line_leaves_the_vat_of_its_rate_right_on_the_whole(
    excl: str, incl: str, is_booked: bool
) -> None:
    sold = order(order_line("49.95"), price_excl=D(excl), price_incl=D(incl))
    if is_booked:
        assert book(sold).lines[-1].kind is LineKind.ROUNDING
    else:
        assert hold(sold).reason is HoldReason.TOTALS_DIFFER


def test_a_shop_that_rounds_excl_on_the_total_is_booked_to_its_own_vat() -> None:
    """Five lines of 2.02 are 1.67 each, 8.35 together; 10.10 / 1.21 is 8.35 rounded once."""
    many = [order_line("2.04") for _ in range(5)]  # 1.69 each; 10.20 / 1.21 is 8.43
    rounding = book(order(*many, price_excl=D("8.43"))).lines[-1]
    assert (rounding.excl, rounding.vat, rounding.incl) == (D("-0.02"), D("0.02"), D("0.00"))


def test_rounding_goes_where_the_vat_still_fits() -> None:
    many = [order_line("1.04", "0.09") for _ in range(9)]  # 0.95 each; 9.36 / 1.09 is 8.59
    sold = order(*many, order_line("50.00"), price_excl=D("49.91"))
    rounding = book(sold).lines[-1]
    assert (rounding.treatment.rate, rounding.excl, rounding.vat) == (
        D("0.09"),
        D("0.04"),
        D("-0.04"),
    )


def test_of_several_rates_one_takes_the_rounding_of_all() -> None:
    """Ten lines a rate, each shown 0.4 cents too low: on the whole 4 cents at either rate."""
    high = [order_line("1.20")] * 10  # 0.99 each; 12.00 / 1.21 is 9.92
    low = [order_line("1.04", "0.09")] * 10  # 0.95 each; 10.40 / 1.09 is 9.54
    rounding = book(off(order(*high, *low), "0.06", "0.00")).lines[-1]
    assert (rounding.treatment.rate, rounding.excl, rounding.vat) == (
        D("0.21"),
        D("0.06"),
        D("-0.06"),
    )


def test_a_difference_in_vat_goes_where_vat_is() -> None:
    sold = order(
        order_line("100.00", "0"),
        order_line("12.10"),
        order_line("5.45", "0.09"),
        price_excl=D("115.01"),
    )
    rounding = book(sold).lines[-1]
    assert rounding.treatment.rate == D("0.21")
    assert (rounding.excl, rounding.vat) == (D("0.01"), D("-0.01"))
    even = replace(sold, price_excl=D("115.01"), price_incl=D("117.56"))
    assert book(even).lines[-1].treatment.rate == 0


def test_rounding_never_brings_vat_into_an_order_without() -> None:
    free = order(order_line("49.95", "0"), price_excl=D("49.94"))
    assert hold(free).reason is HoldReason.TOTALS_DIFFER
    even = order(order_line("49.95", "0"), price_excl=D("49.94"), price_incl=D("49.94"))
    assert book(even).lines[-1].treatment.rate == 0


def test_nothing_is_rounded_where_nothing_has_to_be() -> None:
    kinds = {one.kind for one in book(order(order_line("49.95"), shipment=charge("4.95"))).lines}
    assert LineKind.ROUNDING not in kinds


def test_an_order_of_nothing_at_all_is_held() -> None:
    empty = order(price_excl=D(0), price_incl=D(0), lines=())
    assert hold(empty).reason is HoldReason.NO_LINES


def test_an_order_below_zero_is_held() -> None:
    found = hold(order(order_line("-10.00")))
    assert found.reason is HoldReason.NEGATIVE_TOTAL
    assert dict(found.figures) == {"order_excl": "-8.26", "order_incl": "-10.00"}


def test_a_negative_line_is_a_discount_by_another_name() -> None:
    verdict = book(order(order_line("24.20"), order_line("-4.84")))
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
    verdict = book(
        order(
            order_line("10.90", "0.09"),
            order_line("24.20"),
            order_line("5.00", "0"),
            order_line("12.10"),
        )
    )
    assert [(one.treatment.rate, one.excl, one.vat, one.incl) for one in verdict.totals] == [
        (D("0.21"), D("30.00"), D("6.30"), D("36.30")),
        (D("0.09"), D("10.00"), D("0.90"), D("10.90")),
        (D("0"), D("5.00"), D("0.00"), D("5.00")),
    ]
