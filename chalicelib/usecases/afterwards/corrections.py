"""The correction of a late change: made ready here, booked only when the merchant asks for it.

A correction is a document like any other (SEOshop's credit note, or a reversal): it waits, is read
again, judged and goes into the next file. Asking twice is asking once.
"""

from __future__ import annotations

from enum import StrEnum

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import (
    DocumentKind,
    Entry,
    EntryState,
    Hint,
    LateChange,
    document_key,
)
from chalicelib.domain.orders import ShopInvoice
from chalicelib.usecases.changes.reversals import credit_notes, is_taken_back
from chalicelib.usecases.connector import Connector

ONCE_MORE = "taken_back_again"
"""Why a booked reversal waits again: its order was booked again and has to be taken back again."""


class Correction(StrEnum):
    """What puts a late change right."""

    CREDIT = "credit"  # book SEOshop's credit notes of the order
    REVERSE = "reverse"  # book the order's mirror
    SEND_AGAIN = "send_again"  # delete the invoice in Asperion, then send the order again
    BOOK_AGAIN = "book_again"  # it was taken back and stands again: send it again
    IN_ASPERION = "in_asperion"  # for a person: no document of the shop says what is left


_CORRECTIONS = {
    (DocumentKind.ORDER, LateChange.REFUNDED): Correction.CREDIT,
    (DocumentKind.ORDER, LateChange.CANCELLED): Correction.REVERSE,
    (DocumentKind.ORDER, LateChange.UNPAID): Correction.REVERSE,
    (DocumentKind.ORDER, LateChange.PARTLY_PAID): Correction.IN_ASPERION,
    (DocumentKind.ORDER, LateChange.EDITED): Correction.SEND_AGAIN,
    (DocumentKind.ORDER, LateChange.DETAILS): Correction.SEND_AGAIN,
    (DocumentKind.ORDER, LateChange.REVIVED): Correction.BOOK_AGAIN,
    # An invoice that was sent is taken back by a credit note, which SEOshop makes and which is
    # booked as a document of its own; a mirror of ours beside it would take back twice.
    (DocumentKind.INVOICE, LateChange.CANCELLED): Correction.IN_ASPERION,
    (DocumentKind.INVOICE, LateChange.EDITED): Correction.SEND_AGAIN,
}


def propose(entry: Entry) -> Correction | None:
    """The correction of a late change; None when nothing changed, or nobody knows what."""
    if entry.state is not EntryState.PLACED or entry.change not in set(LateChange):
        return None
    return _CORRECTIONS.get((entry.kind, LateChange(entry.change)))


def correct(connector: Connector, shop_id: int, number: str, *, by: str) -> int:
    """Let the proposed correction of an order wait for the next file, and take the late change off
    the list. Returns how many documents wait because of it; 0 when they did already, or when the
    correction is not one that can be booked by itself.

    Raises `UnknownOrder`, and `ShopError` when credit notes cannot be looked up.
    """
    return sum(_correct(connector, entry, by) for entry in connector.entries_of(shop_id, number))


def _correct(connector: Connector, entry: Entry, by: str) -> int:
    correction = propose(entry)
    if correction is Correction.CREDIT:
        return _credit(connector, entry, by)
    if correction is Correction.REVERSE:
        return _reverse(connector, entry, by)
    return 0


def _credit(connector: Connector, entry: Entry, by: str) -> int:
    """Hear the order's credit notes that the ledger does not know. One that SEOshop no longer has
    leaves the change on the list.
    """
    shop = connector.shop(entry.shop_id)
    notes = credit_notes(connector.page_api(shop).order(entry.document_id))
    if not notes:
        return 0
    heard = 0
    if not is_taken_back(connector, entry.shop_id, entry.document_id):
        heard = sum(_hear(connector, entry.shop_id, note, by) for note in notes)
    _off_the_list(connector, entry, by)
    return heard


def _hear(connector: Connector, shop_id: int, note: ShopInvoice, by: str) -> bool:
    hint = Hint.of_invoice(note)
    if connector.entries.get(shop_id, hint.key) is not None:
        return False
    return connector.entries.hear(shop_id, hint, at=connector.clock(), by=by)


def _reverse(connector: Connector, entry: Entry, by: str) -> int:
    """Let the reversal wait. One that took back an earlier booking of the order starts anew."""
    now = connector.clock()
    hint = Hint(
        kind=DocumentKind.REVERSAL,
        document_id=entry.document_id,
        number=entry.number,
        day=local_day(now),
    )
    known = connector.entries.get(entry.shop_id, hint.key)
    if known is not None and known.state is EntryState.PLACED and known.since < entry.since:
        heard = connector.entries.requeue(
            entry.shop_id,
            known.key,
            expect=EntryState.PLACED,
            at=now,
            by=by,
            reason=ONCE_MORE,
        )
    else:
        heard = connector.entries.hear(entry.shop_id, hint, at=now, by=by)
    _off_the_list(connector, entry, by)
    return int(heard)


def _off_the_list(connector: Connector, entry: Entry, by: str) -> None:
    connector.entries.mark_changed(entry.shop_id, entry.key, None, at=connector.clock(), by=by)


def is_known(connector: Connector, shop_id: int, note: ShopInvoice) -> bool:
    """Whether a credit note needs no telling: it is in the ledger, or its order is taken back."""
    if connector.entries.get(shop_id, document_key(DocumentKind.INVOICE, note.id)) is not None:
        return True
    return note.order_id is not None and is_taken_back(connector, shop_id, note.order_id)
