"""When an order belongs in the books at all."""

from __future__ import annotations

from chalicelib.domain.policy import Policy

NOT_PAID = "not_paid"
CANCELLED = "cancelled"
ON_HOLD = "on_hold"
OFFER = "offer"
ZERO_VALUE = "zero_value"

_STATUSES = {"cancelled": CANCELLED, "on_hold": ON_HOLD, "offer": OFFER}
_AWAITING_SHIPMENT = frozenset(
    {
        "processing_awaiting_shipment",
        "processing_awaiting_pickup",
        "processing_ready_for_pickup",
        "processing_partially_shipped",
        "processing_partially_picked_up",
        "completed",
        "completed_shipped",
        "completed_picked_up",
    }
)


def not_due(*, status: str, payment_status: str, policy: Policy) -> str | None:
    """Give None when an order is due, else why not: `cancelled`, `on_hold`, `offer`, `not_paid`.

    Due is what is paid and neither cancelled, on hold, nor an offer; an order paid in the morning
    and shipped at noon is still due at night. With `policy.on_account` an order that waits for
    shipment, or was shipped, is due before it is paid. Statuses never heard of are no obstacle:
    only the payment status tells whether an order is paid.
    """
    if status in _STATUSES:
        return _STATUSES[status]
    if payment_status == "paid":
        return None
    if payment_status == "cancelled":
        return CANCELLED
    if policy.on_account and status in _AWAITING_SHIPMENT:
        return None
    return NOT_PAID
