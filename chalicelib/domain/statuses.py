"""SEOshop's statuses of orders, payments and invoices. Source: API reference, 6.2, 6.3 and 8.1."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class _Status(StrEnum):
    """A closed list of known statuses, open at the edge.

    A status that SEOshop adds later becomes a value named ``UNKNOWN`` that equals no member and
    keeps its own text, because fingerprints cover that text.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_, unknown._value_ = "UNKNOWN", value
        return unknown


class OrderStatus(_Status):
    """How far an order is in the shop."""

    NEW = "new"
    OFFER = "offer"
    ON_HOLD = "on_hold"
    PROCESSING = "processing"
    AWAITING_PAYMENT = "processing_awaiting_payment"
    PARTIALLY_PAID = "processing_partially_paid"
    AWAITING_SHIPMENT = "processing_awaiting_shipment"
    AWAITING_PICKUP = "processing_awaiting_pickup"
    READY_FOR_PICKUP = "processing_ready_for_pickup"
    PARTIALLY_SHIPPED = "processing_partially_shipped"
    PARTIALLY_PICKED_UP = "processing_partially_picked_up"
    COMPLETED = "completed"
    SHIPPED = "completed_shipped"
    PICKED_UP = "completed_picked_up"
    CANCELLED = "cancelled"


class PaymentStatus(_Status):
    """What is paid of an order; the only status that says so."""

    NOT_PAID = "not_paid"
    PARTIALLY_PAID = "partially_paid"
    PAID = "paid"
    CANCELLED = "cancelled"


class InvoiceStatus(_Status):
    """What is paid of SEOshop's own invoice or credit note."""

    NOT_PAID = "not_paid"
    PAID = "paid"
    CANCELLED = "cancelled"
