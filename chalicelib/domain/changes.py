"""How a document changed in the shop after it was booked, by comparing keyed fingerprints."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.causes import DropCause, LateChange
from chalicelib.domain.fingerprint import (
    Prints,
    invoice_summary_print,
    source_print,
    summary_print,
)
from chalicelib.domain.orders import Order, OrderSummary, PaymentStatus, ShopInvoice
from chalicelib.domain.policy import Policy, not_due

_PAYMENTS = (PaymentStatus.PAID, PaymentStatus.PARTIALLY_PAID, PaymentStatus.NOT_PAID)


def order_change(summary: OrderSummary, booked: Prints, policy: Policy) -> LateChange | None:
    """Tell how a listed order differs from what was booked; None when it does not."""
    if _is_as_booked(summary, booked, policy):
        return None
    cause = not_due(summary, policy)
    if cause is DropCause.CANCELLED:
        return LateChange.CANCELLED
    if cause is not DropCause.NOT_PAID or policy.on_account:
        return LateChange.EDITED
    is_partly_paid = summary.payment_status == PaymentStatus.PARTIALLY_PAID
    return LateChange.PARTLY_PAID if is_partly_paid else LateChange.UNPAID


def _is_as_booked(summary: OrderSummary, booked: Prints, policy: Policy) -> bool:
    """Whether a listed order is what was booked. A payment status alone makes no difference when
    the order was booked on account, or the shop now books on account.
    """
    if summary_print(summary, booked.key) == booked.summary:
        return True
    if summary.payment_status not in _PAYMENTS:
        return False
    for payment in _PAYMENTS:
        as_paid = replace(summary, payment_status=payment)
        if summary_print(as_paid, booked.key) == booked.summary:
            return policy.on_account or payment != PaymentStatus.PAID
    return False


def invoice_change(invoice: ShopInvoice, booked: Prints) -> LateChange | None:
    """Tell how SEOshop's listed invoice or credit note differs from what was booked, if it does."""
    if invoice_summary_print(invoice, booked.key) == booked.summary:
        return None
    return LateChange.CANCELLED if invoice.is_cancelled else LateChange.EDITED


def details_change(order: Order, booked: Prints) -> LateChange | None:
    """Tell whether an order, read whole, has another customer, article or rate than was booked,
    with the totals as they were.
    """
    if not booked.source or source_print(order, booked.key) == booked.source:
        return None
    return LateChange.DETAILS
