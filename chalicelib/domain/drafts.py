"""Drafts of invoice lines: order lines, shipping, payment cost and invoice items in one shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from chalicelib.domain.invoices import LineKind
from chalicelib.domain.money import ZERO, round_cents, round_unit_price
from chalicelib.domain.orders import Charge, InvoiceItem, Order, SoldItem, TaxAmount

ONE = Decimal(1)
SHIPPING = "Verzendkosten"
PAYMENT_FEE = "Betaalkosten"
ARTICLE = "Artikel"

_ITEM_KINDS = {"shipment": LineKind.SHIPPING, "payment": LineKind.PAYMENT_FEE}
_CHARGE_NAMES = {LineKind.SHIPPING: SHIPPING, LineKind.PAYMENT_FEE: PAYMENT_FEE}
_NO_VARIANT = frozenset({"", "default"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A line before its VAT treatment is determined. `excl` and `incl` are line totals after
    discount, in cents; unit prices and the split over rates (`taxes`, may be empty) are the shop's.
    """

    kind: LineKind
    article_code: str
    description: str
    quantity: Decimal
    unit_excl: Decimal
    unit_incl: Decimal
    discount_excl: Decimal
    discount_incl: Decimal
    excl: Decimal
    incl: Decimal
    rate: Decimal
    taxes: tuple[TaxAmount, ...] = ()


def draft_order_lines(order: Order) -> list[Draft]:
    """Draft all lines of an order: its articles in order, then shipping and payment cost if any."""
    charges = ((LineKind.SHIPPING, order.shipment), (LineKind.PAYMENT_FEE, order.payment))
    drafts = [replace(_draft_item(line), taxes=line.tax_rates) for line in order.lines]
    drafts += [_draft_charge(kind, charge) for kind, charge in charges if _is_charged(charge)]
    return drafts


def draft_items(items: tuple[InvoiceItem, ...]) -> Iterator[Draft]:
    """Draft the lines of SEOshop's own invoice or credit note, with the signs it gives them."""
    for item in items:
        kind = _ITEM_KINDS.get(item.kind, LineKind.PRODUCT)
        draft = _draft_item(item)
        if kind is not LineKind.PRODUCT:
            draft = replace(draft, kind=kind, description=_describe_charge(kind, item.variant))
        yield draft


def _draft_item(item: SoldItem) -> Draft:
    return Draft(
        kind=LineKind.PRODUCT,
        article_code=item.article_code,
        description=_describe_article(item.title, item.variant, item.article_code),
        quantity=item.quantity,
        unit_excl=round_unit_price(item.base_price_excl),
        unit_incl=round_unit_price(item.base_price_incl),
        discount_excl=round_cents(item.discount_excl),
        discount_incl=round_cents(item.discount_incl),
        excl=round_cents(item.price_excl),
        incl=round_cents(item.price_incl),
        rate=item.tax_rate,
    )


def _draft_charge(kind: LineKind, charge: Charge) -> Draft:
    excl, incl = round_cents(charge.price_excl), round_cents(charge.price_incl)
    return Draft(
        kind=kind,
        article_code="",
        description=_describe_charge(kind, charge.title),
        quantity=ONE,
        unit_excl=excl,
        unit_incl=incl,
        discount_excl=ZERO,
        discount_incl=ZERO,
        excl=excl,
        incl=incl,
        rate=charge.tax_rate,
        taxes=charge.tax_rates,
    )


def _is_charged(charge: Charge) -> bool:
    return bool(round_cents(charge.price_excl) or round_cents(charge.price_incl))


def _describe_article(title: str, variant: str, article_code: str) -> str:
    name = title.strip() or article_code.strip() or ARTICLE
    variant = variant.strip()
    return name if variant.lower() in _NO_VARIANT else f"{name} - {variant}"


def _describe_charge(kind: LineKind, title: str) -> str:
    return f"{_CHARGE_NAMES[kind]} {title.strip()}".strip()
