"""The orders table in memory: it applies the table of life to plain entries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.biography import ENTRY_DEFAULTS, shorten
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, Event
from chalicelib.domain.ledger import Entry, EntryState, Hint
from chalicelib.domain.life import hint_step, order_transition
from chalicelib.domain.transitions import Given, apply_changes, field_changes, is_allowed
from chalicelib.ports import PAGE, KeptItem, Numbered, StepTaken
from tests.fakes.kept_in_memory import LIFETIMES, KeptInMemory
from tests.fakes.moments import utc


class MemoryEntries:
    """Port `Entries`."""

    def __init__(self) -> None:
        self.items: dict[int, dict[str, Entry]] = {}
        self.kept = KeptInMemory(self.items)
        self._index: dict[int, dict[str, Entry]] | None = None

    def freeze_index(self) -> None:
        """From now on lists show what is there at this moment."""
        self._index = {shop_id: dict(entries) for shop_id, entries in self.items.items()}

    def thaw_index(self) -> None:
        """Lists have caught up."""
        self._index = None

    def record_hint(self, shop_id: int, hint: Hint, *, at: datetime, by: Actor) -> bool:
        event = Event(at=utc(at), step=hint_step(by), by=by)
        stored = self.get(shop_id, hint.key)
        new = Entry(
            shop_id=shop_id,
            kind=hint.kind,
            document_id=hint.document_id,
            number=hint.number,
            day=hint.day,
            state=EntryState.WAITING,
            since=utc(at),
        )
        return self._apply(stored, event, {}, new=new) is not None

    def correct_hint(self, shop_id: int, hint: Hint) -> Entry | None:
        stored = self.get(shop_id, hint.key)
        if stored is None:
            return None
        corrected = replace(stored, number=hint.number, day=hint.day)
        self.items[shop_id][hint.key] = corrected
        return corrected

    def note_prints(self, shop_id: int, key: str, fingerprint: str, *, read: str) -> bool:
        stored = self.get(shop_id, key)
        if stored is None or stored.state is not EntryState.PLACED or stored.fingerprint != read:
            return False
        self.items[shop_id][key] = replace(stored, fingerprint=fingerprint)
        return True

    def record(self, shop_id: int, taken: StepTaken) -> Entry | None:
        stored = self.get(shop_id, taken.key)
        event = replace(taken.event, at=utc(taken.event.at))
        given: dict[Given, object] = {
            Given.DETAIL: taken.detail or None,
            Given.FINGERPRINT: taken.fingerprint,
            Given.BOOKED_ON: taken.booked_on,
            Given.ASPERION_ID: taken.asperion_id,
            Given.DELIVERED_PRINT: taken.delivered_print,
            Given.FORMER_FILE: taken.former_file,
            Given.SHOWN_PRINT: taken.shown_print,
        }
        if stored is not None and taken.read_fingerprint not in (None, stored.fingerprint):
            order_transition(event)
            return None
        return self._apply(stored, event, given)

    def record_all(self, shop_id: int, taken: Sequence[StepTaken]) -> list[Entry | None]:
        for each in taken:  # a mistake in one of them is one before any is recorded
            order_transition(each.event)
        return [self.record(shop_id, each) for each in taken]

    def get(self, shop_id: int, key: str) -> Entry | None:
        return self.items.get(shop_id, {}).get(key)

    def get_all(self, shop_id: int, keys: Collection[str]) -> dict[str, Entry]:
        found = {key: self.get(shop_id, key) for key in keys}
        return {key: entry for key, entry in found.items() if entry is not None}

    def find_by_numbers(self, shop_id: int, numbers: Collection[str]) -> list[Entry]:
        keys = sorted(entry.key for entry in self._shown(shop_id) if entry.number in numbers)
        return [self.items[shop_id][key] for key in keys]

    def list_numbers(
        self, shop_id: int, *, day: date | None = None, limit: int = PAGE
    ) -> list[Numbered]:
        found = self._list(shop_id, lambda entry: day in (None, entry.day), None)
        return [Numbered(entry.key, entry.number) for entry in reversed(found)][:limit]

    def list_all(self, shop_id: int, *, after: str = "", limit: int = 250) -> list[Entry]:
        held = self.items.get(shop_id, {})
        return [held[key] for key in sorted(held) if key > after][:limit]

    def list_waiting(
        self, shop_id: int, *, limit: int = 250, is_joined: bool = False
    ) -> list[Entry]:
        return self._list(shop_id, lambda entry: entry.state in _WAITING, limit)

    def list_held(self, shop_id: int, *, limit: int = 250) -> list[Entry]:
        return self._list(shop_id, lambda entry: entry.state is EntryState.HELD, limit)

    def list_changed(self, shop_id: int, *, limit: int = 250) -> list[Entry]:
        return self._list(shop_id, lambda entry: entry.change is not None, limit)

    def list_asking(self, shop_id: int, *, limit: int = 250) -> list[Entry]:
        def asks(entry: Entry) -> bool:
            return entry.state is EntryState.HELD or entry.change is not None

        return self._list(shop_id, asks, limit)

    def join_lists(self, shop_id: int) -> int:
        return 0

    def list_dropped(self, shop_id: int, day: date) -> list[Entry]:
        def is_dropped(entry: Entry) -> bool:
            return entry.state is EntryState.DROPPED and local_day(entry.since) == day

        return self._list(shop_id, is_dropped, None)

    def count_waiting(self, shop_id: int) -> int:
        return sum(entry.state in _WAITING for entry in self._shown(shop_id))

    def count_held(self, shop_id: int) -> int:
        return sum(entry.state is EntryState.HELD for entry in self._shown(shop_id))

    def extract(self, shop_id: int, *, after: str = "", limit: int = PAGE) -> list[KeptItem]:
        return self.kept.extract(shop_id, after, limit)

    def extract_some(self, shop_id: int, keys: Collection[str]) -> list[KeptItem]:
        return self.kept.extract_some(shop_id, keys)

    def erase(self, shop_id: int, *, limit: int) -> int:
        return self.kept.erase(shop_id, limit)

    def renew_lifetimes(
        self, shop_id: int, *, left_at: datetime | None, after: str, limit: int
    ) -> str:
        def end(key: str) -> datetime | None:
            return LIFETIMES.end_of_entry(self.items[shop_id][key], left_at)

        return self.kept.renew_lifetimes(shop_id, end, after, limit)

    def _apply(
        self,
        stored: Entry | None,
        event: Event,
        given: Mapping[Given, object],
        *,
        new: Entry | None = None,
    ) -> Entry | None:
        transition = order_transition(event)
        before = None if stored is None else _fields_of(stored)
        entry = stored or new
        if entry is None or not is_allowed(transition, before, event, given):
            return None
        changes = field_changes(transition, event, given)
        after: Any = apply_changes(_fields_of(entry), changes, ENTRY_DEFAULTS)
        after["history"] = shorten((*entry.history, event))
        changed = Entry(**after)
        self.items.setdefault(changed.shop_id, {})[changed.key] = changed
        self.kept.end_at(changed.shop_id, changed.key, LIFETIMES.end_of_entry(changed, None))
        return changed

    def _shown(self, shop_id: int) -> list[Entry]:
        shown = self.items if self._index is None else self._index
        return list(shown.get(shop_id, {}).values())

    def _list(
        self, shop_id: int, wanted: Callable[[Entry], bool], limit: int | None
    ) -> list[Entry]:
        found = [entry for entry in self._shown(shop_id) if wanted(entry)]
        found.sort(key=lambda entry: (entry.day, entry.document_id, entry.kind.value))
        return [_listed(entry) for entry in found[:limit]]


def _fields_of(entry: Entry) -> dict[str, object]:
    return {each.name: getattr(entry, each.name) for each in fields(entry)}


_WAITING = (EntryState.WAITING, EntryState.CLAIMED)


def _listed(entry: Entry) -> Entry:
    """What a list shows of an entry. Claims are written without touching the index."""
    if entry.state is EntryState.CLAIMED:
        since = entry.asked_at or entry.since
        entry = replace(entry, state=EntryState.WAITING, since=since, file=None)
    return replace(entry, **_UNLISTED)


LISTED = (
    *("shop_id", "kind", "document_id", "number", "day", "state", "since", "file", "hold"),
    *("hold_detail", "fingerprint", "change", "revision"),
)
"""What a list shows of an entry; everything else is as if nothing were known."""

_UNLISTED: Any = {
    name: () if name == "history" else default
    for name, default in ENTRY_DEFAULTS.items()
    if name not in LISTED
}
