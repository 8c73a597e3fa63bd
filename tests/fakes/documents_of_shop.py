"""What a shop sells, for tests: orders, invoices and their lines, complete and ordinary but for
what a test changes.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import fields, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from chalicelib.domain.judgement import Terms
from chalicelib.domain.money import round_cents, round_unit_price
from chalicelib.domain.orders import (
    Address,
    Charge,
    InvoiceItem,
    InvoiceStatus,
    Order,
    OrderDetails,
    OrderLine,
    OrderStatus,
    OrderSummary,
    PaymentStatus,
    ShopInvoice,
    TaxAmount,
)
from chalicelib.domain.policy import Policy

Facts = dict[str, Any]
"""What a test changes, by field: of an order, a line, an invoice, or of a policy."""

HOME = Address(
    attention="Sanne de Vries",
    street="Voorbeeldstraat",
    number="12",
    suffix="A",
    postal_code="1234 AB",
    city="Voorbeeldstad",
    country="NL",
)
BELGIUM = replace(HOME, postal_code="2000", city="Antwerpen", country="BE")
GERMANY = replace(HOME, postal_code="10115", city="Berlin", country="DE")
SWITZERLAND = replace(HOME, postal_code="8000", city="Zürich", country="CH")
MADE = datetime.fromisoformat("2026-03-14T10:22:04+01:00")


def terms(country: str = "NL", currency: str = "EUR", paid_at: Any = None, **policy: Any) -> Terms:
    return Terms(policy=Policy(**policy), currency=currency, country=country, paid_at=paid_at)


def tax(rate: str, amount: str) -> TaxAmount:
    return TaxAmount(rate=Decimal(rate), amount=Decimal(amount))


def order_line(incl: str, rate: str = "0.21", quantity: int = 1, **changes: Any) -> OrderLine:
    """A line of a shop that sells including VAT; `incl` is the unit price."""
    unit, fraction = Decimal(incl), Decimal(rate)
    discount = Decimal(changes.pop("discount", "0"))
    total = round_cents(unit * quantity - discount)
    facts: Facts = {
        "id": 688120001,
        "title": "Keramische mok",
        "article_code": "MOK",
        "quantity": Decimal(quantity),
        "tax_rate": fraction,
        "base_price_excl": round_unit_price(unit / (1 + fraction)),
        "base_price_incl": unit,
        "discount_excl": round_cents(discount / (1 + fraction)),
        "discount_incl": discount,
        "price_excl": round_cents(total / (1 + fraction)),
        "price_incl": total,
    }
    facts["tax_rates"] = (
        TaxAmount(rate=fraction, amount=round_unit_price(total - total / (1 + fraction))),
    )
    return OrderLine(**(facts | changes))


def charge(incl: str, rate: str = "0.21", title: str = "PostNL", **changes: Any) -> Charge:
    total, fraction = Decimal(incl), Decimal(rate)
    facts: Facts = {
        "title": title,
        "tax_rate": fraction,
        "price_excl": round_cents(total / (1 + fraction)),
        "price_incl": total,
    }
    return Charge(**(facts | changes))


def order(*lines: OrderLine, **changes: Any) -> Order:
    """A paid order of these lines (one mug when none), whose totals are their sums."""
    bought = lines or (order_line("24.20"),)
    shipment = changes.get("shipment", Charge())
    payment = changes.get("payment", Charge())
    sold = (*bought, shipment, payment)
    facts: Facts = {
        "id": 301204417,
        "number": "ORD00412",
        "created_at": MADE,
        "updated_at": MADE,
        "status": "processing_awaiting_shipment",
        "payment_status": "paid",
        "price_excl": sum((one.price_excl for one in sold), Decimal(0)),
        "price_incl": sum((one.price_incl for one in sold), Decimal(0)),
        "email": "s.devries@example.nl",
        "firstname": "Sanne",
        "middlename": "de",
        "lastname": "Vries",
        "billing": HOME,
        "shipping": HOME,
        "payment_id": "ideal",
        "payment": payment,
        "shipment": shipment,
        "lines": tuple(bought),
        "customer_id": 226000311,
    }
    facts |= changes
    facts["status"] = OrderStatus(facts["status"])
    facts["payment_status"] = PaymentStatus(facts["payment_status"])
    return Order(**facts)


def invoice(number: str = "INV00398", **changes: Any) -> ShopInvoice:
    facts: Facts = {
        "id": 332000498,
        "number": number,
        "created_at": MADE,
        "updated_at": MADE,
        "status": "paid",
        "price_excl": Decimal("20.00"),
        "price_incl": Decimal("24.20"),
        "order_id": 301204417,
    }
    facts |= changes
    facts["status"] = InvoiceStatus(facts["status"])
    return ShopInvoice(**facts)


def item(incl: str, rate: str = "0.21", quantity: int = 1, **changes: Any) -> InvoiceItem:
    """An item of an invoice, as `line`."""
    sold = order_line(incl, rate, quantity)
    facts: Facts = {
        "id": 901330001,
        "kind": "product",
        "title": sold.title,
        "article_code": sold.article_code,
        "quantity": sold.quantity,
        "tax_rate": sold.tax_rate,
        "base_price_excl": sold.base_price_excl,
        "base_price_incl": sold.base_price_incl,
        "price_excl": sold.price_excl,
        "price_incl": sold.price_incl,
    }
    return InvoiceItem(**(facts | changes))


def summarise(whole: Order) -> OrderSummary:
    """What a list shows of an order; of one that cannot be read whole, no totals."""
    is_whole = not whole.is_stand_in
    return OrderSummary(
        id=whole.id,
        number=whole.number,
        created_at=whole.created_at,
        updated_at=whole.updated_at,
        status=whole.status,
        payment_status=whole.payment_status,
        price_excl=whole.price_excl if is_whole else Decimal(0),
        price_incl=whole.price_incl if is_whole else Decimal(0),
        is_stand_in=whole.is_stand_in,
    )


def show_details(whole: Order) -> OrderSummary:
    """What a list shows of an order when it is asked for all of it."""
    if whole.is_stand_in:
        return summarise(whole)
    shown = {each.name: getattr(whole, each.name) for each in fields(OrderDetails)}
    return OrderDetails(**shown | {"of_lines": show_lines(whole)})


def show_lines(whole: Order) -> str:
    """What an order shows of its lines together: the VAT per rate."""
    taxes: dict[Decimal, Decimal] = defaultdict(Decimal)
    for tax in (tax for one in whole.lines for tax in one.tax_rates):
        taxes[tax.rate] += tax.amount
    return str(sorted(taxes.items()))
