"""Parses SEOshop's orders and invoices into the domain's types: what of their names and shapes
differs is said here; all else (birth date, IP address, remarks, …) is left out. Every function
raises `ShopUnreadable` when a field the books rest on is missing or unreadable.

Source: API reference, 6.2 (orders), 7 (order products), 8 (invoices).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from chalicelib.adapters.seoshop.record_parsing import Readers, parse_readable, parse_record
from chalicelib.adapters.seoshop.values import (
    Fields,
    is_none,
    read_objects,
    read_rows,
    unreadable_document,
)
from chalicelib.domain import bounds
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
from chalicelib.domain.payment_references import find_reference
from chalicelib.errors import ShopUnreadable

_OF_SUMMARY: Readers = {
    "number": lambda fields: _parse_number(fields, fields.needed_text("number"))
}
_OF_INVOICE: Readers = {
    "number": lambda fields: _parse_number(fields, fields.text("number").strip()),
    "status": lambda fields: InvoiceStatus(fields.text("status")),
    "order_id": lambda fields: fields.link("order").id,
    "original_id": lambda fields: fields.link("invoice").id,
}
_write_json = json.JSONEncoder(sort_keys=True, default=str).encode
_NO_AMOUNTS = {"price_excl": Decimal(0), "price_incl": Decimal(0)}


def parse_order(
    fields: Fields, lines: Iterable[OrderLine], invoices: Iterable[ShopInvoice]
) -> Order:
    """An order with its lines and invoices, which are read apart because they may be links."""
    return parse_record(
        Order,
        fields,
        **_parse_details(fields),
        lines=tuple(lines),
        invoices=tuple(invoices),
        has_gift_card_payment=_has_gift_card_payment(fields),
        payment_reference=_find_payment_reference(fields),
        paid_at=find_last_payment(
            read_objects(fields.link("events").embedded, "order.events"), fields.read("id", int)
        ),
    )


def parse_order_summary(fields: Fields) -> OrderSummary:
    """An entry of an order list."""
    return parse_record(OrderSummary, fields, **_read_by(_OF_SUMMARY, fields))


def parse_order_summary_or_stand_in(fields: Fields, *, at: datetime) -> OrderSummary:
    """An entry of an order list; of one that cannot be read whole, what can be.

    One bad entry must neither stop the list nor be skipped. What cannot be read of it is filled in
    so that the export reads the order itself, unless a status says that it is not due: it is paid,
    of `at`, and called by its id. Raises `ShopUnreadable` when it has no id.
    """
    try:
        return parse_order_summary(fields)
    except ShopUnreadable:
        instead = {
            **_NO_AMOUNTS,
            "number": str(fields.read("id", int)),
            "created_at": at,
            "updated_at": at,
            "status": OrderStatus(""),
            "payment_status": PaymentStatus.PAID,
        }
        summary = parse_readable(OrderSummary, fields, _OF_SUMMARY, instead)
        return replace(summary, is_stand_in=True)


def parse_order_details_or_less(fields: Fields, *, at: datetime) -> OrderSummary:
    """An entry of an order list with its details; where these cannot be read, without them."""
    try:
        return parse_record(OrderDetails, fields, **_parse_details(fields))
    except ShopUnreadable:
        return parse_order_summary_or_stand_in(fields, at=at)


def parse_order_line(fields: Fields) -> OrderLine:
    """An order product; its rate must be there, because a missing one is not 0 %."""
    return parse_record(
        OrderLine,
        fields,
        title=fields.typed_text("productTitle"),
        variant=fields.typed_text("variantTitle"),
        quantity=fields.read("quantityOrdered", Decimal),
        tax_rates=_parse_tax_amounts(fields, "taxRates"),
    )


def parse_invoice(fields: Fields) -> ShopInvoice:
    """An invoice or credit note, amounts with the sign SEOshop gives them."""
    return parse_record(ShopInvoice, fields, **_read_by(_OF_INVOICE, fields))


def parse_invoice_or_stand_in(fields: Fields, *, at: datetime) -> ShopInvoice:
    """An entry of an invoice list, likewise."""
    try:
        return parse_invoice(fields)
    except ShopUnreadable:
        instead = {
            **_NO_AMOUNTS,
            "number": str(fields.read("id", int)),
            "created_at": at,
            "updated_at": at,
            "status": InvoiceStatus(""),
            "is_credit_note": False,
            "is_vat_shifted": False,
            "order_id": None,
            "original_id": None,
        }
        invoice = parse_readable(ShopInvoice, fields, _OF_INVOICE, instead)
        return replace(invoice, is_stand_in=True)


def parse_invoice_item(fields: Fields) -> InvoiceItem:
    """A line of an invoice or credit note."""
    return parse_record(InvoiceItem, fields, kind=fields.text("type"), tax_rates=())


def find_last_payment(events: Iterable[Fields], order_id: int) -> datetime | None:
    """Find the last time an order became paid among its events; None when it never did."""
    moments = [
        event.read("createdAt", datetime)
        for event in events
        if event.text("type") == "order"
        and event.text("message") == "paid"
        and event.link("order").id in (None, order_id)
    ]
    return max(moments, default=None)


def parse_country(fields: Fields, name: str) -> str | None:
    """The upper-case alpha-2 code of a country object (or bare code); None for none, and for an
    object that says none.
    """
    value = fields.raw(name)
    code = (value if isinstance(value, str) else fields.object(name).text("code")).strip()
    if not code:
        return None
    if not re.fullmatch(r"[A-Za-z]{2}", code):
        raise unreadable_document(fields.resource, name, "is not a code of two letters")
    return code.upper()


def _parse_number(fields: Fields, number: str) -> str:
    """A document's number, or none. With one that cannot be kept the document is unreadable."""
    if number and not bounds.is_number(number):
        why = f"is not one line of at most {bounds.LONGEST_NUMBER} visible characters"
        raise unreadable_document(fields.resource, "number", why)
    return number


