"""The back door for tests and the demo: JSON under ``/_control/``, orders and shops.

Every answer is JSON; what cannot be done is a 400 (404 for an unknown record) with ``error``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request

from sandbox.seoshop.jsonout import dumps
from sandbox.seoshop.models import Order
from sandbox.seoshop.platform import Platform, current
from sandbox.seoshop.shop import Limits, Shop
from sandbox.seoshop.specs import moment
from sandbox.seoshop.store import DEFAULT_METHODS, DEFAULT_SHOP

control = Blueprint("control", __name__, url_prefix="/_control")
Deed = Callable[[Platform, Shop, Order, dict[str, Any]], dict[str, Any]]


def reply(document: Any, status: int = 200) -> Response:
    """Return a JSON answer."""
    return Response(dumps(document), status, content_type="application/json")


def form() -> dict[str, Any]:
    """Return the request's JSON object, empty when there is no body; amounts as Decimal."""
    raw = request.get_data()
    document = json.loads(raw, parse_float=Decimal) if raw.strip() else {}
    if not isinstance(document, dict):
        raise TypeError("the body is a JSON object")
    return document


@control.errorhandler(ValueError)
def bad_form(error: ValueError) -> Response:
    """Answer 400 with what was wrong."""
    return reply({"error": str(error)}, 400)


@control.errorhandler(TypeError)
def bad_type(error: TypeError) -> Response:
    """Answer 400 with what was wrong."""
    return reply({"error": str(error)}, 400)


@control.errorhandler(KeyError)
def unknown_record(error: KeyError) -> Response:
    """Answer 404."""
    return reply({"error": f"there is no {error.args[0]}"}, 404)


@control.post("/reset")
def reset() -> Response:
    """Back to the beginning."""
    current().reset()
    return reply({"ok": True})


@control.get("/shops")
def shops() -> Response:
    """List the shops."""
    with current().store.lock:
        return reply({"shops": [shop_summary(each) for each in current().store.shops.values()]})


@control.post("/shops")
def create_shop() -> Response:
    """Open a shop. Keys: id, title, languages, currency, country, includes_vat, payment_methods
    ([{key, title}]), taxes (fractions), invoice_mode, prefixes, digits, and those of
    ``/shops/{id}``.
    """
    asked, store = form(), current().store
    methods = asked.pop("payment_methods", None)
    languages = asked.pop("languages", None) or [asked.pop("language", "nl")]
    with store.lock:
        shop = store.create_shop(
            asked.pop("id", None), asked.pop("title", ""), languages,
            currency=asked.pop("currency", "EUR"), country=asked.pop("country", "nl"),
            includes_vat=asked.pop("includes_vat", True),
            methods=[(each["key"], each["title"]) for each in methods or ()] or DEFAULT_METHODS,
        )
        try:
            change_settings(shop, asked)
        except (TypeError, ValueError):
            del store.shops[shop.id]
            raise
        return reply(shop_summary(shop), 201)


@control.post("/shops/<int:number>")
def change_shop(number: int) -> Response:
    """Change a shop: title, currency, taxes, prefixes, digits, invoice_mode, switches,
    add_payment_method ({key, title}).
    """
    asked, store = form(), current().store
    with store.lock:
        shop = current().shop(number)
        method = asked.pop("add_payment_method", None)
        if method:
            store.add_method(shop, method["key"], method["title"])
        change_settings(shop, asked)
        return reply(shop_summary(shop))


@control.post("/shops/<int:number>/limits")
def change_limits(number: int) -> Response:
    """Set the allowance: limits and windows (seconds), three each, and per_second."""
    asked = form()
    with current().store.lock:
        shop = current().shop(number)
        new = Limits(
            tuple(asked.get("limits", shop.limits.limits)),
            tuple(asked.get("windows", shop.limits.windows)),
            int(asked.get("per_second", shop.limits.per_second)),
        )
        whole = all(isinstance(each, int) and each > 0 for each in (*new.limits, *new.windows))
        if len(new.limits) != 3 or len(new.windows) != 3 or not whole:
            raise ValueError("limits and windows are three whole numbers each")
        shop.limits = new
    current().limiter.reset()
    return reply({"limits": new.limits, "windows": new.windows, "per_second": new.per_second})


def change_settings(shop: Shop, asked: dict[str, Any]) -> None:
    """Apply settings to a shop; ValueError for one that does not exist."""
    simple = {"title", "currency", "country", "digits", "invoice_mode", "includes_vat"}
    for key, value in asked.items():
        if key in simple:
            setattr(shop, key, value)
        elif key == "taxes":
            shop.taxes = tuple(Decimal(str(rate)) for rate in value)
        elif key == "prefixes":
            shop.prefixes.update(value)
        elif key == "switches":
            for name, choice in value.items():
                shop.set_switch(name, choice)
        else:
            raise ValueError(f"a shop has no setting {key}")


