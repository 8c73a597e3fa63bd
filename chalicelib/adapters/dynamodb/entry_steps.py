"""A step of a document as the orders table takes it: what has to be stored, and what changes.

It is data still. `compiling` makes an UpdateItem of it and `batch_statements` a statement for a
batch, so that both do the same. What a quiet claim is: see `orders_table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamodb.compiling import compile_condition
from chalicelib.adapters.dynamodb.entry_places import ASKING, name_dropped
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Event
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.life import order_transition
from chalicelib.domain.transitions import (
    Effect,
    FieldChange,
    Given,
    Transition,
    field_changes,
    stated,
)
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import StepTaken


@dataclass(frozen=True, slots=True)
class EntryStep:
    """A step of one document: its transition, its event, and what goes with it."""

    transition: Transition[EntryState]
    event: Event
    given: Mapping[Given, object]
    read_fingerprint: str | None = None

    @classmethod
    def of(cls, taken: StepTaken) -> EntryStep:
        """The step that is to be recorded. Raises `ValueError` as `order_transition`."""
        given: dict[Given, object] = {
            Given.DETAIL: taken.detail or None,
            Given.FINGERPRINT: taken.fingerprint,
            Given.BOOKED_ON: taken.booked_on,
            Given.ASPERION_ID: taken.asperion_id,
            Given.DELIVERED_PRINT: taken.delivered_print,
            Given.FORMER_FILE: taken.former_file,
            Given.SHOWN_PRINT: taken.shown_print,
        }
        return cls(order_transition(taken.event), taken.event, given, taken.read_fingerprint)

    def compile_condition(self, model: Any) -> Condition:
        """Whether the stored document may take the step, claimed in whichever way."""
        transition, event, given = self.transition, self.event, self.given
        condition = compile_condition(model, transition, event, given)
        if EntryState.WAITING in transition.sources:
            condition &= model.claim.does_not_exist()
        if EntryState.CLAIMED in transition.sources:
            quiet = compile_condition(model, _of_claimed(transition), event, given)
            condition |= quiet & model.claim.exists()
        if self.read_fingerprint is not None:
            condition &= model.fingerprint == self.read_fingerprint
        return condition

    def list_expected(self) -> tuple[dict[str, object], tuple[str, ...]] | None:
        """What has to be stored, where all is given and can be said without an "or": fields with
        their values, and fields that must be absent. Of one that waits or is claimed quietly.
        """
        transition, absent = self.transition, tuple[str, ...]()
        if transition.differs or transition.present:
            return None
        if transition.sources == (EntryState.CLAIMED,):
            transition = _of_claimed(transition)
            if "claim" not in dict(transition.matches):
                return None
        elif transition.sources == (EntryState.WAITING,):
            absent = ("claim",)
        else:
            return None
        values = stated(self.event, self.given)
        expected: dict[str, object] = {"state": EntryState.WAITING}
        expected |= {name: values[given] for name, given in transition.matches}
        if self.read_fingerprint is not None:
            expected["fingerprint"] = self.read_fingerprint
        return None if None in expected.values() else (expected, absent)

    def list_changes(self, shop_id: int, keep_for: timedelta) -> list[FieldChange]:
        """What the step does to the fields, to the place in the index of what asks for somebody
        (what is open, what changed after it was placed, and what was dropped, by day), and until
        when the document is kept: `keep_for` after a step that leaves nothing open.
        """
        transition, event = self.transition, self.event
        changes = list(field_changes(transition, event, self.given))
        if transition.to is EntryState.CLAIMED:
            quiet = [change for change in changes if change.field == "claimed_at"]
            return [*quiet, _set("claim", str(event.file)), _clear("expires")]
        queue = transition.to.value if transition.to.is_open else None
        if transition.to is EntryState.DROPPED:
            queue = name_dropped(local_day(event.at))
        elif any(change.field == "change" and change.value for change in changes):
            queue = ASKING
        changes.append(_clear("queue") if queue is None else _set("queue", f"{shop_id}#{queue}"))
        if EntryState.CLAIMED in transition.sources:
            changes.append(_clear("claim"))
        is_needed = transition.to.is_open
        return [*changes, _clear("expires") if is_needed else _set("expires", event.at + keep_for)]


def _set(field: str, value: object) -> FieldChange:
    return FieldChange(field, Effect.SET, value)


def _clear(field: str) -> FieldChange:
    return FieldChange(field, Effect.CLEAR)


def _of_claimed(transition: Transition[EntryState]) -> Transition[EntryState]:
    """The transition as it is of a document that was claimed quietly."""
    matches = tuple(
        ("claim" if name == "file" else name, given) for name, given in transition.matches
    )
    return replace(transition, sources=(EntryState.WAITING,), matches=matches)
