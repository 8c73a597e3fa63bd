"""SEOshop's own invoices and credit notes: which one an order has, and drafts of their lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from chalicelib.domain.drafts import Draft, draft_items, draft_order_lines
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import LineKind
from chalicelib.domain.money import CENT, is_near, round_cents, total
from chalicelib.domain.orders import Charge, InvoiceItem, Order, ShopInvoice, TaxAmount
from chalicelib.domain.statuses import InvoiceStatus

_DIGITS = re.compile(r"\d+")


def first_invoice(invoices: Sequence[ShopInvoice]) -> ShopInvoice | None:
    """The invoice of an order: of several (part invoices) the lowest-numbered.

    Numbers are compared as numbers (INV9 before INV10), then as text. Credit notes and cancelled
    invoices do not count. The lowest number is the one the customer got first, and later part
    invoices do not change it.
    """
    valid = [
        one for one in invoices if not one.is_credit_note and one.status != InvoiceStatus.CANCELLED
    ]
    return min(valid, key=_invoice_sort_key, default=None)


def _invoice_sort_key(invoice: ShopInvoice) -> tuple[int, str]:
    digits = _DIGITS.findall(invoice.number)
    return (int(digits[-1]) if digits else 0, invoice.number)


def find_original(document: ShopInvoice, order: Order, original: ShopInvoice | None) -> ShopInvoice:
    """The invoice that a credit note takes back: the one given, the one it refers to, or when it
    refers to none the order's first. Holds the credit note when that is not to be found.
    """
    if original is not None:
        return original
    if document.original_id is None:
        found = first_invoice(order.invoices)
    else:
        same = (one for one in order.invoices if one.id == document.original_id)
        found = next(same, None)
    if found is None:
        raise HeldBack(HoldReason.CREDIT_WITHOUT_ORIGINAL, document.number)
    return found


def draft_invoice_lines(
    document: ShopInvoice, items: tuple[InvoiceItem, ...], order: Order
) -> list[Draft]:
    """Draft the lines of an invoice: the order's when it covers all of it, else its own items."""
    same_excl = round_cents(document.price_excl) == round_cents(order.price_excl)
    if same_excl and round_cents(document.price_incl) == round_cents(order.price_incl):
        return draft_order_lines(order)
    return _add_rate_splits(_to_line_totals(document, list(draft_items(items))), order)


def draft_credit_lines(
    document: ShopInvoice, items: tuple[InvoiceItem, ...], order: Order
) -> list[Draft]:
    """Draft the lines of a credit note, mirrored so that together they are negative.

    All signs are turned when the items add up to something positive, none when they already are
    negative: a deduction among the items (a return fee) keeps pointing the other way.
    """
    drafts = _add_rate_splits(_to_line_totals(document, list(draft_items(items))), order)
    if total([draft.incl for draft in drafts]) > 0:
        drafts = [_mirror_draft(draft) for draft in drafts]
    return [_use_negative_quantity(draft) for draft in drafts]


def _to_line_totals(document: ShopInvoice, drafts: list[Draft]) -> list[Draft]:
    """Read item prices as line totals, or a piece each if only that gives the document's total.

    SEOshop's reference does not say which; the sum proves it. Whatever does not add up either way
    stays as it is, and is held when the totals are compared.
    """
    wanted = abs(round_cents(document.price_excl)), abs(round_cents(document.price_incl))
    if _sum_absolute(drafts) == wanted:
        return drafts
    pieces = [
        replace(
            one,
            excl=round_cents(one.excl * one.quantity),
            incl=round_cents(one.incl * one.quantity),
        )
        for one in drafts
    ]
    return pieces if _sum_absolute(pieces) == wanted else drafts


def _sum_absolute(drafts: Sequence[Draft]) -> tuple[Decimal, Decimal]:
    excl, incl = total([one.excl for one in drafts]), total([one.incl for one in drafts])
    return abs(excl), abs(incl)


def _add_rate_splits(drafts: list[Draft], order: Order) -> list[Draft]:
    """Items have one rate; shipping and payment cost at several rates take the order's split."""
    charges = {LineKind.SHIPPING: order.shipment, LineKind.PAYMENT_FEE: order.payment}
    return [
        replace(draft, taxes=_share_taxes(draft, charges[draft.kind]))
        if draft.kind in charges
        else draft
        for draft in drafts
    ]


def _share_taxes(draft: Draft, charge: Charge) -> tuple[TaxAmount, ...]:
    """The order's VAT amounts, in the item's proportion of the charge; none when they do not add
    up to the item's VAT, so that its own rate counts. Amounts in whole cents are rounded to cents
    again, because a finer amount would claim a precision that they do not have.
    """
    if len({tax.rate for tax in charge.tax_rates}) < 2 or charge.price_incl == 0:
        return ()
    share = draft.incl / charge.price_incl
    taxes = tuple(_scale_tax(tax, share) for tax in charge.tax_rates)
    vat = total([tax.amount for tax in taxes])
    return taxes if is_near(vat, draft.incl - draft.excl, CENT) else ()


def _scale_tax(tax: TaxAmount, share: Decimal) -> TaxAmount:
    amount = tax.amount * share
    return replace(
        tax, amount=round_cents(amount) if tax.amount == round_cents(tax.amount) else amount
    )


def _mirror_draft(draft: Draft) -> Draft:
    return replace(
        draft,
        quantity=-draft.quantity,
        discount_excl=-draft.discount_excl,
        discount_incl=-draft.discount_incl,
        excl=-draft.excl,
        incl=-draft.incl,
        taxes=tuple(replace(tax, amount=-tax.amount) for tax in draft.taxes),
    )


def _use_negative_quantity(draft: Draft) -> Draft:
    """Turn a negative unit price around: −1 piece at 10.00 instead of 1 piece at −10.00."""
    if draft.unit_incl >= 0:
        return draft
    return replace(
        draft,
        quantity=-draft.quantity,
        unit_excl=-draft.unit_excl,
        unit_incl=-draft.unit_incl,
    )
