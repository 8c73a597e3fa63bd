"""Shops that round by the line, by the piece or on the whole: hypothesis strategies.

A `Sale` is what a shop of one of these ways says of an order. The shop's own side of VAT is exact
but for its cents; the other side follows by the rate and is rounded where the way says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.orders import Order, OrderLine
from tests.books.strategies import D, to_cents, to_four
from tests.fakes.documents_of_shop import order

RATES = (D("0.21"), D("0.09"), D(0))


class Way(Enum):
    """Where a shop rounds the side that it derives."""

    BY_LINE = auto()
    BY_PIECE = auto()
    ON_THE_WHOLE = auto()  # lines are shown rounded one by one; the total is not their sum
    DIVIDED = auto()  # on the whole, and the last line of a rate takes what is left


class Discount(Enum):
    """How a discount comes to its other side."""

    NONE = auto()
    IN_THE_LINE = auto()  # what is left of the line is rounded
    BY_ITSELF = auto()  # line and discount are rounded apart
    BY_PIECE = auto()


@dataclass(frozen=True)
class Shop:
    """Whether the shop's own prices include VAT, and with how many decimals."""

    includes_vat: bool
    decimals: int

    def derive(self, own: Decimal, rate: Decimal) -> Decimal:
        """The other side, exactly."""
        return own / (1 + rate) if self.includes_vat else own * (1 + rate)

    def derive_piece(self, own: Decimal, rate: Decimal) -> Decimal:
        """The other side in cents; without VAT there is nothing to derive."""
        return to_cents(self.derive(own, rate)) if rate else own

    def pair(self, own: Decimal, other: Decimal) -> tuple[Decimal, Decimal]:
        """Both sides, without VAT first."""
        return (other, own) if self.includes_vat else (own, other)


@dataclass(frozen=True)
class Article:
    """What is bought of one article; `unit` on the shop's own side."""

    rate: Decimal
    quantity: Decimal
    unit: Decimal
    discount: Discount
    share: Decimal


def shops() -> st.SearchStrategy[Shop]:
    """Price lists including VAT are in cents; those excluding may be finer."""
    return st.sampled_from([Shop(True, 2), Shop(False, 2), Shop(False, 4)])


def quantities() -> st.SearchStrategy[Decimal]:
    pieces = st.one_of(st.integers(1, 12), st.integers(1, 999), st.just(10_000)).map(D)
    return st.one_of(pieces, st.integers(1, 200).map(lambda quarters: D(quarters) / 4))


@st.composite
def articles(draw: st.DrawFn, shop: Shop, rates: Sequence[Decimal] = RATES) -> Article:
    highest = draw(st.sampled_from([2, 30, 900]))
    finest = 1 if shop.decimals == 2 else 1000  # whose piece has VAT, also in cents
    return Article(
        rate=draw(st.sampled_from(rates)),
        quantity=draw(quantities()),
        unit=D(draw(st.integers(finest, highest * 10**shop.decimals))).scaleb(-shop.decimals),
        discount=draw(st.sampled_from([Discount.NONE, Discount.NONE, *Discount])),
        share=D(draw(st.sampled_from([5, 10, 15, 33]))) / 100,
    )


def sell_by_line(shop: Shop, one: Article) -> OrderLine:
    """The shop multiplies, subtracts the discount, and derives the other side of the line."""
    gross = to_cents(one.unit * one.quantity)
    off = D(0) if one.discount is Discount.NONE else to_cents(gross * one.share)
    other_off = to_cents(shop.derive(off, one.rate))
    other = to_cents(shop.derive(gross - off, one.rate))
    if one.discount is Discount.BY_ITSELF:
        other = to_cents(shop.derive(gross, one.rate)) - other_off
    return write_line(shop, one, (gross - off, other), (off, other_off))


