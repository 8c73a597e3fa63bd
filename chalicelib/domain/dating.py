"""The day that becomes the invoice date."""

from __future__ import annotations

from datetime import date, datetime

from chalicelib.domain.days import local_day
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.orders import Order, ShopInvoice
from chalicelib.domain.policy import DateBasis, Policy
from chalicelib.domain.statuses import PaymentStatus


def choose_invoice_day(
    order: Order, invoice: ShopInvoice | None, policy: Policy, paid_at: datetime | None
) -> date:
    """Give the invoice date by the merchant's choice: the day of order, invoice or payment.

    The order date stands in for the date of an invoice that does not exist, and for the payment
    date of what is not yet paid (orders on account). Raises `HeldBack` for a paid order of which
    neither `paid_at` nor the order itself has the time.
    """
    if policy.date_basis is DateBasis.INVOICE and invoice is not None:
        return local_day(invoice.created_at)
    if policy.date_basis is DateBasis.PAYMENT and order.payment_status == PaymentStatus.PAID:
        moment = paid_at or order.paid_at
        if moment is None:
            raise HeldBack(HoldReason.PAYMENT_DATE_UNKNOWN)
        return local_day(moment)
    return local_day(order.created_at)
