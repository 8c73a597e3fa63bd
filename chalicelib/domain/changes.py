"""What became of a document after it was booked, found by comparing keyed prints."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.due import CANCELLED, NOT_PAID, not_due
from chalicelib.domain.fingerprint import (
    Prints,
    invoice_summary_print,
    source_print,
    summary_print,
)
from chalicelib.domain.ledger import LateChange
from chalicelib.domain.orders import Order, OrderSummary, ShopInvoice
from chalicelib.domain.policy import Policy
from chalicelib.domain.statuses import InvoiceStatus, PaymentStatus

_PAYMENTS = (PaymentStatus.PAID, PaymentStatus.PARTIALLY_PAID, PaymentStatus.NOT_PAID)


def order_change(
    summary: OrderSummary | Order, booked: Prints, policy: Policy, key: bytes
) -> LateChange | None:
    """What the list tells of an order in the books; None when it is as it was booked."""
    if _is_as_booked(summary, booked, policy, key):
        return None
    cause = not_due(status=summary.status, payment_status=summary.payment_status, policy=policy)
    if cause == CANCELLED:
        return LateChange.CANCELLED
    if cause != NOT_PAID or policy.on_account:
        return LateChange.EDITED
    is_partly_paid = summary.payment_status == PaymentStatus.PARTIALLY_PAID
    return LateChange.PARTLY_PAID if is_partly_paid else LateChange.UNPAID


def _is_as_booked(
    summary: OrderSummary | Order, booked: Prints, policy: Policy, key: bytes
) -> bool:
    """Also when only its payment differs and the sale does not hang on that: it was booked on
    account, or the shop books so.
    """
    if summary_print(summary, key) == booked.summary:
        return True
    if summary.payment_status not in _PAYMENTS:
        return False
    for payment in _PAYMENTS:
        if summary_print(replace(summary, payment_status=payment), key) == booked.summary:
            return policy.on_account or payment != PaymentStatus.PAID
    return False


def invoice_change(invoice: ShopInvoice, booked: Prints, key: bytes) -> LateChange | None:
    """What the list tells of SEOshop's own invoice or credit note in the books."""
    if invoice_summary_print(invoice, key) == booked.summary:
        return None
    return LateChange.CANCELLED if invoice.status == InvoiceStatus.CANCELLED else LateChange.EDITED


def details_change(order: Order, booked: Prints, key: bytes) -> LateChange | None:
    """What only reading the whole order tells: another customer, article or rate, with the totals
    as they were.
    """
    if not booked.source or source_print(order, key) == booked.source:
        return None
    return LateChange.DETAILS
