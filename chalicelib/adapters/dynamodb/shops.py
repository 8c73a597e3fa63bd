"""The shops table: each shop's record, its audit, its lease and its notes."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

from chalicelib.adapters.dynamodb.faults import Refused, told
from chalicelib.adapters.dynamodb.policies import from_document, to_document
from chalicelib.adapters.dynamodb.records import InstantAttribute, Record, Table, beginning, instant
from chalicelib.adapters.dynamodb.schema import KNOWN_ATTRIBUTES, STANDING_ATTRIBUTES
from chalicelib.domain.policy import Source
from chalicelib.domain.shops import AuditEvent, Shop, ShopState, Standing
from chalicelib.errors import LedgerConflict, UnknownShop
from chalicelib.ports import NoteChange

RECORD = "shop"
LEASE = "lease"
AUDIT = "audit#"
NOTE = "note#"
_YES = "yes"
_TRIES = 8


class ExportingIndex(GlobalSecondaryIndex["ShopItem"]):  # type: ignore[no-untyped-call]
    """Shops that the daily run takes along."""

    class Meta:
        """See `schema`."""

        index_name = "exporting"
        projection = KeysOnlyProjection()

    exporting = UnicodeAttribute(hash_key=True)
    shop_id = NumberAttribute(range_key=True)


class KnownIndex(GlobalSecondaryIndex["ShopItem"]):  # type: ignore[no-untyped-call]
    """All shops, without secrets."""

    class Meta:
        """See `schema`."""

        index_name = "known"
        projection = IncludeProjection(list(KNOWN_ATTRIBUTES))

    known = UnicodeAttribute(hash_key=True)
    shop_id = NumberAttribute(range_key=True)


class ShopItem(Record):
    """What is kept under one shop's number; `part` says which. `source` repeats the policy's."""

    shop_id = NumberAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    state = UnicodeAttribute(null=True)
    cluster = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    token = UnicodeAttribute(null=True)
    token_since = InstantAttribute(null=True)
    licence = UnicodeAttribute(null=True)
    title = UnicodeAttribute(null=True)
    domain = UnicodeAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    country = UnicodeAttribute(null=True)
    policy = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    installed_at = InstantAttribute(null=True)
    changed_at = InstantAttribute(null=True)
    swept_until = InstantAttribute(null=True)
    resume_state = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    exporting = UnicodeAttribute(null=True)
    known = UnicodeAttribute(null=True)
    at = InstantAttribute(null=True)
    what = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    detail = UnicodeAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    until = InstantAttribute(null=True)
    noted = JSONAttribute(null=True, attr_name="values")
    by_exporting = ExportingIndex()
    by_known = KnownIndex()


class DynamoShops:
    """Port `Shops` on DynamoDB."""

    def __init__(self, model: type[ShopItem]) -> None:
        self._table = Table(model)
        self._model = model

    def get(self, shop_id: int) -> Shop | None:
        """See the port."""
        item = self._table.read(shop_id, RECORD)
        return None if item is None else _shop(item)

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
        return self._table.put(shop.shop_id, RECORD, _item(self._model, shop), condition)

    def exporting(self) -> Iterator[int]:
        """See the port."""
        with told(self._table.name, "index exporting"):
            for item in self._model.by_exporting.query(_YES):
                yield int(item.shop_id)

    def everyone(self) -> Iterator[Shop]:
        """See the port."""
        with told(self._table.name, "index known"):
            for item in self._model.by_known.query(_YES):
                yield _shop(item)

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


def _item(model: type[ShopItem], shop: Shop) -> ShopItem:
    resume = shop.resume_state
    return model(
        shop.shop_id,
        RECORD,
        state=shop.state.value,
        cluster=shop.cluster,
        language=shop.language,
        token=shop.token,
        token_since=shop.token_since,
        licence=shop.licence,
        title=shop.title,
        domain=shop.domain,
        currency=shop.currency,
        country=shop.country,
        policy=to_document(shop.policy),
        source=shop.policy.source.value,
        installed_at=shop.installed_at,
        changed_at=shop.changed_at,
        swept_until=shop.swept_until,
        resume_state=None if resume is None else resume.value,
        version=shop.version,
        exporting=_YES if shop.state.exports else None,
        known=_YES,
    )


def _shop(item: ShopItem) -> Shop:
    return Shop(
        shop_id=int(item.shop_id),
        state=ShopState(item.state),
        cluster=item.cluster or "",
        language=item.language or "",
        token=item.token,
        token_since=item.token_since,
        licence=item.licence,
        title=item.title or "",
        domain=item.domain or "",
        currency=item.currency or "",
        country=item.country or "",
        policy=from_document(item.policy or "{}"),
        installed_at=item.installed_at,
        changed_at=item.changed_at,
        swept_until=item.swept_until,
        resume_state=None if item.resume_state is None else ShopState(item.resume_state),
        version=int(item.version or 0),
    )
