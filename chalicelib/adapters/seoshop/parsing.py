"""Parses SEOshop's JSON into typed orders, invoices and webhooks, by an allow-list.

Only what the books need is read: birth date, IP address, remarks and unknown fields are ignored.
Every function raises `ShopUnreadable` when a field the books rest on is missing or unreadable.
Source: API reference, 6.2 (orders), 7 (order products), 8 (invoices), 9 (payment methods), 3.1
(webhooks).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from chalicelib.adapters.seoshop.links import Link
from chalicelib.adapters.seoshop.values import Fields, read_objects
from chalicelib.domain.orders import (
    Address,
    Charge,
    InvoiceItem,
    InvoiceStatus,
    Order,
    OrderLine,
    OrderStatus,
    OrderSummary,
    PaymentMethod,
    PaymentStatus,
    ShopInvoice,
    TaxAmount,
)
from chalicelib.domain.platform import Webhook
from chalicelib.errors import ShopUnreadable


def parse_order(
    fields: Fields, lines: tuple[OrderLine, ...], invoices: tuple[ShopInvoice, ...]
) -> Order:
    """An order with its lines and invoices, which are read apart because they may be links."""
    return Order(
        id=fields.id("id"),
        number=fields.needed_text("number"),
        created_at=fields.instant("createdAt"),
        updated_at=fields.instant("updatedAt"),
        status=OrderStatus(fields.needed_text("status")),
        payment_status=PaymentStatus(fields.needed_text("paymentStatus")),
        price_excl=fields.number("priceExcl"),
        price_incl=fields.number("priceIncl"),
        email=fields.text("email"),
        firstname=fields.text("firstname"),
        middlename=fields.text("middlename"),
        lastname=fields.text("lastname"),
        phone=fields.text("phone"),
        company_name=fields.text("companyName"),
        company_coc_number=fields.text("companyCoCNumber"),
        company_vat_number=fields.text("companyVatNumber"),
        billing=_parse_address(fields, "addressBilling"),
        shipping=_parse_address(fields, "addressShipping"),
        shipping_company=fields.text("addressShippingCompany"),
        payment_id=fields.text("paymentId"),
        payment=_parse_charge(fields, "payment"),
        shipment=_parse_charge(fields, "shipment"),
        lines=lines,
        invoices=invoices,
        customer_id=Link.read(fields, "customer").id,
        has_gift_card_payment=_has_gift_card_payment(fields),
        is_pickup=fields.flag("shipmentIsPickup"),
        paid_at=_find_embedded_payment(fields),
    )


def parse_order_summary(fields: Fields) -> OrderSummary:
    """An entry of an order list."""
    return OrderSummary(
        id=fields.id("id"),
        number=fields.needed_text("number"),
        created_at=fields.instant("createdAt"),
        updated_at=fields.instant("updatedAt"),
        status=OrderStatus(fields.needed_text("status")),
        payment_status=PaymentStatus(fields.needed_text("paymentStatus")),
        price_excl=fields.number("priceExcl"),
        price_incl=fields.number("priceIncl"),
    )


def parse_order_summary_or_stand_in(fields: Fields, *, at: datetime) -> OrderSummary:
    """An entry of an order list; for an unreadable one, a stand-in of `at` that is due.

    One bad entry must neither stop the list nor be skipped: the stand-in makes the export read the
    order itself, which is then held as unreadable and shown to the merchant.
    """
    try:
        return parse_order_summary(fields)
    except ShopUnreadable:
        number = fields.id("id")
        return OrderSummary(
            id=number,
            number=str(number),
            created_at=at,
            updated_at=at,
            status=OrderStatus(""),
            payment_status=PaymentStatus.PAID,
            price_excl=Decimal(0),
            price_incl=Decimal(0),
        )


def parse_order_line(fields: Fields) -> OrderLine:
    """An order product; its rate must be there, because a missing one is not 0 %."""
    return OrderLine(
        id=fields.id("id"),
        title=fields.text("productTitle"),
        variant=fields.text("variantTitle"),
        article_code=fields.text("articleCode"),
        quantity=fields.number("quantityOrdered"),
        tax_rate=fields.number("taxRate"),
        tax_rates=_parse_tax_amounts(fields, "taxRates"),
        base_price_excl=fields.number("basePriceExcl"),
        base_price_incl=fields.number("basePriceIncl"),
        discount_excl=fields.number_or_zero("discountExcl"),
        discount_incl=fields.number_or_zero("discountIncl"),
        price_excl=fields.number("priceExcl"),
        price_incl=fields.number("priceIncl"),
    )


def parse_invoice(fields: Fields) -> ShopInvoice:
    """An invoice or credit note, amounts with the sign SEOshop gives them."""
    return ShopInvoice(
        id=fields.id("id"),
        number=fields.text("number").strip(),
        created_at=fields.instant("createdAt"),
        updated_at=fields.instant("updatedAt"),
        status=InvoiceStatus(fields.text("status")),
        is_credit_note=fields.flag("isCreditNote"),
        is_vat_shifted=fields.flag("isVatShifted"),
        price_excl=fields.number("priceExcl"),
        price_incl=fields.number("priceIncl"),
        order_id=Link.read(fields, "order").id,
        original_id=Link.read(fields, "invoice").id,
    )


def parse_invoice_item(fields: Fields) -> InvoiceItem:
    """A line of an invoice or credit note."""
    return InvoiceItem(
        id=fields.id("id"),
        kind=fields.text("type"),
        title=fields.text("title"),
        variant=fields.text("variant"),
        article_code=fields.text("articleCode"),
        quantity=fields.number("quantity"),
        tax_rate=fields.number("taxRate"),
        base_price_excl=fields.number("basePriceExcl"),
        base_price_incl=fields.number("basePriceIncl"),
        discount_excl=fields.number_or_zero("discountExcl"),
        discount_incl=fields.number_or_zero("discountIncl"),
        price_excl=fields.number("priceExcl"),
        price_incl=fields.number("priceIncl"),
    )


def parse_payment_method(fields: Fields) -> PaymentMethod:
    """A payment method; one without title is shown by its key."""
    key = fields.needed_text("key")
    return PaymentMethod(key=key, title=fields.text("title").strip() or key)


def parse_webhook(fields: Fields) -> Webhook:
    """A webhook subscription."""
    return Webhook(
        id=fields.id("id"),
        topic=f"{fields.text('itemGroup')}/{fields.text('itemAction')}",
        address=fields.text("address"),
        is_active=fields.flag("isActive"),
    )


def find_last_payment(events: Iterable[Fields], order_id: int) -> datetime | None:
    """Find the last time an order became paid among its events; None when it never did."""
    moments = (_read_payment_time(event, order_id) for event in events)
    return max((moment for moment in moments if moment), default=None)


def _find_embedded_payment(fields: Fields) -> datetime | None:
    events = Link.read(fields, "events").embedded
    return find_last_payment(read_objects(events, "order.events"), fields.id("id"))


def _read_payment_time(fields: Fields, order_id: int) -> datetime | None:
    if fields.text("type") != "order" or fields.text("message") != "paid":
        return None
    if Link.read(fields, "order").id not in (None, order_id):
        return None
    return fields.instant("createdAt")


def _parse_address(fields: Fields, prefix: str) -> Address:
    return Address(
        attention=fields.text(f"{prefix}Name"),
        street=fields.text(f"{prefix}Street"),
        line2=fields.text(f"{prefix}Street2"),
        number=fields.text(f"{prefix}Number"),
        suffix=fields.text(f"{prefix}Extension"),
        postal_code=fields.text(f"{prefix}Zipcode"),
        city=fields.text(f"{prefix}City"),
        region=fields.text(f"{prefix}Region"),
        country=fields.country(f"{prefix}Country"),
    )


def _parse_charge(fields: Fields, prefix: str) -> Charge:
    return Charge(
        title=fields.text(f"{prefix}Title"),
        tax_rate=fields.number_or_zero(f"{prefix}TaxRate"),
        tax_rates=_parse_tax_amounts(fields, f"{prefix}TaxRates"),
        price_excl=fields.number_or_zero(f"{prefix}PriceExcl"),
        price_incl=fields.number_or_zero(f"{prefix}PriceIncl"),
    )


def _parse_tax_amounts(fields: Fields, name: str) -> tuple[TaxAmount, ...]:
    return tuple(
        TaxAmount(rate=tax.number("rate"), amount=tax.number("amount"))
        for tax in fields.objects(name)
    )


def _has_gift_card_payment(fields: Fields) -> bool:
    """Whether ``giftCardsPayment`` holds anything: a list in one source, a link in another. A
    bare collection link counts as none, because every order has one.
    """
    if not Link.is_link(fields.raw("giftCardsPayment")):
        return fields.filled("giftCardsPayment")
    link = Link.read(fields, "giftCardsPayment")
    return bool(link.embedded) or link.id is not None
