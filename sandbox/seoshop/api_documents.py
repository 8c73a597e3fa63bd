"""Whole documents: orders with their links, invoices, events, shipments, webhooks."""

from __future__ import annotations

from typing import Any

from sandbox.seoshop.document_fields import Doc, customer_doc, line_doc, order_doc, price_doc
from sandbox.seoshop.jsonout import iso
from sandbox.seoshop.models import Event, Invoice, InvoiceItem, Order, Shipment, Webhook
from sandbox.seoshop.pricing import ZERO
from sandbox.seoshop.resource_links import language_doc, link
from sandbox.seoshop.webshop import Shop


def full_order(
    shop: Shop, order: Order, language: str, embed: bool = True, scheme: str = "https"
) -> Doc:
    """Return an order with its links, and (``embed``) what is behind them inside.

    ``scheme`` is https in the API and http in webhook bodies.
    """
    number, base = order.id, f"orders/{order.id}"

    def of(url: str, inside: Any, identity: int | None = None) -> Doc:
        return link(url, language, identity, scheme, inside if embed else None)

    customer = shop.customers.get(order.customer_id) if order.customer_id else None
    quote = {"id": 1200000000 + number, "createdAt": iso(order.created_at), "language": "nl"}
    doc = order_doc(shop, order, language)
    doc["customer"] = customer is not None and of(
        f"customers/{customer.id}", customer_doc(shop, customer, language, scheme), customer.id
    )
    doc["invoices"] = of(
        f"invoices?order={number}",
        [invoice_doc(shop, each, language, scheme) for each in shop.order_invoices.get(number, ())],
    )
    doc["shipments"] = of(
        f"shipments?order={number}",
        [shipment_doc(each, language, scheme) for each in shop.order_shipments.get(number, ())],
    )
    doc["products"] = of(
        f"{base}/products", [line_doc(each, language, scheme) for each in order.lines]
    )
    doc["metafields"] = of(f"{base}/metafields", [])
    doc["quote"] = of(f"quotes/{quote['id']}", quote, 1200000000 + number)
    doc["events"] = of(
        f"orders/events?order={number}",
        [event_doc(each, language, scheme) for each in shop.order_events.get(number, ())],
    )
    return {**doc, **order.overrides}


def vat_shifted(shop: Shop, invoice: Invoice) -> bool:
    """Return whether the platform calls an invoice VAT-shifted: a 0 % sale to another country."""
    country = shop.orders[invoice.order_id].contact.billing.country
    return country != shop.country and all(item.rate == 0 for item in invoice.items)


def invoice_doc(shop: Shop, invoice: Invoice, language: str, scheme: str = "https") -> Doc:
    """Return an invoice or credit note; links never carry embedded documents."""
    base, credit = f"invoices/{invoice.id}", invoice.original_id is not None
    sign = -1 if credit and shop.switches["credit_sign"] == "negative" else 1

    def to(url: str, number: int | None = None) -> Doc:
        return link(url, language, number, scheme)

    return {
        "id": invoice.id,
        "createdAt": iso(invoice.created_at),
        "updatedAt": iso(invoice.updated_at),
        "number": invoice.number,
        "status": invoice.status,
        "isVatShifted": vat_shifted(shop, invoice),
        "priceExcl": sign * sum((item.price.excl for item in invoice.items), ZERO),
        "priceIncl": sign * sum((item.price.incl for item in invoice.items), ZERO),
        "doNotifyNew": False,
        "doNotifyPaid": False,
        "invoice": credit and to(f"invoices/{invoice.original_id}", invoice.original_id),
        "isCreditNote": credit,
        "creditNote": invoice.credit_id is not None
        and to(f"invoices/{invoice.credit_id}", invoice.credit_id),
        "order": to(f"orders/{invoice.order_id}", invoice.order_id),
        "customer": invoice.customer_id is not None
        and to(f"customers/{invoice.customer_id}", invoice.customer_id),
        "items": to(f"{base}/items"),
        "metafields": to(f"{base}/metafields"),
        "events": to(f"orders/events?invoice={invoice.id}"),
    }


def item_doc(shop: Shop, invoice: Invoice, item: InvoiceItem) -> Doc:
    """Return an invoice item."""
    negative = invoice.original_id is not None and shop.switches["credit_sign"] == "negative"
    amounts = price_doc(item.price)
    if negative:
        for name in ("priceExcl", "priceIncl", "discountExcl", "discountIncl"):
            amounts[name] = -amounts[name]
    return {
        "id": item.id,
        "type": item.kind,
        "title": item.title,
        "variant": item.variant,
        "orderProductId": item.order_line,
        "articleCode": item.article_code,
        "ean": item.ean,
        "sku": item.article_code,
        "taxRate": item.rate,
        **amounts,
        "quantity": item.quantity,
    }


def event_doc(event: Event, language: str, scheme: str = "https") -> Doc:
    """Return an entry of an order's log."""
    return {
        "id": event.id,
        "createdAt": iso(event.created_at),
        "channel": event.channel,
        "type": event.kind,
        "message": event.message,
        "comment": "",
        "order": link(f"orders/{event.order_id}", language, event.order_id, scheme),
        "invoice": event.invoice_id is not None
        and link(f"invoices/{event.invoice_id}", language, event.invoice_id, scheme),
        "shipment": event.shipment_id is not None
        and link(f"shipments/{event.shipment_id}", language, event.shipment_id, scheme),
    }


def shipment_doc(shipment: Shipment, language: str, scheme: str = "https") -> Doc:
    """Return a shipment."""
    base, number = f"shipments/{shipment.id}", shipment.id
    return {
        "id": number,
        "createdAt": iso(shipment.created_at),
        "updatedAt": iso(shipment.updated_at),
        "number": shipment.number,
        "status": shipment.status,
        "trackingCode": "",
        "doNotifyShipped": False,
        "doNotifyReadyForPickup": False,
        "doNotifyTrackingCode": False,
        "customer": shipment.customer_id is not None
        and link(f"customers/{shipment.customer_id}", language, shipment.customer_id, scheme),
        "order": link(f"orders/{shipment.order_id}", language, shipment.order_id, scheme),
        "products": link(f"{base}/products", language, scheme=scheme),
        "metafields": link(f"{base}/metafields", language, scheme=scheme),
        "events": link(f"orders/events?shipment={number}", language, scheme=scheme),
    }


def webhook_doc(shop: Shop, webhook: Webhook) -> Doc:
    """Return a webhook subscription; the language is a code going in and an object coming out."""
    return {
        "id": webhook.id,
        "createdAt": iso(webhook.created_at),
        "updatedAt": iso(webhook.updated_at),
        "isActive": webhook.active,
        "itemGroup": webhook.group,
        "itemAction": webhook.action,
        "language": language_doc(shop, webhook.language),
        "format": webhook.format,
        "address": webhook.address,
    }
