"""What a document's biography tells, by the table of life: its states, and its fields; and which
of its events are kept when it grows long.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, fields

from chalicelib.domain.bounds import MOST_EVENTS
from chalicelib.domain.events import Event
from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.domain.life import ORDER_LIFE
from chalicelib.domain.transitions import apply_changes, field_changes

_KEPT_FIRST, _KEPT_LAST = 20, 100

ENTRY_DEFAULTS: Mapping[str, object] = {
    each.name: None if each.default is MISSING else each.default for each in fields(Entry)
}
"""The fields of a document of which nothing is known yet."""

FACTS = (
    "asked_at",
    "asked_by",
    "has_evidence",
    "by_hand",
    "claimed_at",
    "missing_since",
    "drop_cause",
    "reported_at",
    "refund_reported_at",
    "details_reported_at",
    "vat_reported_at",
    "refund_accepted_at",
    "there",
    "there_reported_at",
    "taken_back_at",
)
"""The fields of an `Entry` that its biography alone tells as well."""


def choose_kept(steps: Sequence[object]) -> list[int]:
    """The places of the events that stay of a biography with these steps: all, or of one that is
    longer than `MOST_EVENTS` its beginning, its end, and of every step the first and the last.
    """
    if len(steps) <= MOST_EVENTS:
        return list(range(len(steps)))
    first = {step: place for place, step in reversed([*enumerate(steps)])}
    last = {step: place for place, step in enumerate(steps)}
    ends = {*range(_KEPT_FIRST), *range(len(steps) - _KEPT_LAST, len(steps))}
    return sorted(ends | {*first.values(), *last.values()})


def shorten(history: Sequence[Event]) -> tuple[Event, ...]:
    """The events of a biography that are kept."""
    return tuple(history[place] for place in choose_kept([event.step for event in history]))


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
