"""Do the lines add up to the order? The one visible rounding line, and totals per treatment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.domain.drafts import ONE
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import InvoiceLine, LineKind, RateTotal, VatTreatment
from chalicelib.domain.money import near, total

LARGEST_ROUNDING = Decimal("0.05")
ROUNDING = "Afrondingsverschil: regels en totaal van de webwinkel"


@dataclass(frozen=True, slots=True)
class Amount:
    """Two amounts that belong together, in cents: without and with VAT."""

    excl: Decimal
    incl: Decimal


def close(lines: Sequence[InvoiceLine], wanted: Amount) -> tuple[InvoiceLine, ...]:
    """Make the lines add up to what the shop asks for, excluding and including VAT.

    A difference of at most 5 cents on each side (and in the VAT between them) becomes one rounding
    line under the treatment that weighs most, so that no rate appears that the order does not
    have. A larger one, or one that would put VAT where there is none, raises `HeldBack`.
    """
    found = Amount(total([line.excl for line in lines]), total([line.incl for line in lines]))
    excl, incl = wanted.excl - found.excl, wanted.incl - found.incl
    if excl == incl == 0:
        return tuple(lines)
    treatment = _heaviest(lines)
    small = all(near(gap, Decimal(0), LARGEST_ROUNDING) for gap in (excl, incl, incl - excl))
    if not small or (treatment.rate == 0 and excl != incl):
        raise _totals_differ(found, wanted)
    return (*lines, _rounding(len(lines) + 1, treatment, Amount(excl, incl)))


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


def _heaviest(lines: Sequence[InvoiceLine]) -> VatTreatment:
    """The treatment with the largest base, among equals the higher rate."""
    totals = totals_by_treatment(lines)
    return max(totals, key=lambda one: (abs(one.excl), one.treatment.rate)).treatment


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
        vat=gap.incl - gap.excl,
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