def shop_summary(shop: Shop) -> dict[str, Any]:
    """Return a shop's settings, state and own API key."""
    live = shop.installation
    return {
        "id": shop.id, "title": shop.title, "languages": shop.languages,
        "currency": shop.currency, "country": shop.country, "includes_vat": shop.includes_vat,
        "invoice_mode": shop.invoice_mode, "taxes": shop.taxes,
        "payment_methods": [{"key": m.key, "title": m.title} for m in shop.methods],
        "switches": shop.switches, "orders": len(shop.orders), "webhooks": len(shop.webhooks),
        "app": live.status if live else "not_installed", "api_key": shop.api_key,
        "api_secret": shop.api_secret,
    }


def order_summary(shop: Shop, order: Order) -> dict[str, Any]:
    """Return what a test needs to know of an order, line ids and invoice numbers included."""
    return {
        "id": order.id, "number": order.number, "shop_id": shop.id, "status": order.status,
        "payment_status": order.payment_status,
        "lines": [{"id": each.id, "title": each.title} for each in order.lines],
        "invoices": [each.number for each in shop.order_invoices.get(order.id, ())],
    }


@control.get("/orders")
def orders() -> Response:
    """List all orders of ``?shop_id=`` (default shop otherwise)."""
    with current().store.lock:
        shop = current().shop(request.args.get("shop_id", DEFAULT_SHOP, type=int))
        return reply({"orders": [order_summary(shop, each) for each in shop.orders.values()]})


@control.post("/orders")
def create_order() -> Response:
    """Place an order in ``shop_id`` (default shop otherwise); the form is in ``specs``."""
    asked = form()
    with current().store.lock:
        shop = current().shop(asked.pop("shop_id", DEFAULT_SHOP))
        order = current().desk.create(shop, asked)
        return reply(order_summary(shop, order), 201)


@control.post("/orders/bulk")
def create_many() -> Response:
    """Place ``n`` cheap orders: shop_id, paid, webhooks (default false: none are sent),
    invoice, created_at and step (seconds between them).
    """
    asked, platform = form(), current()
    count, step = int(asked["n"]), timedelta(seconds=float(asked.get("step", 1)))
    with platform.store.lock:
        shop = platform.shop(asked.get("shop_id", DEFAULT_SHOP))
        start = moment(asked["created_at"]) if "created_at" in asked else platform.config.clock()
        made = [
            platform.desk.create(shop, {
                "created_at": start + step * position, "paid": bool(asked.get("paid")),
                "invoice": asked.get("invoice", "never"),
                "customer": {
                    "email": f"klant{position % 97}@example.nl", "firstname": "Klant",
                    "lastname": f"Nummer {position % 97}",
                },
                "lines": [{"title": "Sleutelhanger", "priceIncl": "4.95"}],
            }, announce=bool(asked.get("webhooks")))
            for position in range(count)
        ]
    return reply({
        "count": count, "first": made[0].number if made else None,
        "last": made[-1].number if made else None, "ids": [each.id for each in made],
    }, 201)


def _paid(platform: Platform, shop: Shop, order: Order, asked: dict[str, Any]) -> dict[str, Any]:
    platform.desk.paid(shop, order, moment(asked["at"]) if asked.get("at") else None)
    return {}


def _invoice(
    platform: Platform, shop: Shop, order: Order, asked: dict[str, Any]
) -> dict[str, Any]:
    made = platform.desk.invoice(shop, order, asked)
    return {"invoice": {"id": made.id, "number": made.number}}


def _credit(platform: Platform, shop: Shop, order: Order, asked: dict[str, Any]) -> dict[str, Any]:
    made = platform.desk.credit(shop, order, asked)
    return {"invoice": {"id": made.id, "number": made.number}}


def _plain(name: str) -> Deed:
    def deed(platform: Platform, shop: Shop, order: Order, asked: dict[str, Any]) -> dict[str, Any]:
        getattr(platform.desk, name)(shop, order, *([asked] if name == "edit" else []))
        return {}

    return deed


DEEDS: dict[str, Deed] = {
    "paid": _paid, "invoice": _invoice, "credit": _credit,
    **{name: _plain(name) for name in ("not_paid", "cancel", "ship", "edit")},
}


def find_order(platform: Platform, number: int) -> tuple[Shop, Order]:
    """Return an order and its shop; KeyError when there is none of that id."""
    for shop in platform.store.shops.values():
        if number in shop.orders:
            return shop, shop.orders[number]
    raise KeyError(f"order {number}")


@control.post("/orders/<int:number>/<deed>")
def act(number: int, deed: str) -> Response:
    """Do one of ``DEEDS`` to an order; bodies as in ``desk``. ``paid`` takes ``at``."""
    platform = current()
    with platform.store.lock:
        shop, order = find_order(platform, number)
        if deed not in DEEDS:
            raise KeyError(f"deed {deed}")
        result = DEEDS[deed](platform, shop, order, form())
        return reply({**order_summary(shop, order), **result})
