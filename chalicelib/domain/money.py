"""Money to the cent: rounding half up, and dividing an amount so that nothing is lost.

All amounts are `Decimal` in the shop's currency. Rounding is the arithmetical one that the Dutch
tax office asks for (a third decimal of 5 or more goes up), the same on both sides of zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from chalicelib.lazy_dataclass import dataclass

EURO = "EUR"
ZERO = Decimal("0.00")
CENT = Decimal("0.01")
HALF_CENT = Decimal("0.005")
_FINE = Decimal("0.0001")


def round_cents(amount: Decimal) -> Decimal:
    """Round to two decimals, half away from zero; never gives a negative zero."""
    return amount.quantize(CENT, ROUND_HALF_UP) + ZERO


def round_unit_price(amount: Decimal) -> Decimal:
    """Round a unit price to four decimals, half away from zero; never gives a negative zero."""
    return amount.quantize(_FINE, ROUND_HALF_UP) + ZERO


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Add amounts of two decimals; 0.00 when there are none."""
    return sum(amounts, ZERO)


@dataclass(frozen=True, slots=True)
class Amount:
    """One sum of money, without VAT and with it."""

    excl: Decimal
    incl: Decimal

    @property
    def vat(self) -> Decimal:
        """Including minus excluding."""
        return self.incl - self.excl

    def __bool__(self) -> bool:
        return bool(self.excl or self.incl)

    def __add__(self, other: Amount) -> Amount:
        return Amount(self.excl + other.excl, self.incl + other.incl)

    def __sub__(self, other: Amount) -> Amount:
        return Amount(self.excl - other.excl, self.incl - other.incl)

    def __neg__(self) -> Amount:
        return NOTHING - self

    def __abs__(self) -> Amount:
        return Amount(abs(self.excl), abs(self.incl))

    def __mul__(self, factor: Decimal) -> Amount:
        return Amount(self.excl * factor, self.incl * factor)

    def to_cents(self) -> Amount:
        """Both rounded to the cent (`round_cents`)."""
        return Amount(round_cents(self.excl), round_cents(self.incl))


NOTHING = Amount(ZERO, ZERO)


def is_near(one: Decimal, other: Decimal, margin: Decimal) -> bool:
    """Whether two amounts differ by at most `margin` (the margin itself still counts)."""
    return abs(one - other) <= margin


def apportion(parts: Sequence[Decimal], whole: Decimal) -> list[Decimal]:
    """Round `parts` to cents that add up to `whole`, by the largest remainders.

    Each part moves by less than two cents when the unrounded parts add up to `whole` within a
    cent a part; raises ValueError when they do not, because then they are not its parts.
    """
    if not is_near(total(parts), whole, CENT * len(parts)):
        raise ValueError("the parts do not add up to the whole")
    rounded = [round_cents(part) for part in parts]
    gap = whole - total(rounded)
    most_off = max if gap > 0 else min
    for _ in range(int(abs(gap) // CENT)):
        worst = most_off(range(len(parts)), key=lambda at: parts[at] - rounded[at])
        rounded[worst] += CENT.copy_sign(gap)
    return rounded
