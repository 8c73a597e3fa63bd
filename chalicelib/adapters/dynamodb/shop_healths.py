"""The health of the shops that need somebody: one item of the shops table each, and the sparse
index `by_rank`, in which the worst comes first.

The index is spread over partitions by the shops' numbers, and each is sorted; so a page of the
worst is the first few of each, merged.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Collection, Mapping
from contextlib import suppress
from itertools import islice

import msgspec

from chalicelib.adapters.dynamodb.kept_items import KeptItems
from chalicelib.adapters.dynamodb.shop_item import ShopItem
from chalicelib.adapters.dynamodb.table_errors import Refused, translate_errors
from chalicelib.domain.shop_health import (
    Severity,
    ShopHealth,
    list_partitions,
    name_partition,
    read_severity,
)
from chalicelib.errors import LedgerError

HEALTH = "health"
_INDEX = "index by_rank"


class ShopHealths(KeptItems[ShopItem]):
    """The part of the port `Shops` that is about health."""

    def find_health(self, shop_id: int) -> ShopHealth | None:
        item = self._table.read(shop_id, HEALTH)
        return None if item is None else self._health_of(item)

    def find_healths(self, shop_ids: Collection[int]) -> dict[int, ShopHealth]:
        found = self._table.read_each([(shop_id, HEALTH) for shop_id in shop_ids])
        return {int(item.shop_id): self._health_of(item) for item in found}

    def save_health(self, health: ShopHealth) -> None:
        shop_id, noted = health.shop_id, msgspec.to_builtins(health)
        del noted["shop_id"]
        ranked = name_partition(shop_id)
        item = self._model(shop_id, HEALTH, ranked=ranked, rank=health.rank, noted=noted)
        self._table.put(shop_id, HEALTH, item)

    def forget_health(self, shop_id: int) -> bool:
        m = self._model
        with suppress(Refused), translate_errors(self._table.name, f"health of shop {shop_id}"):
            m(shop_id, HEALTH).delete(m.part.exists())
            return True
        return False

    def list_worst(self, limit: int, *, after: str = "") -> list[ShopHealth]:
        found = [self._list_ranked(name, limit, after) for name in list_partitions()]
        merged = heapq.merge(*found, key=lambda item: item.rank)
        return [self._health_of(item) for item in islice(merged, limit)]

    def _list_ranked(self, partition: str, limit: int, after: str) -> list[ShopItem]:
        m = self._model
        later = m.rank > after if after else None
        with translate_errors(self._table.name, _INDEX):
            return list(m.by_rank.query(partition, later, limit=limit))

    def count_ranked(self) -> Mapping[Severity, int]:
        counted: Counter[Severity] = Counter()
        with translate_errors(self._table.name, _INDEX):
            for partition in list_partitions():
                ranks = self._model.by_rank.query(partition, attributes_to_get=["rank"])
                counted.update(read_severity(item.rank) for item in ranks)
        return counted

    def _health_of(self, item: ShopItem) -> ShopHealth:
        try:
            return msgspec.convert(
                {**item.noted, "shop_id": int(item.shop_id)}, ShopHealth, strict=False
            )
        except (ValueError, TypeError):
            raise LedgerError(
                f"table {self._table.name}: health of shop {item.shop_id} cannot be understood"
            ) from None
