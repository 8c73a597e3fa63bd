"""Ready-made orders, one click each: what a scenario is and how it is played."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.seoshop.models import Order
from sandbox.seoshop.platform import Platform
from sandbox.seoshop.shop import Shop

Step = tuple[str, int, Mapping[str, Any]]


@dataclass(frozen=True)
class Scenario:
    """Orders (forms as in ``specs``), unpaid, and steps done to them afterwards.

    A step is (deed, position of the order, form). ``closes`` is False where totals are broken
    on purpose. ``settings`` change the shop first; ``method`` (key, title) is added to it.
    """

    name: str
    group: str
    title: str
    explanation: str
    orders: tuple[Mapping[str, Any], ...] = ()
    steps: tuple[Step, ...] = ()
    closes: bool = True
    settings: Mapping[str, Any] | None = None
    method: tuple[str, str] | None = None


def play(platform: Platform, shop: Shop, scenario: Scenario, paid: bool = False) -> list[Order]:
    """Make a scenario's orders in a shop; ``paid`` also marks those paid that are not yet."""
    for name, value in (scenario.settings or {}).items():
        setattr(shop, name, value)
    if scenario.method:
        platform.store.add_method(shop, *scenario.method)
    orders = [platform.desk.create(shop, form) for form in scenario.orders]
    touched = {position for _, position, _ in scenario.steps}
    for deed, position, form in scenario.steps:
        _do(platform, shop, orders[position], deed, form)
    if paid:
        for position, order in enumerate(orders):
            if position not in touched or order.payment_status == "not_paid":
                platform.desk.paid(shop, order)
    return orders


def _do(
    platform: Platform, shop: Shop, order: Order, deed: str, form: Mapping[str, Any]
) -> None:
    action = getattr(platform.desk, deed)
    if deed == "credit" and "first_line" in form:
        form = {"lines": [{"id": order.lines[0].id, "quantity": form["first_line"]}]}
    elif deed == "invoice" and "line" in form:
        line = order.lines[form["line"]]
        form = {"lines": [{"id": line.id, "quantity": line.quantity}], "costs": form["costs"]}
    action(shop, order, *([form] if deed in ("invoice", "credit", "edit") else []))


SCENARIOS: dict[str, Scenario] = {}
