"""The shops table: each shop's record and its audit; all else beside it is apart."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Collection, Container, Mapping
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamodb.record_forms import DAYS
from chalicelib.adapters.dynamodb.records import instant, starts_with
from chalicelib.adapters.dynamodb.schema import STANDING_ATTRIBUTES
from chalicelib.adapters.dynamodb.shop_healths import ShopHealths
from chalicelib.adapters.dynamodb.shop_item import RECORD, ShopItem, item_of, shop_of
from chalicelib.adapters.dynamodb.shop_leases import LEASE
from chalicelib.adapters.dynamodb.shop_notes import RECORDS
from chalicelib.adapters.dynamodb.shop_slots import ShopSlots
from chalicelib.adapters.dynamodb.table_errors import (
    TRIES,
    Refused,
    never_still,
    translate_errors,
)
from chalicelib.domain.events import Actor, AuditEvent, ShopStep
from chalicelib.domain.journal import JOURNAL, JournalEntry
from chalicelib.domain.landed import LANDINGS, LandedDelivery
from chalicelib.domain.lifetimes import DatedRecord
from chalicelib.domain.month_files import MONTHS, MonthFiles
from chalicelib.domain.policy import Source
from chalicelib.domain.record_kinds import is_of_kind
from chalicelib.domain.shops import Shop, ShopState, Standing, is_kept_alike
from chalicelib.domain.statement import DayStatement
from chalicelib.domain.vat_numbers import VatNumber
from chalicelib.errors import UnknownShop

AUDIT = "audit#"
_DATED: Mapping[str, type[DatedRecord]] = {
    DAYS: DayStatement,
    JOURNAL: JournalEntry,
    MONTHS: MonthFiles,
    LANDINGS: LandedDelivery,
}
"""What the names of records begin with that are kept for the books, each for its own time."""


class DynamoShops(ShopSlots, ShopHealths):
    """Port `Shops` on DynamoDB."""

    def get(self, shop_id: int) -> Shop | None:
        item = self._table.read(shop_id, RECORD)
        return None if item is None else shop_of(item)

    def get_all(self, shop_ids: Collection[int]) -> dict[int, Shop]:
        found = self._table.read_each([(shop_id, RECORD) for shop_id in shop_ids])
        return {int(item.shop_id): shop_of(item) for item in found}

    def standing(self, shop_id: int) -> Standing | None:
        """See the port: one GetItem that asks for the two attributes only, so that the webhook's
        role can be limited to them.
        """
        item = self._table.read(shop_id, RECORD, only=STANDING_ATTRIBUTES)
        if item is None:
            return None
        return Standing(state=ShopState(item.state), source=Source(item.source))

    def add(self, shop: Shop) -> bool:
        return self._save(shop, self._model.part.does_not_exist())

    def update(self, shop_id: int, change: Callable[[Shop], Shop]) -> Shop:
        for _ in range(TRIES):
            shop = self.get(shop_id)
            if shop is None:
                raise UnknownShop(f"shop {shop_id} is not installed")
            changed = change(shop)
            if changed == shop and is_kept_alike(changed, shop):
                return shop
            changed = replace(changed, shop_id=shop_id, version=shop.version + 1)
            if self._save(changed, self._model.version == shop.version):
                return changed
        raise never_still(self._table.name, shop_id)

    def _save(self, shop: Shop, condition: Condition) -> bool:
        item = item_of(self._model, shop)
        item.expires = self._lifetimes.end_of_shop(shop)
        return self._table.put(shop.shop_id, RECORD, item, condition)

    def append_audit(self, shop_id: int, event: AuditEvent) -> None:
        """See the port. Events of one instant keep their order within a process."""
        part = f"{AUDIT}{instant(event.at)}#{next(_count):08d}{uuid.uuid4().hex[:8]}"
        item = self._model(
            shop_id, part, at=event.at, what=event.step.value, by=event.by.value, detail=event.note
        )
        item.expires = self._lifetimes.end_of_audit(event)
        self._table.put(shop_id, part, item)

    def audit(self, shop_id: int) -> list[AuditEvent]:
        return [_audit_event(item) for item in self._list_audit(shop_id)]

    def _list_audit(self, shop_id: int) -> list[ShopItem]:
        m = self._model
        with translate_errors(self._table.name, f"audit of shop {shop_id}"):
            return list(m.query(shop_id, starts_with(m.part, AUDIT), consistent_read=True))

    def erase(self, shop_id: int, *, limit: int) -> int:
        """See the port. The lease goes last, for the sake of who holds it while he erases."""
        parts = [item.part for item in self.read_kept(shop_id, limit=limit + 2)]
        others = [part for part in parts if part not in (RECORD, LEASE)]
        return self._erase_all(shop_id, others[:limit])

    def remove(self, shop_id: int) -> bool:
        """See the port; the shop's lease goes along."""
        m = self._model
        try:
            with translate_errors(self._table.name, f"shop {shop_id}"):
                gone = m.state.does_not_exist() | (m.state == ShopState.UNINSTALLED.value)
                m(shop_id, RECORD).delete(gone)
                m(shop_id, LEASE).delete()
        except Refused:
            return False
        return True

    def forget_notes(self, shop_id: int, kept: Collection[str]) -> None:
        items = self._list_notes(shop_id)
        with translate_errors(self._table.name, f"notes of shop {shop_id}"):
            for item in items:
                if not is_of_kind(item.part.removeprefix(RECORDS), kept):
                    item.delete()

    def forget_audit_notes(self, shop_id: int, kept: Container[ShopStep]) -> None:
        m = self._model
        for item in self._list_audit(shop_id):
            if item.detail and ShopStep(item.what) not in kept:
                self._table.change(shop_id, item.part, [m.detail.remove()], m.part.exists())

    def keep_notes(self, shop_id: int) -> None:
        for item in self._list_notes(shop_id):
            self._end_at(shop_id, item, self._end_of(item, None))

    def _list_notes(self, shop_id: int) -> list[ShopItem]:
        """The notes beside a shop, without those that are kept for the books."""
        m, dated = self._model, tuple(_DATED)
        with translate_errors(self._table.name, f"notes of shop {shop_id}"):
            found = list(m.query(shop_id, starts_with(m.part, RECORDS), consistent_read=True))
        return [item for item in found if not item.part.removeprefix(RECORDS).startswith(dated)]

    def _end_of(self, item: ShopItem, left_at: datetime | None) -> datetime | None:
        lifetimes = self._lifetimes
        if item.part == RECORD:
            return lifetimes.end_of_shop(shop_of(item))
        if item.part.startswith(AUDIT):
            return lifetimes.end_of_audit(_audit_event(item))
        for prefix, kind in _DATED.items():
            if item.part.startswith(RECORDS + prefix):
                return lifetimes.end_of_dated(self._read(int(item.shop_id), kind, item))
        if item.part.startswith(f"{RECORDS}{VatNumber.NAME}-"):
            kept = self._read(int(item.shop_id), VatNumber, item)
            return lifetimes.end_of_number(kept, left_at)
        return lifetimes.end_beside(left_at)


def _audit_event(item: ShopItem) -> AuditEvent:
    step, by = ShopStep(item.what), Actor(item.by)
    return AuditEvent(at=item.at, step=step, by=by, note=item.detail or "")


_count = itertools.count()
