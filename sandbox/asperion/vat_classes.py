"""VAT as a Dutch bookkeeping package sees it: classes by rate and date, and checks of the sums.

Rates: https://wetten.overheid.nl (Wet op de omzetbelasting 1968): high 19 % until 2012-09-30 and
21 % since; low 6 % until 2018-12-31 and 9 % since.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from sandbox.asperion.imported_orders import Line

CENT = Decimal("0.01")
HIGH, LOW, NONE, FOREIGN, UNKNOWN = "high", "low", "none", "foreign", "unknown"
HIGH_RATE_21_SINCE = date(2012, 10, 1)
LOW_RATE_9_SINCE = date(2019, 1, 1)


def cents(amount: Decimal) -> Decimal:
    """Round an amount to whole cents, half away from zero."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def vat_class(rate: Decimal, on: date, country: str = "") -> str:
    """Return the class of a rate in per cent: high, low, none, foreign or unknown.

    A rate above zero that the file places in another country than the Netherlands is foreign.
    """
    if rate == 0:
        return NONE
    if country.upper() not in ("", "NL"):
        return FOREIGN
    if rate == (21 if on >= HIGH_RATE_21_SINCE else 19):
        return HIGH
    if rate == (9 if on >= LOW_RATE_9_SINCE else 6):
        return LOW
    return UNKNOWN


@dataclass
class RateTotal:
    """Amounts in euros of all lines with one rate (per cent), kind and country."""

    rate: Decimal
    kind: str
    country: str
    excl: Decimal = Decimal("0.00")
    vat: Decimal = Decimal("0.00")
    incl: Decimal = Decimal("0.00")
    lines: int = 0


def totals_per_rate(lines: Iterable[Line]) -> list[RateTotal]:
    """Add lines up per rate, kind and country, highest rate first."""
    totals: dict[tuple[Decimal, str, str], RateTotal] = {}
    for line in lines:
        key = (line.rate, line.vat_kind, line.vat_country)
        total = totals.setdefault(key, RateTotal(*key))
        total.excl += line.excl
        total.vat += line.vat
        total.incl += line.incl
        total.lines += 1
    return sorted(totals.values(), key=lambda total: (-total.rate, total.kind, total.country))


@dataclass
class CodeTotal:
    """Amounts in euros of all lines with one VAT code; the code is empty where none is chosen."""

    code: str
    excl: Decimal = Decimal("0.00")
    vat: Decimal = Decimal("0.00")
    lines: int = 0

    @property
    def incl(self) -> Decimal:
        """Total including VAT."""
        return self.excl + self.vat


def totals_per_code(lines: Iterable[tuple[str, Line]]) -> list[CodeTotal]:
    """Add lines up per VAT code, in order of code."""
    totals: dict[str, CodeTotal] = {}
    for code, line in lines:
        total = totals.setdefault(code, CodeTotal(code))
        total.excl += line.excl
        total.vat += line.vat
        total.lines += 1
    return [totals[code] for code in sorted(totals)]
