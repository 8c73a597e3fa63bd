"""What an invoice or credit note says of itself: whose number it has, its day and description.

The descriptions are promised by the manual (figure 5) and the same in every shop's language; that
of a sale goes by a pattern, which the merchant may change.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from chalicelib.domain.days import local_day
from chalicelib.domain.descriptions import Field, write_description
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.orders import Order, PaymentStatus, ShopInvoice
from chalicelib.domain.policy import DateBasis, Policy


def first_invoice(invoices: Sequence[ShopInvoice]) -> ShopInvoice | None:
    """The invoice of an order: of several (part invoices) the lowest-numbered.

    Numbers are compared as numbers (INV9 before INV10), then as text. Credit notes and cancelled
    invoices do not count. The lowest number is the one the customer got first, and later part
    invoices do not change it.
    """

    def sort_key(invoice: ShopInvoice) -> tuple[int, str]:
        digits = re.findall(r"\d+", invoice.number)
        return int(digits[-1]) if digits else 0, invoice.number

    valid = [one for one in invoices if not one.is_credit_note and not one.is_cancelled]
    return min(valid, key=sort_key, default=None)


def find_original(document: ShopInvoice, order: Order) -> ShopInvoice:
    """The invoice that a credit note takes back: the one it refers to, or when it refers to none
    the order's first. Raises `HeldBack` when that is not to be found.
    """
    if document.original_id is None:
        found = first_invoice(order.invoices)
    else:
        found = next((one for one in order.invoices if one.id == document.original_id), None)
    if found is None:
        raise HeldBack(HoldReason.CREDIT_WITHOUT_ORIGINAL, document.number)
    return found


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


def find_invoice_day(
    order: Order, invoice: ShopInvoice | None, policy: Policy, paid_at: datetime | None
) -> date:
    """As `choose_invoice_day`; where nobody knows when the order was paid, its own date."""
    try:
        return choose_invoice_day(order, invoice, policy, paid_at)
    except HeldBack:
        return local_day(order.created_at)


def describe_order(order: Order, invoice_number: str | None, pattern: str) -> str:
    """``Bestelling ORD000033 factuur INV000037``, without an invoice ``Bestelling ORD000038``, or
    what the merchant's pattern makes of it.
    """
    values = {
        Field.ORDER: order.number,
        Field.INVOICE: invoice_number or "",
        Field.REFERENCE: order.payment_reference,
    }
    return write_description(pattern, values)


def describe_reversal(order_number: str, invoice_number: str | None) -> str:
    """``Correctie bestelling ORD000033 factuur INV000037``, without an invoice ``Correctie
    bestelling ORD000033``.
    """
    order = f"Correctie bestelling {order_number}"
    return order if invoice_number is None else f"{order} factuur {invoice_number}"


def describe_credit_note(order_number: str, credit_number: str, original_number: str) -> str:
    """``Bestelling ORD000033 creditfactuur INV000039 op factuur INV000037``."""
    return f"Bestelling {order_number} creditfactuur {credit_number} op factuur {original_number}"


def describe_late(description: str, day: date) -> str:
    """The description of a document whose `day` is in a closed period: ``Bestelling ORD000033
    factuur INV000037 (datum 31-03-2026, periode afgesloten)``.
    """
    return f"{description} (datum {day:%d-%m-%Y}, periode afgesloten)"
