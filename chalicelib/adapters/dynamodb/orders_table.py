"""The orders table: what is due, where it is, and how it came there.

A claim is written quietly: a document that a file takes up keeps its `state` ``waiting`` and gets
the file's name as its `claim`, which no index shows. So claiming costs one write unit in place of
three, and a list of what waits holds what is claimed as well. `entry_of` and the conditions here
know; version 1.0.0 wrote the state ``claimed``, which is still understood.

What is held and what changed after it was placed stand under one name of the index, so that a page
reads both in one query; versions before 1.4.0 listed the latter under a name of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb.compiling import compile_actions, compile_condition
from chalicelib.adapters.dynamodb.entry_item import EntryItem, entry_of
from chalicelib.adapters.dynamodb.entry_places import (
    ASKING,
    CHANGED,
    make_day_key,
    make_number_key,
    name_dropped,
    sort_listed,
)
from chalicelib.adapters.dynamodb.kept_items import KeptItems
from chalicelib.adapters.dynamodb.records import event_items, starts_with
from chalicelib.adapters.dynamodb.shortening import shorten_history
from chalicelib.adapters.dynamodb.table_errors import translate_errors
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor, Event
from chalicelib.domain.ledger import Entry, EntryState, Hint
from chalicelib.domain.life import hint_step, order_transition
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.domain.transitions import Given, Transition, field_changes
from chalicelib.ports import PAGE, Numbered, StepTaken


class DynamoEntries(KeptItems[EntryItem]):
    """Port `Entries` on DynamoDB."""

    def __init__(self, model: type[EntryItem], lifetimes: Lifetimes) -> None:
        super().__init__(model, model.key)
        self._lifetimes = lifetimes

    def record_hint(self, shop_id: int, hint: Hint, *, at: datetime, by: Actor) -> bool:
        """See the port. One write, for a biography that has grown too long a second one, and never
        a read, so that the webhook's role needs no more than UpdateItem.
        """
        m = self._model
        event = Event(at=at, step=hint_step(by), by=by)
        transition = order_transition(event)
        actions: list[Action] = [
            m.kind.set(m.kind | hint.kind.value),
            m.document_id.set(m.document_id | hint.document_id),
            m.number.set(m.number | hint.number),
            m.day.set(m.day | hint.day),
            m.day_key.set(m.day_key | make_day_key(hint.day, hint.kind, hint.document_id)),
            m.shop_number.set(m.shop_number | make_number_key(shop_id, hint)),
            m.revision.set(m.revision | 0),
            m.history.set((m.history | []).append(event_items(event))),
            *self._changes(shop_id, transition, event, {}),
        ]
        may = compile_condition(m, transition, event, {})
        item = self._table.change(shop_id, hint.key, actions, may, verify=False)
        if item is not None:
            shorten_history(self._table, shop_id, hint.key, item)
        return item is not None

    def correct_hint(self, shop_id: int, hint: Hint) -> Entry | None:
        m = self._model
        actions: list[Action] = [
            m.number.set(hint.number),
            m.day.set(hint.day),
            m.day_key.set(make_day_key(hint.day, hint.kind, hint.document_id)),
            m.shop_number.set(make_number_key(shop_id, hint)),
        ]
        item = self._table.change(shop_id, hint.key, actions, m.state.exists())
        return None if item is None else entry_of(item)

    def note_prints(self, shop_id: int, key: str, fingerprint: str, *, read: str) -> bool:
        m = self._model
        is_as_read = (m.state == EntryState.PLACED.value) & (m.fingerprint == read)
        changes: list[Action] = [m.fingerprint.set(fingerprint)]
        return self._table.change(shop_id, key, changes, is_as_read) is not None

    def record(self, shop_id: int, taken: StepTaken) -> Entry | None:
        m = self._model
        event = taken.event
        transition = order_transition(event)
        given: dict[Given, object] = {
            Given.DETAIL: taken.detail or None,
            Given.FINGERPRINT: taken.fingerprint,
            Given.BOOKED_ON: taken.booked_on,
            Given.ASPERION_ID: taken.asperion_id,
            Given.DELIVERED_PRINT: taken.delivered_print,
            Given.FORMER_FILE: taken.former_file,
            Given.SHOWN_PRINT: taken.shown_print,
        }
        may = self._condition(transition, event, given)
        if taken.read_fingerprint is not None:
            may &= m.fingerprint == taken.read_fingerprint
        actions = [
            m.history.set(m.history.append(event_items(event))),
            *self._changes(shop_id, transition, event, given),
        ]
        item = self._table.change(shop_id, taken.key, actions, may)
        if item is None:
            return None
        return entry_of(shorten_history(self._table, shop_id, taken.key, item))

    def record_all(self, shop_id: int, taken: Sequence[StepTaken]) -> list[Entry | None]:
        return [self.record(shop_id, each) for each in taken]

    def get(self, shop_id: int, key: str) -> Entry | None:
        item = self._table.read(shop_id, key)
        return None if item is None else entry_of(item)

    def get_all(self, shop_id: int, keys: Collection[str]) -> dict[str, Entry]:
        """See the port; a hundred keys a call."""
        items = self._table.read_all(shop_id, keys)
        return {item.key: entry_of(item) for item in items}

    def find_by_number(self, shop_id: int, number: str) -> list[Entry]:
        """See the port: keys by the index, then each entry consistently."""
        with translate_errors(self._table.name, f"shop {shop_id}, number {number}"):
            keys = [i.key for i in self._model.by_number.query(f"{shop_id}#{number}")]
        found = [self.get(shop_id, key) for key in sorted(keys)]
        return [entry for entry in found if entry is not None]

    def list_numbers(
        self, shop_id: int, *, day: date | None = None, limit: int = PAGE
    ) -> list[Numbered]:
        """See the port; one query, of less than a megabyte for some thousands."""
        m = self._model
        of_day = None if day is None else starts_with(m.day_key, f"{day.isoformat()}#")
        with translate_errors(self._table.name, f"numbers of shop {shop_id}"):
            found = m.by_day.query(
                shop_id, of_day, limit=limit, page_size=limit, scan_index_forward=False
            )
            return [Numbered(key=item.key, number=item.number) for item in found]

    def list_all(self, shop_id: int, *, after: str = "", limit: int = PAGE) -> list[Entry]:
        return [entry_of(item) for item in self.read_kept(shop_id, after=after, limit=limit)]

    def list_waiting(
        self, shop_id: int, *, limit: int = PAGE, is_joined: bool = False
    ) -> list[Entry]:
        if is_joined:
            return self._list(shop_id, EntryState.WAITING.value, limit)
        former = self._list(shop_id, EntryState.CLAIMED.value, limit)
        listed = self._list(shop_id, EntryState.WAITING.value, limit)
        waiting = [replace(entry, state=EntryState.WAITING, file=None) for entry in former]
        return sorted([*waiting, *listed], key=sort_listed)[:limit] if former else listed

    def list_held(self, shop_id: int, *, limit: int = PAGE) -> list[Entry]:
        return self._list(shop_id, ASKING, limit, self._model.state == EntryState.HELD.value)

    def list_changed(self, shop_id: int, *, limit: int = PAGE) -> list[Entry]:
        listed = self._list(shop_id, ASKING, limit, self._model.change.exists())
        former = self._list(shop_id, CHANGED, limit)
        return sorted([*former, *listed], key=sort_listed)[:limit] if former else listed

    def list_asking(self, shop_id: int, *, limit: int = PAGE) -> list[Entry]:
        return self._list(shop_id, ASKING, limit)

    def join_lists(self, shop_id: int) -> int:
        """See the port. A claim of version 1.0.0 is left to the run that finishes its file."""
        m = self._model
        former = f"{shop_id}#{CHANGED}"
        changed = self._list(shop_id, CHANGED, None)
        for entry in changed:
            place = m.queue.set(f"{shop_id}#{ASKING}")
            self._table.change(shop_id, entry.key, [place], m.queue == former)
        return len(changed) + self._count(shop_id, EntryState.CLAIMED.value)

    def list_dropped(self, shop_id: int, day: date) -> list[Entry]:
        return self._list(shop_id, name_dropped(day), None)

    def count_waiting(self, shop_id: int) -> int:
        states = (EntryState.WAITING, EntryState.CLAIMED)
        return sum(self._count(shop_id, state.value) for state in states)

    def count_held(self, shop_id: int) -> int:
        return self._count(shop_id, ASKING, self._model.state == EntryState.HELD.value)

    def _end_of(self, item: EntryItem, left_at: datetime | None) -> datetime | None:
        return self._lifetimes.end_of_entry(entry_of(item), left_at)

    def _count(self, shop_id: int, queue: str, only: Condition | None = None) -> int:
        name = f"{shop_id}#{queue}"
        with translate_errors(self._table.name, name):
            return self._model.by_open.count(name, filter_condition=only)

    def _condition(
        self, transition: Transition[EntryState], event: Event, given: Mapping[Given, object]
    ) -> Condition:
        m = self._model
        condition = compile_condition(m, transition, event, given)
        if EntryState.WAITING in transition.sources:
            condition &= m.claim.does_not_exist()
        if EntryState.CLAIMED in transition.sources:
            quiet = compile_condition(m, _of_claimed(transition), event, given)
            condition |= quiet & m.claim.exists()
        return condition

    def _changes(
        self,
        shop_id: int,
        transition: Transition[EntryState],
        event: Event,
        given: Mapping[Given, object],
    ) -> list[Action]:
        """What a step does to the fields, and to the place in the index of what asks for somebody:
        what is open, what changed after it was placed, and what was dropped, by day.
        """
        m = self._model
        changes = list(field_changes(transition, event, given))
        if transition.to is EntryState.CLAIMED:
            quiet = [change for change in changes if change.field == "claimed_at"]
            return [*compile_actions(m, quiet), m.claim.set(str(event.file)), m.expires.remove()]
        queue = transition.to.value if transition.to.is_open else None
        if transition.to is EntryState.DROPPED:
            queue = name_dropped(local_day(event.at))
        elif any(change.field == "change" and change.value for change in changes):
            queue = ASKING
        place = m.queue.remove() if queue is None else m.queue.set(f"{shop_id}#{queue}")
        released = [m.claim.remove()] if EntryState.CLAIMED in transition.sources else []
        return [*compile_actions(m, changes), place, *released, self._lasts(transition, event)]

    def _lasts(self, transition: Transition[EntryState], event: Event) -> Action:
        """An open document is needed; any other is kept for so long after this step."""
        expires, is_needed = self._model.expires, transition.to.is_open
        return expires.remove() if is_needed else expires.set(event.at + self._lifetimes.audit)

    def _list(
        self, shop_id: int, queue: str, limit: int | None, only: Condition | None = None
    ) -> list[Entry]:
        name = f"{shop_id}#{queue}"
        with translate_errors(self._table.name, name):
            found = self._model.by_open.query(name, filter_condition=only, limit=limit)
            return [entry_of(item) for item in found]


def _of_claimed(transition: Transition[EntryState]) -> Transition[EntryState]:
    """The transition as it is of a document that was claimed quietly."""
    matches = tuple(
        ("claim" if name == "file" else name, given) for name, given in transition.matches
    )
    return replace(transition, sources=(EntryState.WAITING,), matches=matches)
