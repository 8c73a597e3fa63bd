"""Which amounts the VAT of a line or charge was charged on, where it carries several rates."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from chalicelib.domain.money import CENT, HALF_CENT, ZERO, round_cents, total
from chalicelib.domain.orders import TaxAmount
from chalicelib.domain.vat import NO_RATE

_ONE = Decimal(1)


def add_up_by_rate(taxes: Sequence[TaxAmount]) -> dict[Decimal, Decimal]:
    """Add up the VAT of each rate, which may be listed more than once; without the rate 0."""
    sums: dict[Decimal, Decimal] = {}
    for tax in taxes:
        if tax.rate != NO_RATE:
            sums[tax.rate] = sums.get(tax.rate, ZERO) + tax.amount
    return sums


def derive_bases(excl: Decimal, taxes: Sequence[TaxAmount]) -> dict[Decimal, Decimal]:
    """Derive the base of each rate from its VAT, in an amount of `excl` without VAT; the rate 0
    gets what is left, if it is listed and more is left than rounding explains.

    VAT in whole cents is uncertain by half a cent, which at 9 % is more than 5 cents of base. As
    far as that explains what is left, it is spread over the rates with VAT in that proportion. A
    cent more comes of rounding the line and its VAT themselves.
    """
    sums = add_up_by_rate(taxes)
    bases = {rate: tax / rate for rate, tax in sums.items()}
    missing = excl - total(bases.values())
    uncertain = dict.fromkeys(bases, ZERO)
    for tax in taxes:
        if sums.get(tax.rate) and tax.amount == round_cents(tax.amount):
            uncertain[tax.rate] += HALF_CENT / tax.rate
    most = total(uncertain.values())
    has_untaxed = any(tax.rate == NO_RATE for tax in taxes)
    if has_untaxed and missing * excl > 0 and abs(missing) > most + CENT:
        return bases | {NO_RATE: missing}
    if abs(missing) > most + CENT:
        return bases
    return {rate: base + missing * uncertain[rate] / (most or _ONE) for rate, base in bases.items()}
