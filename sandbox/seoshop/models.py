"""The platform's records: plain mutable data, no behaviour."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.seoshop.pricing import Price


@dataclass
class Address:
    """A postal address; ``country`` is a lower-case two-letter code or None."""

    name: str = ""
    street: str = ""
    street2: str = ""
    number: str = ""
    extension: str = ""
    zipcode: str = ""
    city: str = ""
    region: str = ""
    country: str | None = "nl"


@dataclass
class Contact:
    """Who ordered, as typed at order time."""

    email: str = ""
    firstname: str = ""
    middlename: str = ""
    lastname: str = ""
    phone: str = ""
    mobile: str = ""
    gender: str | None = None
    birth_date: str | None = None
    company: str = ""
    coc: str = ""
    vat: str = ""
    shipping_company: str | None = None
    billing: Address = field(default_factory=Address)
    shipping: Address | None = None


@dataclass
class Customer:
    """A customer account of a shop."""

    id: int
    created_at: datetime
    updated_at: datetime
    contact: Contact


@dataclass
class Line:
    """An order line. ``overrides`` replace fields of its document, to break it on purpose."""

    id: int
    title: str
    variant: str
    brand: str
    article_code: str
    ean: str
    quantity: int
    rate: Decimal
    price: Price
    product_id: int
    variant_id: int | None
    invoiced: int = 0
    shipped: int = 0
    refunded: int = 0
    overrides: dict[str, Any] = field(default_factory=dict)


@dataclass
class Order:
    """An order with its three statuses. ``overrides`` replace fields of its document."""

    id: int
    shop_id: int
    number: str
    created_at: datetime
    updated_at: datetime
    contact: Contact
    customer_id: int | None
    lines: list[Line]
    shipping: Price
    shipping_title: str
    payment: Price
    payment_id: str
    payment_title: str
    status: str = "processing_awaiting_payment"
    payment_status: str = "not_paid"
    shipment_status: str = "not_shipped"
    invoice_mode: str = "now"
    invoice_number: str | None = None
    coupon: dict[str, Any] = field(default_factory=dict)
    comment: str = ""
    payment_reference: str = ""  # the payment provider's number of the payment
    overrides: dict[str, Any] = field(default_factory=dict)


@dataclass
class InvoiceItem:
    """A line of an invoice document; ``kind`` is product, shipment or payment."""

    id: int
    kind: str
    title: str
    variant: str
    order_line: int | None
    article_code: str
    ean: str
    rate: Decimal
    quantity: int
    price: Price


@dataclass
class Invoice:
    """An invoice, or (``original_id`` given) a credit note."""

    id: int
    number: str
    created_at: datetime
    updated_at: datetime
    order_id: int
    customer_id: int | None
    items: list[InvoiceItem]
    status: str = "not_paid"
    original_id: int | None = None
    credit_id: int | None = None


@dataclass
class Event:
    """An entry of an order's log."""

    id: int
    created_at: datetime
    kind: str
    message: str
    order_id: int
    channel: str = "auto"
    invoice_id: int | None = None
    shipment_id: int | None = None


@dataclass
class Shipment:
    """A shipment document of an order."""

    id: int
    number: str
    created_at: datetime
    updated_at: datetime
    order_id: int
    customer_id: int | None
    status: str = "not_shipped"


@dataclass
class Webhook:
    """A subscription of the key that made it."""

    id: int
    key: str
    created_at: datetime
    updated_at: datetime
    group: str
    action: str
    address: str
    language: str
    format: str = "json"
    active: bool = True


@dataclass
class PaymentMethod:
    """A way to pay; ``key`` is what an order carries as ``paymentId``."""

    id: int
    key: str
    title: str
