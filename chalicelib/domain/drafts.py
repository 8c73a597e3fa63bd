"""Drafts of invoice lines: order lines, shipping, payment cost and invoice items in one shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from chalicelib.domain.invoices import LineKind
from chalicelib.domain.money import (
    CENT,
    HALF_CENT,
    NOTHING,
    ZERO,
    Amount,
    apportion,
    is_near,
    round_cents,
    round_unit_price,
    total,
)
from chalicelib.domain.orders import Charge, InvoiceItem, Order, OrderLine, ShopInvoice, TaxAmount
from chalicelib.domain.rate_bases import derive_bases
from chalicelib.lazy_dataclass import dataclass

ONE = Decimal(1)
_ITEM_KINDS = {"shipment": LineKind.SHIPPING, "payment": LineKind.PAYMENT_FEE}
_CHARGE_NAMES = {LineKind.SHIPPING: "Verzendkosten", LineKind.PAYMENT_FEE: "Betaalkosten"}
_MOST_ROUNDINGS = 4  # of an item: itself, its discount, its share at a second rate, a rate's sum
_NO_VARIANT = frozenset({"", "default"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A line before its VAT treatment is determined. `amount` is the line total after `discount`,
    as the shop gives it while the drafts are being made and in cents once they are; unit price and
    the split over rates (`taxes`, may be empty) are the shop's.
    """

    kind: LineKind
    article_code: str = ""
    description: str
    quantity: Decimal = ONE
    unit: Amount
    discount: Amount = NOTHING
    amount: Amount
    rate: Decimal
    taxes: tuple[TaxAmount, ...] = ()


def draft_invoice_lines(
    order: Order, document: ShopInvoice | None = None, items: Sequence[InvoiceItem] = ()
) -> list[Draft]:
    """Draft the lines of an order, or of SEOshop's invoice `document`: the order's when that covers
    all of it, else its own `items`.
    """
    if document is None or document.price == order.price:
        return _round_to_cents(_draft_order_lines(order), order.price)
    return _draft_own_lines(order, document, items)


def draft_credit_lines(
    order: Order, document: ShopInvoice, items: Sequence[InvoiceItem]
) -> list[Draft]:
    """Draft the lines of a credit note, mirrored so that together they are negative.

    All signs are turned when the items add up to something positive, none when they already are
    negative: a deduction among the items (a return fee) keeps pointing the other way.
    """
    drafts = _draft_own_lines(order, document, items)
    if total(draft.amount.incl for draft in drafts) > 0:
        drafts = [_mirror_draft(draft) for draft in drafts]
    # Minus one piece at 10.00 instead of one piece at minus 10.00.
    return [
        replace(draft, quantity=-draft.quantity, unit=-draft.unit) if draft.unit.incl < 0 else draft
        for draft in drafts
    ]


def _draft_order_lines(order: Order) -> list[Draft]:
    """Draft the articles in order, then shipping and payment cost if there is any."""
    drafts = [_draft_item(line) for line in order.lines]
    for kind, charge in _list_charges(order).items():
        if charge.price:
            draft = Draft(
                kind=kind,
                description=_describe_charge(kind, charge.title),
                unit=charge.price,
                amount=Amount(charge.price_excl, charge.price_incl),
                rate=charge.tax_rate,
                taxes=charge.tax_rates,
            )
            drafts.append(draft)
    return drafts


def _list_charges(order: Order) -> dict[LineKind, Charge]:
    return {LineKind.SHIPPING: order.shipment, LineKind.PAYMENT_FEE: order.payment}


def _draft_item(item: OrderLine, kind: LineKind = LineKind.PRODUCT) -> Draft:
    name = item.title.strip() or item.article_code.strip() or "Artikel"
    variant = item.variant.strip()
    if kind in _CHARGE_NAMES:
        description = _describe_charge(kind, variant)
    else:
        description = name if variant.lower() in _NO_VARIANT else f"{name} - {variant}"
    return Draft(
        kind=kind,
        article_code=item.article_code,
        description=description,
        quantity=item.quantity,
        unit=Amount(round_unit_price(item.base_price_excl), round_unit_price(item.base_price_incl)),
        discount=Amount(item.discount_excl, item.discount_incl).to_cents(),
        amount=Amount(item.price_excl, item.price_incl),
        rate=item.tax_rate,
        taxes=item.tax_rates,
    )


def _describe_charge(kind: LineKind, title: str) -> str:
    return f"{_CHARGE_NAMES[kind]} {title.strip()}".strip()


def _draft_own_lines(
    order: Order, document: ShopInvoice, items: Sequence[InvoiceItem]
) -> list[Draft]:
    """Draft the items of SEOshop's own invoice or credit note, with the signs it gives them.

    An item has one rate; shipping and payment cost at several take the order's split.
    """
    charges = _list_charges(order)
    drafts = [_draft_item(item, _ITEM_KINDS.get(item.kind, LineKind.PRODUCT)) for item in items]
    return [
        replace(draft, taxes=_share_taxes(draft, charges[draft.kind]))
        if draft.kind in charges
        else draft
        for draft in _to_line_totals(order, document, drafts)
    ]


