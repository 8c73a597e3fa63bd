"""The small records beside a shop: each one item of the shops table, under its name."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import suppress
from datetime import datetime

from chalicelib.adapters.dynamodb.record_forms import DAYS, read_record, write_record
from chalicelib.adapters.dynamodb.records import starts_with
from chalicelib.adapters.dynamodb.shop_item import ShopItem
from chalicelib.adapters.dynamodb.shop_seats import ShopSeats
from chalicelib.adapters.dynamodb.table_errors import (
    TRIES,
    Refused,
    never_still,
    translate_errors,
)
from chalicelib.domain.journal import JOURNAL, JournalEntry, name_entry
from chalicelib.domain.lifetimes import DatedRecord, Lifetimes
from chalicelib.domain.shop_records import PassingRecord, ShopRecord
from chalicelib.domain.statement import DayStatement
from chalicelib.domain.vat_numbers import VatNumber
from chalicelib.errors import LedgerError
from chalicelib.ports.kept_shops import R

RECORDS = "note#"
Kept = ShopRecord | DatedRecord


class ShopNotes(ShopSeats):
    """The part of the port `Shops` that is about small records."""

    def __init__(self, model: type[ShopItem], lifetimes: Lifetimes) -> None:
        super().__init__(model, model.part)
        self._lifetimes = lifetimes

    def load(self, shop_id: int, kind: type[R], name: str = "") -> R | None:
        item = self._table.read(shop_id, _part(kind, name))
        return None if item is None else self._read(shop_id, kind, item)

    def load_all(self, shop_id: int, kind: type[R], names: Collection[str]) -> dict[str, R]:
        items = self._table.read_all(shop_id, [RECORDS + name for name in names])
        return {item.part.removeprefix(RECORDS): self._read(shop_id, kind, item) for item in items}

    def load_each(self, shop_id: int, kind: type[R]) -> dict[str, R]:
        m, prefix = self._model, f"{RECORDS}{kind.NAME}-"
        with translate_errors(self._table.name, f"{kind.NAME} of shop {shop_id}"):
            items = list(m.query(shop_id, starts_with(m.part, prefix), consistent_read=True))
        return {item.part.removeprefix(RECORDS): self._read(shop_id, kind, item) for item in items}

    def save(self, shop_id: int, record: ShopRecord) -> None:
        part = RECORDS + record.NAME
        self._table.put(shop_id, part, self._model(shop_id, part, noted=write_record(record)))

    def change(
        self, shop_id: int, kind: type[R], change: Callable[[R | None], R | None], name: str = ""
    ) -> R | None:
        part, m = _part(kind, name), self._model
        for _ in range(TRIES):
            item = self._table.read(shop_id, part)
            kept = None if item is None else self._read(shop_id, kind, item)
            changed = change(kept)
            if changed is None or _is_stored_alike(changed, kept):
                return kept
            as_read = m.part.does_not_exist() if item is None else m.write_id == item.write_id
            new = m(shop_id, part, noted=write_record(changed))
            new.expires = self._end_of_record(changed)
            if self._table.put(shop_id, part, new, as_read):
                return changed
        raise never_still(self._table.name, shop_id)

    def forget_if(
        self, shop_id: int, kind: type[R], is_over: Callable[[R], bool], name: str = ""
    ) -> None:
        part = _part(kind, name)
        for _ in range(TRIES):
            item = self._table.read(shop_id, part)
            if item is None or not is_over(self._read(shop_id, kind, item)):
                return
            with (
                suppress(Refused),  # changed; or gone, by a first call whose answer was lost
                translate_errors(self._table.name, f"shop {shop_id}, {part}"),
            ):
                item.delete(self._model.write_id == item.write_id)
                return
        raise never_still(self._table.name, shop_id)

    def _end_of_record(self, record: Kept) -> datetime | None:
        if isinstance(record, DatedRecord):
            return self._lifetimes.end_of_dated(record)
        if isinstance(record, VatNumber):
            return self._lifetimes.end_of_number(record, None)
        return record.needed_until if isinstance(record, PassingRecord) else None

    def statements(self, shop_id: int, limit: int) -> list[DayStatement]:
        return self._list_newest(shop_id, DayStatement, RECORDS + DAYS, limit)

    def journal(self, shop_id: int, limit: int, *, before: int | None = None) -> list[JournalEntry]:
        last = None if before is None else RECORDS + name_entry(before - 1)
        return self._list_newest(shop_id, JournalEntry, RECORDS + JOURNAL, limit, last)

    def _list_newest(
        self, shop_id: int, kind: type[R], prefix: str, limit: int, last: str | None = None
    ) -> list[R]:
        """The records whose names begin so, up to the name `last`, from the end."""
        m = self._model
        parts = starts_with(m.part, prefix) if last is None else m.part.between(prefix, last)
        with translate_errors(self._table.name, f"{prefix} of shop {shop_id}"):
            items = m.query(
                shop_id, parts, consistent_read=True, scan_index_forward=False, limit=limit
            )
            return [self._read(shop_id, kind, item) for item in items]

    def _read(self, shop_id: int, kind: type[R], item: ShopItem) -> R:
        try:
            return read_record(kind, item.part.removeprefix(RECORDS), item.noted)
        except ValueError:
            raise LedgerError(
                f"table {self._table.name}: {item.part} of shop {shop_id} cannot be understood"
            ) from None


def _is_stored_alike(changed: Kept, kept: Kept | None) -> bool:
    """Whether nothing has to be written: secrets that are equal may be sealed otherwise."""
    return kept is not None and changed == kept and write_record(changed) == write_record(kept)


def _part(kind: type[R], name: str) -> str:
    return RECORDS + (name or kind.NAME)
