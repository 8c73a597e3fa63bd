"""Playing the ready-made examples of the shelf in a shop."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.seoshop.models import Order
from sandbox.seoshop.scenario import Scenario
from sandbox.seoshop.shelf import SCENARIOS
from sandbox.seoshop.shop_platform import Platform
from sandbox.seoshop.webshop import Shop

__all__ = ["SCENARIOS", "play"]


def play(platform: Platform, shop: Shop, scenario: Scenario, paid: bool = False) -> list[Order]:
    """Make a scenario's orders in a shop; with ``paid`` all of them become paid.

    One that follows another plays that first, paid, where it was not played yet. ValueError when an
    order number exists already (figure 5 fits once in a shop), or a step cannot be done any more.
    """
    taken = [form["number"] for form in scenario.orders if form.get("number") in shop.numbers]
    if taken:
        raise ValueError(f"shop {shop.id} has {', '.join(taken)} already")
    for name, value in scenario.settings.items():
        setattr(shop, name, value)
    if scenario.method:
        platform.store.add_method(shop, *scenario.method)
    orders = _followed(platform, shop, scenario) or [
        platform.desk.create(shop, form) for form in scenario.orders
    ]
    shop.played[scenario.name] = orders
    for deed, position, form in scenario.steps:
        _do(platform, shop, orders[position], deed, form)
    if paid:
        for order in orders:
            if order.payment_status == "not_paid":
                platform.desk.paid(shop, order)
    return orders


def _followed(platform: Platform, shop: Shop, scenario: Scenario) -> list[Order]:
    if not scenario.follows:
        return []
    first = SCENARIOS[scenario.follows]
    return shop.played.get(first.name) or play(platform, shop, first, paid=True)


def _do(platform: Platform, shop: Shop, order: Order, deed: str, form: Mapping[str, Any]) -> None:
    action = getattr(platform.desk, deed)
    if "first_line" in form:
        form = {"lines": [{"id": order.lines[0].id, "quantity": form["first_line"]}]}
    elif "line" in form:
        line = order.lines[form["line"]]
        form = {"lines": [{"id": line.id, "quantity": line.quantity}], "costs": form["costs"]}
    action(shop, order, *([form] if deed in ("invoice", "credit", "edit") else []))
