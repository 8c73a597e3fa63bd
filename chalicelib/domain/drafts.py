"""What is to become lines: order lines, shipping, payment cost and invoice items in one shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.domain.invoices import LineKind
from chalicelib.domain.money import ZERO, cents, fine
from chalicelib.domain.orders import Charge, InvoiceItem, Order, OrderLine, TaxAmount

ONE = Decimal(1)
SHIPPING = "Verzendkosten"
PAYMENT_FEE = "Betaalkosten"
ARTICLE = "Artikel"

_ITEM_KINDS = {"shipment": LineKind.SHIPPING, "payment": LineKind.PAYMENT_FEE}
_CHARGE_NAMES = {LineKind.SHIPPING: SHIPPING, LineKind.PAYMENT_FEE: PAYMENT_FEE}
_NO_VARIANT = frozenset({"", "default"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A line before its VAT is judged. Amounts in cents (line totals after discount), units as the
    shop gives them; `taxes` is the split over rates as the shop gives it, may be empty.
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


def order_drafts(order: Order) -> list[Draft]:
    """All lines of an order: its articles in order, then shipping and payment cost if any."""
    charges = ((LineKind.SHIPPING, order.shipment), (LineKind.PAYMENT_FEE, order.payment))
    drafts = [_article(line) for line in order.lines]
    drafts += [_charge(kind, charge) for kind, charge in charges if _costs(charge)]
    return drafts


def item_drafts(items: tuple[InvoiceItem, ...]) -> Iterator[Draft]:
    """The lines of SEOshop's own invoice or credit note, with the signs it gives them."""
    for item in items:
        kind = _ITEM_KINDS.get(item.kind, LineKind.PRODUCT)
        if kind is LineKind.PRODUCT:
            description = _described(item.title, item.variant, item.article_code)
        else:
            description = _charge_description(kind, item.variant)
        yield Draft(
            kind=kind,
            article_code=item.article_code,
            description=description,
            quantity=item.quantity,
            unit_excl=fine(item.base_price_excl),
            unit_incl=fine(item.base_price_incl),
            discount_excl=cents(item.discount_excl),
            discount_incl=cents(item.discount_incl),
            excl=cents(item.price_excl),
            incl=cents(item.price_incl),
            rate=item.tax_rate,
        )


def _article(line: OrderLine) -> Draft:
    return Draft(
        kind=LineKind.PRODUCT,
        article_code=line.article_code,
        description=_described(line.title, line.variant, line.article_code),
        quantity=line.quantity,
        unit_excl=fine(line.base_price_excl),
        unit_incl=fine(line.base_price_incl),
        discount_excl=cents(line.discount_excl),
        discount_incl=cents(line.discount_incl),
        excl=cents(line.price_excl),
        incl=cents(line.price_incl),
        rate=line.tax_rate,
        taxes=line.tax_rates,
    )


def _charge(kind: LineKind, charge: Charge) -> Draft:
    excl, incl = cents(charge.price_excl), cents(charge.price_incl)
    return Draft(
        kind=kind,
        article_code="",
        description=_charge_description(kind, charge.title),
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


def _costs(charge: Charge) -> bool:
    return bool(cents(charge.price_excl) or cents(charge.price_incl))


def _described(title: str, variant: str, article_code: str) -> str:
    name = title.strip() or article_code.strip() or ARTICLE
    variant = variant.strip()
    return name if variant.lower() in _NO_VARIANT else f"{name} - {variant}"


def _charge_description(kind: LineKind, title: str) -> str:
    return f"{_CHARGE_NAMES[kind]} {title.strip()}".strip()
