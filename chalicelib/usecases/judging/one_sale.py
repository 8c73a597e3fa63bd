"""One sale goes into the books once, whichever document stands for it: the order, or its invoices.

A document is claimed before it is read, and looks here at the others of its sale: of two runs at
once at least one sees the other's claim. The order goes first. It gives way to an invoice that is
in the books, and waits for one whose file is not decided; an invoice waits for its order until that
is in the books or left out. So never do two of them wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.domain.causes import DropCause
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.judgement import NotDue
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from chalicelib.domain.orders import Order
from chalicelib.usecases.workspace import Workspace


def keep_back_order(workspace: Workspace, entry: Entry, order: Order) -> Hold | NotDue | None:
    """Why an order may not be booked now because of its invoices; None when it may. `entry` is the
    order's, claimed by the file that it is read for.
    """
    invoices = [
        invoice
        for one in order.invoices
        if not one.is_credit_note
        and (invoice := workspace.entry_of(DocumentKind.INVOICE, one.id)) is not None
    ]
    if any(_is_in_books(invoice) for invoice in invoices):
        return NotDue(DropCause.BOOKED_AS_INVOICE)
    for invoice in invoices:
        if invoice.state is EntryState.CLAIMED and invoice.file != entry.file:
            return Hold(HoldReason.SALE_UNDER_WAY, invoice.number)
    return None


def keep_back_invoice(workspace: Workspace, order_id: int) -> Hold | NotDue | None:
    """Likewise an invoice, because of its order."""
    order = workspace.entry_of(DocumentKind.ORDER, order_id)
    if order is None:
        return None
    if _is_in_books(order):
        return NotDue(DropCause.BOOKED_AS_ORDER)
    return Hold(HoldReason.SALE_UNDER_WAY, order.number) if order.state.is_open else None


def list_unknown_invoices(workspace: Workspace, order: Order) -> tuple[Hint, ...]:
    """The invoices of an order that the ledger does not know, without those from before the
    connector: what is left of a sale of which a part is in the books by another invoice.
    """
    return tuple(
        Hint.of_invoice(one)
        for one in order.invoices
        if not one.is_credit_note
        and not one.is_cancelled
        and one.created_at >= workspace.shop.installed_at
        and workspace.entry_of(DocumentKind.INVOICE, one.id) is None
    )


def is_sale_decided(held: Entry, others: Iterable[Entry]) -> bool:
    """Whether a document that is held as `SALE_UNDER_WAY` need not wait for these any longer, which
    have the number that it waits for.
    """
    if held.kind is DocumentKind.ORDER:
        return all(one.state is not EntryState.CLAIMED for one in others)
    orders = (one for one in others if one.kind is DocumentKind.ORDER)
    return all(_is_in_books(one) or not one.state.is_open for one in orders)


def _is_in_books(entry: Entry) -> bool:
    return entry.state is EntryState.PLACED or entry.by_hand
