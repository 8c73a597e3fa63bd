"""What a merchant reads about an order that changed after it went to Asperion."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.causes import LateChange
from chalicelib.domain.ledger import DocumentKind, Entry
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.afterwards.corrections import Correction, propose_correction
from chalicelib.web.texts.localisation import Msgids, msgid

CHANGES: Msgids[LateChange] = {
    LateChange.CANCELLED: "cancelled in your webshop after it went to Asperion",
    LateChange.UNPAID: "no longer paid in your webshop",
    LateChange.PARTLY_PAID: "no longer paid in full in your webshop",
    LateChange.EDITED: "edited in your webshop after it went to Asperion",
    LateChange.DETAILS: (
        "edited in your webshop after it went to Asperion (customer, articles or VAT; the total is "
        "the same)"
    ),
    LateChange.REFUNDED: "refunded in your webshop, wholly or in part",
    LateChange.REVIVED: "made valid again in your webshop after it was taken back",
    LateChange.VAT_NUMBER: (
        "sold without VAT to a VAT number that is not in use, as VIES answered after it went to "
        "Asperion"
    ),
    LateChange.DELETED_THERE: "deleted in Asperion after it was delivered",
    LateChange.CHANGED_THERE: (
        "changed in Asperion after it was delivered: it has another date or other amounts there"
    ),
    LateChange.TWICE_THERE: (
        "found in Asperion twice: two invoices with the same description for the same debtor"
    ),
}
ANY_CHANGE = msgid("changed in your webshop after it went to Asperion")

_ADAPT = msgid("Change the draft invoice in Asperion. Or delete it there and send the order again.")
_CURES: Msgids[LateChange] = {
    LateChange.CANCELLED: (
        "Book the correction, unless you deleted or credited the invoice in Asperion."
    ),
    LateChange.UNPAID: "Check the payment. If it stays unpaid, book the correction.",
    LateChange.PARTLY_PAID: (
        "See how much of the sale remains. Change the draft invoice in Asperion or credit a part "
        "of it there; a credit note from SEOshop is offered here by itself."
    ),
    LateChange.EDITED: _ADAPT,
    LateChange.DETAILS: _ADAPT,
    LateChange.REFUNDED: "Book what was paid back, unless you credited it in Asperion yourself.",
    LateChange.REVIVED: "Send it again: as it is, this sale is not in Asperion.",
    LateChange.VAT_NUMBER: (
        "Ask the customer for the right VAT number and correct it in Asperion and in the list for "
        "the tax authority. If there is none, credit the invoice and send one with VAT."
    ),
    LateChange.DELETED_THERE: (
        "Was it deleted on purpose? Then press “Dealt with”. If not, send the order again: its "
        "first invoice is gone, so nothing counts twice."
    ),
    LateChange.CHANGED_THERE: (
        "Is it right as it is in Asperion now? Then press “Dealt with”. If not, change it back "
        "there; this notice goes away by itself the night after."
    ),
    LateChange.TWICE_THERE: (
        "Delete one of the two invoices in Asperion, or credit it when it is definitive. This "
        "notice goes away by itself the night after."
    ),
}
_CANCELLED_INVOICE = msgid(
    "If you make a credit note of it in SEOshop, that is booked by itself. If you do not, delete "
    "or credit the invoice in Asperion."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferText:
    """A correction in words: what will be booked, and what its button says. `posts` tells a button
    that books from a link to the form that sends again.
    """

    says: str
    button: str
    posts: bool = True


_OFFERS: Mapping[Correction, OfferText] = {
    Correction.CREDIT: OfferText(
        says="This books the order's credit notes from SEOshop that are not in a file yet: what "
        "was paid back, as a negative invoice of the credit note's own date.",
        button="Book what was paid back",
    ),
    Correction.REVERSE: OfferText(
        says="This books a second invoice with all amounts of the order negative, dated on the day "
        "it is sent; together they are € 0.00 under every VAT rate.",
        button="Book the correction",
    ),
    Correction.SEND_AGAIN: OfferText(
        says="First delete the draft invoice in Asperion, then send the order again: it is booked "
        "as it is in your webshop now.",
        button="On to sending again",
        posts=False,
    ),
    Correction.SEND_MISSING: OfferText(
        says="Sending it again books the order once more, as it is in your webshop now. Asperion "
        "is asked first whether the invoice is really gone.",
        button="On to sending again",
        posts=False,
    ),
    Correction.BOOK_AGAIN: OfferText(
        says="The order and its correction together are € 0.00 in Asperion. Sending it again books "
        "it as it is in your webshop now.",
        button="On to sending again",
        posts=False,
    ),
}


def find_offer(entry: Entry) -> OfferText | None:
    """The words of the correction on offer for a late change; None where it is made in Asperion."""
    proposed = propose_correction(entry)
    return _OFFERS.get(proposed) if proposed else None


def find_cure(entry: Entry) -> str:
    """What to do about a document's late change; empty without one."""
    if entry.change is None:
        return ""
    if entry.kind is DocumentKind.INVOICE and entry.change is LateChange.CANCELLED:
        return _CANCELLED_INVOICE
    return _CURES[entry.change]
