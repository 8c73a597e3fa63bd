"""Prices, computed as the platform does.

A shop that sells including VAT keeps the including amount of a line and derives the excluding
amount from it; a shop that sells excluding VAT does the reverse. Line totals and
costs have two decimals, unit prices and tax amounts up to four.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
FINE = Decimal("0.0001")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Tax:
    """VAT at one rate (a fraction) of one line or cost."""

    rate: Decimal
    amount: Decimal


@dataclass(frozen=True)
class Price:
    """Unit price, discount and total of one line or cost, excluding and including VAT."""

    base_excl: Decimal
    base_incl: Decimal
    discount_excl: Decimal
    discount_incl: Decimal
    excl: Decimal
    incl: Decimal
    taxes: tuple[Tax, ...]


def cents(amount: Decimal) -> Decimal:
    """Round half up to two decimals."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def fine(amount: Decimal) -> Decimal:
    """Round half up to four decimals."""
    return amount.quantize(FINE, ROUND_HALF_UP)


def price_including(rate: Decimal, quantity: int, unit: Decimal, discount: Decimal) -> Price:
    """Price a line of a shop that sells including VAT; ``unit`` and ``discount`` include VAT."""
    factor = 1 + rate
    incl = cents(unit * quantity) - cents(discount)
    tax = fine(incl - incl / factor)
    return Price(
        fine(unit / factor),
        fine(unit),
        cents(discount / factor),
        cents(discount),
        cents(incl / factor),
        incl,
        (Tax(rate, tax),),
    )


def price_excluding(rate: Decimal, quantity: int, unit: Decimal, discount: Decimal) -> Price:
    """Price a line of a shop that sells excluding VAT; ``unit`` and ``discount`` exclude VAT."""
    factor = 1 + rate
    excl = cents(unit * quantity) - cents(discount)
    return Price(
        fine(unit),
        fine(unit * factor),
        cents(discount),
        cents(discount * factor),
        excl,
        cents(excl * factor),
        (Tax(rate, fine(excl * rate)),),
    )


def price(
    includes_vat: bool,
    rate: Decimal,
    quantity: int,
    *,
    unit_incl: Decimal | None = None,
    unit_excl: Decimal | None = None,
    discount: Decimal = ZERO,
) -> Price:
    """Price a line from either unit price; ``discount`` is on the shop's own side of VAT."""
    factor = 1 + rate
    if includes_vat:
        unit = unit_incl if unit_incl is not None else fine((unit_excl or ZERO) * factor)
        return price_including(rate, quantity, unit, discount)
    unit = unit_excl if unit_excl is not None else fine((unit_incl or ZERO) / factor)
    return price_excluding(rate, quantity, unit, discount)


def price_mixed(incl: Decimal, shares: Sequence[tuple[Decimal, Decimal]]) -> Price:
    """Price a cost (shipping) spread over several rates.

    ``shares`` pairs each rate with its part of the whole (parts add up to 1); the last part
    takes the rounding difference.
    """
    taxes, excl, left = [], ZERO, incl
    for position, (rate, share) in enumerate(shares):
        part = left if position == len(shares) - 1 else cents(incl * share)
        left -= part
        taxes.append(Tax(rate, fine(part - part / (1 + rate))))
        excl += part / (1 + rate)
    return Price(fine(excl), incl, ZERO, ZERO, cents(excl), incl, tuple(taxes))


def part_of(whole: Price, quantity: int, of: int, includes_vat: bool) -> Price:
    """Return the price of ``quantity`` out of ``of`` pieces of a line (credit, part invoice)."""
    if quantity == of:
        return whole
    share = Decimal(quantity) / Decimal(of)
    rate = whole.taxes[0].rate
    if includes_vat:
        incl = cents(whole.incl * share)
        excl = cents(incl / (1 + rate))
    else:
        excl = cents(whole.excl * share)
        incl = cents(excl * (1 + rate))
    return Price(
        whole.base_excl,
        whole.base_incl,
        cents(whole.discount_excl * share),
        cents(whole.discount_incl * share),
        excl,
        incl,
        (Tax(rate, fine(whole.taxes[0].amount * share)),),
    )


def spread(discount: Decimal, totals: Sequence[Decimal]) -> list[Decimal]:
    """Divide an order-level discount over line totals, in proportion, to the cent."""
    total, left, parts = sum(totals, ZERO), discount, []
    for position, amount in enumerate(totals):
        last = position == len(totals) - 1
        part = left if last else cents(discount * amount / total) if total else ZERO
        left -= part
        parts.append(part)
    return parts


def add_taxes(lists: Sequence[Sequence[Tax]]) -> list[Tax]:
    """Add tax amounts up per rate, highest rate first."""
    sums: dict[Decimal, Decimal] = {}
    for taxes in lists:
        for tax in taxes:
            sums[tax.rate] = sums.get(tax.rate, ZERO) + tax.amount
    return [Tax(rate, sums[rate]) for rate in sorted(sums, reverse=True)]
