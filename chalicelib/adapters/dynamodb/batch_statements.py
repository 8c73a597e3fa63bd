"""Conditional changes of many items in few calls: PartiQL statements, 25 in a batch.

DynamoDB carries each statement of a batch out by itself, for the units of an UpdateItem, and says
of each whether its condition held. What a statement cannot say is left to an UpdateItem: "or",
what keeps a value that is there, and counting.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple, TypeVar

from chalicelib.adapters.dynamodb.compiling import plain
from chalicelib.adapters.dynamodb.table_errors import translate_errors
from chalicelib.domain.bounds import MOST_EVENTS
from chalicelib.domain.transitions import Effect, FieldChange
from chalicelib.errors import LedgerError, LedgerThrottled
from chalicelib.lazy_dataclass import dataclass

T = TypeVar("T")

log = logging.getLogger(__name__)

STATEMENTS = 25  # DynamoDB's limit of one call
_PAST_THE_END = 5 * MOST_EVENTS
"""An element that is set past a list's end is appended."""


@dataclass(frozen=True, slots=True)
class Statement:
    """A change of one item of `key`, by its `text` and the `parameters` for its question marks."""

    key: str
    text: str
    parameters: Sequence[Mapping[str, Any]]


def compile_statement(
    model: Any,
    where: tuple[int, str],
    changes: Iterable[FieldChange],
    expected: tuple[Mapping[str, object], Sequence[str]],
    event: Mapping[str, Any],
) -> Statement | None:
    """The change of an item that answers with the item afterwards; None for one that no statement
    can say. `where` is its shop and key; `expected` are values that have to be stored, and
    fields that must be absent; `event` is a line of the history, in DynamoDB's JSON.
    """
    equal, absent = expected
    sets, removes = [f'SET "history"[{_PAST_THE_END}]=?'], []
    parameters: list[Mapping[str, Any]] = [event]
    for change in changes:
        attribute = _find_attribute(model, change.field)
        if change.effect is Effect.CLEAR:
            removes.append(f'REMOVE "{attribute.name}"')
        elif change.effect is Effect.SET:
            sets.append(f'SET "{attribute.name}"=?')
            parameters.append(attribute.write(change.value))
        else:
            return None
    asked = []
    for field, value in {**dict(zip(("shop_id", "key"), where, strict=True)), **equal}.items():
        attribute = _find_attribute(model, field)
        asked.append(f'"{attribute.name}"=?')
        parameters.append(attribute.write(value))
    asked += [f'"{_find_attribute(model, field).name}" IS MISSING' for field in absent]
    text = (
        f'UPDATE "{model.Meta.table_name}" {" ".join([*sets, *removes])}'
        f" WHERE {' AND '.join(asked)} RETURNING ALL NEW *"
    )
    return Statement(where[1], text, parameters)


class _Attribute(NamedTuple):
    """An attribute by its stored name and type."""

    name: str
    kind: str
    serialize: Callable[[Any], Any]

    def write(self, value: object) -> dict[str, Any]:
        """A value in DynamoDB's JSON."""
        return {self.kind: self.serialize(plain(value))}


@cache
def _find_attribute(model: Any, field: str) -> _Attribute:
    found = getattr(model, field)
    return _Attribute(found.attr_name, found.attr_type, found.serialize)


class Outcome(NamedTuple):
    """What became of a statement: whether it was carried out, and the `item` afterwards as it is
    stored, if the answer has it.
    """

    is_done: bool
    item: Any = None


def send_statements(client: Any, table: str, statements: Sequence[Statement]) -> list[Outcome]:
    """Carry these out, as many as one call takes at a time, and say of each what became of it. One
    that was not carried out, for whatever reason, may be tried by itself; so may all of a call that
    is refused as a whole. Raises `LedgerThrottled` when an answer is lost or the table is busy.
    """
    return [
        outcome for part in parts(statements, STATEMENTS) for outcome in _send(client, table, part)
    ]


def _send(client: Any, table: str, statements: Sequence[Statement]) -> list[Outcome]:
    asked = [{"Statement": each.text, "Parameters": each.parameters} for each in statements]
    try:
        with translate_errors(table, f"{len(statements)} items"):
            answer = client.batch_execute_statement(Statements=asked)
    except LedgerThrottled:
        raise
    except LedgerError as error:
        log.warning("no batches", extra={"table": table, "error": str(error)})
        return [Outcome(is_done=False)] * len(statements)
    return [Outcome("Error" not in each, each.get("Item")) for each in answer["Responses"]]


def parts(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """These, so many at a time."""
    for start in range(0, len(things), size):
        yield things[start : start + size]
