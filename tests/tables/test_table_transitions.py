"""Every step of the table of life, from every state, by everybody: it happens exactly when the
table says so.
"""

from __future__ import annotations

import pytest

from chalicelib.domain.events import Actor, Event, FileStep, OrderStep
from chalicelib.domain.ledger import Entry, EntryState, FileEntry, FileState
from chalicelib.domain.life import FILE_LIFE, ORDER_LIFE
from tests.tables.conftest import Ledger, after, hint, new_shop_id
from tests.tables.stepping import CONTENT, HINTS, KEY, STATES, entry_in, file_in, step

MINUTES = 60
ORDER_STEPS = {OrderStep(t.step): t for t in ORDER_LIFE}


def take(ledger: Ledger, shop_id: int, of: OrderStep, by: Actor) -> Entry | None:
    """The document after a step; None when it did not happen."""
    if of in HINTS:
        happened = ledger.entries.record_hint(shop_id, hint(), at=after(MINUTES), by=by)
        return ledger.entries.get(shop_id, KEY) if happened else None
    return ledger.entries.record(shop_id, step(of, by, MINUTES))


def hinting(by: Actor) -> set[OrderStep]:
    return {of for of, t in ORDER_STEPS.items() if of in HINTS and by in t.by}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("of", OrderStep)
def test_a_document_takes_a_step_where_the_table_says_so(
    ledger: Ledger, of: OrderStep, state: EntryState | None
) -> None:
    transition = ORDER_STEPS[of]
    for by in sorted(transition.by):
        shop_id = new_shop_id()
        before = entry_in(ledger, shop_id, state, for_step=of if state == "placed" else None)

        happened = take(ledger, shop_id, of, by)

        assert (happened is not None) == (state in transition.sources), by
        now = ledger.entries.get(shop_id, KEY)
        if happened is None:
            assert now == before
            continue
        assert now == happened
        assert now.state is transition.to
        history = before.history if before else ()
        assert now.history[:-1] == history
        last = now.history[-1]
        assert (last.step, last.by, last.at) == (of, by, after(MINUTES))


@pytest.mark.parametrize("of", OrderStep)
def test_nobody_else_takes_a_step_of_a_document(
    ledger: Ledger, shop_id: int, of: OrderStep
) -> None:
    for by in set(Actor) - ORDER_STEPS[of].by:
        if of in HINTS:
            assert of not in hinting(by)
            continue
        with pytest.raises(ValueError, match="may not take"):
            take(ledger, shop_id, of, by)


FILE_STEPS = [of for of in FileStep if of is not FileStep.CREATE]


@pytest.mark.parametrize("state", FileState)
@pytest.mark.parametrize("of", FILE_STEPS)
def test_a_file_takes_a_step_where_the_table_says_so(
    ledger: Ledger, of: FileStep, state: FileState
) -> None:
    transitions = [t for t in FILE_LIFE if t.step is of]
    for by in sorted(transitions[0].by):
        shop_id = new_shop_id()
        file = file_in(ledger, shop_id, state)
        fitting = next((t for t in transitions if state in t.sources), None)

        happened = take_with_file(ledger, file, of, by)

        assert (happened is not None) == (fitting is not None), by
        now = ledger.files.get(shop_id, file.name)
        assert now == (happened or file)
        if now is None or fitting is None:
            continue
        assert now.state is fitting.to
        assert now.history == (*file.history, Event(at=after(MINUTES), step=of, by=by))


@pytest.mark.parametrize("of", FILE_STEPS)
def test_nobody_else_takes_a_step_of_a_file(ledger: Ledger, shop_id: int, of: FileStep) -> None:
    file = file_in(ledger, shop_id, FileState.CLAIMED)
    (*allowed,) = (t.by for t in FILE_LIFE if t.step is of)
    for by in set(Actor) - allowed[0]:
        with pytest.raises(ValueError, match="may not take"):
            take_with_file(ledger, file, of, by)


def take_with_file(ledger: Ledger, file: FileEntry, of: FileStep, by: Actor) -> FileEntry | None:
    event = Event(at=after(MINUTES), step=of, by=by)
    return ledger.files.record(file, event, CONTENT if of is FileStep.FIX else None)