def _read_by(readers: Readers, fields: Fields) -> dict[str, Any]:
    return {name: read(fields) for name, read in readers.items()}


def _parse_details(fields: Fields) -> dict[str, Any]:
    """The fields of an `OrderDetails` that are named or shaped otherwise than its own."""
    return {
        "number": _parse_number(fields, fields.needed_text("number")),
        "company_coc_number": fields.text("companyCoCNumber"),
        "billing": _parse_address(fields, "addressBilling"),
        "shipping": _parse_address(fields, "addressShipping"),
        "shipping_company": fields.typed_text("addressShippingCompany"),
        "payment": _parse_charge(fields, "payment"),
        "shipment": _parse_charge(fields, "shipment"),
        "customer_id": fields.link("customer").id,
        "is_pickup": fields.read("shipmentIsPickup", bool, False),
        "of_lines": _write_raw(fields, "taxRates", "weight", "volume", "priceCost"),
        "stages": _write_raw(fields, "shipmentStatus", "customStatusId"),
    }


def _write_raw(fields: Fields, *names: str) -> str:
    """Fields as they came, only to be compared: whatever they are, the order can be read."""
    values = [fields.raw(name) for name in names]
    for place, value in enumerate(values):
        with suppress(ShopUnreadable):  # a list that PHP wrote as an object is a list
            values[place] = read_rows(value, names[place]) if isinstance(value, dict) else value
    return _write_json(values)


def _parse_address(fields: Fields, prefix: str) -> Address:
    return parse_record(
        Address,
        fields,
        prefix,
        attention=fields.typed_text(f"{prefix}Name"),
        line2=fields.typed_text(f"{prefix}Street2"),
        suffix=fields.typed_text(f"{prefix}Extension"),
        postal_code=fields.typed_text(f"{prefix}Zipcode"),
        country=parse_country(fields, f"{prefix}Country"),
    )


def _parse_charge(fields: Fields, prefix: str) -> Charge:
    return parse_record(
        Charge, fields, prefix, tax_rates=_parse_tax_amounts(fields, f"{prefix}TaxRates")
    )


def _parse_tax_amounts(fields: Fields, name: str) -> tuple[TaxAmount, ...]:
    return tuple(parse_record(TaxAmount, tax) for tax in fields.objects(name))


def _find_payment_reference(fields: Fields) -> str:
    """The payment provider's number of the payment, out of ``paymentData``, which is an object of
    whatever the gateway left there, a text, or none.
    """
    left = fields.raw("paymentData")
    return find_reference(left) if isinstance(left, dict) else ""


def _has_gift_card_payment(fields: Fields) -> bool:
    """Whether ``giftCardsPayment`` holds anything: a list in one source, a link in another. A
    bare collection link counts as none, because every order has one.
    """
    value = fields.raw("giftCardsPayment")
    if not isinstance(value, dict) or "resource" not in value:
        return not is_none(value)
    link = fields.link("giftCardsPayment")
    return bool(link.embedded) or link.id is not None
