"""The shops table: shops, their leases, and the small records beside them.

Every write is conditional, and reports by its answer when what it was decided on no longer holds.
Nothing here reads and then writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

from chalicelib.domain.lifetimes import DatedRecord
from chalicelib.domain.shop_records import ShopRecord
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports.keeping import Keeping
from chalicelib.ports.kept_healths import Healths
from chalicelib.ports.kept_seats import Seats

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Container, Iterator
    from datetime import datetime

    from chalicelib.domain.events import AuditEvent, ShopStep
    from chalicelib.domain.journal import JournalEntry
    from chalicelib.domain.shops import Shop, Standing
    from chalicelib.domain.statement import DayStatement

R = TypeVar("R", bound=ShopRecord | DatedRecord)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A shop's lease as it is stored: whose it is until when (an empty `owner`: nobody's), and the
    name of the run that somebody wished for meanwhile.
    """

    owner: str = ""
    until: datetime | None = None
    wish: str = ""

    def is_held(self, now: datetime) -> bool:
        """Whether a run is at work, or was, not long ago."""
        return bool(self.owner) and self.until is not None and self.until > now


class Shops(Keeping, Seats, Healths, Protocol):
    """The shops table."""

    def get(self, shop_id: int) -> Shop | None:
        """The shop, read consistently, or None."""

    def get_all(self, shop_ids: Collection[int]) -> dict[int, Shop]:
        """Those shops of these numbers that exist, read consistently by key, by number."""

    def standing(self, shop_id: int) -> Standing | None:
        """What recording hints needs to know, read without touching token or licence code."""

    def add(self, shop: Shop) -> bool:
        """Store a new shop; False when there is one of that number."""

    def update(self, shop_id: int, change: Callable[[Shop], Shop]) -> Shop:
        """Apply `change` to the stored shop under its version, retrying when it was changed in
        between: `change` may run more than once, and must not have effects of its own. Nothing is
        written when it returns an equal shop. Raises `UnknownShop`, and `LedgerConflict` when the
        record never stands still.
        """

    def exporting(self, slot: str, *, after: int, limit: int) -> list[int]:
        """Ids of the shops of a slot (see `domain.slots`) whose state `exports`, in ascending
        order: those above `after`, at most `limit`. Fewer than that are the last. By a sparse
        index, which lags behind a little.
        """

    def numbers(self, slot: str, *, after: int, limit: int) -> list[int]:
        """Likewise the ids of all shops of a slot, whatever their state."""

    def list_page(self, slot: str, *, after: int, limit: int) -> list[Shop]:
        """Likewise all shops of a slot, without their secrets, for the operator."""

    def everyone(self) -> Iterator[Shop]:
        """All shops without their secrets, slot by slot."""

    def enter_slot(self, slot: str, *, limit: int) -> int:
        """Let shops of a slot that a version before 1.7.0 stored last be indexed by it, at most
        `limit` of them; until then they are found by reading through all of those. Returns how
        many there were.
        """

    def remove(self, shop_id: int) -> bool:
        """Delete the record and the lease of a shop; False, with nothing done, while it is
        installed.
        """

    def keep_notes(self, shop_id: int) -> None:
        """Let the small records beside a shop that came back have no end any more."""

    def forget_audit_notes(self, shop_id: int, kept: Container[ShopStep]) -> None:
        """Erase the texts of a shop's audit, but those of these steps; the lines stay."""

    def forget_notes(self, shop_id: int, kept: Collection[str]) -> None:
        """Delete the small records beside a shop, but those of these kinds (see `is_of_kind`), the
        statements, the journal and what is known of months and of deliveries in Asperion.
        """

    def append_audit(self, shop_id: int, event: AuditEvent) -> None:
        """Append to the shop's audit."""

    def audit(self, shop_id: int) -> list[AuditEvent]:
        """The shop's audit, oldest first."""

    def lease(
        self,
        shop_id: int,
        owner: str,
        *,
        now: datetime,
        until: datetime,
        serves_wish: bool = False,
    ) -> bool:
        """Take the shop's lease unless somebody else's has not expired; one conditional write. A
        wish that is noted with it stays, unless this run serves it.
        """

    def renew(self, shop_id: int, owner: str, *, until: datetime) -> bool:
        """Extend the lease; False when it is no longer `owner`'s. One conditional write."""

    def find_lease(self, shop_id: int) -> Lease:
        """The lease as it is, read consistently."""

    def note_wish(self, shop_id: int, wish: str, *, now: datetime) -> Lease | None:
        """Note with a lease that is held, in one conditional write, that another run is wished for.
        Returns the lease, with this wish or the one that was noted before; None when it is free.
        """

    def release(self, shop_id: int, owner: str) -> str:
        """Give the lease back, if it is still `owner`'s. Returns the wish that is noted with it,
        and stays; or an empty text.
        """

    def load(self, shop_id: int, kind: type[R], name: str = "") -> R | None:
        """A small record beside the shop, read consistently, or None: by default under the kind's
        own name. Raises `LedgerError` for one that cannot be understood.
        """

    def load_all(self, shop_id: int, kind: type[R], names: Collection[str]) -> dict[str, R]:
        """Those records of one kind that exist under these names, read consistently, by key."""

    def load_each(self, shop_id: int, kind: type[R]) -> dict[str, R]:
        """All records of a kind of which there are many beside a shop, by their names: the kind's
        own, a dash and more. Read consistently, by a query.
        """

    def forget_if(
        self, shop_id: int, kind: type[R], is_over: Callable[[R], bool], name: str = ""
    ) -> None:
        """Delete such a record if `is_over` says so of it, looking again when it was changed in
        between: `is_over` may run more than once. Raises `LedgerConflict` likewise.
        """

    def save(self, shop_id: int, record: ShopRecord) -> None:
        """Keep a small record beside the shop; replaces the one of its kind."""

    def change(
        self, shop_id: int, kind: type[R], change: Callable[[R | None], R | None], name: str = ""
    ) -> R | None:
        """Replace such a record by what `change` makes of it (given None when there is none; None
        leaves it alone), retrying when it was changed in between: `change` may run more than once.
        Returns the record as it is then. Raises `LedgerConflict` when it never stands still.
        """

    def statements(self, shop_id: int, limit: int) -> list[DayStatement]:
        """The statements of the last days, newest first."""

    def journal(self, shop_id: int, limit: int, *, before: int | None = None) -> list[JournalEntry]:
        """The last entries of the shop's journal, or those before the number `before`, newest
        first, read consistently.
        """