def _to_line_totals(order: Order, document: ShopInvoice, drafts: list[Draft]) -> list[Draft]:
    """Read item prices as line totals, as prices of a piece, or each as its unit price says,
    whichever gives the document's total; multiplied first, rounded after.

    SEOshop's reference does not say which. Items that are lines of the order as they are prove to
    be line totals, so that a document over them adds up as its order does; of others the sum proves
    it, to the cent or else within half a cent for each rounding. Whatever does not add up stays as
    it is, and is held when the totals are compared.
    """
    wanted = document.price
    if _are_lines_of_order(order, drafts):
        whole = _round_to_cents(drafts, wanted)
        if _measure_gap(whole, wanted) <= HALF_CENT * _MOST_ROUNDINGS * len(drafts):
            return whole
    pieces = [replace(one, amount=one.amount * one.quantity) for one in drafts]
    mixed = [
        piece if one.amount.to_cents() == one.unit.to_cents() else one
        for one, piece in zip(drafts, pieces, strict=True)
    ]
    readings = [_round_to_cents(reading, wanted) for reading in (drafts, pieces, mixed)]
    for most in (ZERO, HALF_CENT * (len(drafts) + 1)):
        for reading in readings:
            if _measure_gap(reading, wanted) <= most:
                return reading
    return readings[0]


def _are_lines_of_order(order: Order, drafts: Sequence[Draft]) -> bool:
    """Whether all items of several pieces stand in the order with that number and price."""
    known = {(line.quantity, abs(line.price)) for line in order.lines}
    return all(
        draft.quantity == ONE
        or not draft.amount
        or (draft.quantity, abs(draft.amount.to_cents())) in known
        for draft in drafts
    )


def _measure_gap(drafts: Sequence[Draft], wanted: Amount) -> Decimal:
    """How far drafts and a document's total are apart, without VAT or with it."""
    gap = abs(sum_amounts(drafts)) - abs(wanted)
    return max(abs(gap.excl), abs(gap.incl))


def _round_to_cents(drafts: Sequence[Draft], wanted: Amount) -> list[Draft]:
    """Round line totals to cents; those in finer amounts such that they add up to what is `wanted`
    on either side of zero, when they do before rounding.
    """
    excl = _round_side([draft.amount.excl for draft in drafts], wanted.excl)
    incl = _round_side([draft.amount.incl for draft in drafts], wanted.incl)
    amounts = map(Amount, excl, incl)
    return [replace(one, amount=amount) for one, amount in zip(drafts, amounts, strict=True)]


def _round_side(parts: Sequence[Decimal], wanted: Decimal) -> list[Decimal]:
    rounded = [round_cents(part) for part in parts]
    whole = round_cents(total(parts))
    if abs(whole) == abs(wanted) != abs(total(rounded)):
        return apportion(parts, whole)
    return rounded


def sum_amounts(drafts: Sequence[Draft]) -> Amount:
    """Add up what the lines come to."""
    return Amount(total(d.amount.excl for d in drafts), total(d.amount.incl for d in drafts))


def leave_free_out(drafts: Sequence[Draft]) -> Sequence[Draft]:
    """The lines that come to something; all of them where none does."""
    return [draft for draft in drafts if draft.amount] or drafts


def _share_taxes(draft: Draft, charge: Charge) -> tuple[TaxAmount, ...]:
    """The order's VAT amounts, in the item's proportion of the charge; none when they do not add
    up to the item's VAT, so that its own rate counts. Amounts in whole cents are rounded to cents
    again, because a finer amount would claim a precision that they do not have. A rate 0 that is
    listed, and had no part in the charge, has none in the item.
    """
    if len({tax.rate for tax in charge.tax_rates}) < 2 or charge.price_incl == 0:
        return ()
    share = draft.amount.incl / charge.price_incl
    bases = derive_bases(charge.price_excl, charge.tax_rates)
    taxes = []
    for tax in charge.tax_rates:
        if tax.rate not in bases:
            continue
        amount = tax.amount * share
        is_fine = tax.amount != round_cents(tax.amount)
        taxes.append(replace(tax, amount=amount if is_fine else round_cents(amount)))
    is_whole = is_near(total(tax.amount for tax in taxes), draft.amount.vat, CENT)
    return tuple(taxes) if is_whole else ()


def _mirror_draft(draft: Draft) -> Draft:
    return replace(
        draft,
        quantity=-draft.quantity,
        discount=-draft.discount,
        amount=-draft.amount,
        taxes=tuple(replace(tax, amount=-tax.amount) for tax in draft.taxes),
    )
