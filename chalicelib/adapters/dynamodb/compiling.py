"""The table of life as DynamoDB's conditions and update expressions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.domain.events import Event
from chalicelib.domain.transitions import (
    Effect,
    FieldChange,
    Given,
    S,
    Transition,
    stated,
)


def compile_condition(
    model: Any, transition: Transition[S], event: Event, given: Mapping[Given, object]
) -> Condition:
    """Whether a stored record may take the step. `model` has an attribute for each field."""
    values = stated(event, given)
    states = [source.value for source in transition.sources if source is not None]
    condition: Condition = model.state.is_in(*states)
    if None in transition.sources:
        condition = model.state.does_not_exist() | condition
    for name, source in transition.matches:
        condition &= getattr(model, name) == plain(values[source])
    for name, source in transition.differs:
        attribute = getattr(model, name)
        condition &= attribute.does_not_exist() | (attribute != plain(values[source]))
    for name in transition.present:
        condition &= getattr(model, name).exists()
    return condition


def compile_actions(model: Any, changes: Iterable[FieldChange]) -> list[Action]:
    """The update of a stored record."""
    return [_action(model, change) for change in changes]


def _action(model: Any, change: FieldChange) -> Action:
    attribute, value = getattr(model, change.field), plain(change.value)
    action: Action
    if change.effect is Effect.SET:
        action = attribute.set(value)
    elif change.effect is Effect.SET_ONCE:
        action = attribute.set(attribute | value)
    elif change.effect is Effect.COPY:
        action = attribute.set(getattr(model, change.other) | value)
    elif change.effect is Effect.CLEAR:
        action = attribute.remove()
    else:
        action = attribute.set(attribute + 1)
    return action


def plain(value: object) -> object:
    """A value as an attribute takes it: of an enum its code."""
    return value.value if isinstance(value, Enum) else value
