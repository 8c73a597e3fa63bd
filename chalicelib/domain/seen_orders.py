"""What a list shows of an order, for the next time: see `last_seen`."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.fingerprint import keyed_print, list_details, write_amount
from chalicelib.domain.last_seen import Look
from chalicelib.domain.orders import OrderDetails

_SHORT = 16
"""Hex characters of prints that are only compared with an order's own earlier ones."""


def look_at(order: OrderDetails, key: bytes, details: Mapping[str, object] | None = None) -> Look:
    """What a list shows of an order; the order read whole and its entry in a list have the same.
    `details`: see `source_print`.

    Details are customer, addresses and charges as in `source_print`, totals, and what is shown of
    the lines together; progress is its statuses and stages.
    """
    shown = {
        **(details or list_details(order)),
        "totals": write_amount(order.price),
        "of_lines": order.of_lines,
    }
    progress = ["progress", order.id, order.status, order.payment_status, order.stages]
    return Look(
        details=keyed_print(shown, key)[:_SHORT],
        progress=keyed_print(progress, key)[:_SHORT],
        changed_at=order.updated_at.replace(microsecond=0),
    )
