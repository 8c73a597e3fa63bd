"""What the connector remembers of orders and files: numbers, dates, states, hashes. No content.

An order that is to be booked is an `Entry`; in shops that export invoices each SEOshop invoice or
credit note is one. A `FileEntry` is one import file. Both carry their biography.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.days import local_day
from chalicelib.domain.orders import OrderSummary, ShopInvoice


class EntryState(StrEnum):
    """Where an order is on its way into the books."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    PLACED = "placed"
    HELD = "held"
    DROPPED = "dropped"


class DocumentKind(StrEnum):
    """What an entry books."""

    ORDER = "order"
    INVOICE = "invoice"  # SEOshop's invoice or credit note
    REVERSAL = "reversal"  # a booked order taken back whole; `document_id` is the order's


class LateChange(StrEnum):
    """What happened in the shop to a document after it was booked."""

    CANCELLED = "cancelled"
    UNPAID = "unpaid"
    PARTLY_PAID = "partly_paid"  # in a shop that books paid orders only
    EDITED = "edited"  # its totals
    DETAILS = "details"  # customer, articles or VAT, with the totals as they were
    REFUNDED = "refunded"
    REVIVED = "revived"  # stands again after its reversal was booked


def document_key(kind: DocumentKind, document_id: int) -> str:
    """A document's key in the ledger, unique within its shop: ``order-301204417``."""
    return f"{kind.value}-{document_id}"


class FileState(StrEnum):
    """Where a file is. `void`: proven never to have arrived; its orders went into another file."""

    CLAIMED = "claimed"
    PLACING = "placing"
    PLACED = "placed"
    UNKNOWN = "unknown"
    VOID = "void"


class Actor(StrEnum):
    """Who does something: the `by` of a biography's and an audit's lines."""

    WEBHOOK = "webhook"
    SWEEP = "sweep"
    BACKFILL = "backfill"
    EXPORT = "export"
    WATCH = "watch"
    MERCHANT = "merchant"
    OPERATOR = "operator"
    PLATFORM = "platform"  # SEOshop's install, cancel and uninstall calls
    CONNECTOR = "connector"  # by itself, in the course of something else


class ReleaseCause(StrEnum):
    """Why a file gives a document back, or a run stops and gives back what it holds. Stored in
    biographies: a value never changes.
    """

    BUDGET = "budget"  # the shop's allowance of calls is used up
    TIME = "time"  # the function's
    UNAVAILABLE = "unavailable"  # SEOshop cannot give this document now
    SHOP_UNAVAILABLE = "shop unavailable"  # … nor anything else
    NOT_FOUND = "not found"  # a fresh order may appear within minutes
    INBOX_REFUSED = "inbox refused"
    INBOX_UNKNOWN = "inbox unknown"
    FILE_NOT_SENT = "file not sent"
    FILE_GIVEN_UP = "file given up"  # by another run
    NOT_IN_ITS_FILE = "not in its file"
    HELD_UP = "held up"  # the run, for so long that its file may not be sent any more
    RUN_FAILED = "run failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of a biography. `detail` is a code, a file name or an operator's reason."""

    at: datetime
    what: str
    by: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Somebody said that a document may be due. `number` and `day` are for people only."""

    kind: DocumentKind
    document_id: int
    number: str
    day: date

    @classmethod
    def of_order(cls, summary: OrderSummary) -> Hint:
        """The hint that a listed order is."""
        return cls(
            kind=DocumentKind.ORDER,
            document_id=summary.id,
            number=summary.number,
            day=local_day(summary.created_at),
        )

    @classmethod
    def of_invoice(cls, invoice: ShopInvoice) -> Hint:
        """The hint that SEOshop's invoice or credit note is."""
        return cls(
            kind=DocumentKind.INVOICE,
            document_id=invoice.id,
            number=invoice.number,
            day=local_day(invoice.created_at),
        )

    @property
    def key(self) -> str:
        """See `document_key`."""
        return document_key(self.kind, self.document_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Why an entry leaves its file. `code` is a hold reason, or the cause of dropping or
    releasing; `detail` helps a merchant to find the cause (never an amount or a name).
    """

    code: str = ""
    detail: str = ""
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of one shop.

    `since` is when it came into its state; it waits since it was heard of or asked for, however
    often a file gave it back. `file` is set while claimed or placed; `hold` (a reason's code) and
    `hold_detail` (never an amount or a name) while held. `fingerprint` holds the keyed hashes of
    what was booked (`fingerprint.Prints`). `change` is the `LateChange` since, until somebody has
    dealt with it. `revision` counts how often the document was sent again on purpose.
    """

    shop_id: int
    kind: DocumentKind
    document_id: int
    number: str
    day: date
    state: EntryState
    since: datetime
    file: str | None = None
    hold: str | None = None
    hold_detail: str = ""
    fingerprint: str | None = None
    change: str | None = None
    revision: int = 0
    history: tuple[Event, ...] = ()

    @property
    def key(self) -> str:
        """See `document_key`."""
        return document_key(self.kind, self.document_id)

    @property
    def hint(self) -> Hint:
        """The hint that would have made this entry."""
        return Hint(kind=self.kind, document_id=self.document_id, number=self.number, day=self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """One import file. `keys` maps each document to the fingerprint of what the file says of it
    (empty string until the content is fixed). `sha256` (hex) and `size` (bytes) are set with the
    content, and so is `inbox`, the keyed hash of the address that it is sent to: a merchant may
    correct the licence code meanwhile, and another inbox's "not here" proves nothing. `settled`
    means that every document knows the file's outcome.
    """

    shop_id: int
    name: str
    day: date
    state: FileState
    since: datetime
    keys: Mapping[str, str]
    sha256: str | None = None
    size: int | None = None
    inbox: str | None = None
    settled: bool = False
    history: tuple[Event, ...] = ()
