"""What a change costs: which calls go to DynamoDB, and what happens when their answer is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from pynamodb.connection.base import Connection
from pynamodb.signals import pre_dynamodb_send

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.ledger import FileState
from tests.tables.conftest import DAY, NOW, after, hint, losing_an_answer, shop


@contextmanager
def counted() -> Iterator[list[str]]:
    """The calls that PynamoDB makes meanwhile."""
    calls: list[str] = []

    def note(_: Connection, operation_name: str, **__: object) -> None:
        calls.append(operation_name)

    pre_dynamodb_send.connect(note)
    try:
        yield calls
    finally:
        pre_dynamodb_send.disconnect(note)


def test_hearing_of_an_order_is_one_write_and_no_read(tables: Tables, shop_id: int) -> None:
    with counted() as calls:
        for _ in range(2):
            tables.entries.hear(shop_id, hint(), at=NOW, by="webhook")
    assert calls == ["UpdateItem", "UpdateItem"]


def test_a_standing_is_one_read_of_two_attributes(tables: Tables, shop_id: int) -> None:
    tables.shops.add(shop(shop_id))
    with counted() as calls:
        tables.shops.standing(shop_id)
    assert calls == ["GetItem"]


def test_a_claim_is_one_write(tables: Tables, shop_id: int) -> None:
    tables.entries.hear(shop_id, hint(), at=NOW, by="webhook")
    entry = tables.entries.get(shop_id, hint().key)
    assert entry is not None
    with counted() as calls:
        tables.entries.claim(entry, "f", at=NOW)
    assert calls == ["UpdateItem"]


@pytest.mark.parametrize("list_", ["exporting", "everyone"])
def test_shops_are_listed_without_a_scan(tables: Tables, shop_id: int, list_: str) -> None:
    tables.shops.add(shop(shop_id))
    with counted() as calls:
        assert list(getattr(tables.shops, list_)())
    assert set(calls) == {"Query"}


def test_a_file_is_a_query_and_a_put(tables: Tables, shop_id: int) -> None:
    with counted() as calls:
        tables.files.create(shop_id, DAY, at=NOW, by="export")
    assert calls == ["Query", "PutItem"]


def test_a_name_taken_in_between_is_left_to_who_took_it(tables: Tables, shop_id: int) -> None:
    taken: list[str] = []

    def meanwhile(_: Connection, operation_name: str, **__: object) -> None:
        if operation_name == "PutItem" and not taken:
            taken.append("")
            taken[0] = tables.files.create(shop_id, DAY, at=NOW, by="other").name

    pre_dynamodb_send.connect(meanwhile)
    try:
        mine = tables.files.create(shop_id, DAY, at=NOW, by="export")
    finally:
        pre_dynamodb_send.disconnect(meanwhile)

    assert [taken[0][-7:], mine.name[-7:]] == ["001.xml", "002.xml"]
    other = tables.files.get(shop_id, taken[0])
    assert other is not None
    assert other.history[0].by == "other"


def _claim(tables: Tables, shop_id: int) -> Callable[[], object]:
    tables.entries.hear(shop_id, hint(), at=NOW, by="webhook")
    entry = tables.entries.get(shop_id, hint().key)
    assert entry is not None
    return lambda: tables.entries.claim(entry, "f", at=NOW) is not None


def _fix(tables: Tables, shop_id: int) -> Callable[[], object]:
    file = tables.files.create(shop_id, DAY, at=NOW, by="export")

    def fix() -> object:
        fixed = tables.files.fix(file, keys={"order-1": "a"}, sha256="a", size=1, at=after(1))
        return fixed is not None and fixed.state is FileState.PLACING

    return fix


def _create(tables: Tables, shop_id: int) -> Callable[[], object]:
    return lambda: tables.files.create(shop_id, DAY, at=NOW, by="export").name.endswith("001.xml")


def _add(tables: Tables, shop_id: int) -> Callable[[], object]:
    return lambda: tables.shops.add(shop(shop_id))


@pytest.mark.parametrize("prepared", [_claim, _fix, _create, _add])
def test_a_write_whose_answer_was_lost_is_not_taken_for_a_lost_race(
    tables: Tables,
    shop_id: int,
    prepared: Callable[[Tables, int], Callable[[], object]],
) -> None:
    if tables.host:
        pytest.skip("answers are lost on the way from moto only")
    write = prepared(tables, shop_id)
    with losing_an_answer("PutItem", "UpdateItem") as lost:
        assert write() is True
    assert len(lost) == 1
