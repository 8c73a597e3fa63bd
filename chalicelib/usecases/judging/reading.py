"""Read a document again from SEOshop and judge it: nothing is booked on hearsay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from chalicelib.domain.days import local_day
from chalicelib.domain.due import not_due
from chalicelib.domain.fingerprint import (
    Prints,
    derive_key,
    fingerprint,
    invoice_summary_print,
    key_id,
    source_print,
    summary_print,
)
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue, Terms, Verdict, judge, judge_invoice
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, document_key
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import DateBasis
from chalicelib.domain.shops import Shop
from chalicelib.ports import ShopApi
from chalicelib.usecases.changes.by_hand import BY_HAND, is_settled_by_hand
from chalicelib.usecases.changes.reversals import is_taken_back, judge_taken_back
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.exporting.originals import (
    BEFORE_START,
    BOOKED_AS_ORDER,
    original_not_booked,
)

BOOKED_AS_INVOICE = "booked_as_invoice"
HEARSAY = ("sweep", "export")
"""Who may have made a document wait without knowing that it was paid just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as it is in the shop now. By the keyed hashes `summary` (of what a list shows) and
    `source` (of an order read whole) later changes are seen.
    """

    verdict: Verdict
    summary: str
    source: str = ""

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


def notes_on(numbers: Collection[str], readings: Mapping[str, Reading]) -> dict[str, Hold]:
    """Hold the credit notes among these readings whose original has one of these numbers: it was
    refused after they had been judged.
    """
    return {
        key: Hold(HoldReason.CREDIT_BEFORE_ORIGINAL, reading.verdict.credits or "")
        for key, reading in readings.items()
        if isinstance(reading.verdict, Invoice) and reading.verdict.credits in numbers
    }


def shop_key(connector: Connector, shop: Shop) -> bytes:
    """The key of a shop's fingerprints; it is nowhere in the tables."""
    return derive_key(connector.settings.session_secret, shop.shop_id)


def read(connector: Connector, shop: Shop, api: ShopApi, entry: Entry) -> Reading:
    """Read and judge one document. Raises `ShopError`."""
    if is_settled_by_hand(entry):
        return Reading(verdict=NotDue(BY_HAND), summary="")
    key = shop_key(connector, shop)
    if entry.kind is DocumentKind.INVOICE:
        return _read_invoice(connector, shop, api, entry, key)
    order = api.order(entry.document_id)
    if entry.kind is DocumentKind.REVERSAL:
        verdict = judge_taken_back(connector, entry, order, _terms_without_payment(shop), key)
    else:
        verdict = _judge_order(connector, shop, api, entry, order)
    return Reading(
        verdict=verdict, summary=summary_print(order, key), source=source_print(order, key)
    )


def _judge_order(
    connector: Connector, shop: Shop, api: ShopApi, entry: Entry, order: Order
) -> Verdict:
    cause = not_due(status=order.status, payment_status=order.payment_status, policy=shop.policy)
    if cause is None and _is_old_news(shop, entry, order):
        cause = BEFORE_START
    if cause is None and _is_booked_as_invoice(connector, shop, order):
        cause = BOOKED_AS_INVOICE
    if cause is not None:
        return NotDue(cause=cause)
    return judge(order, _terms(shop, api, order))


def _read_invoice(
    connector: Connector, shop: Shop, api: ShopApi, entry: Entry, key: bytes
) -> Reading:
    document = api.invoice(entry.document_id)
    items = api.invoice_items(document.id)
    if document.order_id is None:
        return Reading(verdict=NotDue(cause="no_order"), summary="")
    if not document.is_credit_note and _goes_as_order(connector, shop, document.order_id):
        return Reading(verdict=NotDue(cause=BOOKED_AS_ORDER), summary="")
    order = api.order(document.order_id)
    if document.is_credit_note and is_taken_back(connector, shop.shop_id, order.id):
        return Reading(verdict=Hold(HoldReason.CREDITED_ALREADY), summary="")
    waits_for = original_not_booked(connector, shop, entry, document, order)
    if waits_for is not None:
        return Reading(verdict=Hold(HoldReason.CREDIT_BEFORE_ORIGINAL, waits_for), summary="")
    original = next((each for each in order.invoices if each.id == document.original_id), None)
    verdict = judge_invoice(document, items, order, _terms(shop, api, order), original=original)
    return Reading(verdict=verdict, summary=invoice_summary_print(document, key))


def _goes_as_order(connector: Connector, shop: Shop, order_id: int) -> bool:
    """Whether the order itself is in the books or on its way there: a shop that changes from paid
    orders to all invoices must not book the same sale under both. The invoice gives way.
    """
    entry = connector.entries.get(shop.shop_id, document_key(DocumentKind.ORDER, order_id))
    if entry is None:
        return False
    return entry.state is not EntryState.DROPPED or is_settled_by_hand(entry)


def _is_booked_as_invoice(connector: Connector, shop: Shop, order: Order) -> bool:
    """Likewise for a shop that changes back, and for an order asked for by its number."""
    keys = (
        document_key(DocumentKind.INVOICE, invoice.id)
        for invoice in order.invoices
        if not invoice.is_credit_note
    )
    entries = (connector.entries.get(shop.shop_id, key) for key in keys)
    return any(
        entry is not None and (entry.state is EntryState.PLACED or is_settled_by_hand(entry))
        for entry in entries
    )


def _terms_without_payment(shop: Shop) -> Terms:
    return Terms(policy=shop.policy, currency=shop.currency, country=shop.country)


def _terms(shop: Shop, api: ShopApi, order: Order) -> Terms:
    paid_at = order.paid_at
    if paid_at is None and shop.policy.date_basis is DateBasis.PAYMENT:
        paid_at = api.paid_at(order.id)
    return replace(_terms_without_payment(shop), paid_at=paid_at)


def _is_old_news(shop: Shop, entry: Entry, order: Order) -> bool:
    """Whether only the sweep brought up an order that was paid before the connector came.

    Such an order is in the books already, by hand or by another connector; it is the migration's
    business. A webhook, a migration or a person is evidence enough to book it.
    """
    if order.created_at >= shop.installed_at:
        return False
    if any(event.what == "waiting" and event.by not in HEARSAY for event in entry.history):
        return False
    if order.paid_at is None:
        return True
    return local_day(order.paid_at) < local_day(shop.installed_at)
