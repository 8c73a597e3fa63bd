"""The files table in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.ledger import Event, FileEntry, FileState
from chalicelib.errors import LedgerError
from tests.fakes.moments import utc


class MemoryFiles:
    """Port `Files`."""

    def __init__(self) -> None:
        self.items: dict[int, dict[str, FileEntry]] = {}
        self._index: dict[int, list[str]] | None = None

    def freeze_index(self) -> None:
        """From now on `unfinished` finds the names that are unfinished at this moment."""
        self._index = {shop_id: self._open_names(shop_id) for shop_id in self.items}

    def thaw_index(self) -> None:
        """`unfinished` has caught up."""
        self._index = None

    def create(self, shop_id: int, day: date, *, at: datetime, by: str) -> FileEntry:
        start = f"axml-orders-{day:%Y%m%d}-{shop_id}-"
        taken = sum(name.startswith(start) for name in self.items.get(shop_id, ()))
        if taken >= 999:
            raise LedgerError(f"shop {shop_id} has 999 files of {day}")
        return self._store(
            FileEntry(
                shop_id=shop_id,
                name=f"{start}{taken + 1:03d}.xml",
                day=day,
                state=FileState.CLAIMED,
                since=utc(at),
                keys={},
                history=(Event(at=utc(at), what=FileState.CLAIMED.value, by=by),),
            )
        )

    def get(self, shop_id: int, name: str) -> FileEntry | None:
        return self.items.get(shop_id, {}).get(name)

    def unfinished(self, shop_id: int) -> list[FileEntry]:
        index = self._index
        names = self._open_names(shop_id) if index is None else index.get(shop_id, [])
        return [self.items[shop_id][n] for n in names if not self.items[shop_id][n].settled]

    def recent(self, shop_id: int, limit: int) -> list[FileEntry]:
        files = self.items.get(shop_id, {})
        kept = [f for f in files.values() if f.state is not FileState.VOID or f.sha256 is not None]
        return sorted(kept, key=lambda file: file.name, reverse=True)[:limit]

    def fix(
        self,
        file: FileEntry,
        *,
        keys: Mapping[str, str],
        sha256: str,
        size: int,
        inbox: str = "",
        at: datetime,
        by: str = "export",
    ) -> FileEntry | None:
        stored = self._as_read(file)
        if stored is None or stored.state is not FileState.CLAIMED:
            return None
        fixed = replace(stored, keys=dict(keys), sha256=sha256, size=size, inbox=inbox or None)
        return self._moved(fixed, FileState.PLACING, at, by)

    def move(
        self, file: FileEntry, to: FileState, *, at: datetime, by: str, detail: str = ""
    ) -> FileEntry | None:
        stored = self._as_read(file)
        return None if stored is None else self._moved(stored, to, at, by, detail)

    def settle(self, file: FileEntry) -> bool:
        stored = self._as_read(file)
        if stored is not None:
            self._store(replace(stored, settled=True))
        return stored is not None

    def discard(self, file: FileEntry) -> bool:
        stored = self._as_read(file)
        if stored is None or stored.state is not FileState.CLAIMED:
            return False
        self._store(replace(stored, state=FileState.VOID, settled=True))
        return True

    def _as_read(self, file: FileEntry) -> FileEntry | None:
        stored = self.get(file.shop_id, file.name)
        if stored is None or (stored.state, stored.since) != (file.state, file.since):
            return None
        return stored

    def _moved(
        self, file: FileEntry, to: FileState, at: datetime, by: str, detail: str = ""
    ) -> FileEntry:
        event = Event(at=utc(at), what=to.value, by=by, detail=detail)
        return self._store(replace(file, state=to, since=utc(at), history=(*file.history, event)))

    def _store(self, file: FileEntry) -> FileEntry:
        self.items.setdefault(file.shop_id, {})[file.name] = file
        return file

    def _open_names(self, shop_id: int) -> list[str]:
        files = self.items.get(shop_id, {})
        return sorted(name for name, file in files.items() if not file.settled)
