"""The control routes for orders: create one or many, and do a deed to one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Response, request

from sandbox.seoshop.control_shops import control, form, reply
from sandbox.seoshop.models import Order
from sandbox.seoshop.platform_store import DEFAULT_SHOP
from sandbox.seoshop.shop_platform import Platform, current
from sandbox.seoshop.specs import moment
from sandbox.seoshop.webshop import Shop

Deed = Callable[[Platform, Shop, Order, dict[str, Any]], dict[str, Any]]


def order_summary(shop: Shop, order: Order) -> dict[str, Any]:
    """Return what a test needs to know of an order, line ids and invoice numbers included."""
    return {
        "id": order.id,
        "number": order.number,
        "shop_id": shop.id,
        "status": order.status,
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
    """Place ``n`` cheap orders: shop_id, paid, paid_at, webhooks (default false: none are sent),
    invoice, created_at and step (seconds between them).
    """
    asked, platform = form(), current()
    count, step = int(asked["n"]), timedelta(seconds=float(asked.get("step", 1)))
    with platform.store.lock:
        shop = platform.shop(asked.get("shop_id", DEFAULT_SHOP))
        start = moment(asked["created_at"]) if "created_at" in asked else platform.config.clock()
        made = [
            platform.desk.create(
                shop,
                {
                    "created_at": start + step * position,
                    "paid": bool(asked.get("paid")),
                    "paid_at": asked.get("paid_at"),
                    "invoice": asked.get("invoice", "never"),
                    "customer": {
                        "email": f"klant{position % 97}@example.nl",
                        "firstname": "Klant",
                        "lastname": f"Nummer {position % 97}",
                    },
                    "lines": [{"title": "Sleutelhanger", "priceIncl": "4.95"}],
                },
                announce=bool(asked.get("webhooks")),
            )
            for position in range(count)
        ]
    return reply(
        {
            "count": count,
            "first": made[0].number if made else None,
            "last": made[-1].number if made else None,
            "ids": [each.id for each in made],
        },
        201,
    )


def _paid(platform: Platform, shop: Shop, order: Order, asked: dict[str, Any]) -> dict[str, Any]:
    platform.desk.paid(shop, order, moment(asked["at"]) if asked.get("at") else None)
    return {}


def _invoice(platform: Platform, shop: Shop, order: Order, asked: dict[str, Any]) -> dict[str, Any]:
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
    "paid": _paid,
    "invoice": _invoice,
    "credit": _credit,
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
