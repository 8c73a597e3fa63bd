"""The credit notes of a document that nobody has dealt with yet.

They are looked at when the document is booked, in the very answer that it is booked from, so that
no span of time between the two can hide one; later ones the watch looks for.
"""

from __future__ import annotations

from chalicelib.domain.causes import DropCause
from chalicelib.domain.documents import first_invoice
from chalicelib.domain.ledger import DocumentKind, Entry
from chalicelib.domain.orders import Order, ShopInvoice
from chalicelib.usecases.workspace import Workspace

_DEALT_WITH = (DropCause.BY_HAND, DropCause.ZERO_VALUE)


def list_open_notes(workspace: Workspace, entry: Entry, order: Order) -> tuple[ShopInvoice, ...]:
    """Those of `list_notes` that neither a person nor the ledger has dealt with."""
    notes = list_notes(entry, order)
    return tuple(note for note in notes if is_open_note(workspace, entry, note))


def list_notes(entry: Entry, order: Order) -> tuple[ShopInvoice, ...]:
    """The credit notes that stand on a document, as its order shows them: all of the order's for
    the order itself, for one of its invoices those that take that back.
    """
    notes = (one for one in order.invoices if one.is_credit_note and not one.is_cancelled)
    return tuple(note for note in notes if _takes_back(note, entry, order))


def is_open_note(workspace: Workspace, entry: Entry, note: ShopInvoice) -> bool:
    """Whether somebody still has to deal with a credit note on a document. It counts whenever it
    was made: an order's total says nothing of what was paid back.
    """
    if note.is_cancelled:
        return False
    accepted_at = entry.refund_accepted_at
    if accepted_at is not None and accepted_at >= note.updated_at:
        return False
    return is_unknown(workspace.entry_of(DocumentKind.INVOICE, note.id))


def is_unknown(note: Entry | None) -> bool:
    """Whether the ledger leaves a credit note that stands to others: it has none, or left it out
    while it did not stand.
    """
    return note is None or (note.drop_cause is not None and note.drop_cause not in _DEALT_WITH)


def _takes_back(note: ShopInvoice, entry: Entry, order: Order) -> bool:
    if entry.kind is DocumentKind.ORDER:
        return True
    return find_original_of(note, order) == entry.document_id


def find_original_of(note: ShopInvoice, order: Order) -> int | None:
    """The id of the invoice that a credit note takes back: the one it refers to, or when to none
    the order's first.
    """
    if note.original_id is not None:
        return note.original_id
    first = first_invoice(order.invoices)
    return None if first is None else first.id
