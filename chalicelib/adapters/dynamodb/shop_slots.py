"""The indexes of shops by their slots.

Items of before 1.7.0 have one key for all shops in place of their slot. A page of a slot is
therefore read twice: first those of the slot among the former items, then the slot. In this order a
shop that enters its slot meanwhile is found at least once, and a page has it once. Where nothing
former is left, that costs one empty query a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from pynamodb.indexes import GlobalSecondaryIndex

from chalicelib.adapters.dynamodb.shop_item import FORMER, RECORD, ShopItem, shop_of
from chalicelib.adapters.dynamodb.shop_notes import ShopNotes
from chalicelib.adapters.dynamodb.table_errors import translate_errors
from chalicelib.domain.shops import Shop
from chalicelib.domain.slots import EVERY_SLOT, slot_of

_LISTED_AT_ONCE = 100
_ONLY_ID = ["shop_id"]

Index = GlobalSecondaryIndex[ShopItem]


class ShopSlots(ShopNotes):
    """The part of the port `Shops` that finds shops."""

    def exporting(self, slot: str, *, after: int, limit: int) -> list[int]:
        return [*self._read_page(self._model.by_exporting, slot, after, limit, _ONLY_ID)]

    def numbers(self, slot: str, *, after: int, limit: int) -> list[int]:
        return [*self._read_page(self._model.by_known, slot, after, limit, _ONLY_ID)]

    def list_page(self, slot: str, *, after: int, limit: int) -> list[Shop]:
        found = self._read_page(self._model.by_known, slot, after, limit)
        return [shop_of(item) for item in found.values()]

    def everyone(self) -> Iterator[Shop]:
        for slot in EVERY_SLOT:
            after = 0
            while page := self.list_page(slot, after=after, limit=_LISTED_AT_ONCE):
                yield from page
                if len(page) < _LISTED_AT_ONCE:
                    break
                after = page[-1].shop_id

    def _read_page(
        self, index: Index, slot: str, after: int, limit: int, only: list[str] | None = None
    ) -> dict[int, ShopItem]:
        """The items of the slot's first shops above `after`, at most `limit`, in ascending order;
        `only` these attributes of them.
        """
        above = self._model.shop_id > after
        with translate_errors(self._table.name, f"index {index.Meta.index_name}, {slot}"):
            former = index.query(FORMER, above, attributes_to_get=only)
            found = list(islice((each for each in former if _is_of(each, slot)), limit))
            found += index.query(slot, above, limit=limit, attributes_to_get=only)
        by_number = {int(item.shop_id): item for item in found}
        return {shop_id: by_number[shop_id] for shop_id in sorted(by_number)[:limit]}

    def enter_slot(self, slot: str, *, limit: int) -> int:
        with translate_errors(self._table.name, f"index known, {slot}"):
            former = self._model.by_known.query(FORMER, attributes_to_get=_ONLY_ID)
            found = list(islice((each for each in former if _is_of(each, slot)), limit))
        for item in found:
            self._enter(int(item.shop_id), slot)
        return len(found)

    def _enter(self, shop_id: int, slot: str) -> None:
        """Whoever stores the shop meanwhile does the same; then there is nothing to do."""
        m = self._model
        enter = m.known.set(slot)
        is_former = m.known == FORMER
        change = self._table.change
        if change(
            shop_id, RECORD, [enter, m.exporting.set(slot)], is_former & (m.exporting == FORMER)
        ):
            return
        change(shop_id, RECORD, [enter], is_former & m.exporting.does_not_exist())


def _is_of(item: ShopItem, slot: str) -> bool:
    return slot_of(int(item.shop_id)) == slot
