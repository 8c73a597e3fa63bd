"""Until when the tables in memory keep what they hold, and how they show and erase it."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, MutableMapping
from datetime import datetime
from typing import Any

import msgspec

from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.ports import KeptItem

LIFETIMES = Lifetimes()


class KeptInMemory:
    """The items of each shop by their keys, and when each ends. Nothing is ever deleted by itself:
    on DynamoDB it may take days as well.
    """

    def __init__(self, items: MutableMapping[int, Any]) -> None:
        self.items = items
        self.ends: dict[tuple[int, str], int] = {}

    def end_at(self, shop_id: int, key: str, end: datetime | None) -> None:
        """An item is written that is kept until `end`; for ever when that is None."""
        self.ends.pop((shop_id, key), None)
        if end is not None:
            self.ends[shop_id, key] = math.ceil(end.timestamp())

    def extract(self, shop_id: int, after: str, limit: int) -> list[KeptItem]:
        keys = sorted(key for key in self.items.get(shop_id, ()) if key > after)
        return [self._show(shop_id, key) for key in keys[:limit]]

    def extract_some(self, shop_id: int, keys: Collection[str]) -> list[KeptItem]:
        found = sorted(key for key in {*keys} if key in self.items.get(shop_id, ()))
        return [self._show(shop_id, key) for key in found]

    def erase(self, shop_id: int, limit: int) -> int:
        found = sorted(self.items.get(shop_id, ()))[:limit]
        for key in found:
            del self.items[shop_id][key]
            self.ends.pop((shop_id, key), None)
        return len(found)

    def renew_lifetimes(
        self, shop_id: int, end: Callable[[str], datetime | None], after: str, limit: int
    ) -> str:
        keys = sorted(key for key in self.items.get(shop_id, ()) if key > after)[:limit]
        for key in keys:
            self.end_at(shop_id, key, end(key))
        return keys[-1] if len(keys) == limit else ""

    def _show(self, shop_id: int, key: str) -> KeptItem:
        values = {**msgspec.to_builtins(self.items[shop_id][key], str_keys=True)}
        end = self.ends.get((shop_id, key))
        return KeptItem(key=key, values=values if end is None else {**values, "expires": end})
