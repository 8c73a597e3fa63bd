"""What a document's biography tells, by the table of life: its states, and its fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chalicelib.domain.events import Event
from chalicelib.domain.ledger import ENTRY_DEFAULTS, EntryState
from chalicelib.domain.life import ORDER_LIFE
from chalicelib.domain.transitions import apply_changes, field_changes


def states_around(
    history: Sequence[Event],
) -> Iterator[tuple[EntryState | None, Event, EntryState]]:
    """Each event of a document's biography, between the state before and the state after it."""
    before: EntryState | None = None
    for event in history:
        after = next(t.to for t in ORDER_LIFE if t.step is event.step)
        yield before, event, after
        before = after


def replay(history: Sequence[Event]) -> dict[str, object]:
    """The fields of a document as its biography alone tells them, from the beginning on; for
    records from before the facts were kept.
    """
    fields = dict(ENTRY_DEFAULTS)
    for event in history:
        transition = next(t for t in ORDER_LIFE if t.step is event.step)
        fields = apply_changes(fields, field_changes(transition, event, {}), ENTRY_DEFAULTS)
    return fields
