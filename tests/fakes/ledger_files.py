"""The files table in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.biography import shorten
from chalicelib.domain.events import Actor, Event, FileStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.file_names import write_name
from chalicelib.domain.file_totals import FileTotals
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.life import file_transition
from chalicelib.domain.transitions import Given, apply_changes, field_changes, is_allowed
from chalicelib.domain.ways import Way
from chalicelib.errors import LedgerError
from chalicelib.ports import PAGE, KeptItem
from tests.fakes.kept_in_memory import LIFETIMES, KeptInMemory
from tests.fakes.keys import check_key
from tests.fakes.moments import utc


class MemoryFiles:
    """Port `Files`."""

    def __init__(self) -> None:
        self.items: dict[int, dict[str, FileEntry]] = {}
        self.kept = KeptInMemory(self.items)
        self._index: dict[int, list[str]] | None = None

    def freeze_index(self) -> None:
        """From now on `list_unfinished` finds the names that are unfinished at this moment."""
        self._index = {shop_id: self._open_names(shop_id) for shop_id in self.items}

    def thaw_index(self) -> None:
        """`list_unfinished` has caught up."""
        self._index = None

    def create(
        self, shop_id: int, day: date, *, at: datetime, by: Actor, way: Way = Way.FILE
    ) -> FileEntry:
        start = f"axml-orders-{day:%Y%m%d}-{shop_id}-"
        taken = sum(name.startswith(start) for name in self.items.get(shop_id, ()))
        if taken >= 999:
            raise LedgerError(f"shop {shop_id} has 999 files of {day}")
        event = Event(at=utc(at), step=FileStep.CREATE, by=by)
        created = file_transition(event, None)
        assert created is not None
        return self._store(
            FileEntry(
                shop_id=shop_id,
                name=write_name(f"{day:%Y%m%d}", shop_id, taken + 1, way),
                day=day,
                state=created.to,
                since=utc(at),
                keys={},
                history=(event,),
            )
        )

    def get(self, shop_id: int, name: str) -> FileEntry | None:
        check_key(name, longest=1024)
        return self.items.get(shop_id, {}).get(name)

    def get_all(self, shop_id: int, names: Collection[str]) -> list[FileEntry]:
        found = (self.get(shop_id, name) for name in sorted(set(names)))
        return [file for file in found if file is not None]

    def list_unfinished(self, shop_id: int) -> list[FileEntry]:
        index = self._index
        names = self._open_names(shop_id) if index is None else index.get(shop_id, [])
        return [self.items[shop_id][n] for n in names if not self.items[shop_id][n].is_finished]

    def list_recent(self, shop_id: int, limit: int) -> list[FileEntry]:
        files = self.items.get(shop_id, {})
        kept = [f for f in files.values() if f.state is not FileState.VOID or f.sha256 is not None]
        return sorted(kept, key=lambda file: file.name, reverse=True)[:limit]

    def list_page(
        self, shop_id: int, *, limit: int, before: str = "", after: str = ""
    ) -> list[FileEntry]:
        names = sorted(self.items.get(shop_id, {}))
        if after:
            shown = [name for name in names if name > after][:limit][::-1]
        else:
            shown = [name for name in names[::-1] if not before or name < before][:limit]
        return [self.items[shop_id][name] for name in shown]

    def list_since(
        self, shop_id: int, day: date, *, after: str = "", limit: int | None = None
    ) -> list[FileEntry]:
        files = self.items.get(shop_id, {}).values()
        found = (each for each in files if each.day >= day and each.name > after)
        return sorted(found, key=lambda file: file.name)[:limit]

    def record(
        self, file: FileEntry, event: Event, content: FileContent | None = None
    ) -> FileEntry | None:
        event = replace(event, at=utc(event.at))
        transition = file_transition(event, file.state)
        stored = self._as_read(file)
        if transition is None or stored is None:
            return None
        before = {each.name: getattr(stored, each.name) for each in fields(stored)}
        given: dict[Given, object] = {}
        if content is not None:
            given = {
                Given.KEYS: dict(content.keys),
                Given.SHA256: content.sha256,
                Given.SIZE: content.size,
                Given.INBOX: content.inbox,
                Given.COVER: content.cover,
                Given.REFUNDED: content.refunded or None,
                Given.PROFILE: content.profile,
                Given.TERMS: content.terms,
                Given.RETURNS: content.returns,
                Given.DAYS: dict(content.days) or None,
                Given.SALES: dict(content.sales) or None,
                Given.LOCKED_UNTIL: content.locked_until,
                Given.SOUGHT: content.sought,
            }
        if not is_allowed(transition, before, event, given):
            return None
        after: Any = apply_changes(before, field_changes(transition, event, given), {})
        after["history"] = shorten((*stored.history, event))
        return self._store(FileEntry(**after))

    def get_returns(self, shop_id: int, names: Collection[str]) -> list[FileTotals]:
        return [
            FileTotals(
                name=file.name,
                state=file.state,
                cover=file.cover,
                returns=file.returns,
                has_surfaced=file.surfaced_at is not None,
            )
            for file in self.get_all(shop_id, names)
        ]

    def forget_totals(self, file: FileEntry) -> None:
        stored = self.get(file.shop_id, file.name)
        if stored is not None:
            self._store(replace(stored, cover=None, returns=None))

    def extract(self, shop_id: int, *, after: str = "", limit: int = PAGE) -> list[KeptItem]:
        return self.kept.extract(shop_id, after, limit)

    def extract_some(self, shop_id: int, keys: Collection[str]) -> list[KeptItem]:
        return self.kept.extract_some(shop_id, keys)

    def erase(self, shop_id: int, *, limit: int) -> int:
        return self.kept.erase(shop_id, limit)

    def renew_lifetimes(
        self, shop_id: int, *, left_at: datetime | None, after: str, limit: int
    ) -> str:
        def end(name: str) -> datetime | None:
            return LIFETIMES.end_of_file(self.items[shop_id][name], left_at)

        return self.kept.renew_lifetimes(shop_id, end, after, limit)

    def _as_read(self, file: FileEntry) -> FileEntry | None:
        stored = self.get(file.shop_id, file.name)
        if stored is None or (stored.state, stored.since) != (file.state, file.since):
            return None
        return stored

    def _store(self, file: FileEntry) -> FileEntry:
        self.items.setdefault(file.shop_id, {})[file.name] = file
        self.kept.end_at(file.shop_id, file.name, LIFETIMES.end_of_file(file, None))
        return file

    def _open_names(self, shop_id: int) -> list[str]:
        files = self.items.get(shop_id, {})
        return sorted(name for name, file in files.items() if not file.is_finished)
