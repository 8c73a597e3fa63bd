"""What the connector remembers of orders and files: numbers, dates, states, hashes. No content of
an order; of a file what it adds up to.

An order that is to be booked is an `Entry`; in shops that export invoices each SEOshop invoice or
credit note is one. A `FileEntry` is one import file. Both carry their biography.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.causes import DropCause, LateChange
from chalicelib.domain.concepts import SoughtInvoice
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, Event, FileStep
from chalicelib.domain.file_names import read_way
from chalicelib.domain.file_returns import FileReturns
from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass


class EntryState(StrEnum):
    """Where an order is on its way into the books."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    PLACED = "placed"
    HELD = "held"
    DROPPED = "dropped"

    @property
    def is_open(self) -> bool:
        """Whether the document is still to be dealt with."""
        return self in (EntryState.WAITING, EntryState.CLAIMED, EntryState.HELD)


class DocumentKind(StrEnum):
    """What an entry books."""

    ORDER = "order"
    INVOICE = "invoice"  # SEOshop's invoice or credit note
    REVERSAL = "reversal"  # a booked order taken back whole; `document_id` is the order's


def document_key(kind: DocumentKind, document_id: int) -> str:
    """A document's key in the ledger, unique within its shop: ``order-301204417``."""
    return f"{kind.value}-{document_id}"


class FileState(StrEnum):
    """Where a file is. `void`: proven never to have arrived; its orders went into another file.
    `double`: it arrived all the same, and a person has to delete its invoices.
    """

    CLAIMED = "claimed"
    PLACING = "placing"
    PLACED = "placed"
    UNKNOWN = "unknown"
    VOID = "void"
    DOUBLE = "double"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """Somebody said that a document may be due. `number` and `day` are for people only: the
    document, read, has the last word (`ports.Entries.correct_hint`).
    """

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
            number=invoice.number or str(invoice.id),
            day=local_day(invoice.created_at),
        )

    @property
    def key(self) -> str:
        """See `document_key`."""
        return document_key(self.kind, self.document_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One document of one shop. `life.ORDER_LIFE` says which step sets and clears which field.

    State: `since` is when it came into its state; a document that a file gave back waits since
    `asked_at`. `file` is set while claimed or placed, `hold` (a reason's code) and `hold_detail`
    (never an amount or a name) while held, `drop_cause` while dropped. `fingerprint` holds the
    keyed hashes of what was booked (`fingerprint.Prints`), `booked_on` its invoice date (None: by a
    version before 1.5.0). `change` is what happened in the shop since, until somebody has dealt
    with it. `revision` counts how often the document was sent
    again on purpose.

    Facts: `asked_at` and `asked_by` say when and by whom it was last asked for; `has_evidence`
    that somebody knew it to be due now (the sweep's list alone does not tell); `by_hand` that a
    person dealt with it in Asperion; `claimed_at` when a file last took it up; `missing_since`
    when SEOshop first answered that it is not there; `reported_at` when a late change was last
    reported; `refund_reported_at`, `details_reported_at` and `vat_reported_at` (a VAT number that
    is not in use) the same of these three, until a person has dealt with them;
    `refund_accepted_at` when a person last dealt with a refund.

    `there` is what is otherwise in Asperion than it was delivered, until it is right again or it is
    booked once more, `there_reported_at` when that was last reported, until a person has dealt with
    it, `shown_print` the keyed hash of what Asperion showed then. `taken_back_at` is when a person
    took the document back by a credit though the shop still has it.

    `asperion_id` is Asperion's own id of the invoice that was delivered by API, `delivered_print`
    the keyed hash of what it said there (see `landing.amounts_print`); both are None of a document
    that was placed by a file.
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
    drop_cause: DropCause | None = None
    fingerprint: str | None = None
    booked_on: date | None = None
    asperion_id: int | None = None
    delivered_print: str | None = None
    change: LateChange | None = None
    revision: int = 0
    asked_at: datetime | None = None
    asked_by: Actor | None = None
    has_evidence: bool = False
    by_hand: bool = False
    claimed_at: datetime | None = None
    missing_since: datetime | None = None
    reported_at: datetime | None = None
    refund_reported_at: datetime | None = None
    details_reported_at: datetime | None = None
    vat_reported_at: datetime | None = None
    refund_accepted_at: datetime | None = None
    there: LateChange | None = None
    there_reported_at: datetime | None = None
    shown_print: str | None = None
    taken_back_at: datetime | None = None
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
    """One import file, or one delivery by API; see `FileContent` for `keys` to `sought`, which are
    empty until it is fixed; files of early versions have no cover sheet, those before 1.4.0
    neither `profile` nor `terms`, those before 1.5.0 neither `returns` nor `days`,
    those before 1.6.0 no `sales`.
    `is_finished` means that every document knows the file's outcome, and that nobody has to do
    anything about it. `is_unasked`: it counts as placed because the inbox said so; asked, it could
    not tell. `acknowledged_at` is when the inbox first said that it has the file, or something
    under its name, and did not show it: from then on "not there" proves nothing. `surfaced_at` is
    when it was there after all (see `has_surfaced`); versions before 1.5.0 did not keep it.
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
    cover: CoverSheet | None = None
    refunded: tuple[str, ...] = ()
    profile: str | None = None
    terms: str | None = None
    returns: FileReturns | None = None
    days: Mapping[str, date] = field(default_factory=dict)
    sales: Mapping[str, str] = field(default_factory=dict)
    locked_until: date | None = None
    sought: SoughtInvoice | None = None
    is_finished: bool = False
    is_unasked: bool = False
    acknowledged_at: datetime | None = None
    surfaced_at: datetime | None = None
    history: tuple[Event, ...] = ()

    @property
    def way(self) -> Way:
        """How it goes to Asperion, as its name has it."""
        return read_way(self.name)

    @property
    def shares_fate(self) -> bool:
        """Whether its documents fare alike; a delivery by API tells them apart until it is over."""
        return self.way is Way.FILE or self.sought is not None

    @property
    def has_surfaced(self) -> bool:
        """Whether it was in the inbox after all, when its documents were in other files."""
        return any(event.step is FileStep.SURFACE for event in self.history)
