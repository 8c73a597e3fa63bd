"""Read a document again from SEOshop and judge it: nothing is booked on hearsay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import field, replace
from datetime import datetime

from chalicelib.domain.behaviours import find_behaviour
from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day
from chalicelib.domain.fingerprint import (
    Prints,
    fingerprint,
    invoice_summary_print,
    list_details,
    source_print,
    summary_print,
)
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Debtor, Invoice
from chalicelib.domain.judgement import NotDue, Terms, Verdict, judge, judge_invoice
from chalicelib.domain.last_seen import Look
from chalicelib.domain.ledger import DocumentKind, Entry, Hint
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.domain.migrations import Migration
from chalicelib.domain.orders import Order, PaymentStatus, ShopInvoice
from chalicelib.domain.policy import DateBasis, Source, not_due
from chalicelib.domain.seen_orders import look_at
from chalicelib.domain.shops import Shop
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.credit_notes import list_open_notes
from chalicelib.usecases.judging.one_sale import (
    keep_back_invoice,
    keep_back_order,
    list_unknown_invoices,
)
from chalicelib.usecases.judging.originals import find_original, original_not_booked
from chalicelib.usecases.judging.reversals import is_taken_back, judge_entry_reversal
from chalicelib.usecases.shop.starts import find_start
from chalicelib.usecases.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document as it is in the shop now. By the hashes `summary` (of what a list shows),
    `source` (of an order read whole) and `look`, made with `key`, later changes are seen. `hint` is
    what the document itself says of its number and day, None when it was not read.

    `is_refunded`: it has credit notes that the merchant has to decide on once it is booked.
    `others` are documents of the same sale that are to be booked as well, unasked.
    """

    verdict: Verdict
    summary: str
    source: str = ""
    look: Look | None = None
    key: bytes = field(repr=False, default=b"")
    hint: Hint | None = None
    is_refunded: bool = False
    others: tuple[Hint, ...] = ()

    def fingerprint(self) -> str:
        """What the ledger keeps of a booked document: see `Prints`."""
        if not isinstance(self.verdict, Invoice):
            raise TypeError("Only an invoice has a fingerprint.")
        prints = Prints(
            key=self.key,
            summary=self.summary,
            source=self.source,
            content=fingerprint(self.verdict, self.key),
            look=self.look,
        )
        return str(prints)


def list_invoices(readings: Mapping[str, Reading]) -> list[Invoice]:
    """What is to be booked of these documents."""
    return [*list_booked(readings).values()]


def list_booked(readings: Mapping[str, Reading]) -> dict[str, Invoice]:
    """Likewise, by ledger key."""
    return {
        key: reading.verdict
        for key, reading in readings.items()
        if isinstance(reading.verdict, Invoice)
    }


def hold_credit_notes(refused: Collection[str], readings: Mapping[str, Reading]) -> dict[str, Hold]:
    """Hold the credit notes among these readings whose original, by its key, is one of those that
    were `refused` after they had been judged. An order is taken back by its own number or by that
    of its invoice.
    """
    numbers = {number for key in refused for number in _list_numbers(readings[key])}
    return {
        key: Hold(HoldReason.CREDIT_BEFORE_ORIGINAL, reading.verdict.credits or "")
        for key, reading in readings.items()
        if isinstance(reading.verdict, Invoice) and reading.verdict.credits in numbers
    }


def _list_numbers(reading: Reading) -> set[str]:
    hint, verdict = reading.hint, reading.verdict
    number = verdict.invoice_number if isinstance(verdict, Invoice) else None
    return {each for each in (hint and hint.number, number) if each}


def read_document(workspace: Workspace, entry: Entry) -> Reading:
    """Read and judge one document. Raises `ShopError`."""
    if entry.by_hand:
        return Reading(verdict=NotDue(DropCause.BY_HAND), summary="")
    if entry.kind is DocumentKind.INVOICE:
        document = workspace.api.invoice(entry.document_id)
        reading = _judge_invoice(workspace, entry, document)
        return replace(reading, hint=Hint.of_invoice(document))
    key = workspace.prints_keys[0]
    order = workspace.api.order(entry.document_id)
    debtor: Debtor | None = None
    if entry.kind is DocumentKind.REVERSAL:
        terms = _terms_without_payment(workspace.shop)
        verdict = judge_entry_reversal(workspace, entry, order, terms)
        hint = replace(entry.hint, number=order.number)  # its day is its own
    else:
        verdict = _judge_order(workspace, entry, order)
        debtor = verdict.debtor if isinstance(verdict, Invoice) else None
        hint = Hint.of_order(order)
    details = list_details(order, debtor)
    reading = Reading(
        verdict=verdict,
        summary=summary_print(order, key),
        source=source_print(order, key, details),
        look=look_at(order, key, details),
        key=key,
        hint=hint,
    )
    return _look_around(workspace, entry, order, reading)


