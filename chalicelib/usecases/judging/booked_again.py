"""A document of a placed file, read again: what the file said of it, and what it would say now.

Only the shop is asked, never the ledger of its sale: that it was booked is known. Nothing is
written.
"""

from __future__ import annotations

import logging
from dataclasses import field, replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.behaviours import find_behaviour
from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day
from chalicelib.domain.events import FileStep, OrderStep
from chalicelib.domain.fingerprint import Prints, fingerprint, source_print
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue, Terms, Verdict, judge, judge_invoice
from chalicelib.domain.ledger import DocumentKind, Entry, FileEntry
from chalicelib.domain.orders import InvoiceItem, Order, ShopInvoice
from chalicelib.domain.policy import DateBasis, LateOrders, not_due
from chalicelib.domain.restoring import judge_invoice_then, judge_order_then, judge_reversal_then
from chalicelib.errors import ShopNotFound
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import ShopApi
from chalicelib.usecases.judging.isolating import OF_ITS_DATA
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)


class Change(StrEnum):
    """How a document differs from what its file says of it."""

    IN_SHOP = "in shop"  # another customer, article, amount or rate
    BY_SETTINGS = "by settings"  # it is as it was, and is judged otherwise
    EITHER = "either"  # one of the two; no fingerprint tells which
    GONE = "gone"  # no longer in the shop
    UNREADABLE = "unreadable"  # SEOshop gives it in a way that cannot be understood


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What the shop says of a document: the order, and of SEOshop's own invoice or credit note that
    and its lines. `paid_at` is known where the merchant dates by payment.
    """

    order: Order = field(repr=False)
    document: ShopInvoice | None = field(repr=False, default=None)
    items: tuple[InvoiceItem, ...] = field(repr=False, default=())
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedAgain:
    """A document of a file, judged again: `then` as it was, `now` as it is. `change` is None when
    it is what the file says of it. `number` is the order's or the invoice's, as it is known here.
    """

    key: str
    number: str
    then: Verdict = field(repr=False)
    now: Verdict = field(repr=False)
    change: Change | None = None

    @property
    def is_lost(self) -> bool:
        """Whether the shop no longer gives it."""
        return self.change in (Change.GONE, Change.UNREADABLE)


def count_calls(workspace: Workspace, kind: DocumentKind) -> int:
    """How many calls of SEOshop a document takes, at most."""
    by_payment = workspace.shop.policy.date_basis is DateBasis.PAYMENT
    return (3 if kind is DocumentKind.INVOICE else 1) + by_payment


def fetch_source(workspace: Workspace, kind: DocumentKind, document_id: int) -> Source:
    """Read a document, without judging it. Raises `ShopError`."""
    api: ShopApi = workspace.api
    document: ShopInvoice | None = None
    items: tuple[InvoiceItem, ...] = ()
    order_id: int | None = document_id
    if kind is DocumentKind.INVOICE:
        document = api.invoice(document_id)
        items = tuple(api.invoice_items(document_id))
        order_id = document.order_id
    if order_id is None:
        raise ShopNotFound(f"Invoice {document_id} no longer has an order.")
    order = api.order(order_id)
    paid_at = order.paid_at
    if paid_at is None and workspace.shop.policy.date_basis is DateBasis.PAYMENT:
        paid_at = api.paid_at(order.id)
    return Source(order=order, document=document, items=items, paid_at=paid_at)


def judge_booked(
    workspace: Workspace, file: FileEntry, entry: Entry, source: Source
) -> BookedAgain:
    """Judge a document of a placed file by what the shop says of it now."""
    try:
        then, now = _judge_both(workspace, file, entry, source)
    except OF_ITS_DATA as error:
        log.error(
            "unreadable",
            extra={
                "shop_id": workspace.shop_id,
                "document": entry.key,
                "error": type(error).__name__,
            },
        )
        return lose_booked(entry, Change.UNREADABLE)
    booked = Prints.read(file.keys.get(entry.key), workspace.prints_keys)
    change = _find_change(entry, then, booked, source)
    return BookedAgain(key=entry.key, number=entry.number, then=then, now=now, change=change)


def lose_booked(entry: Entry, change: Change) -> BookedAgain:
    """A document of a file that cannot be had again."""
    lost = Hold(HoldReason.UNREADABLE)
    return BookedAgain(key=entry.key, number=entry.number, then=lost, now=lost, change=change)


def _judge_both(
    workspace: Workspace, file: FileEntry, entry: Entry, source: Source
) -> tuple[Verdict, Verdict]:
    """The verdict as it was when the file was made, and as it is now."""
    shop, order, document = workspace.shop, source.order, source.document
    # By the period that was closed when the file was made: closing one later, or opening it again,
    # changes nothing of what is booked.
    terms = Terms(
        policy=replace(shop.policy, late_orders=LateOrders.NEXT),
        currency=shop.currency,
        country=shop.country,
        paid_at=source.paid_at,
        locked_until=file.locked_until,
        rules=find_behaviour(shop.behaviour).rules,
    )
    made_at = find_made_at(file)
    if document is not None:
        then = judge_invoice_then(document, source.items, order, terms, made_at=made_at)
        return then, judge_invoice(document, source.items, order, terms)
    if entry.kind is DocumentKind.REVERSAL:
        day = _find_reversal_day(file, entry)
        unpaid = replace(terms, paid_at=None)
        then = judge_reversal_then(order, unpaid, made_at=made_at, day=day)
        revived = not_due(order, shop.policy) is None
        return then, NotDue(DropCause.DUE_AGAIN) if revived else then
    booked = Prints.read(file.keys.get(entry.key), workspace.prints_keys)
    then = judge_order_then(order, terms, made_at=made_at, booked=booked)
    return then, judge(order, terms)


def find_made_at(file: FileEntry) -> datetime:
    """When a file's content was fixed: its documents had been read by then."""
    fixed = (event.at for event in file.history if event.step is FileStep.FIX)
    return next(fixed, file.since)


def _find_reversal_day(file: FileEntry, entry: Entry) -> date:
    """The day on which this file took a reversal up for the first time: by that it is dated."""
    claims = (e.at for e in entry.history if e.step is OrderStep.CLAIM and e.file == file.name)
    return local_day(min(claims, default=file.history[0].at))


def _find_change(
    entry: Entry, then: Verdict, booked: Prints | None, source: Source
) -> Change | None:
    if booked is None:  # made with a secret that is no longer known: only the whole file tells
        return None if isinstance(then, Invoice) else Change.EITHER
    if isinstance(then, Invoice) and fingerprint(then, booked.key) == booked.content:
        return None
    if not booked.source:
        return Change.EITHER
    is_same_source = source_print(source.order, booked.key) == booked.source
    return Change.BY_SETTINGS if is_same_source else Change.IN_SHOP
