"""What a merchant or operator does by hand: release held orders, send again, settle a file."""

from __future__ import annotations

from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.errors import RequestError
from chalicelib.usecases.changes.by_hand import BY_HAND, EVERY, is_settled_by_hand
from chalicelib.usecases.connector import Connector

LONGEST_REASON = 200


def release(connector: Connector, shop_id: int, *, hold: str, detail: str | None, by: str) -> int:
    """Free every held document with that cause (and detail, unless None): each is read again at
    the next run. Returns how many.
    """
    freed = 0
    while True:
        found = [
            entry
            for entry in connector.entries.open(shop_id, EntryState.HELD, limit=EVERY)
            if entry.hold == hold and (detail is None or entry.hold_detail == detail)
        ]
        released = sum(
            connector.entries.requeue(
                shop_id,
                entry.key,
                expect=EntryState.HELD,
                at=connector.clock(),
                by=by,
                reason=f"released: {hold}",
            )
            for entry in found
        )
        freed += released
        if not released:
            return freed


def retry(connector: Connector, shop_id: int, number: str, *, by: str) -> int:
    """Look at one held order again at the next run. Raises `UnknownOrder`."""
    return sum(
        connector.entries.requeue(
            shop_id,
            entry.key,
            expect=EntryState.HELD,
            at=connector.clock(),
            by=by,
            reason="looked at again",
        )
        for entry in connector.entries_of(shop_id, number)
    )


def send_again(connector: Connector, shop_id: int, number: str, *, reason: str, by: str) -> int:
    """Book a placed order once more, on purpose, or one after all that was dealt with by hand. The
    reason lands in its biography. A booked reversal is never sent again: it would take back what is
    in the books no longer.

    Raises `RequestError` without a reason, `UnknownOrder` for a number not in the ledger.
    """
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not why:
        raise RequestError("Sending again needs a reason: the order gets a second invoice.")
    if why == BY_HAND:
        raise RequestError("Give the reason in words of your own.")
    return sum(
        connector.entries.requeue(
            shop_id, entry.key, expect=entry.state, at=connector.clock(), by=by, reason=why
        )
        for entry in connector.entries_of(shop_id, number)
        if can_be_sent_again(entry)
    )


def can_be_sent_again(entry: Entry) -> bool:
    """Whether a person may let a document that is done with go into another file."""
    if entry.state is EntryState.PLACED:
        return entry.kind is not DocumentKind.REVERSAL
    return entry.state is EntryState.DROPPED and is_settled_by_hand(entry)


def accept_change(connector: Connector, shop_id: int, number: str, *, by: str) -> int:
    """The merchant has dealt with a late change: take it off the list."""
    return sum(
        connector.entries.mark_changed(shop_id, entry.key, None, at=connector.clock(), by=by)
        for entry in connector.entries.by_number(shop_id, number)
    )