def _look_around(workspace: Workspace, entry: Entry, order: Order, reading: Reading) -> Reading:
    """Add to a reading what the order shows of the rest of its sale: credit notes, and the other
    invoices of an order of which one is in the books.
    """
    if reading.verdict == NotDue(DropCause.BOOKED_AS_INVOICE):
        return replace(reading, others=list_unknown_invoices(workspace, order))
    if not isinstance(reading.verdict, Invoice) or reading.verdict.credits is not None:
        return reading
    notes = list_open_notes(workspace, entry, order)
    if workspace.shop.policy.source is Source.INVOICES:  # which books them as well, unasked
        return replace(reading, others=tuple(Hint.of_invoice(note) for note in notes))
    return replace(reading, is_refunded=bool(notes))


def _judge_order(workspace: Workspace, entry: Entry, order: Order) -> Verdict:
    cause = not_due(order, workspace.shop.policy)
    if cause is not None:
        return NotDue(cause)
    if _may_be_forgotten(workspace, entry, order.created_at):
        return NotDue(DropCause.TOO_OLD)
    kept_back = keep_back_order(workspace, entry, order)
    if kept_back is not None:
        return kept_back
    start = find_start(workspace, entry)
    if order.created_at < start and not entry.has_evidence:
        return _judge_early_order(workspace, order, start)
    return judge(order, _terms(workspace, order))


def _judge_early_order(workspace: Workspace, order: Order, start: datetime) -> Verdict:
    """Judge an order from before the connector's `start` that only the sweep brought up.

    What was paid before the connector came is in the books already, by hand or by another
    connector, and is the migration's business. A webhook, a migration or a person is evidence
    enough to book it. Where nothing tells when it was paid, a person has to look.
    """
    migration = workspace.connector.shops.load(workspace.shop_id, Migration)
    if migration is not None and migration.has_taken(order):
        return judge(order, _terms(workspace, order))  # which found it waiting, from the sweep
    paid_at = order.paid_at
    if paid_at is None and order.payment_status == PaymentStatus.PAID:
        paid_at = workspace.api.paid_at(order.id)
    if paid_at is None:
        return Hold(HoldReason.MAYBE_BEFORE_START)
    if local_day(paid_at) < local_day(start):
        return NotDue(DropCause.BEFORE_START)
    return judge(order, replace(_terms_without_payment(workspace.shop), paid_at=paid_at))


def _judge_invoice(workspace: Workspace, entry: Entry, document: ShopInvoice) -> Reading:
    api = workspace.api
    items = api.invoice_items(document.id)
    if document.order_id is None:
        return Reading(verdict=NotDue(DropCause.NO_ORDER), summary="")
    kept_back = None
    if not document.is_credit_note and not document.is_cancelled:
        kept_back = keep_back_invoice(workspace, document.order_id)
    if kept_back is not None:
        return Reading(verdict=kept_back, summary="")
    order = api.order(document.order_id)
    # A credit note of an old sale is new; an invoice of one may be booked, as its order was.
    made_at = document.created_at if document.is_credit_note else order.created_at
    if _may_be_forgotten(workspace, entry, min(made_at, document.created_at)):
        return Reading(verdict=NotDue(DropCause.TOO_OLD), summary="")
    if document.is_credit_note and is_taken_back(workspace, order.id):
        return Reading(verdict=Hold(HoldReason.CREDITED_ALREADY), summary="")
    taken_back = find_original(workspace, document, order)
    waits_for = taken_back and original_not_booked(workspace, entry, taken_back, order)
    if waits_for is not None:
        return Reading(verdict=Hold(HoldReason.CREDIT_BEFORE_ORIGINAL, waits_for), summary="")
    original = next((each for each in order.invoices if each.id == document.original_id), None)
    booked = None if taken_back is None else taken_back.booked
    verdict = judge_invoice(
        document,
        items,
        order,
        _terms(workspace, order),
        original=original,
        booked_on=None if booked is None else booked.booked_on,
    )
    key = workspace.prints_keys[0]
    summary = invoice_summary_print(document, key)
    reading = Reading(verdict=verdict, summary=summary, key=key)
    return _look_around(workspace, entry, order, reading)


def _may_be_forgotten(workspace: Workspace, entry: Entry, made_at: datetime) -> bool:
    """Whether the ledger may have known a document before, and have outlived it: what was heard of
    while it was young was known ever since.
    """
    known_since = entry.history[0].at if entry.history else workspace.now()
    lifetimes = Lifetimes(audit=workspace.connector.settings.keep_audit)
    installed_at = workspace.shop.installed_at
    return lifetimes.may_be_forgotten(made_at, installed_at=installed_at, known_since=known_since)


def _terms_without_payment(shop: Shop) -> Terms:
    return Terms(
        policy=shop.policy,
        currency=shop.currency,
        country=shop.country,
        locked_until=shop.locked_until,
        rules=find_behaviour(shop.behaviour).rules,
    )


def _terms(workspace: Workspace, order: Order) -> Terms:
    shop, paid_at = workspace.shop, order.paid_at
    if paid_at is None and shop.policy.date_basis is DateBasis.PAYMENT:
        paid_at = workspace.api.paid_at(order.id)
    return replace(_terms_without_payment(shop), paid_at=paid_at)
