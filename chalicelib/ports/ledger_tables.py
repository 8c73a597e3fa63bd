"""The orders table and the files table.

Every write is conditional: `domain.life` says from which states a step may be taken, and a write
reports by its answer when that is no longer so. Nothing here reads and then writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports.keeping import Keeping
from chalicelib.ports.shop import PAGE

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date, datetime

    from chalicelib.domain.events import Actor, Event
    from chalicelib.domain.file_content import FileContent
    from chalicelib.domain.file_totals import FileTotals
    from chalicelib.domain.ledger import Entry, FileEntry, Hint


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTaken:
    """A step of one document that is to be recorded: its event, and what goes with it.

    `detail` is a hold's (never an amount or a name). `fingerprint` replaces the stored one; with
    `read_fingerprint` only if that is still the one that the caller has read. `booked_on` is the
    invoice date of what was placed; `asperion_id` and `delivered_print` go with what was placed by
    API. `former_file` is the one that has to have claimed a document that moves to another.
    `shown_print` is of what Asperion shows that is otherwise than it was delivered.
    """

    key: str
    event: Event
    detail: str = ""
    fingerprint: str | None = None
    read_fingerprint: str | None = None
    booked_on: date | None = None
    asperion_id: int | None = None
    delivered_print: str | None = None
    former_file: str | None = None
    shown_print: str | None = None


class Numbered(NamedTuple):
    """A document's key, and its number."""

    key: str
    number: str


class Entries(Keeping, Protocol):
    """The orders table."""

    def record_hint(self, shop_id: int, hint: Hint, *, at: datetime, by: Actor) -> bool:
        """Record that a document may be due: a new one, or one that is held or dropped, waits from
        now on; others stay. True when it waits because of this call. One blind write.
        """

    def correct_hint(self, shop_id: int, hint: Hint) -> Entry | None:
        """Put number and day of a document right, in whatever state it is; by that number it is
        found from now on. No step of its life: only people go by them. One write. Returns the
        document afterwards; None when there is none.
        """

    def note_prints(self, shop_id: int, key: str, fingerprint: str, *, read: str) -> bool:
        """Store another `fingerprint` of a placed document, if it is still the one that was `read`.
        No step of its life: it says how far somebody has looked. One write.
        """

    def record(self, shop_id: int, taken: StepTaken) -> Entry | None:
        """Record a step of a document, in one conditional write. Returns the document afterwards,
        with its biography; None when `life` does not allow the step (any longer). Raises
        `ValueError` for a step that its actor may never take.
        """

    def record_all(self, shop_id: int, taken: Sequence[StepTaken]) -> list[Entry | None]:
        """Record a step of each of these documents, every one for itself, as `record` does."""

    def get(self, shop_id: int, key: str) -> Entry | None:
        """The entry, read consistently."""

    def get_all(self, shop_id: int, keys: Collection[str]) -> dict[str, Entry]:
        """Those entries of these keys that exist, read consistently."""

    def find_by_numbers(self, shop_id: int, numbers: Collection[str]) -> list[Entry]:
        """All entries of these order or invoice numbers, by key; found by an index, which may be a
        moment behind, and read consistently. All of a shop's documents are looked through, once for
        each hundred numbers.
        """

    def list_numbers(
        self, shop_id: int, *, day: date | None = None, limit: int = PAGE
    ) -> list[Numbered]:
        """The newest documents of a shop by their own day, or all of one day, newest first, in
        whatever state; by an index, and possibly a moment behind.
        """

    def list_all(self, shop_id: int, *, after: str = "", limit: int = PAGE) -> list[Entry]:
        """At most so many entries above the key `after`, by key, read consistently."""

    def list_waiting(
        self, shop_id: int, *, limit: int = PAGE, is_joined: bool = False
    ) -> list[Entry]:
        """Entries that wait, those included that a file has claimed (a list does not show claims),
        oldest document first, by the sparse index: without `history` and facts, and possibly a
        moment behind. One query when the lists are joined (see `join_lists`), else two.
        """

    def list_held(self, shop_id: int, *, limit: int = PAGE) -> list[Entry]:
        """Held entries, listed likewise."""

    def list_changed(self, shop_id: int, *, limit: int = PAGE) -> list[Entry]:
        """Placed entries that changed in the shop afterwards, listed likewise."""

    def list_asking(self, shop_id: int, *, limit: int = PAGE) -> list[Entry]:
        """What `list_held` and `list_changed` list, together, in one query: without documents that
        `join_lists` has still to move.
        """

    def join_lists(self, shop_id: int) -> int:
        """Move what a version before 1.4.0 listed apart to where `list_asking` and `list_waiting`
        find it in one query each. Returns how many documents there were.
        """

    def list_dropped(self, shop_id: int, day: date) -> list[Entry]:
        """Entries dropped on a day (Europe/Amsterdam) and not asked for since, listed likewise."""

    def count_waiting(self, shop_id: int) -> int:
        """How many entries `list_waiting` lists."""

    def count_held(self, shop_id: int) -> int:
        """How many entries are held."""


class Files(Keeping, Protocol):
    """The files table."""

    def create(
        self, shop_id: int, day: date, *, at: datetime, by: Actor, way: Way = Way.FILE
    ) -> FileEntry:
        """A new file, or delivery by API, under the day's next free name, `claimed` and empty; one
        conditional put. No name is ever given twice.
        """

    def get(self, shop_id: int, name: str) -> FileEntry | None:
        """The file, read consistently."""

    def get_all(self, shop_id: int, names: Collection[str]) -> list[FileEntry]:
        """Those of these files that exist, oldest first, read consistently."""

    def list_unfinished(self, shop_id: int) -> list[FileEntry]:
        """Files that are not finished, oldest first, by a sparse index."""

    def list_recent(self, shop_id: int, limit: int) -> list[FileEntry]:
        """The newest files, newest first, without discarded ones."""

    def list_page(
        self, shop_id: int, *, limit: int, before: str = "", after: str = ""
    ) -> list[FileEntry]:
        """At most `limit` files, newest first, discarded ones too: the newest, those older than the
        file of the name `before`, or those that come next after the one named `after`.
        """

    def list_since(
        self, shop_id: int, day: date, *, after: str = "", limit: int | None = None
    ) -> list[FileEntry]:
        """All files made on that day or later, oldest first, read consistently; or at most `limit`
        of those whose names come after the name `after`.
        """

    def record(
        self, file: FileEntry, event: Event, content: FileContent | None = None
    ) -> FileEntry | None:
        """Record a step of a file, in one conditional write; `content` goes with the step that
        fixes it. Returns the file afterwards; None when somebody else moved it since `file` was
        read, or `life` has no such step for its state.
        """

    def get_returns(self, shop_id: int, names: Collection[str]) -> list[FileTotals]:
        """What those of these files that exist add up to for the VAT returns, oldest first, read
        consistently, and without what a file holds besides.
        """

    def forget_totals(self, file: FileEntry) -> None:
        """Erase a file's cover sheet and what it adds up to for the VAT returns, the customers of
        intra-Community supplies included; all else stays as it is, and may have moved on meanwhile.
        """
