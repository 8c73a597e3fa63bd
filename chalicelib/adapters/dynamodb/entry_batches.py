"""Steps of many documents, in batches; what cannot go in one is left to the caller."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from chalicelib.adapters.dynamodb.batch_statements import (
    Statement,
    compile_statement,
    send_statements,
)
from chalicelib.adapters.dynamodb.entry_item import EntryItem
from chalicelib.adapters.dynamodb.entry_steps import EntryStep
from chalicelib.adapters.dynamodb.records import Table, event_item
from chalicelib.domain.events import Event
from chalicelib.domain.transitions import Effect, FieldChange

LEAST_OF_A_BATCH = 2


class EntryWrite(NamedTuple):
    """A step of the document of that key, and by what the write is known to be our own."""

    key: str
    step: EntryStep
    write_id: str


def send_batches(
    table: Table[EntryItem], shop_id: int, writes: Sequence[EntryWrite], keep_for: timedelta
) -> dict[str, EntryItem]:
    """The items after those steps that could be taken in batches, by `write_id`."""
    statements = _compile(table, shop_id, writes, keep_for)
    if len(statements) < LEAST_OF_A_BATCH:
        return {}
    outcomes = send_statements(table.client, table.name, [*statements.values()])
    done = {
        write_id: outcome.item
        for write_id, outcome in zip(statements, outcomes, strict=True)
        if outcome.is_done
    }
    read = table.model.from_raw_data
    found = {write_id: read(item) for write_id, item in done.items() if item is not None}
    unseen = {statements[write_id].key: write_id for write_id in done.keys() - found}
    for item in table.read_all(shop_id, unseen) if unseen else ():
        found[unseen[item.key]] = item
    return found


def _compile(
    table: Table[EntryItem], shop_id: int, writes: Sequence[EntryWrite], keep_for: timedelta
) -> dict[str, Statement]:
    """The statements of those that one can say, by `write_id`. A batch may name an item once."""
    statements, seen = dict[str, Statement](), set[str]()
    events: dict[Event, dict[str, Any]] = {}  # most documents have the same
    for write in writes:
        expected = write.step.list_expected()
        if expected is None or write.key in seen:
            continue
        seen.add(write.key)
        changes = write.step.list_changes(shop_id, keep_for)
        mark = FieldChange("write_id", Effect.SET, write.write_id)
        event = write.step.event
        if event not in events:
            events[event] = {"M": event_item(event).to_dynamodb_dict()}
        statement = compile_statement(
            table.model,
            (shop_id, write.key),
            [*changes, mark],
            expected,
            events[event],
        )
        if statement is not None:
            statements[write.write_id] = statement
    return statements
