"""How a document changed in the shop after it was booked, by comparing keyed fingerprints."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto

from chalicelib.domain.causes import DropCause, LateChange
from chalicelib.domain.fingerprint import (
    Prints,
    invoice_summary_print,
    source_print,
    summary_print,
)
from chalicelib.domain.last_seen import Look
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


class ListVerdict(Enum):
    """What a list tells of a booked order that changed."""

    NOTHING_NEW = auto()  # it is as it was when it was last looked at
    MOVED_ON = auto()  # shipped, paid, …: that explains the change
    TOO_LITTLE = auto()  # only the order itself tells


def tell_from_list(shown: Look, last: Look) -> ListVerdict:
    """Tell by what a list shows of an order whether it has to be read.

    Other details have to be read, and so has a change that nothing explains: then it is one of the
    lines. What stays unseen is another change of the lines that leaves every listed amount, rate
    and weight alone, and since the last look falls together with one of the progress.
    """
    if shown.details != last.details:
        return ListVerdict.TOO_LITTLE
    if shown.progress != last.progress:
        return ListVerdict.MOVED_ON
    return (
        ListVerdict.NOTHING_NEW if shown.changed_at == last.changed_at else ListVerdict.TOO_LITTLE
    )
