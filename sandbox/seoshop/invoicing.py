"""Invoices and credit notes, whole or in part. Both share one number series."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.seoshop.models import Invoice, InvoiceItem, Line, Order
from sandbox.seoshop.platform_store import Store
from sandbox.seoshop.pricing import Price, part_of
from sandbox.seoshop.specs import Form
from sandbox.seoshop.webshop import Shop

Pieces = list[tuple[Line, int]]


def make_invoice(store: Store, shop: Shop, order: Order, now: datetime, form: Form) -> Invoice:
    """Invoice what ``lines`` names (default: all not invoiced yet; costs on the first invoice)."""
    first = not shop.order_invoices.get(order.id)
    if form.get("lines"):
        pieces = _chosen(order, form["lines"], {each.id: each.quantity for each in order.lines})
    elif first:
        pieces = [(line, line.quantity) for line in order.lines]
    else:
        open_lines = [(line, line.quantity - line.invoiced) for line in order.lines]
        pieces = [each for each in open_lines if each[1] > 0]
        pieces = pieces or [(line, line.quantity) for line in order.lines]
    for line, quantity in pieces:
        line.invoiced = min(line.quantity, line.invoiced + quantity)
    number = form.get("number") or (order.invoice_number if first else None)
    return _file(
        store,
        shop,
        order,
        now,
        number=number,
        items=_items(store, shop, order, pieces, bool(form.get("costs", first))),
    )


def make_credit(store: Store, shop: Shop, order: Order, now: datetime, form: Form) -> Invoice:
    """Credit what ``lines`` names (default: all that is left) of the order's first invoice."""
    plain = [each for each in shop.order_invoices.get(order.id, ()) if each.original_id is None]
    if not plain:
        raise ValueError(f"order {order.number} has no invoice to credit")
    left = {line.id: line.quantity - line.refunded for line in order.lines}
    if form.get("lines"):
        pieces = _chosen(order, form["lines"], left)
    else:
        pieces = [(line, left[line.id]) for line in order.lines if left[line.id]]
    costs = bool(form.get("costs", not form.get("lines")))
    if not pieces and not costs:
        raise ValueError(f"order {order.number} has nothing left to credit")
    for line, quantity in pieces:
        line.refunded += quantity
    items = _items(store, shop, order, pieces, costs)
    note = _file(store, shop, order, now, number=form.get("number"), items=items)
    note.original_id, plain[0].credit_id = plain[0].id, note.id
    return note


def _file(
    store: Store,
    shop: Shop,
    order: Order,
    now: datetime,
    *,
    number: str | None,
    items: list[InvoiceItem],
) -> Invoice:
    invoice = Invoice(
        store.next_id("invoice"),
        shop.next_number("invoice", number),
        now,
        now,
        order.id,
        order.customer_id,
        items,
    )
    shop.invoices[invoice.id] = invoice
    shop.order_invoices.setdefault(order.id, []).append(invoice)
    return invoice


def _chosen(order: Order, wanted: list[dict[str, Any]], left: dict[int, int]) -> Pieces:
    lines = {line.id: line for line in order.lines}
    pieces = []
    for each in wanted:
        line = lines.get(int(each.get("id", 0)))
        if line is None:
            raise ValueError(f"order {order.number} has no line {each.get('id')}")
        quantity = int(each.get("quantity", left[line.id]))
        if not 0 < quantity <= left[line.id]:
            raise ValueError(f"line {line.id}: {quantity} asked, {left[line.id]} left")
        pieces.append((line, quantity))
    return pieces


def _items(
    store: Store, shop: Shop, order: Order, pieces: Pieces, costs: bool
) -> list[InvoiceItem]:
    items = [
        InvoiceItem(
            store.next_id("item"),
            "product",
            line.title,
            line.variant,
            line.id,
            line.article_code,
            line.ean,
            line.rate,
            quantity,
            part_of(line.price, quantity, line.quantity, shop.includes_vat),
        )
        for line, quantity in pieces
    ]
    if costs and order.shipping.incl:
        items.append(_cost(store, "shipment", order.shipping_title, order.shipping))
    if costs and order.payment.incl:
        items.append(_cost(store, "payment", order.payment_title, order.payment))
    return items


def _cost(store: Store, kind: str, title: str, amount: Price) -> InvoiceItem:
    fixed = "_shippingcosts_" if kind == "shipment" else "_paymentcosts_"
    return InvoiceItem(
        store.next_id("item"), kind, fixed, title, None, "", "", amount.taxes[0].rate, 1, amount
    )
