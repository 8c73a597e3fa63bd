"""The shops table: each shop's record, its audit, its lease and its notes."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb.record_forms import DAYS, read_record, write_record
from chalicelib.adapters.dynamodb.records import Table, instant, starts_with
from chalicelib.adapters.dynamodb.schema import STANDING_ATTRIBUTES
from chalicelib.adapters.dynamodb.shop_item import RECORD, YES, ShopItem, item_of, shop_of
from chalicelib.adapters.dynamodb.table_errors import Refused, translate_errors
from chalicelib.domain.events import Actor, AuditEvent, ShopStep
from chalicelib.domain.policy import Source
from chalicelib.domain.shop_records import ShopRecord
from chalicelib.domain.shops import Shop, ShopState, Standing, is_kept_alike
from chalicelib.domain.statement import DayStatement
from chalicelib.errors import LedgerConflict, LedgerError, UnknownShop
from chalicelib.ports.tables import Lease, R

LEASE = "lease"
AUDIT = "audit#"
RECORDS = "note#"
_TRIES = 8


class DynamoShops:
    """Port `Shops` on DynamoDB."""

    def __init__(self, model: type[ShopItem]) -> None:
        self._table = Table(model)
        self._model = model

    def get(self, shop_id: int) -> Shop | None:
        item = self._table.read(shop_id, RECORD)
        return None if item is None else shop_of(item)

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
        for _ in range(_TRIES):
            shop = self.get(shop_id)
            if shop is None:
                raise UnknownShop(f"shop {shop_id} is not installed")
            changed = change(shop)
            if changed == shop and is_kept_alike(changed, shop):
                return shop
            changed = replace(changed, shop_id=shop_id, version=shop.version + 1)
            if self._save(changed, self._model.version == shop.version):
                return changed
        raise _never_still(self._table.name, shop_id)

    def _save(self, shop: Shop, condition: Condition) -> bool:
        return self._table.put(shop.shop_id, RECORD, item_of(self._model, shop), condition)

    def exporting(self) -> Iterator[int]:
        with translate_errors(self._table.name, "index exporting"):
            for item in self._model.by_exporting.query(YES):
                yield int(item.shop_id)

    def everyone(self) -> Iterator[Shop]:
        with translate_errors(self._table.name, "index known"):
            for item in self._model.by_known.query(YES):
                yield shop_of(item)

    def append_audit(self, shop_id: int, event: AuditEvent) -> None:
        """See the port. Events of one instant keep their order within a process."""
        part = f"{AUDIT}{instant(event.at)}#{next(_count):08d}{uuid.uuid4().hex[:8]}"
        item = self._model(
            shop_id, part, at=event.at, what=event.step.value, by=event.by.value, detail=event.note
        )
        self._table.put(shop_id, part, item)

    def audit(self, shop_id: int) -> list[AuditEvent]:
        m = self._model
        with translate_errors(self._table.name, f"audit of shop {shop_id}"):
            items = list(m.query(shop_id, starts_with(m.part, AUDIT), consistent_read=True))
        return [
            AuditEvent(at=i.at, step=ShopStep(i.what), by=Actor(i.by), note=i.detail or "")
            for i in items
        ]

    def lease(
        self,
        shop_id: int,
        owner: str,
        *,
        now: datetime,
        until: datetime,
        serves_wish: bool = False,
    ) -> bool:
        m = self._model
        free = m.owner.does_not_exist() | (m.until <= now) | (m.owner == owner)
        actions: list[Action] = [m.owner.set(owner), m.until.set(until)]
        if serves_wish:
            actions.append(m.wish.remove())
        return self._table.change(shop_id, LEASE, actions, free) is not None

    def renew(self, shop_id: int, owner: str, *, until: datetime) -> bool:
        m = self._model
        return (
            self._table.change(shop_id, LEASE, [m.until.set(until)], m.owner == owner) is not None
        )

    def find_lease(self, shop_id: int) -> Lease:
        return _lease_of(self._table.read(shop_id, LEASE))

    def note_wish(self, shop_id: int, wish: str, *, now: datetime) -> Lease | None:
        m = self._model
        free_of_wishes = m.wish.does_not_exist() | (m.wish == wish)
        noted = self._table.change(
            shop_id, LEASE, [m.wish.set(wish)], (m.until > now) & free_of_wishes
        )
        lease = _lease_of(noted) if noted is not None else self.find_lease(shop_id)
        return lease if lease.is_held(now) and lease.wish else None

    def release(self, shop_id: int, owner: str) -> str:
        """See the port: the item goes, unless a wish is noted in it."""
        m = self._model
        is_ours = m.owner == owner
        try:
            with translate_errors(self._table.name, f"shop {shop_id}, {LEASE}"):
                m(shop_id, LEASE).delete(is_ours & m.wish.does_not_exist())
        except Refused:  # a wish is noted; or somebody else has the lease by now, or nobody
            actions = [m.owner.remove(), m.until.remove()]
            return _lease_of(self._table.change(shop_id, LEASE, actions, is_ours)).wish
        return ""

    def load(self, shop_id: int, kind: type[R], name: str = "") -> R | None:
        item = self._table.read(shop_id, _part(kind, name))
        return None if item is None else self._read(shop_id, kind, item)

    def save(self, shop_id: int, record: ShopRecord) -> None:
        part = RECORDS + record.NAME
        self._table.put(shop_id, part, self._model(shop_id, part, noted=write_record(record)))

    def change(
        self, shop_id: int, kind: type[R], change: Callable[[R | None], R | None], name: str = ""
    ) -> R | None:
        part, m = _part(kind, name), self._model
        for _ in range(_TRIES):
            item = self._table.read(shop_id, part)
            kept = None if item is None else self._read(shop_id, kind, item)
            changed = change(kept)
            if changed is None or changed == kept:
                return kept
            as_read = m.part.does_not_exist() if item is None else m.write_id == item.write_id
            if self._table.put(
                shop_id, part, m(shop_id, part, noted=write_record(changed)), as_read
            ):
                return changed
        raise _never_still(self._table.name, shop_id)

    def statements(self, shop_id: int, limit: int) -> list[DayStatement]:
        m = self._model
        with translate_errors(self._table.name, f"statements of shop {shop_id}"):
            items = m.query(
                shop_id,
                starts_with(m.part, RECORDS + DAYS),
                consistent_read=True,
                scan_index_forward=False,
                limit=limit,
            )
            return [self._read(shop_id, DayStatement, item) for item in items]

    def _read(self, shop_id: int, kind: type[R], item: ShopItem) -> R:
        try:
            return read_record(kind, item.part.removeprefix(RECORDS), item.noted)
        except ValueError:
            raise LedgerError(
                f"table {self._table.name}: {item.part} of shop {shop_id} cannot be understood"
            ) from None


def _lease_of(item: ShopItem | None) -> Lease:
    if item is None:
        return Lease()
    return Lease(owner=item.owner or "", until=item.until, wish=item.wish or "")


def _part(kind: type[R], name: str) -> str:
    return RECORDS + (name or kind.NAME)


_count = itertools.count()


def _never_still(table: str, shop_id: int) -> LedgerConflict:
    return LedgerConflict(
        f"table {table}: shop {shop_id} was changed by others {_TRIES} times meanwhile; try again"
    )
