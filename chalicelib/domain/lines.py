"""Invoice lines from drafts: the shop's amounts, checked but never recalculated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from chalicelib.domain.drafts import ONE, Draft
from chalicelib.domain.holds import HeldBack, HeldLine, HoldReason
from chalicelib.domain.invoices import InvoiceLine, LineKind, VatTreatment
from chalicelib.domain.line_places import NO_VAT, find_place
from chalicelib.domain.money import (
    ZERO,
    Amount,
    apportion,
    round_unit_price,
    total,
)
from chalicelib.domain.rate_bases import add_up_by_rate, derive_bases
from chalicelib.domain.return_places import ReturnPlace
from chalicelib.domain.rounding import check_vat, find_unit_price
from chalicelib.domain.treatment import Sale, determine_treatment, untaxed_treatment
from chalicelib.domain.vat import NO_RATE, percentage


def make_invoice_lines(drafts: Sequence[Draft], sale: Sale) -> list[InvoiceLine]:
    """Make the lines of an invoice, numbered from 1; raises `HeldBack` with the first obstacle."""
    parts = [part for draft in drafts for part in _split_by_rate(draft)]
    classified = [(part, *_classify(part, sale)) for part in parts]
    by_treatment: dict[VatTreatment, list[Draft]] = {}
    for part, _, treatment, _ in classified:
        by_treatment.setdefault(treatment, []).append(part)
    for treatment, of_rate in by_treatment.items():
        check_vat(of_rate, treatment.rate)
    return [
        _make_line(replace(_set_unit_price(part), kind=kind), treatment, place, index)
        for index, (part, kind, treatment, place) in enumerate(classified, start=1)
    ]


def _split_by_rate(draft: Draft) -> list[Draft]:
    """Divide a line or charge that carries several rates into one a rate; most have one.

    The VAT of each part is the shop's own amount; its base follows from it, and what has no VAT
    is the base of the rate 0. Parts add up to the whole to the cent, or the order is held. With a
    single rate the listed amount is not used: the VAT follows from prices and rate.
    """
    rates = {tax.rate for tax in draft.taxes} or {draft.rate}
    if len(rates) == 1:
        return [replace(draft, rate=rates.pop())]
    whole, taxes = draft.amount, add_up_by_rate(draft.taxes)
    bases = derive_bases(whole.excl, draft.taxes)
    try:
        excl = _apportion_by_rate(bases, whole.excl)
        vat = _apportion_by_rate(taxes, whole.vat)
    except ValueError:
        figures = {"line_excl": whole.excl, "implied_excl": total(bases.values())}
        figures |= {"line_vat": whole.vat, "listed_vat": total(taxes.values())}
        raise HeldBack(HoldReason.VAT_DIFFERS, percentage(draft.rate), figures) from None
    amounts = {rate: Amount(base, base + vat.get(rate, ZERO)) for rate, base in excl.items()}
    parts = {rate: amount for rate, amount in amounts.items() if amount}
    if len(parts) == 1:
        return [replace(draft, rate=rate) for rate in parts]
    return [
        replace(
            _as_one_piece(draft, amount),
            description=f"{draft.description} ({percentage(rate)} btw)",
            rate=rate,
        )
        for rate, amount in parts.items()
    ]


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

    The shop's own where quantity × unit price − discount is the total, in whole cents on a side
    that was rounded by the piece: as they are without a discount, with it folded in otherwise.
    Where that does not add up, or the folded price needs more than four decimals, one piece at
    the line total that names the quantity.
    """
    gross, quantity = draft.amount + draft.discount, draft.quantity
    excl = find_unit_price(gross.excl, draft.unit.excl, quantity)
    incl = find_unit_price(gross.incl, draft.unit.incl, quantity)
    if excl is not None and incl is not None:
        unit = Amount(excl, incl)
        if draft.discount and quantity:
            excl, incl = draft.amount.excl / quantity, draft.amount.incl / quantity
            unit = Amount(round_unit_price(excl), round_unit_price(incl))
        if (unit * quantity).to_cents() == draft.amount:
            return replace(draft, unit=unit)
    counted = "" if abs(quantity) == ONE else f"{abs(quantity).normalize():f} × "
    return replace(_as_one_piece(draft, draft.amount), description=counted + draft.description)


def _make_line(
    draft: Draft, treatment: VatTreatment, place: ReturnPlace, index: int
) -> InvoiceLine:
    return InvoiceLine(
        index=index,
        kind=draft.kind,
        article_code=draft.article_code,
        description=draft.description,
        quantity=draft.quantity,
        unit_excl=draft.unit.excl,
        unit_incl=draft.unit.incl,
        treatment=treatment,
        place=place,
        excl=draft.amount.excl,
        vat=draft.amount.vat,
        incl=draft.amount.incl,
    )


def _classify(draft: Draft, sale: Sale) -> tuple[LineKind, VatTreatment, ReturnPlace]:
    """Determine kind, VAT treatment and place of a line; a hold names the line."""
    try:
        return _choose_treatment(draft, sale)
    except HeldBack as held:
        code = draft.article_code.strip()
        held.hold = replace(held.hold, line=HeldLine(title=draft.description, article_code=code))
        raise


def _choose_treatment(draft: Draft, sale: Sale) -> tuple[LineKind, VatTreatment, ReturnPlace]:
    """Untaxed are gift cards, what is outside VAT and free articles."""
    policy, code = sale.policy, draft.article_code.strip()
    is_product = draft.kind is LineKind.PRODUCT
    if is_product and code in policy.gift_card_articles:
        _refuse_vat(draft, HoldReason.GIFT_CARD_WITH_VAT)
        return LineKind.GIFT_CARD, untaxed_treatment(sale), NO_VAT
    if is_product and code in policy.outside_vat_articles:
        _refuse_vat(draft, HoldReason.OUTSIDE_VAT_WITH_VAT)
        return draft.kind, untaxed_treatment(sale), NO_VAT
    if policy.is_small_business_on(sale.day):
        _refuse_vat(draft, HoldReason.SMALL_BUSINESS_VAT)
    if not draft.amount or _is_share_outside_vat(draft, sale):
        return draft.kind, untaxed_treatment(sale), NO_VAT
    service = code in policy.service_articles if is_product else sale.has_only_services
    treatment = determine_treatment(sale, draft.rate, service=service, charge=not is_product)
    return draft.kind, treatment, find_place(sale, treatment, service=service)


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
