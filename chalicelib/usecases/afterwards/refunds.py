"""Credit notes on booked documents, looked for every night: put in front of the merchant, and
nothing is booked by itself.

What was credited by the time at which a document was read for its file is told with its booking
(see `credit_notes`); the search is for what comes afterwards. It reaches back to the last one that
succeeded, however many nights that is ago, and to a credit note that could not be reported yet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field
from datetime import datetime, timedelta

from chalicelib.domain.causes import DropCause, LateChange
from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.orders import ShopInvoice
from chalicelib.domain.policy import Source
from chalicelib.domain.shop_records import RefundProgress
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.afterwards.note_moments import NoteMoments
from chalicelib.usecases.intake.paging import changed_invoices, find_mark
from chalicelib.usecases.intake.sweep import overlap_of
from chalicelib.usecases.judging.comparing import compare_invoice, credited_by, report_change
from chalicelib.usecases.judging.credit_notes import find_original_of, is_open_note
from chalicelib.usecases.judging.reversals import is_taken_back
from chalicelib.usecases.workspace import Workspace

REACHES_BACK = timedelta(hours=26)  # at least: a night and some
STRANGER_FOR = timedelta(days=3)
WAITS_AT_MOST = timedelta(days=30)
"""For how long the search begins at a refund that nobody has dealt with: each night of it costs
reading all invoices changed since."""

_WEIGHTIER_THAN = (None, LateChange.PARTLY_PAID)  # of which a refund says why


@dataclass(frozen=True, slots=True, kw_only=True)
class Refunds:
    """The numbers of the documents that were `found` refunded, and the `moments` at which listed
    credit notes were made.
    """

    found: tuple[str, ...] = ()
    moments: NoteMoments = field(default_factory=NoteMoments)


@dataclass(slots=True)
class _Search:
    """A search at work: `found` are the numbers of documents, and every credit note that changed
    before `until` is dealt with.
    """

    workspace: Workspace
    started: datetime
    until: datetime
    found: list[str]


def flag_refunds(workspace: Workspace) -> Refunds:
    """Report every credit note since the last search.

    Shops that export invoices get their credit notes booked as documents of their own. Raises
    `ShopError` with the progress where it was.
    """
    if workspace.shop.policy.source is Source.INVOICES:
        return Refunds()
    started = workspace.now()
    kept = workspace.connector.shops.load(workspace.shop_id, RefundProgress)
    kept = kept or RefundProgress(until=workspace.shop.installed_at)
    since = _search_from(workspace, kept, started)
    listed = list(changed_invoices(workspace.api, since))
    credited = credited_by(listed)
    found, done = _report_hidden(workspace, kept.left)
    until = find_mark(workspace.api, since=since, now=started)
    search = _Search(workspace, started, until=until, found=found)
    for invoice in listed:
        if invoice.is_credit_note and invoice.order_id is not None:
            _see_note(search, invoice, invoice.order_id)
        _see_booking(search, invoice, credited)

    def go_on(stored: RefundProgress | None) -> RefundProgress:
        left = {} if stored is None else stored.left  # a person may have added to it meanwhile
        remaining = {key: left[key] for key in left if key not in done}
        return RefundProgress(until=search.until, left=remaining)

    workspace.connector.shops.change(workspace.shop_id, RefundProgress, go_on)
    return Refunds(found=tuple(search.found), moments=NoteMoments(listed))


def _see_note(search: _Search, note: ShopInvoice, order_id: int) -> None:
    """What a credit note takes back is to be reported, unless somebody has dealt with it."""
    workspace = search.workspace
    taken_back = _find_taken_back(workspace, note, order_id)
    if taken_back is not None and _is_dealt_with(workspace, taken_back, note):
        return
    search.until = min(search.until, _wait_for(taken_back, note, search.started))
    if taken_back is not None and _report_refund(workspace, taken_back):
        search.found.append(taken_back.number)


def _see_booking(search: _Search, invoice: ShopInvoice, credited: Collection[int]) -> None:
    """A document of its own, booked on a click or from when the shop exported its invoices, is
    compared, as soon as its file is decided.
    """
    booked = search.workspace.entry_of(DocumentKind.INVOICE, invoice.id)
    if booked is not None and booked.state is EntryState.PLACED:
        compare_invoice(search.workspace, invoice, booked, credited)
    elif booked is not None and booked.state is EntryState.CLAIMED:
        search.until = min(search.until, invoice.updated_at)


def _search_from(workspace: Workspace, kept: RefundProgress, now: datetime) -> datetime:
    return min(now - REACHES_BACK, kept.until) - overlap_of(workspace.shop)


def _report_hidden(
    workspace: Workspace, left: Mapping[str, datetime]
) -> tuple[list[str], set[str]]:
    """Report the refunds again that another change hid. Gives the numbers of the documents, and the
    keys of those that need no report any more.
    """
    found, done = [], set(left)
    for key, entry in workspace.connector.entries.get_all(workspace.shop_id, left).items():
        if not _is_left(workspace, entry, left[key]):
            continue  # what is to be booked anew is looked at then
        if _report_refund(workspace, entry):
            found.append(entry.number)
        elif entry.change is not LateChange.REFUNDED:
            done.discard(key)
    return found, done


def _is_left(workspace: Workspace, entry: Entry, reported_at: datetime) -> bool:
    """Whether somebody still has to deal with a refund that was reported at that time."""
    accepted_at = entry.refund_accepted_at
    if entry.state is not EntryState.PLACED or (accepted_at and accepted_at >= reported_at):
        return False
    is_order = entry.kind is DocumentKind.ORDER
    return not (is_order and is_taken_back(workspace, entry.document_id))


def _find_taken_back(workspace: Workspace, note: ShopInvoice, order_id: int) -> Entry | None:
    """The document that a credit note takes back: the order, or where one of its invoices is booked
    instead (from when the shop exported these) that invoice. None when nobody recorded either.
    """
    order = workspace.entry_of(DocumentKind.ORDER, order_id)
    if order is not None and order.state is not EntryState.DROPPED:
        return order
    original_id = note.original_id
    if original_id is None and order is not None and order.drop_cause is _AS_INVOICE:
        original_id = find_original_of(note, workspace.api.order(order_id))
    if original_id is None:
        return order
    return workspace.entry_of(DocumentKind.INVOICE, original_id) or order


_AS_INVOICE = DropCause.BOOKED_AS_INVOICE


def _is_dealt_with(workspace: Workspace, taken_back: Entry, note: ShopInvoice) -> bool:
    """Whether nobody has to deal with a credit note any more."""
    if note.order_id is not None and is_taken_back(workspace, note.order_id):
        return True
    return not is_open_note(workspace, taken_back, note)


def _wait_for(taken_back: Entry | None, note: ShopInvoice, now: datetime) -> datetime:
    """Where the next search has to begin because of a credit note that somebody still has to deal
    with: were the order sent again, or another change dealt with first, it has to be reported
    afterwards. An order that is unknown, or was left out, may still become due, for some nights.
    What is in a file that is not decided may have been read before the note came: that is waited
    for however long it takes.
    """
    if taken_back is None or taken_back.state is EntryState.DROPPED:
        return note.updated_at if note.updated_at > now - STRANGER_FOR else now
    if taken_back.state is EntryState.CLAIMED:
        return note.updated_at
    return max(note.updated_at, now - WAITS_AT_MOST)


def _report_refund(workspace: Workspace, taken_back: Entry) -> bool:
    if taken_back.state is not EntryState.PLACED or taken_back.change not in _WEIGHTIER_THAN:
        return False
    return report_change(workspace, taken_back, LateChange.REFUNDED, by=Actor.WATCH)
