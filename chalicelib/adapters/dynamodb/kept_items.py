"""All that a table keeps under one shop's number: read as it is, given its lifetime, or erased."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, Generic

from pynamodb.attributes import UnicodeAttribute

from chalicelib.adapters.dynamodb.expiry import ExpiryAttribute
from chalicelib.adapters.dynamodb.packed_text import is_packed, read_packed
from chalicelib.adapters.dynamodb.records import R, Table
from chalicelib.adapters.dynamodb.table_errors import translate_errors
from chalicelib.ports import PAGE, KeptItem


class KeptItems(ABC, Generic[R]):
    """A table of items that belong to shops; `key` is how those of one shop differ."""

    def __init__(self, model: type[R], key: UnicodeAttribute) -> None:
        self._table = Table(model)
        self._model = model
        self._key = key

    @abstractmethod
    def _end_of(self, item: R, left_at: datetime | None) -> datetime | None:
        """Until when an item is kept; None while it is needed."""

    def read_kept(self, shop_id: int, *, after: str = "", limit: int) -> list[R]:
        """At most so many items above the key `after`, by key, read consistently."""
        later = self._key > after if after else None
        with translate_errors(self._table.name, f"items of shop {shop_id}"):
            return list(self._model.query(shop_id, later, limit=limit, consistent_read=True))

    def extract(self, shop_id: int, *, after: str = "", limit: int = PAGE) -> list[KeptItem]:
        found = self.read_kept(shop_id, after=after, limit=limit)
        return [self._show(item) for item in found]

    def extract_some(self, shop_id: int, keys: Collection[str]) -> list[KeptItem]:
        found = [self._show(item) for item in self._table.read_all(shop_id, keys)]
        return sorted(found, key=lambda kept: kept.key)

    def erase(self, shop_id: int, *, limit: int) -> int:
        found = self.read_kept(shop_id, limit=limit)
        return self._erase_all(shop_id, [self._key_of(item) for item in found])

    def renew_lifetimes(
        self, shop_id: int, *, left_at: datetime | None, after: str, limit: int
    ) -> str:
        """See the port. An item that somebody else writes meanwhile is left to that write."""
        items = self.read_kept(shop_id, after=after, limit=limit)
        for item in items:
            self._end_at(shop_id, item, self._end_of(item, left_at))
        return self._key_of(items[-1]) if len(items) == limit else ""

    def _show(self, item: R) -> KeptItem:
        """An item as it is stored: every attribute that it has, under the name it is stored by."""
        stored: Mapping[str, Any] = item.serialize()
        values = {name: _plain(value) for name, value in stored.items()}
        return KeptItem(key=self._key_of(item), values=values)

    def _key_of(self, item: R) -> str:
        """By what an item differs from the shop's others."""
        return str(getattr(item, self._key.attr_name))

    def _erase_all(self, shop_id: int, keys: Collection[str]) -> int:
        """Delete the items of these keys; how many."""
        with (
            translate_errors(self._table.name, f"items of shop {shop_id}"),
            self._model.batch_write() as batch,
        ):
            for key in keys:
                batch.delete(self._model(shop_id, key))
        return len(keys)

    def _end_at(self, shop_id: int, item: R, end: datetime | None) -> None:
        """Let one item end then, unless it does already, or was written since it was read."""
        if _in_seconds(item.expires) == _in_seconds(end):
            return
        m = self._model
        as_read = (
            m.write_id.does_not_exist() if item.write_id is None else m.write_id == item.write_id
        )
        action = m.expires.remove() if end is None else m.expires.set(end)
        is_there = self._key.exists()
        self._table.change(shop_id, self._key_of(item), [action], is_there & as_read)


def _in_seconds(moment: datetime | None) -> str | None:
    return None if moment is None else ExpiryAttribute().serialize(moment)


def _plain(value: Mapping[str, Any]) -> Any:
    """DynamoDB's ``{"N": "7"}`` as JSON's 7; JSON that is stored as a text, as itself."""
    ((kind, stored),) = value.items()
    if kind == "N":
        return int(stored) if stored.lstrip("-").isdigit() else float(stored)
    if kind == "M":
        return {name: _plain(each) for name, each in stored.items()}
    if kind == "L":
        return [_plain(each) for each in stored]
    if kind == "NULL":
        return None
    return _read_text(stored) if kind == "S" else stored


def _read_text(text: str) -> Any:
    if not is_packed(text) and not text.startswith(("{", "[")):
        return text
    try:
        return read_packed(text)
    except ValueError:
        return text
