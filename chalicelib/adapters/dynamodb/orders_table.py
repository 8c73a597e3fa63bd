"""The orders table: what is due, where it is, and how it came there.

A claim is written quietly: a document that a file takes up keeps its `state` ``waiting`` and gets
the file's name as its `claim`, which no index shows. So claiming costs one write unit in place of
three, and a list of what waits holds what is claimed as well. `entry_of` and `entry_steps` know;
version 1.0.0 wrote the state ``claimed``, which is still understood.

What is held and what changed after it was placed stand under one name of the index, so that a page
reads both in one query; versions before 1.4.0 listed the latter under a name of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb.batch_statements import (
    parts,
)
from chalicelib.adapters.dynamodb.compiling import compile_actions, compile_condition
from chalicelib.adapters.dynamodb.entry_batches import EntryWrite, send_batches
from chalicelib.adapters.dynamodb.entry_item import EntryItem, entry_of
from chalicelib.adapters.dynamodb.entry_places import (
    ASKING,
    CHANGED,
    make_day_key,
    make_number_key,
    name_dropped,
    sort_listed,
)
from chalicelib.adapters.dynamodb.entry_steps import EntryStep
from chalicelib.adapters.dynamodb.kept_items import KeptItems
from chalicelib.adapters.dynamodb.records import event_items, new_id, starts_with
from chalicelib.adapters.dynamodb.shortening import shorten_history
from chalicelib.adapters.dynamodb.table_errors import translate_errors
from chalicelib.domain.events import Actor, Event
from chalicelib.domain.ledger import Entry, EntryState, Hint
from chalicelib.domain.life import hint_step, order_transition
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.ports import PAGE, Numbered, StepTaken

LEAST_OF_A_RANGE = 20
MOST_OPERANDS = 100  # that DynamoDB takes of one "in"


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
        step = EntryStep(order_transition(event), event, {})
        actions: list[Action] = [
            m.kind.set(m.kind | hint.kind.value),
            m.document_id.set(m.document_id | hint.document_id),
            m.number.set(m.number | hint.number),
            m.day.set(m.day | hint.day),
            m.day_key.set(m.day_key | make_day_key(hint.day, hint.kind, hint.document_id)),
            m.shop_number.set(m.shop_number | make_number_key(shop_id, hint)),
            m.revision.set(m.revision | 0),
            m.history.set((m.history | []).append(event_items(event))),
            *compile_actions(m, step.list_changes(shop_id, self._lifetimes.audit)),
        ]
        may = compile_condition(m, step.transition, event, {})
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
        return self._record(shop_id, taken.key, EntryStep.of(taken))

    def record_all(self, shop_id: int, taken: Sequence[StepTaken]) -> list[Entry | None]:
        """See the port. Most go in batches; what a batch does not carry out is tried by itself,
        under the same `write_id`, by which a write whose answer was lost is known to be our own.
        """
        writes = [EntryWrite(each.key, EntryStep.of(each), new_id()) for each in taken]
        items = send_batches(self._table, shop_id, writes, self._lifetimes.audit)
        return [
            self._record(shop_id, write.key, write.step, write.write_id)
            if (item := items.get(write.write_id)) is None
            else self._entry_after(shop_id, write.key, item)
            for write in writes
        ]

    def _record(self, shop_id: int, key: str, step: EntryStep, write_id: str = "") -> Entry | None:
        m = self._model
        actions = [
            m.history.set(m.history.append(event_items(step.event))),
            *compile_actions(m, step.list_changes(shop_id, self._lifetimes.audit)),
        ]
        may = step.compile_condition(m)
        item = self._table.change(shop_id, key, actions, may, write_id=write_id)
        return None if item is None else self._entry_after(shop_id, key, item)

    def _entry_after(self, shop_id: int, key: str, item: EntryItem) -> Entry:
        return entry_of(shorten_history(self._table, shop_id, key, item))

    def get(self, shop_id: int, key: str) -> Entry | None:
        item = self._table.read(shop_id, key)
        return None if item is None else entry_of(item)

    def get_all(self, shop_id: int, keys: Collection[str]) -> dict[str, Entry]:
        """See the port. Documents of one night have ids close together, and a query of a range
        costs what it reads, where each item by its key costs a unit: some five times as much. What
        a query of twice as many does not come to is read by keys, a hundred a call.
        """
        wanted, items = {*keys}, list[EntryItem]()
        left = wanted
        if len(wanted) >= LEAST_OF_A_RANGE:
            items, last = self._read_range(shop_id, wanted)
            left = {key for key in wanted if key > last}
        items += self._table.read_all(shop_id, left) if left else ()
        return {item.key: entry_of(item) for item in items if item.key in wanted}

    def _read_range(self, shop_id: int, keys: Collection[str]) -> tuple[list[EntryItem], str]:
        """The first documents between the first and the last of these keys, whichever they are, and
        up to which key there is no other.
        """
        first, last, limit = min(keys), max(keys), 2 * len(keys)
        between = self._model.key.between(first, last)
        with translate_errors(self._table.name, f"{len(keys)} items of shop {shop_id}"):
            found = list(self._model.query(shop_id, between, limit=limit, consistent_read=True))
        return found, last if len(found) < limit else found[-1].key

    def find_by_numbers(self, shop_id: int, numbers: Collection[str]) -> list[Entry]:
        """See the port: keys by the index, whose numbers DynamoDB compares itself, a megabyte (some
        ten thousand documents) a call; then the entries consistently.
        """
        m, keys = self._model, set[str]()
        for some in parts(sorted({*numbers}), MOST_OPERANDS):
            with translate_errors(self._table.name, f"shop {shop_id}, {len(some)} numbers"):
                found = m.by_day.query(shop_id, filter_condition=m.number.is_in(*some))
                keys.update(item.key for item in found)
        entries = self.get_all(shop_id, keys) if keys else {}
        return [entries[key] for key in sorted(entries)]

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

    def _list(
        self, shop_id: int, queue: str, limit: int | None, only: Condition | None = None
    ) -> list[Entry]:
        name = f"{shop_id}#{queue}"
        with translate_errors(self._table.name, name):
            found = self._model.by_open.query(name, filter_condition=only, limit=limit)
            return [entry_of(item) for item in found]
