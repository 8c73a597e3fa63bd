"""Do the lines add up to the order? The one visible rounding line, and totals per treatment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.domain.drafts import ONE
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import InvoiceLine, LineKind, RateTotal, VatTreatment
from chalicelib.domain.money import CENT, ZERO, near, total

LARGEST_ROUNDING = Decimal("0.05")
ROUNDING = "Afrondingsverschil: regels en totaal van de webwinkel"


@dataclass(frozen=True, slots=True)
class Amount:
    """Two amounts that belong together, in cents: without and with VAT."""

    excl: Decimal
    incl: Decimal

    @property
    def vat(self) -> Decimal:
        """What lies between them."""
        return self.incl - self.excl


def close(lines: Sequence[InvoiceLine], wanted: Amount) -> tuple[InvoiceLine, ...]:
    """Make the lines add up to what the shop asks for, excluding and including VAT.

    A difference of at most 5 cents on each side (and in the VAT between them) becomes one rounding
    line, so that no rate appears that the order does not have: under the treatment that weighs most
    among those where, with it, base times rate is still the VAT within a cent a line. Any other
    difference raises `HeldBack`.
    """
    found = Amount(total([line.excl for line in lines]), total([line.incl for line in lines]))
    gap = Amount(wanted.excl - found.excl, wanted.incl - found.incl)
    if gap.excl == gap.incl == 0:
        return tuple(lines)
    if _is_rounding(gap):
        for treatment in _by_weight(lines):
            rounding = _rounding(len(lines) + 1, treatment, gap)
            if _vat_fits(rounding, lines):
                return (*lines, rounding)
    raise _totals_differ(found, wanted)


def totals_by_treatment(lines: Sequence[InvoiceLine]) -> tuple[RateTotal, ...]:
    """Add lines up per VAT treatment: highest rate first, then kind and country."""
    groups: dict[VatTreatment, list[InvoiceLine]] = {}
    for line in lines:
        groups.setdefault(line.treatment, []).append(line)
    ordered = sorted(groups, key=lambda one: (-one.rate, one.kind, one.country, one.vat_class))
    return tuple(
        RateTotal(
            treatment=treatment,
            excl=total([line.excl for line in groups[treatment]]),
            vat=total([line.vat for line in groups[treatment]]),
            incl=total([line.incl for line in groups[treatment]]),
        )
        for treatment in ordered
    )


def _by_weight(lines: Sequence[InvoiceLine]) -> Iterator[VatTreatment]:
    """The treatments, that with the largest base first, among equals the higher rate."""
    totals = totals_by_treatment(lines)
    for one in sorted(totals, key=lambda one: (abs(one.excl), one.treatment.rate), reverse=True):
        yield one.treatment


def _is_rounding(gap: Amount) -> bool:
    return all(near(one, ZERO, LARGEST_ROUNDING) for one in (gap.excl, gap.vat, gap.incl))


def _vat_fits(rounding: InvoiceLine, lines: Sequence[InvoiceLine]) -> bool:
    """Whether base times rate is the VAT, within a cent a line, with a rounding line under it; at
    the rate 0 there is none to round.
    """
    rate = rounding.treatment.rate
    if rate == 0:
        return rounding.vat == 0
    of_rate = [rounding, *(line for line in lines if line.treatment == rounding.treatment)]
    base, vat = total([line.excl for line in of_rate]), total([line.vat for line in of_rate])
    return near(vat, base * rate, CENT * len(of_rate))


def _rounding(index: int, treatment: VatTreatment, gap: Amount) -> InvoiceLine:
    return InvoiceLine(
        index=index,
        kind=LineKind.ROUNDING,
        article_code="",
        description=ROUNDING,
        quantity=ONE,
        unit_excl=gap.excl,
        unit_incl=gap.incl,
        treatment=treatment,
        excl=gap.excl,
        vat=gap.vat,
        incl=gap.incl,
    )


def _totals_differ(found: Amount, wanted: Amount) -> HeldBack:
    figures = {
        "lines_excl": found.excl,
        "order_excl": wanted.excl,
        "lines_incl": found.incl,
        "order_incl": wanted.incl,
    }
    return HeldBack(HoldReason.TOTALS_DIFFER, figures=figures)
