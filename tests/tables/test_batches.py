"""Steps of many documents: few calls, and each document by its own condition."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pynamodb.attributes import AttributeContainer

from chalicelib.adapters.dynamodb import Tables, orders_table
from chalicelib.adapters.dynamodb.entry_item import EntryItem
from chalicelib.adapters.dynamodb.file_item import FileItem
from chalicelib.adapters.dynamodb.schema import FILES, ORDERS
from chalicelib.domain.events import OrderStep
from chalicelib.domain.ledger import EntryState
from chalicelib.ports import StepTaken
from tests.tables.conftest import FILE, Ledger, losing_an_answer, stored, taken, waiting
from tests.tables.former_items import cases_of
from tests.tables.test_recordings import RECORDED

OTHER_FILE = "axml-orders-20260123-184520-002.xml"
S = OrderStep


def ledger_of(tables: Tables) -> Ledger:
    return Ledger(tables.shops, tables.entries, tables.files)


@contextmanager
def counted(tables: Tables) -> Iterator[list[str]]:
    """The calls on the orders table meanwhile."""
    calls: list[str] = []

    def note(model: Any, **_: object) -> None:
        calls.append(model.name)

    events = tables.entries._table.client.meta.events
    events.register("before-call.dynamodb", note)
    try:
        yield calls
    finally:
        events.unregister("before-call.dynamodb", note)


def claims(ledger: Ledger, shop_id: int, count: int) -> list[StepTaken]:
    """A claim of each of so many waiting documents."""
    keys = [waiting(ledger, shop_id, number).key for number in range(301, 301 + count)]
    return [taken(key, S.CLAIM, 1) for key in keys]


def test_claims_and_placements_go_25_a_call(tables: Tables, shop_id: int) -> None:
    ledger = ledger_of(tables)
    wishes = claims(ledger, shop_id, 30)
    with counted(tables) as calls:
        claimed = tables.entries.record_all(shop_id, wishes)
        placed = tables.entries.record_all(
            shop_id, [taken(wish.key, S.PLACE, 2, fingerprint="f") for wish in wishes]
        )
    assert calls == ["BatchExecuteStatement"] * 4
    assert [entry and entry.state for entry in claimed] == [EntryState.CLAIMED] * 30
    assert placed == [stored(ledger, shop_id, wish.key) for wish in wishes]
    steps = [event.step for entry in placed if entry for event in entry.history[1:]]
    assert steps == [S.CLAIM, S.PLACE] * 30


def test_what_is_refused_in_a_batch_stays_and_the_others_go_on(
    tables: Tables, shop_id: int
) -> None:
    ledger = ledger_of(tables)
    wishes = claims(ledger, shop_id, 4)
    assert tables.entries.record(shop_id, taken(wishes[1].key, S.CLAIM, 1, file=OTHER_FILE))
    with counted(tables) as calls:
        answers = tables.entries.record_all(shop_id, wishes)
    assert calls == ["BatchExecuteStatement", "UpdateItem", "GetItem"]
    assert [answer is not None for answer in answers] == [True, False, True, True]
    files = [stored(ledger, shop_id, wish.key).file for wish in wishes]
    assert files == [FILE, OTHER_FILE, FILE, FILE]


def test_a_batch_whose_answer_was_lost_is_its_own(tables: Tables, shop_id: int) -> None:
    """The AWS client repeats the call, and every statement is refused because of itself."""
    if tables.host is not None:
        pytest.skip("an answer is lost on moto alone")
    ledger = ledger_of(tables)
    wishes = claims(ledger, shop_id, 3)
    with losing_an_answer("BatchExecuteStatement") as lost:
        answers = tables.entries.record_all(shop_id, wishes)
    assert lost == ["BatchExecuteStatement"]
    assert answers == [stored(ledger, shop_id, wish.key) for wish in wishes]
    assert all(entry and [e.step for e in entry.history] == [S.HINT, S.CLAIM] for entry in answers)


def test_two_steps_of_one_document_are_taken_one_after_the_other(
    tables: Tables, shop_id: int
) -> None:
    first, second = claims(ledger_of(tables), shop_id, 2)
    steps = [first, second, taken(first.key, S.PLACE, 2)]
    answers = tables.entries.record_all(shop_id, steps)
    assert [answer and answer.state for answer in answers] == ["claimed", "claimed", "placed"]


def test_where_batches_are_refused_each_goes_by_itself(
    tables: Tables, shop_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        error = {"Error": {"Code": "AccessDeniedException", "Message": "no"}}
        raise ClientError(error, "BatchExecuteStatement")  # type: ignore[arg-type]

    wishes = claims(ledger_of(tables), shop_id, 3)
    monkeypatch.setattr(tables.entries._table.client, "batch_execute_statement", refuse)
    with counted(tables) as calls:
        answers = tables.entries.record_all(shop_id, wishes)
    assert None not in answers
    assert calls == ["UpdateItem"] * 3


def test_an_answer_without_items_is_read_after(
    tables: Tables, shop_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = tables.entries._table.client
    ask = client.batch_execute_statement

    def answer(**asked: Any) -> dict[str, Any]:
        answered = ask(**asked)
        return {"Responses": [{"TableName": each["TableName"]} for each in answered["Responses"]]}

    ledger = ledger_of(tables)
    wishes = claims(ledger, shop_id, 3)
    monkeypatch.setattr(client, "batch_execute_statement", answer)
    answers = tables.entries.record_all(shop_id, wishes)
    assert answers == [stored(ledger, shop_id, wish.key) for wish in wishes]


def test_documents_far_apart_are_read_by_their_keys(
    tables: Tables, shop_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A query reads no more than twice as many as are asked for."""
    monkeypatch.setattr(orders_table, "LEAST_OF_A_RANGE", 2)
    ledger = ledger_of(tables)
    keys = [waiting(ledger, shop_id, number).key for number in range(301, 313)]
    asked = [keys[0], keys[2], keys[11], "order-305x"]
    with counted(tables) as calls:
        found = tables.entries.get_all(shop_id, asked)
    assert found == {key: stored(ledger, shop_id, key) for key in asked[:3]}
    assert calls == ["Query", "BatchGetItem"]
    with counted(tables) as calls:
        assert tables.entries.get_all(shop_id, keys[:6]).keys() == {*keys[:6]}
    assert calls == ["Query"]


@pytest.mark.parametrize("version", sorted(RECORDED))
def test_items_are_read_as_pynamodb_reads_them(version: str) -> None:
    models: dict[str, Any] = {ORDERS: EntryItem, FILES: FileItem}
    for case in cases_of(version):
        model = models.get(case["table"])
        if model is None:
            continue
        slow = model(_user_instantiated=False)
        AttributeContainer._container_deserialize(slow, case["item"])
        quick = model.from_raw_data(case["item"])
        assert quick.serialize() == slow.serialize(), case["case"]
        assert quick.attribute_values.keys() == slow.attribute_values.keys()
