"""The shops table: each shop's record, its audit, its lease and its notes."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamodb.faults import Refused, told
from chalicelib.adapters.dynamodb.records import Table, beginning, instant
from chalicelib.adapters.dynamodb.schema import STANDING_ATTRIBUTES
from chalicelib.adapters.dynamodb.shop_item import RECORD, YES, ShopItem, item_of, shop_of
from chalicelib.domain.policy import Source
from chalicelib.domain.shops import AuditEvent, Shop, ShopState, Standing
from chalicelib.errors import LedgerConflict, UnknownShop
from chalicelib.ports import NoteChange

LEASE = "lease"
AUDIT = "audit#"
NOTE = "note#"
_TRIES = 8


class DynamoShops:
    """Port `Shops` on DynamoDB."""

    def __init__(self, model: type[ShopItem]) -> None:
        self._table = Table(model)
        self._model = model

    def get(self, shop_id: int) -> Shop | None:
        """See the port."""
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
        """See the port."""
        return self._save(shop, self._model.part.does_not_exist())

    def update(self, shop_id: int, change: Callable[[Shop], Shop]) -> Shop:
        """See the port."""
        for _ in range(_TRIES):
            shop = self.get(shop_id)
            if shop is None:
                raise UnknownShop(f"shop {shop_id} is not installed")
            changed = change(shop)
            if changed == shop:
                return shop
            changed = replace(changed, shop_id=shop_id, version=shop.version + 1)
            if self._save(changed, self._model.version == shop.version):
                return changed
        raise _never_still(self._table.name, shop_id)

    def _save(self, shop: Shop, condition: Condition) -> bool:
        return self._table.put(shop.shop_id, RECORD, item_of(self._model, shop), condition)

    def exporting(self) -> Iterator[int]:
        """See the port."""
        with told(self._table.name, "index exporting"):
            for item in self._model.by_exporting.query(YES):
                yield int(item.shop_id)

    def everyone(self) -> Iterator[Shop]:
        """See the port."""
        with told(self._table.name, "index known"):
            for item in self._model.by_known.query(YES):
                yield shop_of(item)

    def record(self, shop_id: int, event: AuditEvent) -> None:
        """See the port. Events of one instant keep their order within a process."""
        part = f"{AUDIT}{instant(event.at)}#{next(_count):08d}{uuid.uuid4().hex[:8]}"
        item = self._model(
            shop_id, part, at=event.at, what=event.what, by=event.by, detail=event.detail
        )
        self._table.put(shop_id, part, item)

    def audit(self, shop_id: int) -> list[AuditEvent]:
        """See the port."""
        m = self._model
        with told(self._table.name, f"audit of shop {shop_id}"):
            items = list(m.query(shop_id, beginning(m.part, AUDIT), consistent_read=True))
        return [
            AuditEvent(at=i.at, what=i.what or "", by=i.by or "", detail=i.detail or "")
            for i in items
        ]

    def lease(self, shop_id: int, owner: str, *, now: datetime, until: datetime) -> bool:
        """See the port."""
        m = self._model
        free = m.owner.does_not_exist() | (m.until <= now) | (m.owner == owner)
        actions = [m.owner.set(owner), m.until.set(until)]
        return self._table.change(shop_id, LEASE, actions, free) is not None

    def release(self, shop_id: int, owner: str) -> None:
        """See the port."""
        try:
            with told(self._table.name, f"shop {shop_id}, {LEASE}"):
                self._model(shop_id, LEASE).delete(self._model.owner == owner)
        except Refused:
            return  # somebody else has it by now, or nobody

    def note(self, shop_id: int, part: str, values: Mapping[str, str]) -> None:
        """See the port."""
        name = NOTE + part
        self._table.put(shop_id, name, self._model(shop_id, name, noted=dict(values)))

    def change_note(self, shop_id: int, part: str, change: NoteChange) -> dict[str, str] | None:
        """See the port."""
        name, m = NOTE + part, self._model
        for _ in range(_TRIES):
            item = self._table.read(shop_id, name)
            kept = None if item is None else dict(item.noted)
            changed = change(kept)
            if changed is None or changed == kept:
                return kept
            as_read = m.part.does_not_exist() if item is None else m.write_id == item.write_id
            if self._table.put(shop_id, name, m(shop_id, name, noted=dict(changed)), as_read):
                return dict(changed)
        raise _never_still(self._table.name, shop_id)

    def noted(self, shop_id: int, part: str) -> dict[str, str] | None:
        """See the port."""
        item = self._table.read(shop_id, NOTE + part)
        return None if item is None else dict(item.noted)

    def notes(self, shop_id: int, prefix: str, limit: int) -> list[tuple[str, dict[str, str]]]:
        """See the port."""
        m = self._model
        with told(self._table.name, f"notes of shop {shop_id}"):
            items = m.query(
                shop_id,
                beginning(m.part, NOTE + prefix),
                consistent_read=True,
                scan_index_forward=False,
                limit=limit,
            )
            return [(i.part.removeprefix(NOTE), dict(i.noted)) for i in items]


_count = itertools.count()


def _never_still(table: str, shop_id: int) -> LedgerConflict:
    return LedgerConflict(
        f"table {table}: shop {shop_id} was changed by others {_TRIES} times meanwhile; try again"
    )
