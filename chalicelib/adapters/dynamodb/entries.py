"""The orders table: what is due, where it is, and how it came there."""

from __future__ import annotations

from datetime import date, datetime

from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb.entry_item import EntryItem
from chalicelib.adapters.dynamodb.faults import told
from chalicelib.adapters.dynamodb.records import Table, line, told_events
from chalicelib.domain.ledger import Actor, DocumentKind, Entry, EntryState, Hint, Outcome
from chalicelib.ports import PAGE

_OPEN_STATES = (EntryState.WAITING, EntryState.CLAIMED, EntryState.HELD)
_REQUEUED_FROM = (EntryState.PLACED, EntryState.HELD, EntryState.DROPPED)


class DynamoEntries:
    """Port `Entries` on DynamoDB."""

    def __init__(self, model: type[EntryItem]) -> None:
        self._table = Table(model)
        self._model = model

    def hear(self, shop_id: int, hint: Hint, *, at: datetime, by: str) -> bool:
        """See the port. Always exactly one write and never a read, so that the webhook's role needs
        no more than UpdateItem.
        """
        m = self._model
        actions: list[Action] = [
            m.kind.set(m.kind | hint.kind.value),
            m.document_id.set(m.document_id | hint.document_id),
            m.number.set(m.number | hint.number),
            m.day.set(m.day | hint.day),
            m.day_key.set(m.day_key | _day_key(hint.day, hint.kind, hint.document_id)),
            m.shop_number.set(m.shop_number | f"{shop_id}#{hint.number}"),
            m.revision.set(m.revision | 0),
            m.history.set((m.history | []).append(line(at, EntryState.WAITING.value, by))),
            *self._into(shop_id, EntryState.WAITING, at),
            m.waits_since.set(at),
        ]
        may = m.key.does_not_exist() | m.state.is_in(
            EntryState.HELD.value, EntryState.DROPPED.value
        )
        return self._table.change(shop_id, hint.key, actions, may, verify=False) is not None

    def get(self, shop_id: int, key: str) -> Entry | None:
        """See the port."""
        item = self._table.read(shop_id, key)
        return None if item is None else _entry(item)

    def by_number(self, shop_id: int, number: str) -> list[Entry]:
        """See the port: keys by the index, then each entry consistently."""
        with told(self._table.name, f"shop {shop_id}, number {number}"):
            keys = [i.key for i in self._model.by_number.query(f"{shop_id}#{number}")]
        found = [self.get(shop_id, key) for key in sorted(keys)]
        return [entry for entry in found if entry is not None]

    def open(self, shop_id: int, state: EntryState, *, limit: int = PAGE) -> list[Entry]:
        """See the port; the entries come without history."""
        return self._listed(shop_id, _open(state).value, limit)

    def changed(self, shop_id: int, *, limit: int = PAGE) -> list[Entry]:
        """See the port; the entries come without history."""
        return self._listed(shop_id, "changed", limit)

    def count(self, shop_id: int, state: EntryState) -> int:
        """See the port."""
        queue = f"{shop_id}#{_open(state).value}"
        with told(self._table.name, queue):
            return self._model.by_open.count(queue)

    def claim(
        self, entry: Entry, file: str, *, at: datetime, by: str = Actor.EXPORT
    ) -> Entry | None:
        """See the port."""
        m = self._model
        actions = [
            *self._into(entry.shop_id, EntryState.CLAIMED, at),
            m.file.set(file),
            m.history.set(m.history.append(line(at, EntryState.CLAIMED.value, by, file))),
        ]
        waiting = m.state == EntryState.WAITING.value
        item = self._table.change(entry.shop_id, entry.key, actions, waiting)
        return None if item is None else _entry(item)

    def settle(
        self,
        shop_id: int,
        key: str,
        *,
        file: str,
        to: EntryState,
        outcome: Outcome,
        at: datetime,
        by: str = Actor.EXPORT,
    ) -> bool:
        """See the port."""
        if to is EntryState.CLAIMED:
            raise ValueError("an entry is settled out of its claim, not into it")
        m = self._model
        detail = file if to is EntryState.PLACED else outcome.code
        actions = [
            *self._into(shop_id, to, at, outcome),
            m.history.set(m.history.append(line(at, to.value, by, detail))),
        ]
        if to is EntryState.WAITING:
            actions.append(m.waits_since.set(m.waits_since | at))
        if outcome.fingerprint is not None:
            actions.append(m.fingerprint.set(outcome.fingerprint))
        claimed = (m.state == EntryState.CLAIMED.value) & (m.file == file)
        return self._table.change(shop_id, key, actions, claimed) is not None

    def requeue(
        self, shop_id: int, key: str, *, expect: EntryState, at: datetime, by: str, reason: str
    ) -> bool:
        """See the port."""
        if expect not in _REQUEUED_FROM:
            raise ValueError(f"an entry that is {expect.value} is released by `settle` alone")
        m = self._model
        actions = [
            *self._into(shop_id, EntryState.WAITING, at),
            m.waits_since.set(at),
            m.history.set(m.history.append(line(at, EntryState.WAITING.value, by, reason))),
        ]
        if expect is EntryState.PLACED:
            actions.append(m.revision.set(m.revision + 1))
        return self._table.change(shop_id, key, actions, m.state == expect.value) is not None

    def mark_changed(
        self,
        shop_id: int,
        key: str,
        change: str | None,
        *,
        at: datetime,
        by: str = Actor.SWEEP,
        reprint: tuple[str, str] | None = None,
    ) -> bool:
        """See the port."""
        m = self._model
        may = m.state == EntryState.PLACED.value
        if change is None:
            may &= m.change.exists()
            actions: list[Action] = [m.change.remove(), m.queue.remove()]
        else:
            may &= m.change.does_not_exist() | (m.change != change)
            actions = [m.change.set(change), m.queue.set(f"{shop_id}#changed")]
        if reprint is not None:
            may &= m.fingerprint == reprint[0]
            actions.append(m.fingerprint.set(reprint[1]))
        told_as = line(at, "seen" if change is None else "changed", by, change or "")
        actions.append(m.history.set(m.history.append(told_as)))
        return self._table.change(shop_id, key, actions, may) is not None

    def _into(
        self, shop_id: int, state: EntryState, at: datetime, outcome: Outcome | None = None
    ) -> list[Action]:
        """What every arrival in a state sets and clears. An `outcome` says that a file lets go of
        it: if it waits again, it does so since before that file.
        """
        m = self._model
        is_open = state in _OPEN_STATES
        given_back = state is EntryState.WAITING and outcome is not None
        actions: list[Action] = [
            m.state.set(state.value),
            m.since.set(m.waits_since | at if given_back else at),
            m.queue.set(f"{shop_id}#{state.value}") if is_open else m.queue.remove(),
            m.change.remove(),
        ]
        if state not in (EntryState.CLAIMED, EntryState.PLACED):
            actions.append(m.file.remove())
        if state is EntryState.HELD and outcome is not None:
            return [*actions, m.hold.set(outcome.code), m.hold_detail.set(outcome.detail)]
        return [*actions, m.hold.remove(), m.hold_detail.remove()]

    def _listed(self, shop_id: int, queue: str, limit: int) -> list[Entry]:
        name = f"{shop_id}#{queue}"
        with told(self._table.name, name):
            return [_entry(item) for item in self._model.by_open.query(name, limit=limit)]


def _open(state: EntryState) -> EntryState:
    if state not in _OPEN_STATES:
        raise ValueError(f"entries that are {state.value} are in no index")
    return state


def _day_key(day: date, kind: DocumentKind, document_id: int) -> str:
    """Sorts by day, then by document number (which only ever grow)."""
    return f"{day.isoformat()}#{document_id:015d}#{kind.value}"


def _entry(item: EntryItem) -> Entry:
    return Entry(
        shop_id=int(item.shop_id),
        kind=DocumentKind(item.kind),
        document_id=int(item.document_id),
        number=item.number,
        day=item.day,
        state=EntryState(item.state),
        since=item.since,
        file=item.file,
        hold=item.hold,
        hold_detail=item.hold_detail or "",
        fingerprint=item.fingerprint,
        change=item.change,
        revision=int(item.revision),
        history=told_events(item.history),
    )
