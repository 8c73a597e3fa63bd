"""Our own tables: shops, orders and files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Protocol

from chalicelib.domain.ledger import Actor, Entry, EntryState, FileEntry, FileState, Hint, Outcome
from chalicelib.domain.shops import AuditEvent, Shop, Standing
from chalicelib.ports.shop import PAGE

NoteChange = Callable[[dict[str, str] | None], Mapping[str, str] | None]
"""See `Shops.change_note`."""


class Shops(Protocol):
    """The shops table."""

    def get(self, shop_id: int) -> Shop | None:
        """The shop, read consistently, or None."""

    def standing(self, shop_id: int) -> Standing | None:
        """What taking hints in needs to know, read without touching token or licence code."""

    def add(self, shop: Shop) -> bool:
        """Store a new shop; False when there is one of that number."""

    def update(self, shop_id: int, change: Callable[[Shop], Shop]) -> Shop:
        """Apply `change` to the stored shop under its version, retrying when it was changed in
        between: `change` may run more than once, and must not have effects of its own. Nothing is
        written when it returns an equal shop. Raises `UnknownShop`, and `LedgerConflict` when the
        record never stands still.
        """

    def exporting(self) -> Iterator[int]:
        """Ids of the shops whose state `exports`, by a sparse index."""

    def everyone(self) -> Iterator[Shop]:
        """All shops without their secrets, for the operator."""

    def record(self, shop_id: int, event: AuditEvent) -> None:
        """Append to the shop's audit."""

    def audit(self, shop_id: int) -> list[AuditEvent]:
        """The shop's audit, oldest first."""

    def lease(self, shop_id: int, owner: str, *, now: datetime, until: datetime) -> bool:
        """Take the shop's lease unless somebody else's has not expired; one conditional write."""

    def release(self, shop_id: int, owner: str) -> None:
        """Give the lease back, if it is still `owner`'s."""

    def note(self, shop_id: int, part: str, values: Mapping[str, str]) -> None:
        """Keep a small named record beside the shop (counts of a day, progress); replaces."""

    def change_note(self, shop_id: int, part: str, change: NoteChange) -> dict[str, str] | None:
        """Replace such a record by what `change` makes of it (given None when there is none; None
        leaves it alone), retrying when it was changed in between: `change` may run more than once.
        Returns the record as it is then. Raises `LedgerConflict` when it never stands still.
        """

    def noted(self, shop_id: int, part: str) -> dict[str, str] | None:
        """Read such a record."""

    def notes(self, shop_id: int, prefix: str, limit: int) -> list[tuple[str, dict[str, str]]]:
        """Records whose name begins with `prefix`, newest name first."""


class Entries(Protocol):
    """The orders table. `by` in the events says who: an `Actor`."""

    def hear(self, shop_id: int, hint: Hint, *, at: datetime, by: str) -> bool:
        """Take a hint in: a new document becomes `waiting`; `held` and `dropped` ones go back to
        `waiting`; others stay. True when the document is waiting because of this call. One
        conditional write in the common case.
        """

    def get(self, shop_id: int, key: str) -> Entry | None:
        """The entry, read consistently."""

    def by_number(self, shop_id: int, number: str) -> list[Entry]:
        """All entries of that order or invoice number."""

    def open(self, shop_id: int, state: EntryState, *, limit: int = PAGE) -> list[Entry]:
        """Entries `waiting`, `claimed` or `held`, oldest document first, by the sparse index:
        without `history`, and possibly a moment behind.
        """

    def changed(self, shop_id: int, *, limit: int = PAGE) -> list[Entry]:
        """Placed entries that changed in the shop afterwards, listed as by `open`."""

    def count(self, shop_id: int, state: EntryState) -> int:
        """How many entries are `waiting`, `claimed` or `held`."""

    def claim(
        self, entry: Entry, file: str, *, at: datetime, by: str = Actor.EXPORT
    ) -> Entry | None:
        """`waiting` → `claimed` by `file`; the claimed entry with its biography, or None when it
        is no longer waiting.
        """

    def settle(
        self,
        shop_id: int,
        key: str,
        *,
        file: str,
        to: EntryState,
        outcome: Outcome,
        at: datetime,
        by: str = Actor.EXPORT,
    ) -> bool:
        """`claimed` by `file` → `to`; False when it is not (any longer) claimed by that file. A
        fingerprint is kept until a later outcome brings another one. Back to `waiting`, it waits
        since it did before that file.
        """

    def requeue(
        self, shop_id: int, key: str, *, expect: EntryState, at: datetime, by: str, reason: str
    ) -> bool:
        """`expect` (`held`, `dropped` or `placed`) → `waiting`, with the reason in the biography.
        From `placed` it raises the revision: the explicit "send again". A claimed entry belongs to
        its file and is released by `settle` alone: ValueError.
        """

    def mark_changed(
        self,
        shop_id: int,
        key: str,
        change: str | None,
        *,
        at: datetime,
        by: str = Actor.SWEEP,
        reprint: tuple[str, str] | None = None,
    ) -> bool:
        """Put a placed entry in front of the merchant (or, with None, away again). With `reprint`
        its fingerprint, which must still be the first, becomes the second. False when it is not
        placed, or already marked so.
        """


class Files(Protocol):
    """The files table."""

    def create(self, shop_id: int, day: date, *, at: datetime, by: str) -> FileEntry:
        """A new file under the day's next free name, `claimed` and empty; one conditional put. No
        name is ever given twice.
        """

    def get(self, shop_id: int, name: str) -> FileEntry | None:
        """The file, read consistently."""

    def unfinished(self, shop_id: int) -> list[FileEntry]:
        """Files that are not `settled`, oldest first, by a sparse index."""

    def recent(self, shop_id: int, limit: int) -> list[FileEntry]:
        """The newest files, newest first, without discarded ones."""

    def fix(
        self,
        file: FileEntry,
        *,
        keys: Mapping[str, str],
        sha256: str,
        size: int,
        inbox: str = "",
        at: datetime,
        by: str = Actor.EXPORT,
    ) -> FileEntry | None:
        """`claimed` → `placing`: order set, content and inbox are fixed before the first byte is
        sent.
        None when somebody else moved the file since `file` was read.
        """

    def move(
        self,
        file: FileEntry,
        to: FileState,
        *,
        at: datetime,
        by: str,
        detail: str = "",
    ) -> FileEntry | None:
        """From `file.state` to another; None when somebody else moved it since `file` was read."""

    def settle(self, file: FileEntry) -> bool:
        """Every document knows the outcome: leave the index of unfinished files. False when
        somebody else moved the file since `file` was read.
        """

    def discard(self, file: FileEntry) -> bool:
        """Do away with a `claimed` file from which nothing was sent and which holds no order: it is
        `void` and settled, in no list, and its name stays taken. False when somebody else moved it.
        """
