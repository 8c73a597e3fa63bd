"""Invoice lines from drafts: the shop's amounts, checked but never recalculated, one by one and
against the total of their document.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from chalicelib.domain.drafts import ONE, Draft
from chalicelib.domain.holds import HeldBack, HeldLine, HoldReason
from chalicelib.domain.invoices import InvoiceLine, LineKind, RateTotal, VatTreatment
from chalicelib.domain.money import (
    CENT,
    HALF_CENT,
    ZERO,
    Amount,
    apportion,
    is_near,
    round_cents,
    round_unit_price,
    total,
)
from chalicelib.domain.treatment import Sale, determine_treatment, untaxed_treatment
from chalicelib.domain.vat import NO_RATE, percentage

LARGEST_ROUNDING = Decimal("0.05")
ROUNDING = "Afrondingsverschil: regels en totaal van de webwinkel"


def make_invoice_lines(drafts: Sequence[Draft], sale: Sale) -> list[InvoiceLine]:
    """Make the lines of an invoice, numbered from 1; raises `HeldBack` with the first obstacle."""
    parts = (part for draft in drafts for part in _split_by_rate(draft))
    return [_make_checked_line(part, sale, index) for index, part in enumerate(parts, start=1)]


def _split_by_rate(draft: Draft) -> list[Draft]:
    """Divide a line or charge that carries several rates into one a rate; most have one.

    The VAT of each part is the shop's own amount; its base follows from it, and what has no VAT
    is the base of the rate 0. Parts add up to the whole to the cent, or the order is held. With a
    single rate the listed amount is not used: the VAT follows from prices and rate.
    """
    rates = {tax.rate for tax in draft.taxes} or {draft.rate}
    if len(rates) == 1:
        return [replace(draft, rate=rates.pop())]
    taxes: dict[Decimal, Decimal] = {}  # a rate may be listed more than once
    for tax in draft.taxes:
        if tax.rate != NO_RATE:
            taxes[tax.rate] = taxes.get(tax.rate, ZERO) + tax.amount
    bases = _derive_bases(draft, taxes)
    whole = draft.amount
    try:
        excl = _apportion_by_rate(bases, whole.excl)
        vat = _apportion_by_rate(taxes, whole.vat)
    except ValueError:
        figures = {"line_excl": whole.excl, "implied_excl": total(bases.values())}
        figures |= {"line_vat": whole.vat, "listed_vat": total(taxes.values())}
        raise HeldBack(HoldReason.VAT_DIFFERS, percentage(draft.rate), figures) from None
    parts = [(rate, base, vat.get(rate, ZERO)) for rate, base in excl.items()]
    return [
        replace(
            _as_one_piece(draft, Amount(base, base + tax)),
            description=f"{draft.description} ({percentage(rate)} btw)",
            rate=rate,
        )
        for rate, base, tax in parts
        if base or tax
    ]


def _derive_bases(draft: Draft, taxes: dict[Decimal, Decimal]) -> dict[Decimal, Decimal]:
    """Derive the base of each rate from its VAT; the rate 0 gets the remainder, if there is one.

    VAT in whole cents is uncertain by half a cent, which at 9 % is more than 5 cents of base. As
    far as that explains the remainder, it is spread over the rates in that proportion.
    """
    bases = {rate: tax / rate for rate, tax in taxes.items()}
    missing = draft.amount.excl - total(bases.values())
    if any(tax.rate == NO_RATE for tax in draft.taxes) and missing * draft.amount.excl > 0:
        return bases | {NO_RATE: missing}
    uncertain = dict.fromkeys(bases, ZERO)
    for tax in draft.taxes:
        if tax.rate != NO_RATE and tax.amount == round_cents(tax.amount):
            uncertain[tax.rate] += HALF_CENT / tax.rate
    most = total(uncertain.values())
    if abs(missing) > most:
        return bases
    return {rate: base + missing * uncertain[rate] / (most or ONE) for rate, base in bases.items()}


def _apportion_by_rate(parts: dict[Decimal, Decimal], whole: Decimal) -> dict[Decimal, Decimal]:
    """Round parts to cents that add up to the whole, the highest rate first; raises ValueError
    when they do not add up.
    """
    rates = sorted(parts, reverse=True)
    return dict(zip(rates, apportion([parts[rate] for rate in rates], whole), strict=True))


def _as_one_piece(draft: Draft, amount: Amount) -> Draft:
    """Make one piece at a line total; −1 piece for a credit, at a positive price."""
    quantity = -ONE if amount.incl < 0 else ONE
    return replace(draft, quantity=quantity, unit=amount * quantity, amount=amount)


def _set_unit_price(draft: Draft) -> Draft:
    """Choose quantity and unit price such that they multiply to the line total to the cent.

    The shop's own where quantity × unit price − discount is the total: as they are without a
    discount, with it folded in otherwise. Where that does not add up, or the folded price
    needs more than four decimals, one piece at the line total that names the quantity.
    """
    if (draft.unit * draft.quantity - draft.discount).to_cents() == draft.amount:
        unit = draft.unit
        if draft.discount and draft.quantity:
            excl, incl = draft.amount.excl / draft.quantity, draft.amount.incl / draft.quantity
            unit = Amount(round_unit_price(excl), round_unit_price(incl))
        if (unit * draft.quantity).to_cents() == draft.amount:
            return replace(draft, unit=unit)
    counted = "" if abs(draft.quantity) == ONE else f"{abs(draft.quantity).normalize():f} × "
    return replace(_as_one_piece(draft, draft.amount), description=counted + draft.description)


def _make_checked_line(draft: Draft, sale: Sale, index: int) -> InvoiceLine:
    amount = draft.amount
    kind, treatment = _classify(draft, sale)
    expected = amount.excl * treatment.rate
    # At the rate 0 there is nothing to round: any VAT is too much.
    if not is_near(amount.vat, expected, CENT if treatment.rate else ZERO):
        figures = {"line_excl": amount.excl, "line_incl": amount.incl}
        figures |= {"line_vat": amount.vat, "expected_vat": round_cents(expected)}
        raise HeldBack(HoldReason.VAT_DIFFERS, percentage(treatment.rate), figures)
    return _make_line(replace(_set_unit_price(draft), kind=kind), treatment, index)


def _make_line(draft: Draft, treatment: VatTreatment, index: int) -> InvoiceLine:
    return InvoiceLine(
        index=index,
        kind=draft.kind,
        article_code=draft.article_code,
        description=draft.description,
        quantity=draft.quantity,
        unit_excl=draft.unit.excl,
        unit_incl=draft.unit.incl,
        treatment=treatment,
        excl=draft.amount.excl,
        vat=draft.amount.vat,
        incl=draft.amount.incl,
    )


def _classify(draft: Draft, sale: Sale) -> tuple[LineKind, VatTreatment]:
    """Determine kind and VAT treatment of a line; a hold names the line."""
    try:
        return _choose_treatment(draft, sale)
    except HeldBack as held:
        code = draft.article_code.strip()
        held.hold = replace(held.hold, line=HeldLine(title=draft.description, article_code=code))
        raise


def _choose_treatment(draft: Draft, sale: Sale) -> tuple[LineKind, VatTreatment]:
    """Untaxed are gift cards, what is outside VAT and free articles."""
    policy, code = sale.policy, draft.article_code.strip()
    is_product = draft.kind is LineKind.PRODUCT
    if is_product and code in policy.gift_card_articles:
        _refuse_vat(draft, HoldReason.GIFT_CARD_WITH_VAT)
        return LineKind.GIFT_CARD, untaxed_treatment(sale)
    if is_product and code in policy.outside_vat_articles:
        _refuse_vat(draft, HoldReason.OUTSIDE_VAT_WITH_VAT)
        return draft.kind, untaxed_treatment(sale)
    if policy.is_small_business_on(sale.day):
        _refuse_vat(draft, HoldReason.SMALL_BUSINESS_VAT)
    if not draft.amount or _is_share_outside_vat(draft, sale):
        return draft.kind, untaxed_treatment(sale)
    service = code in policy.service_articles if is_product else sale.has_only_services
    return draft.kind, determine_treatment(sale, draft.rate, service=service, charge=not is_product)


def _is_share_outside_vat(draft: Draft, sale: Sale) -> bool:
    """Whether it is the share without VAT of costs that were divided over articles, some of which
    are outside VAT.
    """
    is_divided = len({tax.rate for tax in draft.taxes}) > 1
    is_cost = draft.kind is not LineKind.PRODUCT
    return is_cost and is_divided and draft.rate == NO_RATE and sale.has_outside_vat


def _refuse_vat(draft: Draft, reason: HoldReason) -> None:
    if draft.amount.vat:
        raise HeldBack(reason, percentage(draft.rate))


def reconcile_totals(lines: Sequence[InvoiceLine], wanted: Amount) -> tuple[InvoiceLine, ...]:
    """Make the lines add up to the document's total, excluding and including VAT.

    A difference of at most 5 cents on each side (and in the VAT between them) becomes one rounding
    line, so that no rate appears that the order does not have: under the treatment that weighs most
    among those where, with it, base times rate is still the VAT within a cent a line. Any other
    difference raises `HeldBack`.
    """
    summed = _sum_lines(lines)
    gap = wanted - summed
    if not gap:
        return tuple(lines)
    draft = Draft(kind=LineKind.ROUNDING, description=ROUNDING, unit=gap, amount=gap, rate=NO_RATE)
    if max(abs(gap.excl), abs(gap.vat), abs(gap.incl)) <= LARGEST_ROUNDING:
        # The largest base first; of equal ones the higher rate, by which they come sorted.
        by_base = sorted(sum_by_treatment(lines), key=lambda one: -abs(one.excl))
        for one in by_base:
            rate = one.treatment.rate
            count = 1 + sum(line.treatment == one.treatment for line in lines)
            # At the rate 0 a rounding line may have no VAT at all.
            margin = CENT * count if rate else ZERO
            if is_near(one.vat + gap.vat, (one.excl + gap.excl) * rate, margin):
                return (*lines, _make_line(draft, one.treatment, len(lines) + 1))
    figures = {"lines_excl": summed.excl, "order_excl": wanted.excl}
    figures |= {"lines_incl": summed.incl, "order_incl": wanted.incl}
    raise HeldBack(HoldReason.TOTALS_DIFFER, figures=figures)


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
