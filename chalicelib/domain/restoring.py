"""A booked document as it was when its file was made, from what the shop says of it now.

What changed since and has a moment of its own is taken back: invoices made later, payments,
cancellations. Whatever else changed stays, and is found by comparing fingerprints.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.fingerprint import Prints, summary_print
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Terms, Verdict, judge, judge_invoice
from chalicelib.domain.orders import (
    InvoiceItem,
    InvoiceStatus,
    Order,
    OrderStatus,
    PaymentStatus,
    ShopInvoice,
)
from chalicelib.domain.policy import LateOrders, Policy, not_due
from chalicelib.domain.reversal import date_reversal, judge_sale, mirror_invoice

_PAYMENTS = (PaymentStatus.PAID, PaymentStatus.NOT_PAID, PaymentStatus.PARTIALLY_PAID)


def judge_order_then(
    order: Order, terms: Terms, *, made_at: datetime, booked: Prints | None
) -> Verdict:
    """Judge a booked order as it was at `made_at`, by these terms; `booked` are its fingerprints,
    None when they are not known.
    """
    due = _restore_order(order, made_at)
    payment = _find_payment(due, terms, made_at, booked)
    return judge(replace(due, payment_status=payment), _take_booked(terms))


def judge_reversal_then(order: Order, terms: Terms, *, made_at: datetime, day: date) -> Verdict:
    """Judge the reversal of an order as it was at `made_at`, dated `day`."""
    verdict = judge_sale(replace(order, invoices=_restore_invoices(order, made_at)), terms)
    if not isinstance(verdict, Invoice):
        return verdict
    return date_reversal(mirror_invoice(verdict, day=day), _take_booked(terms))


def judge_invoice_then(
    document: ShopInvoice,
    items: tuple[InvoiceItem, ...],
    order: Order,
    terms: Terms,
    *,
    made_at: datetime,
) -> Verdict:
    """Judge SEOshop's own invoice or credit note as it was at `made_at`."""
    due = _restore_order(order, made_at)
    due = replace(due, payment_status=_find_payment(due, terms, made_at, None))
    original = next((one for one in order.invoices if one.id == document.original_id), None)
    if document.is_cancelled:  # it was booked, so it was not
        document = replace(document, status=InvoiceStatus.PAID)
    return judge_invoice(document, items, due, _take_booked(terms), original=original)


def _restore_order(order: Order, made_at: datetime) -> Order:
    """The order with the invoices of that time, and no obstacle to booking it."""
    stands = not_due(replace(order, payment_status=PaymentStatus.PAID), Policy()) is None
    return replace(
        order,
        status=order.status if stands else OrderStatus.COMPLETED,
        invoices=_restore_invoices(order, made_at),
    )


def _restore_invoices(order: Order, made_at: datetime) -> tuple[ShopInvoice, ...]:
    return tuple(
        replace(one, status=InvoiceStatus.PAID)
        if one.is_cancelled and one.updated_at > made_at
        else one
        for one in order.invoices
        if one.created_at <= made_at
    )


def _find_payment(
    order: Order, terms: Terms, made_at: datetime, booked: Prints | None
) -> PaymentStatus:
    """How an order was paid: as its fingerprint tells, or else by the moment of its payment."""
    if booked is not None:
        for payment in (order.payment_status, *_PAYMENTS):
            as_paid = replace(order, payment_status=payment)
            if summary_print(as_paid, booked.key) == booked.summary:
                return payment
    paid_at = terms.paid_at or order.paid_at
    is_later = paid_at is not None and paid_at > made_at
    return PaymentStatus.NOT_PAID if is_later else PaymentStatus.PAID


def _take_booked(terms: Terms) -> Terms:
    """The terms, by which an order is due before it is paid, and what is late is booked: that it
    was booked proves both.
    """
    policy = replace(terms.policy, on_account=True, late_orders=LateOrders.NEXT)
    return replace(terms, policy=policy)
