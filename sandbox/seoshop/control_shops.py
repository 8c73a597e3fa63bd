"""Control routes for tests and the demo: JSON under ``/_control/``; this module has the shops.

Every answer is JSON; what cannot be done is a 400 (404 for an unknown record) with ``error``.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, request

from sandbox.seoshop.jsonout import dumps
from sandbox.seoshop.platform_store import DEFAULT_METHODS
from sandbox.seoshop.shop_platform import current
from sandbox.seoshop.webshop import Limits, Shop

control = Blueprint("control", __name__, url_prefix="/_control")


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
    """Reset the platform to one fresh default shop."""
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
    ([{key, title}] or titles), taxes (fractions), invoice_mode, prefixes, digits, and those of
    ``/shops/{id}``.
    """
    asked, store = form(), current().store
    methods = asked.pop("payment_methods", None)
    languages = asked.pop("languages", None) or [asked.pop("language", "nl")]
    with store.lock:
        shop = store.create_shop(
            asked.pop("id", None),
            asked.pop("title", ""),
            languages,
            currency=asked.pop("currency", "EUR"),
            country=asked.pop("country", "nl"),
            includes_vat=asked.pop("includes_vat", True),
            methods=[_method(each) for each in methods or ()] or DEFAULT_METHODS,
        )
        try:
            change_settings(shop, asked)
        except (TypeError, ValueError):
            del store.shops[shop.id]
            raise
        return reply(shop_summary(shop), 201)


def _method(given: Any) -> tuple[str, str]:
    if isinstance(given, str):
        return given.lower().replace(" ", ""), given
    return given["key"], given["title"]


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
        "id": shop.id,
        "title": shop.title,
        "languages": shop.languages,
        "currency": shop.currency,
        "country": shop.country,
        "includes_vat": shop.includes_vat,
        "invoice_mode": shop.invoice_mode,
        "taxes": shop.taxes,
        "payment_methods": [{"key": m.key, "title": m.title} for m in shop.methods],
        "switches": shop.switches,
        "orders": len(shop.orders),
        "webhooks": len(shop.webhooks),
        "app": live.status if live else "not_installed",
        "api_key": shop.api_key,
        "api_secret": shop.api_secret,
    }
