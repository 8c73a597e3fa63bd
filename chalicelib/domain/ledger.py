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

    `file` is set while claimed or placed; `hold` (a reason's code) and `hold_detail` (never an
    amount or a name) while held. `fingerprint` holds the keyed hashes of what was booked
    (`fingerprint.Prints`). `change` is the `LateChange` since, until somebody has dealt with it.
    `revision` counts how often the document was sent again on purpose.
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
    content. `settled` means that every document knows the file's outcome.
    """

    shop_id: int
    name: str
    day: date
    state: FileState
    since: datetime
    keys: Mapping[str, str]
    sha256: str | None = None
    size: int | None = None
    settled: bool = False
    history: tuple[Event, ...] = ()
