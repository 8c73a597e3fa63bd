"""Invoice lines from drafts: the shop's amounts, checked but never recalculated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from chalicelib.domain.drafts import ONE, Draft
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import InvoiceLine, LineKind, VatTreatment
from chalicelib.domain.money import (
    CENT,
    HALF_CENT,
    ZERO,
    apportion,
    is_near,
    round_cents,
    round_unit_price,
    total,
)
from chalicelib.domain.orders import TaxAmount
from chalicelib.domain.treatment import Sale, determine_treatment, untaxed_treatment
from chalicelib.domain.vat import NO_RATE, percentage


def make_invoice_lines(drafts: Sequence[Draft], sale: Sale) -> list[InvoiceLine]:
    """Make the lines of an invoice, numbered from 1; raises `HeldBack` with the first obstacle."""
    lines: list[InvoiceLine] = []
    for draft in drafts:
        for part in split_by_rate(draft):
            lines.append(_make_line(part, sale, index=len(lines) + 1))
    return lines


def split_by_rate(draft: Draft) -> list[Draft]:
    """Divide a line or charge that carries several rates into one a rate; most have one.

    The VAT of each part is the shop's own amount; its base follows from it, and what has no VAT
    is the base of the rate 0. Parts add up to the whole to the cent, or the order is held. With a
    single rate the listed amount is not used: the VAT follows from prices and rate.
    """
    listed = {tax.rate for tax in draft.taxes} or {draft.rate}
    if len(listed) == 1:
        return [replace(draft, rate=listed.pop())]
    bases = _derive_bases(draft)
    taxes = {rate: tax for rate, tax in _sum_taxes(draft.taxes).items() if rate != NO_RATE}
    try:
        excl = _apportion_by_rate(bases, draft.excl)
        vat = _apportion_by_rate(taxes, draft.incl - draft.excl)
    except ValueError:
        raise _split_differs(draft, bases, taxes) from None
    parts = [(rate, excl[rate], vat.get(rate, ZERO)) for rate in sorted(excl, reverse=True)]
    return [_make_part(draft, rate, base, tax) for rate, base, tax in parts if base or tax]


def _sum_taxes(listed: Sequence[TaxAmount]) -> dict[Decimal, Decimal]:
    """VAT amounts by rate; a rate may be listed more than once."""
    taxes: dict[Decimal, Decimal] = {}
    for tax in listed:
        taxes[tax.rate] = taxes.get(tax.rate, ZERO) + tax.amount
    return taxes


def _derive_bases(draft: Draft) -> dict[Decimal, Decimal]:
    """Derive the base of each rate from its VAT; the rate 0 gets the remainder, if there is one.

    VAT in whole cents is uncertain by half a cent, which at 9 % is more than 5 cents of base. As
    far as that explains the remainder, it is spread over the rates in that proportion.
    """
    bases = {rate: tax / rate for rate, tax in _sum_taxes(draft.taxes).items() if rate != NO_RATE}
    missing = draft.excl - total(list(bases.values()))
    if any(tax.rate == NO_RATE for tax in draft.taxes) and missing * draft.excl > 0:
        return bases | {NO_RATE: missing}
    uncertain = dict.fromkeys(bases, ZERO)
    for tax in draft.taxes:
        if tax.rate != NO_RATE and tax.amount == round_cents(tax.amount):
            uncertain[tax.rate] += HALF_CENT / tax.rate
    most = total(list(uncertain.values()))
    if abs(missing) > most:
        return bases
    return {rate: base + missing * uncertain[rate] / (most or ONE) for rate, base in bases.items()}


def _apportion_by_rate(parts: dict[Decimal, Decimal], whole: Decimal) -> dict[Decimal, Decimal]:
    """Round parts to cents that add up to the whole; raises ValueError when they do not add up."""
    rates = sorted(parts, reverse=True)
    return dict(zip(rates, apportion([parts[rate] for rate in rates], whole), strict=True))


def _split_differs(
    draft: Draft, bases: dict[Decimal, Decimal], taxes: dict[Decimal, Decimal]
) -> HeldBack:
    figures = {"line_excl": draft.excl, "implied_excl": total(list(bases.values()))}
    figures |= {"line_vat": draft.incl - draft.excl, "listed_vat": total(list(taxes.values()))}
    return HeldBack(HoldReason.VAT_DIFFERS, percentage(draft.rate), figures)


def _make_part(draft: Draft, rate: Decimal, excl: Decimal, vat: Decimal) -> Draft:
    return replace(
        _as_one_piece(draft, excl, excl + vat),
        description=f"{draft.description} ({percentage(rate)} btw)",
        rate=rate,
    )


def _as_one_piece(draft: Draft, excl: Decimal, incl: Decimal) -> Draft:
    """Make one piece at the line total of a draft; −1 piece for a credit, at a positive price."""
    quantity = -ONE if incl < 0 else ONE
    return replace(
        draft,
        quantity=quantity,
        unit_excl=excl * quantity,
        unit_incl=incl * quantity,
        excl=excl,
        incl=incl,
    )


def set_unit_prices(draft: Draft) -> Draft:
    """Choose quantity and unit prices such that they multiply to the line total to the cent.

    The shop's own where quantity × unit price − discount is the total: as they are without a
    discount, with it folded in otherwise. Where that does not add up, or the folded price
    needs more than four decimals, one piece at the line total that names the quantity.
    """
    if _multiply(draft, draft.discount_excl, draft.discount_incl) == (draft.excl, draft.incl):
        folded = _fold_discount(draft)
        if _multiply(folded, ZERO, ZERO) == (draft.excl, draft.incl):
            return folded
    counted = "" if abs(draft.quantity) == ONE else f"{abs(draft.quantity).normalize():f} × "
    whole = _as_one_piece(draft, draft.excl, draft.incl)
    return replace(whole, description=counted + draft.description)


def _multiply(
    draft: Draft, discount_excl: Decimal, discount_incl: Decimal
) -> tuple[Decimal, Decimal]:
    return (
        round_cents(draft.quantity * draft.unit_excl - discount_excl),
        round_cents(draft.quantity * draft.unit_incl - discount_incl),
    )


def _fold_discount(draft: Draft) -> Draft:
    if draft.quantity == 0 or draft.discount_excl == draft.discount_incl == 0:
        return draft
    return replace(
        draft,
        unit_excl=round_unit_price(draft.excl / draft.quantity),
        unit_incl=round_unit_price(draft.incl / draft.quantity),
    )


def _make_line(draft: Draft, sale: Sale, *, index: int) -> InvoiceLine:
    vat = draft.incl - draft.excl
    kind, treatment = _classify(draft, sale)
    # At the rate 0 there is nothing to round: any VAT is too much.
    margin = CENT if treatment.rate else ZERO
    if not is_near(vat, draft.excl * treatment.rate, margin):
        raise _vat_differs(draft, treatment.rate, round_cents(draft.excl * treatment.rate))
    sold = set_unit_prices(draft)
    return InvoiceLine(
        index=index,
        kind=kind,
        article_code=sold.article_code,
        description=sold.description,
        quantity=sold.quantity,
        unit_excl=sold.unit_excl,
        unit_incl=sold.unit_incl,
        treatment=treatment,
        excl=sold.excl,
        vat=vat,
        incl=sold.incl,
    )


def _classify(draft: Draft, sale: Sale) -> tuple[LineKind, VatTreatment]:
    """Determine kind and VAT treatment of a line; gift cards and free articles are untaxed."""
    product = draft.kind is LineKind.PRODUCT
    if product and draft.article_code in sale.policy.gift_card_articles:
        if draft.incl != draft.excl:
            raise HeldBack(HoldReason.GIFT_CARD_WITH_VAT, percentage(draft.rate))
        return LineKind.GIFT_CARD, untaxed_treatment(sale)
    if sale.is_small_business and draft.incl != draft.excl:
        raise HeldBack(HoldReason.SMALL_BUSINESS_VAT, percentage(draft.rate))
    if draft.excl == draft.incl == 0:
        return draft.kind, untaxed_treatment(sale)
    listed = draft.article_code in sale.policy.service_articles
    service = listed if product else sale.has_only_services
    return draft.kind, determine_treatment(sale, draft.rate, service=service)


def _vat_differs(draft: Draft, rate: Decimal, expected: Decimal) -> HeldBack:
    figures = {"line_excl": draft.excl, "line_incl": draft.incl}
    figures |= {"line_vat": draft.incl - draft.excl, "expected_vat": expected}
    return HeldBack(HoldReason.VAT_DIFFERS, percentage(rate), figures)
