"""Parses SEOshop's JSON into the domain's types: each of their fields is read by its type under its
own name in camel case, other names are given here; all else (birth date, IP address, remarks, …) is
left out. Every function raises `ShopUnreadable` when a field the books rest on is missing or
unreadable.

Source: API reference, 6.2 (orders), 7 (order products), 8 (invoices), 9 (payment methods, shop),
3.1 (webhooks).
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from enum import EnumType
from functools import cache
from typing import Any, TypeVar, get_type_hints

from chalicelib.adapters.seoshop.values import (
    Fields,
    is_none,
    read_objects,
    unreadable_document,
)
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
from chalicelib.domain.platform import ShopProfile, Webhook
from chalicelib.errors import ShopUnreadable

T = TypeVar("T")


def parse_order(
    fields: Fields, lines: Iterable[OrderLine], invoices: Iterable[ShopInvoice]
) -> Order:
    """An order with its lines and invoices, which are read apart because they may be links."""
    return _parse(
        Order,
        fields,
        number=fields.needed_text("number"),
        company_coc_number=fields.text("companyCoCNumber"),
        billing=_parse_address(fields, "addressBilling"),
        shipping=_parse_address(fields, "addressShipping"),
        shipping_company=fields.text("addressShippingCompany"),
        payment=_parse_charge(fields, "payment"),
        shipment=_parse_charge(fields, "shipment"),
        lines=tuple(lines),
        invoices=tuple(invoices),
        customer_id=fields.link("customer").id,
        has_gift_card_payment=_has_gift_card_payment(fields),
        is_pickup=fields.read("shipmentIsPickup", bool, False),
        paid_at=find_last_payment(
            read_objects(fields.link("events").embedded, "order.events"), fields.read("id", int)
        ),
    )


def parse_order_summary(fields: Fields) -> OrderSummary:
    """An entry of an order list."""
    return _parse(OrderSummary, fields, number=fields.needed_text("number"))


def parse_order_summary_or_stand_in(fields: Fields, *, at: datetime) -> OrderSummary:
    """An entry of an order list; for an unreadable one, a stand-in of `at` that is due.

    One bad entry must neither stop the list nor be skipped: the stand-in makes the export read the
    order itself, which is then held as unreadable and shown to the merchant.
    """
    try:
        return parse_order_summary(fields)
    except ShopUnreadable:
        number = fields.read("id", int)
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
    return _parse(
        OrderLine,
        fields,
        title=fields.text("productTitle"),
        variant=fields.text("variantTitle"),
        quantity=fields.read("quantityOrdered", Decimal),
        tax_rates=_parse_tax_amounts(fields, "taxRates"),
    )


def parse_invoice(fields: Fields) -> ShopInvoice:
    """An invoice or credit note, amounts with the sign SEOshop gives them."""
    return _parse(
        ShopInvoice,
        fields,
        number=fields.text("number").strip(),
        status=InvoiceStatus(fields.text("status")),
        order_id=fields.link("order").id,
        original_id=fields.link("invoice").id,
    )


def parse_invoice_item(fields: Fields) -> InvoiceItem:
    """A line of an invoice or credit note."""
    return _parse(InvoiceItem, fields, kind=fields.text("type"), tax_rates=())


def parse_payment_method(fields: Fields) -> PaymentMethod:
    """A payment method; one without title is shown by its key."""
    key = fields.needed_text("key")
    return PaymentMethod(key=key, title=fields.text("title").strip() or key)


def parse_webhook(fields: Fields) -> Webhook:
    """A webhook subscription."""
    topic = f"{fields.text('itemGroup')}/{fields.text('itemAction')}"
    return _parse(Webhook, fields, topic=topic)


def parse_shop_profile(fields: Fields) -> ShopProfile:
    """A shop. Its title is its company's name where that is embedded, else its own title or domain.
    The country is the empty string when the shop has filled in none.
    """
    currency, company = fields.raw("currency"), fields.link("company").embedded
    if isinstance(currency, str):
        code = fields.needed_text("currency")
    else:
        code = fields.object("currency").needed_text("shortcode")
    titles = [fields.text(name) for name in ("title", "mainDomain", "subDomain")]
    if isinstance(company, dict):
        titles.insert(0, Fields(company, "shop.company").text("name"))
    domain = fields.text("subDomain").partition(".")[0]
    return ShopProfile(
        title=next(filter(None, titles), ""),
        currency=code.upper(),
        country=_parse_country(fields, "country") or "",
        domain=domain if re.fullmatch(r"[A-Za-z0-9-]{1,63}", domain) else "",
    )


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


def _parse_address(fields: Fields, prefix: str) -> Address:
    return _parse(
        Address,
        fields,
        prefix,
        attention=fields.text(f"{prefix}Name"),
        line2=fields.text(f"{prefix}Street2"),
        suffix=fields.text(f"{prefix}Extension"),
        postal_code=fields.text(f"{prefix}Zipcode"),
        country=_parse_country(fields, f"{prefix}Country"),
    )


def _parse_charge(fields: Fields, prefix: str) -> Charge:
    return _parse(Charge, fields, prefix, tax_rates=_parse_tax_amounts(fields, f"{prefix}TaxRates"))


def _parse_tax_amounts(fields: Fields, name: str) -> tuple[TaxAmount, ...]:
    return tuple(_parse(TaxAmount, tax) for tax in fields.objects(name))


def _parse_country(fields: Fields, name: str) -> str | None:
    """The upper-case alpha-2 code of a country object (or bare code); None for none."""
    value = fields.raw(name)
    if is_none(value):
        return None
    code = value if isinstance(value, str) else fields.object(name).needed_text("code")
    if not re.fullmatch(r"[A-Za-z]{2}", code):
        raise unreadable_document(fields.resource, name, "is not a code of two letters")
    return code.upper()


def _has_gift_card_payment(fields: Fields) -> bool:
    """Whether ``giftCardsPayment`` holds anything: a list in one source, a link in another. A
    bare collection link counts as none, because every order has one.
    """
    value = fields.raw("giftCardsPayment")
    if not isinstance(value, dict) or "resource" not in value:
        return not is_none(value)
    link = fields.link("giftCardsPayment")
    return bool(link.embedded) or link.id is not None


def _parse(record: Callable[..., T], fields: Fields, prefix: str = "", /, **given: Any) -> T:
    """A record of the domain: what is not `given` is read under its name after the prefix. Texts
    and flags may always be none, amounts only where the domain has a default.
    """
    for name, hint, default in _list_fields(record):
        if name not in given:
            titled = name.title().replace("_", "")
            field = prefix + titled if prefix else titled[0].lower() + titled[1:]
            if isinstance(hint, EnumType):
                given[name] = hint(fields.needed_text(field))
            else:
                given[name] = fields.read(field, hint, {str: "", bool: False}.get(hint, default))
    return record(**given)


@cache
def _list_fields(record: Any) -> list[tuple[str, Any, Any]]:
    hints = get_type_hints(record)
    return [(each.name, hints[each.name], each.default) for each in dataclasses.fields(record)]
