"""The API's writing side: webhook subscriptions, order statuses, credit notes.

The app may only read, so of all this it may use the subscriptions alone.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from flask import Response, g, request

from sandbox.seoshop.api import api, find, order_by_id
from sandbox.seoshop.api_documents import full_order, invoice_doc, webhook_doc
from sandbox.seoshop.api_gate import ApiError, answer
from sandbox.seoshop.models import Webhook
from sandbox.seoshop.shop_platform import current
from sandbox.seoshop.webshop import Shop

GROUPS = frozenset(
    [
        "customers",
        "invoices",
        "orders",
        "products",
        "quotes",
        "reviews",
        "shipments",
        "subscriptions",
        "tickets",
        "variants",
        "returns",
        "contacts",
    ]
)
ACTIONS = frozenset(("created", "updated", "deleted", "*"))
EXTRA_ACTIONS = {"orders": {"paid", "shipped"}, "tickets": {"answered"}}


def body(wrapper: str) -> dict[str, Any]:
    """Return the object inside the JSON body's wrapper; 400 when there is none."""
    try:
        inner = json.loads(request.get_data(), parse_float=Decimal)[wrapper]
    except (ValueError, KeyError, TypeError):
        raise ApiError(400) from None
    if not isinstance(inner, dict):
        raise ApiError(400)
    return inner


def needs_own_key() -> None:
    """Refuse the app, which was given read permissions only."""
    if g.key != "own":
        raise ApiError(403)


@api.post("/webhooks.json")
def create_webhook(language: str) -> Response:
    """Subscribe. The same subscription twice is not refused, as on the platform."""
    form, platform, shop = body("webhook"), current(), g.shop
    now = platform.config.clock()
    with platform.store.lock:
        webhook = Webhook(platform.store.next_id("webhook"), g.key, now, now, "", "", "", language)
        _fill(shop, webhook, {"isActive": True, "format": "json", "language": language, **form})
        shop.webhooks[webhook.id] = webhook
        return answer({"webhook": webhook_doc(shop, webhook)}, 201)


@api.put("/webhooks/<int:number>.json")
def change_webhook(language: str, number: int) -> Response:
    """Change a subscription."""
    form, platform = body("webhook"), current()
    with platform.store.lock:
        webhook = _webhook(number)
        _fill(g.shop, webhook, form)
        webhook.updated_at = platform.config.clock()
        return answer({"webhook": webhook_doc(g.shop, webhook)})


@api.delete("/webhooks/<int:number>.json")
def delete_webhook(language: str, number: int) -> Response:
    """End a subscription."""
    with current().store.lock:
        del g.shop.webhooks[_webhook(number).id]
    return Response(status=204)


def _webhook(number: int) -> Webhook:
    mine = [each for each in g.shop.webhooks.values() if each.key == g.key]
    webhook = find(mine, str(number))
    assert isinstance(webhook, Webhook)
    return webhook


def _fill(shop: Shop, webhook: Webhook, form: dict[str, Any]) -> None:
    group = form.get("itemGroup", webhook.group)
    action = form.get("itemAction", webhook.action)
    address = form.get("address", webhook.address)
    language = str(form.get("language", webhook.language)).lower()
    style = form.get("format", webhook.format)
    parts = urlsplit(str(address))
    fits = action in ACTIONS or action in EXTRA_ACTIONS.get(str(group), ())
    if (
        group not in GROUPS
        or not fits
        or parts.scheme not in ("http", "https")
        or not parts.netloc
        or language not in shop.languages
        or style not in ("json", "xml")
    ):
        raise ApiError(400)
    webhook.group, webhook.action, webhook.address = group, action, address
    webhook.language, webhook.format = language, style
    webhook.active = bool(form.get("isActive", webhook.active))


@api.put("/orders/<tail>.json")
def change_order(language: str, tail: str) -> Response:
    """Change an order's status, payment status or memo, with the shop's own key."""
    needs_own_key()
    form, platform, shop = body("order"), current(), g.shop
    with platform.store.lock:
        order = order_by_id(tail)
        if form.get("paymentStatus") == "paid":
            platform.desk.paid(shop, order)
        elif form.get("paymentStatus") == "not_paid":
            platform.desk.not_paid(shop, order)
        if form.get("status") == "cancelled":
            platform.desk.cancel(shop, order)
        elif "status" in form:
            platform.desk.edit(shop, order, {"status": form["status"]})
        if form.get("shipmentStatus") == "shipped":
            platform.desk.ship(shop, order)
        return answer({"order": full_order(shop, order, language)})


@api.post("/orders/<tail>/credit.json")
def credit_order(language: str, tail: str) -> Response:
    """Make a credit note, with the shop's own key."""
    needs_own_key()
    form, platform, shop = body("credit"), current(), g.shop
    wanted: dict[str, Any] = {
        "costs": bool(form.get("creditPayment")) or bool(form.get("creditShipment"))
    }
    if form.get("orderProducts"):
        wanted["lines"] = form["orderProducts"]
    with platform.store.lock:
        order = order_by_id(tail)
        try:
            note = platform.desk.credit(shop, order, wanted)
        except (ValueError, AttributeError) as error:
            raise ApiError(400) from error
        return answer({"invoice": invoice_doc(shop, note, language)}, 201)
