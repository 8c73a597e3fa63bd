"""Lines against the total of their order: the one rounding line, and totals per VAT treatment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.domain.drafts import ONE
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import InvoiceLine, LineKind, RateTotal, VatTreatment
from chalicelib.domain.money import CENT, ZERO, is_near, total

LARGEST_ROUNDING = Decimal("0.05")
ROUNDING = "Afrondingsverschil: regels en totaal van de webwinkel"


@dataclass(frozen=True, slots=True)
class Amount:
    """Two amounts that belong together, in cents: without and with VAT."""

    excl: Decimal
    incl: Decimal

    @property
    def vat(self) -> Decimal:
        """The VAT: including minus excluding."""
        return self.incl - self.excl


def reconcile_totals(lines: Sequence[InvoiceLine], wanted: Amount) -> tuple[InvoiceLine, ...]:
    """Make the lines add up to the document's total, excluding and including VAT.

    A difference of at most 5 cents on each side (and in the VAT between them) becomes one rounding
    line, so that no rate appears that the order does not have: under the treatment that weighs most
    among those where, with it, base times rate is still the VAT within a cent a line. Any other
    difference raises `HeldBack`.
    """
    summed = Amount(total([line.excl for line in lines]), total([line.incl for line in lines]))
    gap = Amount(wanted.excl - summed.excl, wanted.incl - summed.incl)
    if gap.excl == gap.incl == 0:
        return tuple(lines)
    if _is_rounding(gap):
        for treatment in _treatments_by_base(lines):
            rounding = _make_rounding_line(len(lines) + 1, treatment, gap)
            if _keeps_vat_in_margin(rounding, lines):
                return (*lines, rounding)
    raise _totals_differ(summed, wanted)


def sum_by_treatment(lines: Sequence[InvoiceLine]) -> tuple[RateTotal, ...]:
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


def _treatments_by_base(lines: Sequence[InvoiceLine]) -> Iterator[VatTreatment]:
    """Order the treatments by base, the largest first; of equal ones the higher rate."""
    totals = sum_by_treatment(lines)
    for one in sorted(totals, key=lambda one: (abs(one.excl), one.treatment.rate), reverse=True):
        yield one.treatment


def _is_rounding(gap: Amount) -> bool:
    return all(is_near(one, ZERO, LARGEST_ROUNDING) for one in (gap.excl, gap.vat, gap.incl))


def _keeps_vat_in_margin(rounding: InvoiceLine, lines: Sequence[InvoiceLine]) -> bool:
    """Whether, with the rounding line, base times rate is the VAT within a cent a line; at the rate
    0 a rounding line may have no VAT at all.
    """
    rate = rounding.treatment.rate
    if rate == 0:
        return rounding.vat == 0
    of_rate = [rounding, *(line for line in lines if line.treatment == rounding.treatment)]
    base, vat = total([line.excl for line in of_rate]), total([line.vat for line in of_rate])
    return is_near(vat, base * rate, CENT * len(of_rate))


def _make_rounding_line(index: int, treatment: VatTreatment, gap: Amount) -> InvoiceLine:
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


def _totals_differ(summed: Amount, wanted: Amount) -> HeldBack:
    figures = {
        "lines_excl": summed.excl,
        "order_excl": wanted.excl,
        "lines_incl": summed.incl,
        "order_incl": wanted.incl,
    }
    return HeldBack(HoldReason.TOTALS_DIFFER, figures=figures)
