"""What is said of an order that was looked up in the shop."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.causes import DropCause
from chalicelib.usecases.operating.finding import Standing
from chalicelib.web.texts.localisation import Msgids, msgid

STANDINGS: Msgids[Standing] = {
    Standing.UNKNOWN: (
        "Your webshop does not have this number either. Is there a typing error in it?"
    ),
    Standing.OF_UNKNOWN_ORDER: (
        "Your webshop has this invoice. It belongs to an order that is not known here: look in "
        "your webshop for the order's number, and search for that."
    ),
    Standing.NOT_DUE: "Your webshop has this order, but as it stands now it is not booked.",
    Standing.BY_INVOICE: (
        "Your webshop has this order. You chose to book SEOshop's invoices: search for the number "
        "of its invoice."
    ),
    Standing.BEFORE_START: (
        "Your webshop has this order. It is from before the connector, so it may be in your books "
        "already, and is not sent automatically."
    ),
    Standing.DUE: (
        "Your webshop has this order, and it can be booked. We did not know it yet: the connector "
        "finds it tonight by itself. You can also put it in line now."
    ),
}
"""An order that is known is shown instead."""

_NOT_DUE: Msgids[DropCause] = {
    DropCause.NOT_PAID: "It is not paid yet. As soon as it is, it is sent automatically.",
    DropCause.CANCELLED: "It is cancelled.",
    DropCause.ON_HOLD: "It is on hold in your webshop. When that ends, it is sent automatically.",
    DropCause.OFFER: (
        "It is a quote. When it becomes an order and is paid, it is sent automatically."
    ),
}
_OTHERWISE = msgid("Nothing of it is to be booked.")


def find_cause_text(cause: DropCause | None) -> str:
    """Why an order is not due, as an English source; empty for one that is."""
    return "" if cause is None else _NOT_DUE.get(cause, _OTHERWISE)


KINDS: Mapping[str, str] = {
    "order": msgid("Order"),
    "invoice": msgid("Invoice"),
    "reversal": msgid("Correction"),
}
