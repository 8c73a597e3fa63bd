"""A booked order taken back whole: its invoice mirrored, to the cent and under the same VAT.

The mirror is made of the order as it is read again, under the settings as they are now, and only
when that is still, by its keyed fingerprint, what was booked: neither amounts nor VAT are kept
anywhere, so there is nothing else to prove it by.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from chalicelib.domain.documents import first_invoice
from chalicelib.domain.due import CANCELLED, NOT_PAID, not_due
from chalicelib.domain.fingerprint import fingerprint
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice, InvoiceLine
from chalicelib.domain.judgement import NotDue, Terms, Verdict, judge
from chalicelib.domain.money import ZERO
from chalicelib.domain.orders import Order, ShopInvoice
from chalicelib.domain.policy import DateBasis
from chalicelib.domain.statuses import InvoiceStatus, OrderStatus, PaymentStatus
from chalicelib.domain.wording import reversal_description

DUE_AGAIN = "due_again"
PARTLY_PAID = "partly_paid"


def judge_reversal(
    order: Order, terms: Terms, *, booked: str | None, key: bytes, day: date
) -> Verdict:
    """Judge the taking back of an order that was cancelled or is unpaid after it was booked.

    `booked` is the content's fingerprint (32 hex characters) of what is in the books, None or
    empty when that is not known; `key` is the shop's; `day` dates the reversal, so that a period
    that was filed already is never touched. Not due when the order stands again (`due_again`), is
    paid in part (`partly_paid`: how much of the sale stands is for a person to say), or waits for
    something else. Held when it would no longer be booked as it was.
    """
    cause = not_due(status=order.status, payment_status=order.payment_status, policy=terms.policy)
    if cause is None:
        return NotDue(DUE_AGAIN)
    if cause not in (CANCELLED, NOT_PAID):
        return NotDue(cause)
    if cause == NOT_PAID and order.payment_status == PaymentStatus.PARTIALLY_PAID:
        return NotDue(PARTLY_PAID)
    judged = judge(_as_if_due(order), _without_payment_day(terms))
    if not isinstance(judged, Invoice):
        return judged
    if not booked or fingerprint(judged, key) != booked:
        return Hold(HoldReason.REVERSAL_DIFFERS)
    return mirrored(judged, day=day)


def mirrored(invoice: Invoice, *, day: date) -> Invoice:
    """The invoice with every amount turned around: together they are 0.00 under every rate.

    It has no number of its own in SEOshop; `credits` names the order, its description the invoice.
    """
    return replace(
        invoice,
        invoice_number=None,
        credits=invoice.order_number,
        day=day,
        description=reversal_description(invoice.order_number, invoice.invoice_number),
        lines=tuple(_turned(line) for line in invoice.lines),
        totals=tuple(
            replace(one, excl=ZERO - one.excl, vat=ZERO - one.vat, incl=ZERO - one.incl)
            for one in invoice.totals
        ),
        excl=ZERO - invoice.excl,
        vat=ZERO - invoice.vat,
        incl=ZERO - invoice.incl,
    )


def _turned(line: InvoiceLine) -> InvoiceLine:
    """Minus one piece at 10.00; of a deduction (−1.00 a piece) the piece is turned instead."""
    turned = replace(line, excl=ZERO - line.excl, vat=ZERO - line.vat, incl=ZERO - line.incl)
    if min(line.unit_excl, line.unit_incl) < 0:
        return replace(turned, unit_excl=ZERO - line.unit_excl, unit_incl=ZERO - line.unit_incl)
    return replace(turned, quantity=-line.quantity)


def _as_if_due(order: Order) -> Order:
    """The order before it was cancelled. Cancelling it may have cancelled its invoices: the one
    that stood for it is then looked for among those.
    """
    due = replace(order, status=OrderStatus.COMPLETED, payment_status=PaymentStatus.PAID)
    if first_invoice(order.invoices) is not None:
        return due
    return replace(due, invoices=tuple(_standing(one) for one in order.invoices))


def _standing(invoice: ShopInvoice) -> ShopInvoice:
    return replace(invoice, status=InvoiceStatus.PAID)


def _without_payment_day(terms: Terms) -> Terms:
    """The day of payment, which may no longer be known, dates nothing here."""
    return replace(terms, policy=replace(terms.policy, date_basis=DateBasis.ORDER))
