"""Documents that come after the period of their day was closed.

VAT rates stay those of the document's own day; only the day of the invoice changes, and with it the
return in which its VAT is declared.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain.documents import describe_late
from chalicelib.domain.holds import HeldBack, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.policy import LateOrders

_ONE_DAY = timedelta(days=1)


def date_late_document(
    invoice: Invoice, *, locked_until: date | None, late_orders: LateOrders
) -> Invoice:
    """The invoice as it may be booked while the books are closed up to and including
    `locked_until`: one of a closed day is booked on the first day after, and its description names
    the day that it would have had. Raises `HeldBack` where such documents are held.
    """
    if locked_until is None or invoice.day > locked_until:
        return invoice
    if late_orders is LateOrders.HOLD:
        raise HeldBack(HoldReason.PERIOD_LOCKED, locked_until.isoformat())
    return replace(
        invoice,
        day=locked_until + _ONE_DAY,
        late_since=invoice.day,
        description=describe_late(invoice.description, invoice.day),
    )


def is_freed(detail: str, *, locked_until: date | None, late_orders: LateOrders) -> bool:
    """Whether a document may be looked at again that was held as late, with that detail: when late
    ones are booked by now, or the books are closed up to another day than then.
    """
    if late_orders is not LateOrders.HOLD or locked_until is None:
        return True
    return detail != locked_until.isoformat()
