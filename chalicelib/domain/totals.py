"""Totals of an invoice: its lines together, against what the shop says they come to."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.drafts import ONE
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import InvoiceLine, LineKind, RateTotal, VatTreatment
from chalicelib.domain.money import HALF_CENT, Amount, total
from chalicelib.domain.rounding import bound_excess, is_vat_explained

ROUNDING = "Afrondingsverschil: regels en totaal van de webwinkel"


def reconcile_totals(
    lines: Sequence[InvoiceLine], wanted: Amount, *, discounts: int = 0
) -> tuple[InvoiceLine, ...]:
    """Make the lines add up to the document's total, excluding and including VAT.

    A shop that rounds on the whole rounds the total once a rate, and shows lines that were rounded
    one by one, as were their `discounts`. On each side the difference is then at most half a cent
    for each of these; it becomes one rounding line, so that no rate appears that the order does
    not have. That takes the rate that weighs most among those that it makes right on the whole,
    else among those that the rounding of all other lines still explains, and in the VAT returns the
    place of the largest line of that rate. Any other difference raises `HeldBack`.
    """
    summed = _sum_lines(lines)
    gap = wanted - summed
    if not gap:
        return tuple(lines)
    rounded = [line for line in lines if line.excl or line.incl]
    rates = sum_by_treatment(rounded)
    if max(abs(gap.excl), abs(gap.incl)) <= HALF_CENT * (len(rounded) + discounts + len(rates)):
        found = _find_rate_to_round(rates, rounded, gap, discounts)
        if found is not None:
            largest = max(
                (line for line in rounded if line.treatment == found),
                key=lambda line: abs(line.excl),
            )
            return (*lines, _make_rounding_line(gap, largest, len(lines) + 1))
    figures = {"lines_excl": summed.excl, "order_excl": wanted.excl}
    figures |= {"lines_incl": summed.incl, "order_incl": wanted.incl}
    raise HeldBack(HoldReason.TOTALS_DIFFER, figures=figures)


def _make_rounding_line(gap: Amount, like: InvoiceLine, index: int) -> InvoiceLine:
    return InvoiceLine(
        index=index,
        kind=LineKind.ROUNDING,
        article_code="",
        description=ROUNDING,
        quantity=ONE,
        unit_excl=gap.excl,
        unit_incl=gap.incl,
        treatment=like.treatment,
        place=like.place,
        excl=gap.excl,
        vat=gap.vat,
        incl=gap.incl,
    )


def _find_rate_to_round(
    rates: Sequence[RateTotal], lines: Sequence[InvoiceLine], gap: Amount, discounts: int
) -> VatTreatment | None:
    """Find what a rounding line is booked under; the largest base first, of equal ones the higher
    rate, by which they come sorted.
    """
    by_base = sorted(rates, key=lambda one: -abs(one.excl))
    for is_alone in (True, False):
        for one in by_base:
            others = sum(line.treatment != one.treatment for line in lines) + discounts
            times = 1 if is_alone else len(rates) + others
            amount = Amount(one.excl, one.incl) + gap
            bound = bound_excess(one.treatment.rate) * times
            if is_vat_explained(amount, one.treatment.rate, bound):
                return one.treatment
    return None


def _sum_lines(lines: Sequence[InvoiceLine]) -> Amount:
    return Amount(total(line.excl for line in lines), total(line.incl for line in lines))


def sum_by_treatment(lines: Sequence[InvoiceLine]) -> tuple[RateTotal, ...]:
    """Add lines up per VAT treatment: highest rate first, then kind and country."""
    groups: dict[VatTreatment, list[InvoiceLine]] = {}
    for line in lines:
        groups.setdefault(line.treatment, []).append(line)
    ordered = sorted(groups, key=lambda one: (-one.rate, one.kind, one.country, one.vat_class))
    sums = {treatment: _sum_lines(groups[treatment]) for treatment in ordered}
    return tuple(
        RateTotal(treatment=treatment, excl=summed.excl, vat=summed.vat, incl=summed.incl)
        for treatment, summed in sums.items()
    )
