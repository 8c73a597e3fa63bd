"""Read a document again from SEOshop and judge it: nothing is booked on hearsay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day
from chalicelib.domain.fingerprint import (
    Prints,
    fingerprint,
    invoice_summary_print,
    key_id,
    source_print,
    summary_print,
)
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue, Terms, Verdict, judge, judge_invoice
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint
from chalicelib.domain.orders import Order, ShopInvoice
from chalicelib.domain.policy import DateBasis, not_due
from chalicelib.domain.shops import Shop
from chalicelib.usecases.judging.originals import original_not_booked
from chalicelib.usecases.judging.reversals import is_taken_back, judge_entry_reversal
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as it is in the shop now. By the keyed hashes `summary` (of what a list shows) and
    `source` (of an order read whole) later changes are seen. `hint` is what the document itself
    says of its number and day, None when it was not read.
    """

    verdict: Verdict
    summary: str
    source: str = ""
    hint: Hint | None = None

    def fingerprint(self, key: bytes) -> str:
        """What the ledger keeps of a booked document: see `Prints`."""
        if not isinstance(self.verdict, Invoice):
            raise TypeError("Only an invoice has a fingerprint.")
        prints = Prints(
            key_id=key_id(key),
            summary=self.summary,
            source=self.source,
            content=fingerprint(self.verdict, key),
        )
        return str(prints)


def hold_credit_notes(numbers: Collection[str], readings: Mapping[str, Reading]) -> dict[str, Hold]:
    """Hold the credit notes among these readings whose original has one of these numbers: it was
    refused after they had been judged.
    """
    return {
        key: Hold(HoldReason.CREDIT_BEFORE_ORIGINAL, reading.verdict.credits or "")
        for key, reading in readings.items()
        if isinstance(reading.verdict, Invoice) and reading.verdict.credits in numbers
    }


def read_document(workspace: Workspace, entry: Entry) -> Reading:
    """Read and judge one document. Raises `ShopError`."""
    if entry.by_hand:
        return Reading(verdict=NotDue(DropCause.BY_HAND), summary="")
    if entry.kind is DocumentKind.INVOICE:
        document = workspace.api.invoice(entry.document_id)
        reading = _judge_invoice(workspace, entry, document)
        return replace(reading, hint=Hint.of_invoice(document))
    key = workspace.prints_key
    order = workspace.api.order(entry.document_id)
    if entry.kind is DocumentKind.REVERSAL:
        terms = _terms_without_payment(workspace.shop)
        verdict = judge_entry_reversal(workspace, entry, order, terms)
        hint = replace(entry.hint, number=order.number)  # its day is its own
    else:
        verdict = _judge_order(workspace, entry, order)
        hint = Hint.of_order(order)
    return Reading(
        verdict=verdict,
        summary=summary_print(order, key),
        source=source_print(order, key),
        hint=hint,
    )


def _judge_order(workspace: Workspace, entry: Entry, order: Order) -> Verdict:
    policy = workspace.shop.policy
    cause = not_due(order, policy)
    if cause is None and _is_paid_before_start(workspace.shop, entry, order):
        cause = DropCause.BEFORE_START
    if cause is None and _is_booked_as_invoice(workspace, order):
        cause = DropCause.BOOKED_AS_INVOICE
    return judge(order, _terms(workspace, order)) if cause is None else NotDue(cause)


def _judge_invoice(workspace: Workspace, entry: Entry, document: ShopInvoice) -> Reading:
    api = workspace.api
    items = api.invoice_items(document.id)
    if document.order_id is None:
        return Reading(verdict=NotDue(DropCause.NO_ORDER), summary="")
    if not document.is_credit_note and goes_as_order(workspace, document.order_id):
        return Reading(verdict=NotDue(DropCause.BOOKED_AS_ORDER), summary="")
    order = api.order(document.order_id)
    if document.is_credit_note and is_taken_back(workspace, order.id):
        return Reading(verdict=Hold(HoldReason.CREDITED_ALREADY), summary="")
    waits_for = original_not_booked(workspace, entry, document, order)
    if waits_for is not None:
        return Reading(verdict=Hold(HoldReason.CREDIT_BEFORE_ORIGINAL, waits_for), summary="")
    original = next((each for each in order.invoices if each.id == document.original_id), None)
    verdict = judge_invoice(document, items, order, _terms(workspace, order), original=original)
    summary = invoice_summary_print(document, workspace.prints_key)
    return Reading(verdict=verdict, summary=summary)


def goes_as_order(workspace: Workspace, order_id: int) -> bool:
    """Whether the order itself is in the books or on its way there: a shop that changes from paid
    orders to all invoices must not book the same sale under both. The invoice gives way.
    """
    entry = workspace.entry_of(DocumentKind.ORDER, order_id)
    return entry is not None and (entry.state is not EntryState.DROPPED or entry.by_hand)


def _is_booked_as_invoice(workspace: Workspace, order: Order) -> bool:
    """Likewise for a shop that changes back, and for an order asked for by its number."""
    invoices = (one for one in order.invoices if not one.is_credit_note)
    entries = (workspace.entry_of(DocumentKind.INVOICE, one.id) for one in invoices)
    return any(
        entry is not None and (entry.state is EntryState.PLACED or entry.by_hand)
        for entry in entries
    )


def _terms_without_payment(shop: Shop) -> Terms:
    return Terms(policy=shop.policy, currency=shop.currency, country=shop.country)


def _terms(workspace: Workspace, order: Order) -> Terms:
    shop, paid_at = workspace.shop, order.paid_at
    if paid_at is None and shop.policy.date_basis is DateBasis.PAYMENT:
        paid_at = workspace.api.paid_at(order.id)
    return replace(_terms_without_payment(shop), paid_at=paid_at)


def _is_paid_before_start(shop: Shop, entry: Entry, order: Order) -> bool:
    """Whether only the sweep brought up an order that was paid before the connector came.

    Such an order is in the books already, by hand or by another connector; it is the migration's
    business. A webhook, a migration or a person is evidence enough to book it.
    """
    if order.created_at >= shop.installed_at or entry.has_evidence:
        return False
    if order.paid_at is None:
        return True
    return local_day(order.paid_at) < local_day(shop.installed_at)
