"""Lines against the total of their order: the one rounding line, and totals per VAT treatment."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from chalicelib.domain.drafts import Draft
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import InvoiceLine, LineKind, RateTotal, VatTreatment
from chalicelib.domain.lines import make_line
from chalicelib.domain.money import CENT, Amount, is_near, total
from chalicelib.domain.vat import NO_RATE

LARGEST_ROUNDING = Decimal("0.05")
ROUNDING = "Afrondingsverschil: regels en totaal van de webwinkel"


def reconcile_totals(lines: Sequence[InvoiceLine], wanted: Amount) -> tuple[InvoiceLine, ...]:
    """Make the lines add up to the document's total, excluding and including VAT.

    A difference of at most 5 cents on each side (and in the VAT between them) becomes one rounding
    line, so that no rate appears that the order does not have: under the treatment that weighs most
    among those where, with it, base times rate is still the VAT within a cent a line. Any other
    difference raises `HeldBack`.
    """
    summed = Amount(total(line.excl for line in lines), total(line.incl for line in lines))
    gap = wanted - summed
    if not gap:
        return tuple(lines)
    if max(abs(gap.excl), abs(gap.vat), abs(gap.incl)) <= LARGEST_ROUNDING:
        draft = Draft(
            kind=LineKind.ROUNDING, description=ROUNDING, unit=gap, amount=gap, rate=NO_RATE
        )
        # The largest base first; of equal ones the higher rate.
        by_base = sorted(
            sum_by_treatment(lines), key=lambda one: (-abs(one.excl), -one.treatment.rate)
        )
        for one in by_base:
            rounding = make_line(draft, one.treatment, len(lines) + 1)
            if _keeps_vat_in_margin(rounding, lines):
                return (*lines, rounding)
    figures = {"lines_excl": summed.excl, "order_excl": wanted.excl}
    figures |= {"lines_incl": summed.incl, "order_incl": wanted.incl}
    raise HeldBack(HoldReason.TOTALS_DIFFER, figures=figures)


def sum_by_treatment(lines: Sequence[InvoiceLine]) -> tuple[RateTotal, ...]:
    """Add lines up per VAT treatment: highest rate first, then kind and country."""
    groups: dict[VatTreatment, list[InvoiceLine]] = {}
    for line in lines:
        groups.setdefault(line.treatment, []).append(line)
    ordered = sorted(groups, key=lambda one: (-one.rate, one.kind, one.country, one.vat_class))
    return tuple(
        RateTotal(
            treatment=treatment,
            excl=total(line.excl for line in groups[treatment]),
            vat=total(line.vat for line in groups[treatment]),
            incl=total(line.incl for line in groups[treatment]),
        )
        for treatment in ordered
    )


def _keeps_vat_in_margin(rounding: InvoiceLine, lines: Sequence[InvoiceLine]) -> bool:
    """Whether, with the rounding line, base times rate is the VAT within a cent a line; at the rate
    0 a rounding line may have no VAT at all.
    """
    rate = rounding.treatment.rate
    if rate == 0:
        return rounding.vat == 0
    of_rate = [rounding, *(line for line in lines if line.treatment == rounding.treatment)]
    base, vat = total(line.excl for line in of_rate), total(line.vat for line in of_rate)
    return is_near(vat, base * rate, CENT * len(of_rate))
