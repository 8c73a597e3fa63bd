"""The orders table in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.ledger import Entry, EntryState, Event, Hint, Outcome
from tests.fakes.moments import utc

OPEN = (EntryState.WAITING, EntryState.CLAIMED, EntryState.HELD)


class MemoryEntries:
    """Port `Entries`."""

    def __init__(self) -> None:
        self.items: dict[int, dict[str, Entry]] = {}
        self._waits_since: dict[tuple[int, str], datetime] = {}
        self._index: dict[int, dict[str, Entry]] | None = None

    def freeze_index(self) -> None:
        """From now on lists show what is there at this moment."""
        self._index = {shop_id: dict(entries) for shop_id, entries in self.items.items()}

    def thaw_index(self) -> None:
        """Lists have caught up."""
        self._index = None

    def hear(self, shop_id: int, hint: Hint, *, at: datetime, by: str) -> bool:
        entry = self.get(shop_id, hint.key)
        if entry is None:
            entry = Entry(
                shop_id=shop_id,
                kind=hint.kind,
                document_id=hint.document_id,
                number=hint.number,
                day=hint.day,
                state=EntryState.WAITING,
                since=utc(at),
            )
        elif entry.state not in (EntryState.HELD, EntryState.DROPPED):
            return False
        self._into(entry, EntryState.WAITING, at, by)
        return True

    def get(self, shop_id: int, key: str) -> Entry | None:
        return self.items.get(shop_id, {}).get(key)

    def by_number(self, shop_id: int, number: str) -> list[Entry]:
        keys = sorted(entry.key for entry in self._shown(shop_id) if entry.number == number)
        return [self.items[shop_id][key] for key in keys]

    def open(self, shop_id: int, state: EntryState, *, limit: int = 250) -> list[Entry]:
        if state not in OPEN:
            raise ValueError(f"entries that are {state.value} are in no index")
        return self._listed(shop_id, lambda entry: entry.state is state, limit)

    def changed(self, shop_id: int, *, limit: int = 250) -> list[Entry]:
        return self._listed(shop_id, lambda entry: entry.change is not None, limit)

    def count(self, shop_id: int, state: EntryState) -> int:
        if state not in OPEN:
            raise ValueError(f"entries that are {state.value} are in no index")
        return sum(entry.state is state for entry in self._shown(shop_id))

    def claim(self, entry: Entry, file: str, *, at: datetime, by: str = "export") -> Entry | None:
        stored = self.get(entry.shop_id, entry.key)
        if stored is None or stored.state is not EntryState.WAITING:
            return None
        self._into(replace(stored, file=file), EntryState.CLAIMED, at, by, file)
        return self.get(entry.shop_id, entry.key)

    def settle(
        self,
        shop_id: int,
        key: str,
        *,
        file: str,
        to: EntryState,
        outcome: Outcome,
        at: datetime,
        by: str = "export",
    ) -> bool:
        if to is EntryState.CLAIMED:
            raise ValueError("an entry is settled out of its claim, not into it")
        entry = self.get(shop_id, key)
        if entry is None or entry.state is not EntryState.CLAIMED or entry.file != file:
            return False
        if outcome.fingerprint is not None:
            entry = replace(entry, fingerprint=outcome.fingerprint)
        detail = file if to is EntryState.PLACED else outcome.code
        self._into(entry, to, at, by, detail, outcome)
        return True

    def requeue(
        self, shop_id: int, key: str, *, expect: EntryState, at: datetime, by: str, reason: str
    ) -> bool:
        if expect in (EntryState.WAITING, EntryState.CLAIMED):
            raise ValueError(f"an entry that is {expect.value} is released by `settle` alone")
        entry = self.get(shop_id, key)
        if entry is None or entry.state is not expect:
            return False
        if expect is EntryState.PLACED:
            entry = replace(entry, revision=entry.revision + 1)
        self._into(entry, EntryState.WAITING, at, by, reason)
        return True

    def mark_changed(
        self,
        shop_id: int,
        key: str,
        change: str | None,
        *,
        at: datetime,
        by: str = "sweep",
        reprint: tuple[str, str] | None = None,
    ) -> bool:
        entry = self.get(shop_id, key)
        if entry is None or entry.state is not EntryState.PLACED or entry.change == change:
            return False
        if reprint is not None:
            if entry.fingerprint != reprint[0]:
                return False
            entry = replace(entry, fingerprint=reprint[1])
        what = "seen" if change is None else "changed"
        event = Event(at=utc(at), what=what, by=by, detail=change or "")
        self._store(replace(entry, change=change, history=(*entry.history, event)))
        return True

    def _into(
        self,
        entry: Entry,
        state: EntryState,
        at: datetime,
        by: str,
        detail: str = "",
        outcome: Outcome | None = None,
    ) -> None:
        held = outcome if state is EntryState.HELD else None
        since, place = utc(at), (entry.shop_id, entry.key)
        if state is EntryState.WAITING:
            kept = self._waits_since.get(place) if outcome is not None else None
            since = self._waits_since[place] = kept or since
        in_file = state in (EntryState.CLAIMED, EntryState.PLACED)
        event = Event(at=utc(at), what=state.value, by=by, detail=detail)
        self._store(
            replace(
                entry,
                state=state,
                since=since,
                file=entry.file if in_file else None,
                hold=held.code if held else None,
                hold_detail=held.detail if held else "",
                change=None,
                history=(*entry.history, event),
            )
        )

    def _store(self, entry: Entry) -> None:
        self.items.setdefault(entry.shop_id, {})[entry.key] = entry

    def _shown(self, shop_id: int) -> list[Entry]:
        shown = self.items if self._index is None else self._index
        return list(shown.get(shop_id, {}).values())

    def _listed(self, shop_id: int, wanted: Callable[[Entry], bool], limit: int) -> list[Entry]:
        found = [entry for entry in self._shown(shop_id) if wanted(entry)]
        found.sort(key=lambda entry: (entry.day, entry.document_id, entry.kind.value))
        return [replace(entry, history=()) for entry in found[:limit]]
