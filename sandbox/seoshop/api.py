"""The API's reading side, a table of resources, and the routes over it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, g, request

from sandbox.seoshop import api_documents, document_fields
from sandbox.seoshop.api_gate import ApiError, answer, error_answer
from sandbox.seoshop.document_fields import Doc
from sandbox.seoshop.listing import InvalidQuery, only_fields, page_of, select
from sandbox.seoshop.models import Invoice, Order
from sandbox.seoshop.shop_platform import current
from sandbox.seoshop.webshop import Shop

api = Blueprint("api", __name__, url_prefix="/<string(length=2):language>")


@dataclass(frozen=True)
class Resource:
    """A listed resource: JSON names, the records of a shop, and how one is written."""

    one: str
    many: str
    records: Callable[[Shop], Iterable[Any]]
    write: Callable[[Shop, Any, str, bool], Doc]


def _order(shop: Shop, order: Order, language: str, single: bool) -> Doc:
    embed = single or bool(shop.switches["embedded_in_lists"])
    return api_documents.full_order(shop, order, language, embed)


RESOURCES = {
    "orders": Resource("order", "orders", lambda shop: shop.orders.values(), _order),
    "invoices": Resource(
        "invoice",
        "invoices",
        lambda shop: shop.invoices.values(),
        lambda shop, each, language, _: api_documents.invoice_doc(shop, each, language),
    ),
    "customers": Resource(
        "customer",
        "customers",
        lambda shop: shop.customers.values(),
        lambda shop, each, language, _: document_fields.customer_doc(shop, each, language),
    ),
    "shipments": Resource(
        "shipment",
        "shipments",
        lambda shop: shop.shipments.values(),
        lambda _, each, language, __: api_documents.shipment_doc(each, language),
    ),
    "orders/events": Resource(
        "ordersEvent",
        "ordersEvents",
        lambda shop: shop.events.values(),
        lambda _, each, language, __: api_documents.event_doc(each, language),
    ),
    "webhooks": Resource(
        "webhook",
        "webhooks",
        lambda shop: [each for each in shop.webhooks.values() if each.key == g.key],
        lambda shop, each, _, __: api_documents.webhook_doc(shop, each),
    ),
    "paymentmethods": Resource(
        "paymentmethod",
        "paymentmethods",
        lambda shop: shop.methods,
        lambda _, each, __, ___: {"id": each.id, "key": each.key, "title": each.title},
    ),
    "orders/customstatuses": Resource(
        "customStatus",
        "customStatuses",
        lambda _: (),
        lambda *_: {},
    ),
}


@api.errorhandler(InvalidQuery)
def invalid_query(_error: InvalidQuery) -> Response:
    """Answer 400 to parameters that cannot be read."""
    return error_answer(400)


@api.get("/<path:name>.json")
def read(language: str, name: str) -> Response:
    """Answer any GET: a list, its count, one record, or a record's own list."""
    with current().store.lock:
        parts = name.split("/")
        if parts[0] == "orders" and len(parts) > 2 and parts[2] in ("products", "metafields"):
            return _order_part(language, parts)
        if parts[0] == "invoices" and len(parts) > 2 and parts[2] in ("items", "metafields"):
            return _invoice_part(parts)
        for base in (name, "/".join(parts[:-1])):
            if base in RESOURCES:
                return _resource(RESOURCES[base], language, "" if base == name else parts[-1])
    raise ApiError(404)


def _names(resource: Resource) -> tuple[str, str]:
    if resource.one == "ordersEvent" and g.shop.switches["events_key"] == "orderEvents":
        return "orderEvent", "orderEvents"
    return resource.one, resource.many


def _resource(resource: Resource, language: str, tail: str) -> Response:
    shop: Shop = g.shop
    one, many = _names(resource)
    if tail and tail != "count":
        found = find(resource.records(shop), tail)
        return answer({one: only_fields(resource.write(shop, found, language, True), request.args)})
    chosen = _select(shop, resource)
    if tail == "count":
        return answer({"count": len(chosen)})
    rows = [
        resource.write(shop, each, language, False) for each in page_of(shop, chosen, request.args)
    ]
    return answer({many: [only_fields(row, request.args) for row in rows]})


def _select(shop: Shop, resource: Resource) -> list[Any]:
    found = select(shop, resource.records(shop), request.args.to_dict())
    return sorted(found, key=lambda each: each.id) if resource.many == "paymentmethods" else found


def find(records: Iterable[Any], tail: str) -> Any:
    """Return the record with this id; 404 when there is none."""
    if tail.isdigit():
        for each in records:
            if each.id == int(tail):
                return each
    raise ApiError(404)


def order_by_id(tail: str) -> Order:
    """Return the shop's order with this id; 404 when there is none."""
    order = g.shop.orders.get(int(tail)) if tail.isdigit() else None
    if order is None:
        raise ApiError(404)
    assert isinstance(order, Order)
    return order


def _order_part(language: str, parts: list[str]) -> Response:
    order = order_by_id(parts[1])
    if parts[2] == "metafields":
        return _rows("orderMetafield", [], parts[3:])
    rows = [document_fields.line_doc(line, language) for line in order.lines]
    return _rows("orderProduct", rows, parts[3:])


def _invoice_part(parts: list[str]) -> Response:
    invoice = g.shop.invoices.get(int(parts[1])) if parts[1].isdigit() else None
    if not isinstance(invoice, Invoice):
        raise ApiError(404)
    if parts[2] == "metafields":
        return _rows("invoiceMetafield", [], parts[3:])
    rows = [api_documents.item_doc(g.shop, invoice, item) for item in invoice.items]
    return _rows("invoiceItem", rows, parts[3:])


def _rows(one: str, rows: list[Doc], tail: list[str]) -> Response:
    if tail == ["count"]:
        return answer({"count": len(rows)})
    if tail:
        row = next((each for each in rows if str(each["id"]) == tail[0]), None)
        if row is None:
            raise ApiError(404)
        return answer({one: row})
    return answer({f"{one}s": page_of(g.shop, rows, request.args)})
