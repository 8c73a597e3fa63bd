"""What a transition of a stored record is, and what it does to the record's fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum, StrEnum
from typing import Generic, TypeVar

from chalicelib.domain.events import Actor, Event, FileStep, OrderStep
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.lazy_dataclass import dataclass

S = TypeVar("S", EntryState, FileState)


class Given(Enum):
    """Where a recorded value comes from: the event, or what the caller gives along with it."""

    AT = "at"
    BY = "by"
    CAUSE = "cause"
    FILE = "file"
    DETAIL = "detail"
    FINGERPRINT = "fingerprint"
    BOOKED_ON = "booked_on"
    ASPERION_ID = "asperion_id"
    DELIVERED_PRINT = "delivered_print"
    FORMER_FILE = "former_file"
    KEYS = "keys"
    SHA256 = "sha256"
    SIZE = "size"
    INBOX = "inbox"
    COVER = "cover"
    REFUNDED = "refunded"
    PROFILE = "profile"
    TERMS = "terms"
    RETURNS = "returns"
    DAYS = "days"
    SALES = "sales"
    LOCKED_UNTIL = "locked_until"
    SOUGHT = "sought"
    SHOWN_PRINT = "shown_print"
    NOTHING = "nothing"  # which is never given: a field is cleared for one cause alone
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Record:
    """A field that a step sets. A value that the caller does not give leaves it as it is.

    `once`: the field keeps the value it has. `only_for`: recorded for this cause alone.
    `from_field`: the stored value of that field goes first, what is given only stands in for it.
    `or_clear`: a value that is not given clears the field.
    """

    field: str
    given: Given
    once: bool = False
    only_for: StrEnum | None = None
    from_field: str = ""
    or_clear: bool = False


@dataclass(frozen=True, slots=True)
class Transition(Generic[S]):
    """One step: from which states (None: there is no record yet), to which, by whom.

    `causes` are the codes that its event may carry. `matches` are fields that must be stored as
    the event says, `differs` fields that must not be so yet, `present` fields that must be there.
    `records`, `clears` and `counts` are what happens to the record's fields.
    """

    step: OrderStep | FileStep
    sources: tuple[S | None, ...]
    to: S
    by: frozenset[Actor]
    records: tuple[Record, ...] = ()
    clears: tuple[str, ...] = ()
    causes: tuple[type[StrEnum], ...] = ()
    matches: tuple[tuple[str, Given], ...] = ()
    differs: tuple[tuple[str, Given], ...] = ()
    present: tuple[str, ...] = ()
    counts: tuple[str, ...] = ()


class Effect(Enum):
    """What happens to a field."""

    SET = "set"
    SET_ONCE = "set once"  # keeps the value it has
    COPY = "copy"  # of another field, or else the value
    CLEAR = "clear"
    COUNT = "count"  # one more


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a record, and what a step does to it."""

    field: str
    effect: Effect
    value: object = None
    other: str = ""


def stated(event: Event, given: Mapping[Given, object]) -> dict[Given, object]:
    """Everything that a step may record or compare: what the event says, and what is `given`."""
    return {
        **given,
        Given.AT: event.at,
        Given.BY: event.by,
        Given.CAUSE: event.cause,
        Given.FILE: event.file,
        Given.YES: True,
        Given.NO: False,
    }


def field_changes(
    transition: Transition[S], event: Event, given: Mapping[Given, object]
) -> Iterator[FieldChange]:
    """What a step does to a record's fields, `state` first."""
    values = stated(event, given)
    yield FieldChange("state", Effect.SET, transition.to)
    for record in transition.records:
        value = values.get(record.given)
        if record.only_for not in (None, event.cause):
            continue
        if value is None:
            if record.or_clear:
                yield FieldChange(record.field, Effect.CLEAR)
        elif record.from_field:
            yield FieldChange(record.field, Effect.COPY, value, record.from_field)
        else:
            effect = Effect.SET_ONCE if record.once else Effect.SET
            yield FieldChange(record.field, effect, value)
    for name in transition.clears:
        yield FieldChange(name, Effect.CLEAR)
    for name in transition.counts:
        yield FieldChange(name, Effect.COUNT)


def apply_changes(
    fields: Mapping[str, object], changes: Iterable[FieldChange], blank: Mapping[str, object]
) -> dict[str, object]:
    """The fields after the changes; a cleared one has its value of `blank`."""
    after = dict(fields)
    for change in changes:
        stored = after[change.field]
        if change.effect is Effect.SET or (change.effect is Effect.SET_ONCE and stored is None):
            after[change.field] = change.value
        elif change.effect is Effect.COPY:
            other = after[change.other]
            after[change.field] = change.value if other is None else other
        elif change.effect is Effect.CLEAR:
            after[change.field] = blank[change.field]
        elif change.effect is Effect.COUNT and isinstance(stored, int):
            after[change.field] = stored + 1
    return after


def is_allowed(
    transition: Transition[S],
    fields: Mapping[str, object] | None,
    event: Event,
    given: Mapping[Given, object],
) -> bool:
    """Whether the table lets a record of these fields (None: there is none) take the step."""
    if fields is None:
        return None in transition.sources
    values = stated(event, given)
    return (
        fields["state"] in transition.sources
        and all(fields[name] == values[source] for name, source in transition.matches)
        and all(fields[name] != values[source] for name, source in transition.differs)
        and all(fields[name] is not None for name in transition.present)
    )
