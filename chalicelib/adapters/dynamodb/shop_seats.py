"""The seats beside a shop: one item of the shops table each, found by index `by_holder` as well."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

import msgspec
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamodb.records import starts_with
from chalicelib.adapters.dynamodb.shop_item import ShopItem
from chalicelib.adapters.dynamodb.shop_leases import ShopLeases
from chalicelib.adapters.dynamodb.table_errors import (
    TRIES,
    Refused,
    never_still,
    translate_errors,
)
from chalicelib.domain.seats import Seat
from chalicelib.errors import LedgerError

SEATS = "seat#"
_OF_ITEM = ("shop_id", "holder")


class ShopSeats(ShopLeases):
    """The part of the port `Shops` that is about seats."""

    def seat(self, shop_id: int, holder: str) -> Seat | None:
        item = self._table.read(shop_id, SEATS + holder)
        return None if item is None else self._seat_of(item)

    def seats(self, shop_id: int) -> list[Seat]:
        return [self._seat_of(item) for item in self._list_seats(shop_id)]

    def seats_of(self, holder: str) -> list[Seat]:
        with translate_errors(self._table.name, "index by_holder"):
            found = [*self._model.by_holder.query(holder)]
        keys = [(int(item.shop_id), item.part) for item in found]
        seats = [self._seat_of(item) for item in self._table.read_each(keys)]
        return sorted(seats, key=lambda seat: seat.shop_id)

    def has_seat(self, holder: str) -> bool:
        with translate_errors(self._table.name, "index by_holder"):
            return any(True for _ in self._model.by_holder.query(holder, limit=1))

    def put_seat(self, seat: Seat) -> bool:
        is_free = self._model.part.does_not_exist()
        return self._table.put(seat.shop_id, SEATS + seat.holder, self._item_of(seat), is_free)

    def change_seat(self, shop_id: int, holder: str, change: Callable[[Seat], Seat]) -> Seat | None:
        m, part = self._model, SEATS + holder
        for _ in range(TRIES):
            item = self._table.read(shop_id, part)
            if item is None:
                return None
            seat = self._seat_of(item)
            changed = change(seat)
            is_alike = changed == seat and changed.address.content == seat.address.content
            as_read = m.write_id == item.write_id
            if is_alike or self._table.put(shop_id, part, self._item_of(changed), as_read):
                return changed
        raise never_still(self._table.name, shop_id)

    def move_seat(self, shop_id: int, former: str, holder: str) -> bool:
        """See the port: one transaction, so that there is never none of the two, nor both."""
        m, new = self._model, SEATS + holder
        item = self._table.read(shop_id, SEATS + former)
        if item is None:
            return False
        moved = self._item_of(replace(self._seat_of(item), holder=holder))
        moved.write_id = item.write_id
        with suppress(Refused), translate_errors(self._table.name, f"shop {shop_id}, {new}"):
            connection = m._get_connection().connection  # noqa: SLF001 (it knows the table)
            with TransactWrite(connection=connection) as write:
                write.delete(item, condition=m.write_id == item.write_id)
                write.save(moved, condition=m.part.does_not_exist())
            return True
        return False

    def remove_seat(self, shop_id: int, holder: str) -> bool:
        m, part = self._model, SEATS + holder
        with suppress(Refused), translate_errors(self._table.name, f"shop {shop_id}, {part}"):
            m(shop_id, part).delete(m.part.exists())
            return True
        return False

    def forget_seats(self, shop_id: int) -> None:
        for item in self._list_seats(shop_id):
            with translate_errors(self._table.name, f"seats of shop {shop_id}"):
                self._model(shop_id, item.part).delete()

    def _list_seats(self, shop_id: int) -> list[ShopItem]:
        m = self._model
        with translate_errors(self._table.name, f"seats of shop {shop_id}"):
            return list(m.query(shop_id, starts_with(m.part, SEATS), consistent_read=True))

    def _item_of(self, seat: Seat) -> ShopItem:
        noted: dict[str, Any] = msgspec.to_builtins(seat)
        kept = {name: value for name, value in noted.items() if name not in _OF_ITEM}
        return self._model(seat.shop_id, SEATS + seat.holder, holder=seat.holder, noted=kept)

    def _seat_of(self, item: ShopItem) -> Seat:
        of_item = {"shop_id": int(item.shop_id), "holder": item.part.removeprefix(SEATS)}
        try:
            return msgspec.convert({**item.noted, **of_item}, Seat, strict=False)
        except (ValueError, TypeError):
            raise LedgerError(
                f"table {self._table.name}: a seat of shop {item.shop_id} cannot be understood"
            ) from None
