"""A shop's order as SEOshop gives it: the parts the books need, and nothing else.

Everything the connector has no use for (birth date, IP address, remarks, …) is dropped where the
answer is parsed and never reaches these types. Money and rates are `Decimal`; totals have at most
two decimals, base prices and tax amounts up to four. Instants are aware datetimes. Countries are
upper-case ISO 3166 alpha-2 or None. Text that SEOshop leaves out (``false``, ``null``, ``""``) is
the empty string. Source: SEOshop API reference, orders, order products, invoices; statuses in 6.2,
6.3 and 8.1.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from chalicelib.domain.money import Amount
from chalicelib.domain.open_status import OpenStatus
from chalicelib.lazy_dataclass import dataclass


class OrderStatus(OpenStatus):
    """How far an order is in the shop."""

    NEW = "new"
    OFFER = "offer"
    ON_HOLD = "on_hold"
    PROCESSING = "processing"
    AWAITING_PAYMENT = "processing_awaiting_payment"
    PARTIALLY_PAID = "processing_partially_paid"
    AWAITING_SHIPMENT = "processing_awaiting_shipment"
    AWAITING_PICKUP = "processing_awaiting_pickup"
    READY_FOR_PICKUP = "processing_ready_for_pickup"
    PARTIALLY_SHIPPED = "processing_partially_shipped"
    PARTIALLY_PICKED_UP = "processing_partially_picked_up"
    COMPLETED = "completed"
    SHIPPED = "completed_shipped"
    PICKED_UP = "completed_picked_up"
    CANCELLED = "cancelled"


class PaymentStatus(OpenStatus):
    """What is paid of an order; the only status that says so."""

    NOT_PAID = "not_paid"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    CANCELLED = "cancelled"


class InvoiceStatus(OpenStatus):
    """What is paid of SEOshop's own invoice or credit note."""

    NOT_PAID = "not_paid"
    PAID = "paid"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxAmount:
    """One entry of a ``taxRates`` list: the VAT of a line or charge at one rate."""

    rate: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """What SEOshop gives a price of."""

    price_excl: Decimal
    price_incl: Decimal

    @property
    def price(self) -> Amount:
        """The price in cents."""
        return Amount(self.price_excl, self.price_incl).to_cents()


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A billing or shipping address, as the customer typed it; `attention` is the name on it."""

    attention: str = ""
    street: str = ""
    line2: str = ""
    number: str = ""
    suffix: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine(Priced):
    """An order product. `price_*` are *line* totals after discount, `base_price_*`
    unit prices before discount, `discount_*` the discount of the whole line.
    """

    id: int
    title: str
    variant: str = ""
    article_code: str = ""
    quantity: Decimal
    tax_rate: Decimal
    tax_rates: tuple[TaxAmount, ...] = ()
    base_price_excl: Decimal
    base_price_incl: Decimal
    discount_excl: Decimal = Decimal(0)
    discount_incl: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge(Priced):
    """Shipping or payment cost of an order, after discount."""

    title: str = ""
    tax_rate: Decimal = Decimal(0)
    tax_rates: tuple[TaxAmount, ...] = ()
    price_excl: Decimal = Decimal(0)
    price_incl: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopInvoice(Priced):
    """SEOshop's own invoice or credit note of an order; a credit note's amounts may be positive.
    `is_stand_in`: see `OrderSummary`.
    """

    id: int
    number: str
    created_at: datetime
    updated_at: datetime
    status: InvoiceStatus
    is_credit_note: bool = False
    is_vat_shifted: bool = False
    order_id: int | None = None
    original_id: int | None = None
    is_stand_in: bool = False

    @property
    def is_cancelled(self) -> bool:
        """Whether it counts no more."""
        return self.status == InvoiceStatus.CANCELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceItem(OrderLine):
    """A line of SEOshop's invoice or credit note; `kind` is ``product``, ``shipment``, ``payment``
    or whatever SEOshop gives. That `price_*` are line totals is by analogy with order products.
    """

    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSummary(Priced):
    """One entry of an order list: enough to know whether the order must be read. Its totals are
    compared through a keyed hash (`fingerprint.summary_print`) and never stored.

    `is_stand_in`: a part of it could not be read, and its totals are not to be compared.
    """

    id: int
    number: str
    created_at: datetime
    updated_at: datetime
    status: OrderStatus
    payment_status: PaymentStatus
    is_stand_in: bool = False

    @property
    def is_cancelled(self) -> bool:
        """Whether either status says so."""
        by_payment = self.payment_status == PaymentStatus.CANCELLED
        return by_payment or self.status == OrderStatus.CANCELLED


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDetails(OrderSummary):
    """One entry of an order list with what it shows besides: all that is booked of an order but its
    lines. `is_pickup`: collected at the shop, so that the sale takes place there, wherever the
    customer lives.

    Two texts are only compared, as SEOshop gives them: `of_lines` is what it shows of the lines
    together (VAT per rate, weight, volume, cost), `stages` what it shows of how far the order is
    besides its two statuses (shipment, the merchant's own status).
    """

    email: str
    firstname: str = ""
    middlename: str = ""
    lastname: str = ""
    phone: str = ""
    company_name: str = ""
    company_coc_number: str = ""
    company_vat_number: str = ""
    billing: Address
    shipping: Address
    shipping_company: str = ""
    payment: Charge
    shipment: Charge
    customer_id: int | None = None
    is_pickup: bool = False
    of_lines: str = ""
    stages: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(OrderDetails):
    """One order, read by id: lines and invoices are complete."""

    payment_id: str
    lines: tuple[OrderLine, ...]
    invoices: tuple[ShopInvoice, ...] = ()
    has_gift_card_payment: bool = False
    payment_reference: str = ""  # the payment provider's number of the payment
    paid_at: datetime | None = None  # last "paid" among the embedded events, if there is one

    @property
    def destination(self) -> Address:
        """Where it goes. A delivery address that does not say its country is in that of billing."""
        shipping, billing = self.shipping, self.billing
        if shipping.country:
            return shipping
        return replace(shipping, country=billing.country) if shipping.postal_code else billing


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentMethod:
    """A payment method of the shop: `key` is what orders carry as ``paymentId``."""

    key: str
    title: str