def sell_by_piece(shop: Shop, one: Article) -> OrderLine:
    """The shop derives the price of a piece in cents, and multiplies both."""
    unit, other_unit = one.unit, shop.derive_piece(one.unit, one.rate)
    gross, other_gross = to_cents(unit * one.quantity), to_cents(other_unit * one.quantity)
    if one.discount is Discount.NONE:
        return write_line(shop, one, (gross, other_gross), (D(0), D(0)))
    if one.discount is Discount.BY_PIECE:
        unit = to_cents(unit * (1 - one.share))
        other_unit = shop.derive_piece(unit, one.rate)
        own, other = to_cents(unit * one.quantity), to_cents(other_unit * one.quantity)
        return write_line(shop, one, (own, other), (gross - own, other_gross - other))
    off, other_off = to_cents(gross * one.share), to_cents(other_gross * one.share)
    return write_line(shop, one, (gross - off, other_gross - other_off), (off, other_off))


def write_line(
    shop: Shop, one: Article, total: tuple[Decimal, Decimal], off: tuple[Decimal, Decimal]
) -> OrderLine:
    """The line as SEOshop gives it; own sides first."""
    unit = shop.pair(to_four(one.unit), to_four(shop.derive(one.unit, one.rate)))
    price, discount = shop.pair(*total), shop.pair(*off)
    return OrderLine(
        id=1,
        title="Mok",
        article_code="MOK",
        quantity=one.quantity,
        tax_rate=one.rate,
        base_price_excl=unit[0],
        base_price_incl=unit[1],
        discount_excl=discount[0],
        discount_incl=discount[1],
        price_excl=price[0],
        price_incl=price[1],
    )


def total_on_the_whole(shop: Shop, lines: Sequence[OrderLine]) -> dict[Decimal, Decimal]:
    """The derived side of each rate, rounded once."""
    side = "price_incl" if shop.includes_vat else "price_excl"
    return {
        rate: to_cents(
            shop.derive(
                sum((getattr(one, side) for one in lines if one.tax_rate == rate), D(0)), rate
            )
        )
        for rate in {one.tax_rate for one in lines}
    }


def divide(shop: Shop, lines: Sequence[OrderLine]) -> list[OrderLine]:
    """The lines, of which the last at each rate takes what rounding left on the whole."""
    side = "price_excl" if shop.includes_vat else "price_incl"
    divided = list(lines)
    for rate, wanted in total_on_the_whole(shop, lines).items():
        last = max(at for at, one in enumerate(lines) if one.tax_rate == rate)
        shown = sum((getattr(one, side) for one in lines if one.tax_rate == rate), D(0))
        amount = getattr(lines[last], side) + wanted - shown
        changes: dict[str, Any] = {side: amount}
        divided[last] = replace(lines[last], **changes)
    return divided


def make_order(shop: Shop, lines: Sequence[OrderLine], *, on_the_whole: bool = False) -> Order:
    """An order of these lines; its total is their sum, or rounded once a rate."""
    sold = order(*lines)
    if not on_the_whole:
        return sold
    derived = sum(total_on_the_whole(shop, lines).values(), D(0))
    side = "price_excl" if shop.includes_vat else "price_incl"
    changes: dict[str, Any] = {side: derived}
    return replace(sold, **changes)


@st.composite
def sales(draw: st.DrawFn, way: Way, *, rates: Sequence[Decimal] = RATES, most: int = 8) -> Order:
    """An order of a shop that rounds in one way."""
    shop = draw(shops())
    bought = draw(st.lists(articles(shop, rates), min_size=1, max_size=most))
    if way is Way.BY_PIECE:
        return make_order(shop, [sell_by_piece(shop, one) for one in bought])
    lines = [sell_by_line(shop, one) for one in bought]
    if way is Way.DIVIDED:
        return make_order(shop, divide(shop, lines))
    return make_order(shop, lines, on_the_whole=way is Way.ON_THE_WHOLE)


def any_sale(most: int = 8) -> st.SearchStrategy[Order]:
    """An order of a shop of any way."""
    return st.sampled_from(Way).flatmap(lambda way: sales(way, most=most))
