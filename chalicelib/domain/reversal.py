"""Takes a booked order back whole: its invoice mirrored, to the cent and with the same VAT.

The order is read again and judged under the present settings; only when its keyed fingerprint is
still that of what was booked, it is mirrored. Neither amounts nor VAT are stored, so nothing else
proves that both are the same.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar

from chalicelib.domain.causes import DropCause
from chalicelib.domain.documents import describe_reversal, first_invoice
from chalicelib.domain.fingerprint import Prints, fingerprint
from chalicelib.domain.holds import HeldBack, Hold, HoldReason
from chalicelib.domain.invoices import Invoice, InvoiceLine, Totals
from chalicelib.domain.judgement import NotDue, Terms, Verdict, date_by_lock, judge
from chalicelib.domain.money import ZERO
from chalicelib.domain.orders import InvoiceStatus, Order, OrderStatus, PaymentStatus
from chalicelib.domain.policy import DateBasis, not_due

_Total = TypeVar("_Total", bound=Totals)


def judge_reversal(
    order: Order,
    terms: Terms,
    *,
    booked: Prints | None,
    day: date,
    booked_on: date | None = None,
    on_request: bool = False,
) -> Verdict:
    """Judge the reversal of an order that was cancelled or became unpaid after it was booked, or,
    `on_request`, of one that a person takes back though it stands.

    `booked` are the fingerprints of what is in the books, None when they are not known; `day` dates
    the reversal, so that no period changes that was declared already; it corrects that of
    `booked_on`, the invoice date of what is taken back, or else of the order's date.

    Not due when the order is due again (`due_again`), is paid in part (`partly_paid`: a person
    decides how much of the sale remains), or waits for something else. Held when it would no longer
    be booked as it was.
    """
    cause = not_due(order, terms.policy)
    if on_request:
        return _mirror_booked(order, terms, booked=booked, day=day, booked_on=booked_on)
    if cause is None:
        return NotDue(DropCause.DUE_AGAIN)
    if cause not in (DropCause.CANCELLED, DropCause.NOT_PAID):
        return NotDue(cause)
    if cause is DropCause.NOT_PAID and order.payment_status == PaymentStatus.PARTIALLY_PAID:
        return NotDue(DropCause.PARTLY_PAID)
    return _mirror_booked(order, terms, booked=booked, day=day, booked_on=booked_on)


def _mirror_booked(
    order: Order, terms: Terms, *, booked: Prints | None, day: date, booked_on: date | None
) -> Verdict:
    judged = judge_sale(order, terms)
    if not isinstance(judged, Invoice):
        return judged
    if booked is None or fingerprint(judged, booked.key) != booked.content:
        return Hold(HoldReason.REVERSAL_DIFFERS)
    return date_reversal(mirror_invoice(judged, day=day, booked_on=booked_on), terms)


def date_reversal(reversal: Invoice, terms: Terms) -> Invoice | Hold:
    """A reversal by the closed period of these terms: the period may have been closed after a run
    took it up.
    """
    try:
        return date_by_lock(reversal, terms)
    except HeldBack as held:
        return held.hold


def judge_sale(order: Order, terms: Terms) -> Verdict:
    """Judge an order that fell through as it was while it was due: what its reversal mirrors,
    whatever period is closed by now.
    """
    # By the order's date: that of payment may no longer be known, and a reversal has its own.
    policy = replace(terms.policy, date_basis=DateBasis.ORDER)
    due = replace(order, status=OrderStatus.COMPLETED, payment_status=PaymentStatus.PAID)
    if first_invoice(order.invoices) is None:
        # Cancelling may have cancelled its invoices as well: then they count again.
        invoices = tuple(replace(one, status=InvoiceStatus.PAID) for one in order.invoices)
        due = replace(due, invoices=invoices)
    return judge(due, replace(terms, policy=policy, locked_until=None))


def mirror_invoice(invoice: Invoice, *, day: date, booked_on: date | None = None) -> Invoice:
    """Mirror an invoice: every amount negated, so that together they are 0.00 at every rate.

    It has no number of its own in SEOshop; `credits` names the order, its description the invoice.
    `booked_on` is the date that this was booked on, when that is another than the invoice's.
    """
    return replace(
        _negate(invoice),
        invoice_number=None,
        credits=invoice.order_number,
        day=day,
        corrects_on=booked_on or invoice.day,
        late_since=None,
        description=describe_reversal(invoice.order_number, invoice.invoice_number),
        lines=tuple(_mirror_line(line) for line in invoice.lines),
        totals=tuple(_negate(one) for one in invoice.totals),
    )


def _negate(record: _Total) -> _Total:
    return replace(record, excl=ZERO - record.excl, vat=ZERO - record.vat, incl=ZERO - record.incl)


def _mirror_line(line: InvoiceLine) -> InvoiceLine:
    """Negate the quantity; of a deduction (−1.00 a piece) the unit price instead."""
    mirrored = _negate(line)
    if min(line.unit_excl, line.unit_incl) < 0:
        return replace(mirrored, unit_excl=ZERO - line.unit_excl, unit_incl=ZERO - line.unit_incl)
    return replace(mirrored, quantity=-line.quantity)
