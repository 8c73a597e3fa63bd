"""Whichever way a shop rounds, its orders are booked as it says; all else is held."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice, InvoiceLine, LineKind
from chalicelib.domain.judgement import judge
from chalicelib.domain.orders import Order, OrderLine
from tests.books.oracle import books_of
from tests.books.roundings import Way, any_sale, sales
from tests.books.strategies import D
from tests.chance import brisk
from tests.fakes.documents_of_shop import order, terms

pytestmark = pytest.mark.slow

TAXED = (D("0.21"), D("0.09"))
HALF = D("0.005")
PIECE = D("0.00505")  # half a cent, of a price in four decimals


def booked(sold: Order) -> Invoice:
    verdict = judge(sold, terms())
    assert isinstance(verdict, Invoice), verdict
    return verdict


def held(sold: Order) -> Hold:
    verdict = judge(sold, terms())
    assert isinstance(verdict, Hold), verdict
    return verdict


def excess(excl: Decimal, incl: Decimal, rate: Decimal) -> Decimal:
    """By how much the VAT differs from base × rate."""
    return abs(incl - excl - excl * rate)


def most_of(line: OrderLine) -> Decimal:
    """What rounding a line by the piece, and its discount by the line, can come to."""
    pieces = abs(line.quantity) * PIECE * (1 + line.tax_rate)
    return pieces + 2 * HALF * (2 + line.tax_rate)


def is_large(line: OrderLine) -> bool:
    """Whether the smallest step between two rates, 9 %, is more of this line than rounding
    explains: of a few cents, any rate could have been rounded.
    """
    return abs(line.price_excl) * min(TAXED) > 2 * most_of(line)


def without_rounding(invoice: Invoice) -> list[InvoiceLine]:
    return [line for line in invoice.lines if line.kind is not LineKind.ROUNDING]


@pytest.mark.parametrize("way", list(Way), ids=lambda way: way.name)
@brisk
@given(st.data())
def test_an_order_is_booked_to_the_cent_as_the_shop_says(way: Way, data: st.DataObject) -> None:
    sold = data.draw(sales(way))
    invoice = booked(sold)
    assert (invoice.excl, invoice.incl) == (sold.price_excl, sold.price_incl)
    lines = without_rounding(invoice)
    for line, bought in zip(lines, sold.lines, strict=True):
        assert (line.excl, line.incl) == (bought.price_excl, bought.price_incl)
        if line.excl or line.incl:
            assert line.treatment.rate == bought.tax_rate
        assert abs(line.quantity * line.unit_excl - line.excl) <= HALF
        assert abs(line.quantity * line.unit_incl - line.incl) <= HALF
    assert len(invoice.lines) - len(lines) <= (1 if way is Way.ON_THE_WHOLE else 0)


@brisk
@given(any_sale())
def test_the_naive_calculator_books_them_as_well(sold: Order) -> None:
    expected, invoice = books_of(sold), booked(sold)
    assert expected.refused == []
    shown: dict[Decimal, list[Decimal]] = defaultdict(lambda: [D(0), D(0)])
    for line in without_rounding(invoice):
        shown[line.treatment.rate][0] += line.excl
        shown[line.treatment.rate][1] += line.incl
    for rate, amounts in expected.rates.items():
        assert shown[D(rate.numerator) / D(rate.denominator)] == [
            D(one.numerator) / D(one.denominator) for one in amounts
        ]


@pytest.mark.parametrize("way", [Way.BY_LINE, Way.BY_PIECE], ids=lambda way: way.name)
@pytest.mark.parametrize("side", ["price_excl", "price_incl"])
@brisk
@given(st.data())
def test_a_cent_more_than_rounding_explains_is_held(
    side: str, way: Way, data: st.DataObject
) -> None:
    (line,) = data.draw(sales(way, rates=TAXED, most=1)).lines
    sign = data.draw(st.sampled_from([1, -1]))
    # Two cents more than the bound: one for the cent, one because this line used part of it.
    by = 2 * (most_of(line) + D("0.02")).quantize(D("0.01")) * sign
    off = replace(line, **{side: getattr(line, side) + by})
    assume(min(off.price_excl, off.price_incl) >= 0)
    found = held(order(off))
    assert (found.reason, found.detail) == (
        HoldReason.VAT_DIFFERS,
        f"{line.tax_rate * 100:f}%".replace(".00", ""),
    )
    assert found.figures["line_vat"] == f"{off.price_incl - off.price_excl:.2f}"


@pytest.mark.parametrize("way", [Way.BY_LINE, Way.BY_PIECE], ids=lambda way: way.name)
@brisk
@given(st.data())
def test_a_line_at_the_other_rate_is_held(way: Way, data: st.DataObject) -> None:
    (line,) = data.draw(sales(way, rates=TAXED, most=1)).lines
    assume(is_large(line))
    wrong = replace(line, tax_rate=sum(TAXED, D(0)) - line.tax_rate)
    assert held(order(wrong)).reason is HoldReason.VAT_DIFFERS
    untaxed = replace(line, tax_rate=D(0))
    assert held(order(untaxed)).reason is HoldReason.VAT_DIFFERS


@pytest.mark.parametrize("way", [Way.BY_LINE, Way.BY_PIECE], ids=lambda way: way.name)
@brisk
@given(st.data())
def test_two_lines_that_swapped_their_rates_are_held(way: Way, data: st.DataObject) -> None:
    (high,) = data.draw(sales(way, rates=TAXED[:1], most=1)).lines
    (low,) = data.draw(sales(way, rates=TAXED[1:], most=1)).lines
    assume(is_large(high) and is_large(low))
    swapped = order(replace(high, tax_rate=TAXED[1]), replace(low, tax_rate=TAXED[0]))
    assert held(swapped).reason is HoldReason.VAT_DIFFERS


@brisk
@given(any_sale(), st.data())
def test_no_disturbed_order_is_booked_that_the_naive_calculator_refuses(
    sold: Order, data: st.DataObject
) -> None:
    """Amounts of any line and of the total are moved, far or by a cent; both judge alike."""
    cents = st.one_of(st.integers(-3, 3), st.integers(-60, 60), st.integers(-9999, 9999))
    moved = [
        replace(
            line,
            price_excl=line.price_excl + D(data.draw(cents)) / 100,
            price_incl=line.price_incl + D(data.draw(cents)) / 100,
        )
        if data.draw(st.booleans())
        else line
        for line in sold.lines
    ]
    disturbed = order(*moved)
    if data.draw(st.booleans()):
        few = st.integers(-6, 6)
        disturbed = replace(
            disturbed,
            price_excl=disturbed.price_excl + D(data.draw(few)) / 100,
            price_incl=disturbed.price_incl + D(data.draw(few)) / 100,
        )
    assume(min(disturbed.price_excl, disturbed.price_incl) >= 0)
    refused, verdict = books_of(disturbed).refused, judge(disturbed, terms())
    assert isinstance(verdict, Hold) == bool(refused), (refused, verdict)
    if isinstance(verdict, Hold):
        reasons = {"vat": HoldReason.VAT_DIFFERS}
        assert verdict.reason is reasons.get(refused[0], HoldReason.TOTALS_DIFFER)


@brisk
@given(any_sale(), st.data())
def test_no_booked_order_deviates_by_more_than_rounding_explains(
    sold: Order, data: st.DataObject
) -> None:
    cents = st.integers(-40, 40)
    moved = [
        replace(line, price_incl=line.price_incl + D(data.draw(cents)) / 100) for line in sold.lines
    ]
    assume(sum(line.price_incl for line in moved) >= 0)
    verdict = judge(order(*moved), terms())
    if not isinstance(verdict, Invoice):
        return
    for line, bought in zip(verdict.lines, moved, strict=True):
        rate = line.treatment.rate
        divided = HALF * (2 + rate) * len(moved)
        assert excess(line.excl, line.incl, rate) <= max(most_of(bought), divided)
    for total in verdict.totals:
        rate = total.treatment.rate
        most = sum(
            (most_of(bought) for bought in moved if bought.tax_rate == rate), HALF * (2 + rate)
        )
        assert excess(total.excl, total.incl, rate) <= most
