"""Whether an order is due to be booked."""

from __future__ import annotations

from chalicelib.domain.causes import DropCause
from chalicelib.domain.orders import OrderStatus, PaymentStatus
from chalicelib.domain.policy import Policy

_OBSTACLES = {
    OrderStatus.CANCELLED: DropCause.CANCELLED,
    OrderStatus.ON_HOLD: DropCause.ON_HOLD,
    OrderStatus.OFFER: DropCause.OFFER,
}
_AGREED = frozenset(
    {
        OrderStatus.AWAITING_SHIPMENT,
        OrderStatus.AWAITING_PICKUP,
        OrderStatus.READY_FOR_PICKUP,
        OrderStatus.PARTIALLY_SHIPPED,
        OrderStatus.PARTIALLY_PICKED_UP,
        OrderStatus.COMPLETED,
        OrderStatus.SHIPPED,
        OrderStatus.PICKED_UP,
    }
)


def not_due(
    *, status: OrderStatus, payment_status: PaymentStatus, policy: Policy
) -> DropCause | None:
    """Give None when an order is due, else why not: `cancelled`, `on_hold`, `offer`, `not_paid`.

    Due is what is paid and neither cancelled, on hold, nor an offer; an order paid in the morning
    and shipped at noon is still due at night. With `policy.on_account` an order that waits for
    shipment, or was shipped, is due before it is paid. An unknown order status is no obstacle; an
    unknown payment status is not paid.
    """
    if status in _OBSTACLES:
        return _OBSTACLES[status]
    if payment_status == PaymentStatus.PAID:
        return None
    if payment_status == PaymentStatus.CANCELLED:
        return DropCause.CANCELLED
    if policy.on_account and status in _AGREED:
        return None
    return DropCause.NOT_PAID
