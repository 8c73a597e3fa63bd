"""The shops table in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice

from chalicelib.domain.events import AuditEvent, ShopStep
from chalicelib.domain.journal import JournalEntry
from chalicelib.domain.lifetimes import DatedRecord
from chalicelib.domain.record_kinds import is_of_kind
from chalicelib.domain.shop_records import ShopRecord
from chalicelib.domain.shops import Shop, ShopState, Standing, is_kept_alike
from chalicelib.domain.slots import EVERY_SLOT, slot_of
from chalicelib.domain.statement import DayStatement
from chalicelib.domain.vat_numbers import VatNumber
from chalicelib.errors import UnknownShop
from chalicelib.ports import PAGE, KeptItem
from chalicelib.ports.kept_shops import Lease, R
from tests.fakes.kept_in_memory import LIFETIMES, KeptInMemory
from tests.fakes.ledger_healths import MemoryHealths
from tests.fakes.ledger_seats import MemorySeats
from tests.fakes.moments import utc


class MemoryShops(MemorySeats, MemoryHealths):
    """Port `Shops`."""

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[int, Shop] = {}
        self.leases: dict[int, tuple[str, datetime]] = {}
        self.wishes: dict[int, str] = {}  # noted with a lease, and kept when it is let go
        self.audits: dict[int, list[AuditEvent]] = {}
        self.kept: dict[int, dict[str, ShopRecord | DatedRecord]] = {}
        self.left: dict[int, datetime] = {}  # since when the notes beside a shop have an end

    def get(self, shop_id: int) -> Shop | None:
        return self.records.get(shop_id)

    def get_all(self, shop_ids: Collection[int]) -> dict[int, Shop]:
        return {number: self.records[number] for number in shop_ids if number in self.records}

    def standing(self, shop_id: int) -> Standing | None:
        shop = self.records.get(shop_id)
        return None if shop is None else Standing(state=shop.state, source=shop.policy.source)

    def add(self, shop: Shop) -> bool:
        if shop.shop_id in self.records:
            return False
        self.records[shop.shop_id] = shop
        return True

    def update(self, shop_id: int, change: Callable[[Shop], Shop]) -> Shop:
        while True:
            shop = self.records.get(shop_id)
            if shop is None:
                raise UnknownShop(f"shop {shop_id} is not installed")
            changed = change(shop)
            if changed == shop and is_kept_alike(changed, shop):
                return shop
            if self.records[shop_id].version == shop.version:
                changed = replace(changed, shop_id=shop_id, version=shop.version + 1)
                self.records[shop_id] = changed
                return changed

    def exporting(self, slot: str, *, after: int, limit: int) -> list[int]:
        found = (number for number in self._in_slot(slot) if number > after)
        return list(islice((n for n in found if self.records[n].state.exports), limit))

    def numbers(self, slot: str, *, after: int, limit: int) -> list[int]:
        return list(islice((n for n in self._in_slot(slot) if n > after), limit))

    def list_page(self, slot: str, *, after: int, limit: int) -> list[Shop]:
        found = self.numbers(slot, after=after, limit=limit)
        return [_without_secrets(self.records[number]) for number in found]

    def everyone(self) -> Iterator[Shop]:
        for slot in EVERY_SLOT:
            yield from self.list_page(slot, after=0, limit=len(self.records))

    def enter_slot(self, slot: str, *, limit: int) -> int:
        return 0  # nothing here is of an earlier version

    def _in_slot(self, slot: str) -> list[int]:
        return sorted(number for number in self.records if slot_of(number) == slot)

    def append_audit(self, shop_id: int, event: AuditEvent) -> None:
        self.audits.setdefault(shop_id, []).append(replace(event, at=utc(event.at)))

    def audit(self, shop_id: int) -> list[AuditEvent]:
        return sorted(self.audits.get(shop_id, ()), key=lambda event: event.at)

    def lease(
        self,
        shop_id: int,
        owner: str,
        *,
        now: datetime,
        until: datetime,
        serves_wish: bool = False,
    ) -> bool:
        held = self.leases.get(shop_id)
        if held is not None and held[0] != owner and held[1] > now:
            return False
        self.leases[shop_id] = (owner, utc(until))
        if serves_wish:
            self.wishes.pop(shop_id, None)
        return True

    def renew(self, shop_id: int, owner: str, *, until: datetime) -> bool:
        if self.leases.get(shop_id, ("",))[0] != owner:
            return False
        self.leases[shop_id] = (owner, utc(until))
        return True

    def find_lease(self, shop_id: int) -> Lease:
        owner, until = self.leases.get(shop_id, ("", None))
        return Lease(owner=owner, until=until, wish=self.wishes.get(shop_id, ""))

    def note_wish(self, shop_id: int, wish: str, *, now: datetime) -> Lease | None:
        if not self.find_lease(shop_id).is_held(now):
            return None
        self.wishes.setdefault(shop_id, wish)
        return self.find_lease(shop_id)

    def release(self, shop_id: int, owner: str) -> str:
        if self.leases.get(shop_id, ("",))[0] != owner:
            return ""
        del self.leases[shop_id]
        return self.wishes.get(shop_id, "")

    def load(self, shop_id: int, kind: type[R], name: str = "") -> R | None:
        kept = self.kept.get(shop_id, {}).get(name or kind.NAME)
        assert kept is None or isinstance(kept, kind)
        return kept

    def load_all(self, shop_id: int, kind: type[R], names: Collection[str]) -> dict[str, R]:
        found = {name: self.load(shop_id, kind, name) for name in names}
        return {name: record for name, record in found.items() if record is not None}

    def load_each(self, shop_id: int, kind: type[R]) -> dict[str, R]:
        names = [name for name in self.kept.get(shop_id, {}) if name.startswith(f"{kind.NAME}-")]
        return self.load_all(shop_id, kind, sorted(names))

    def save(self, shop_id: int, record: ShopRecord) -> None:
        self.kept.setdefault(shop_id, {})[record.NAME] = record

    def change(
        self, shop_id: int, kind: type[R], change: Callable[[R | None], R | None], name: str = ""
    ) -> R | None:
        changed = change(self.load(shop_id, kind, name))
        if changed is not None:
            self.kept.setdefault(shop_id, {})[name or kind.NAME] = changed
        return self.load(shop_id, kind, name)

    def forget_if(
        self, shop_id: int, kind: type[R], is_over: Callable[[R], bool], name: str = ""
    ) -> None:
        while (kept := self.load(shop_id, kind, name)) is not None and is_over(kept):
            if self.load(shop_id, kind, name) is kept:
                del self.kept[shop_id][name or kind.NAME]

    def forget_notes(self, shop_id: int, kept: Collection[str]) -> None:
        notes = self.kept.get(shop_id, {})
        for name in [*notes]:
            if not is_of_kind(name, {*kept, "day", "journal", "month", "landing"}):
                del notes[name]

    def forget_audit_notes(self, shop_id: int, kept: Container[ShopStep]) -> None:
        lines = self.audits.get(shop_id, [])
        lines[:] = [e if e.step in kept else replace(e, note="") for e in lines]

    def keep_notes(self, shop_id: int) -> None:
        self.left.pop(shop_id, None)

    def remove(self, shop_id: int) -> bool:
        shop = self.records.get(shop_id)
        if shop is not None and shop.state is not ShopState.UNINSTALLED:
            return False
        self.records.pop(shop_id, None)
        self.leases.pop(shop_id, None)
        self.wishes.pop(shop_id, None)
        return True

    def extract(self, shop_id: int, *, after: str = "", limit: int = PAGE) -> list[KeptItem]:
        return self._kept(shop_id).extract(shop_id, after, limit)

    def extract_some(self, shop_id: int, keys: Collection[str]) -> list[KeptItem]:
        return self._kept(shop_id).extract_some(shop_id, keys)

    def erase(self, shop_id: int, *, limit: int) -> int:
        parts = [part for part in self._parts(shop_id) if part not in ("shop", "lease")][:limit]
        notes, audit = self.kept.get(shop_id, {}), self.audits.get(shop_id, [])
        for part in parts:
            if part.startswith("note#"):
                del notes[part.removeprefix("note#")]
            elif part.startswith("seat#"):
                self.remove_seat(shop_id, part.removeprefix("seat#"))
            elif part == "health":
                self.forget_health(shop_id)
        del audit[: sum(part.startswith("audit#") for part in parts)]
        return len(parts)

    def renew_lifetimes(
        self, shop_id: int, *, left_at: datetime | None, after: str, limit: int
    ) -> str:
        self.left.pop(shop_id, None)
        if left_at is not None:
            self.left[shop_id] = left_at
        return ""

    def _kept(self, shop_id: int) -> KeptInMemory:
        """All that lies under a shop's number, as DynamoDB has it."""
        kept = KeptInMemory({shop_id: self._parts(shop_id)})
        for part, item in self._parts(shop_id).items():
            kept.end_at(shop_id, part, self._end_of(shop_id, item))
        return kept

    def _end_of(self, shop_id: int, item: object) -> datetime | None:
        if isinstance(item, Shop):
            return LIFETIMES.end_of_shop(item)
        if isinstance(item, AuditEvent):
            return LIFETIMES.end_of_audit(item)
        if isinstance(item, DatedRecord):
            return LIFETIMES.end_of_dated(item)
        if isinstance(item, VatNumber):
            return LIFETIMES.end_of_number(item, self.left.get(shop_id))
        return LIFETIMES.end_beside(self.left.get(shop_id))

    def _parts(self, shop_id: int) -> dict[str, object]:
        shop = self.records.get(shop_id)
        parts: dict[str, object] = {} if shop is None else {"shop": shop}
        if shop_id in self.healths:
            parts["health"] = self.healths[shop_id]
        if self.find_lease(shop_id) != Lease():
            parts["lease"] = self.find_lease(shop_id)
        lines = enumerate(self.audit(shop_id))
        parts |= {f"audit#{n:09d}": event for n, event in lines}
        notes = self.kept.get(shop_id, {})
        parts |= {f"note#{name}": note for name, note in notes.items()}
        return parts | {f"seat#{seat.holder}": seat for seat in self.seats(shop_id)}

    def statements(self, shop_id: int, limit: int) -> list[DayStatement]:
        kept = self.kept.get(shop_id, {}).values()
        found = [record for record in kept if isinstance(record, DayStatement)]
        return sorted(found, key=lambda statement: statement.day, reverse=True)[:limit]

    def journal(self, shop_id: int, limit: int, *, before: int | None = None) -> list[JournalEntry]:
        kept = self.kept.get(shop_id, {}).values()
        found = [record for record in kept if isinstance(record, JournalEntry)]
        wanted = [entry for entry in found if before is None or entry.number < before]
        return sorted(wanted, key=lambda entry: entry.number, reverse=True)[:limit]


def _without_secrets(shop: Shop) -> Shop:
    return replace(shop, token=None, licence=None, licence_changes=(), locks=(), mail_address=None)
