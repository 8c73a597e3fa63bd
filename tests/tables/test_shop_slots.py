"""Shops that a version before 1.7.0 stored: found in their slots, and moved there."""

from __future__ import annotations

import itertools
from typing import Any

import boto3
import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.adapters.dynamodb.schema import SHOPS
from chalicelib.domain.shops import ShopState
from chalicelib.domain.slots import slot_of
from tests.tables.conftest import new_shop_id, shop
from tests.tables.test_calls import counted

PAUSED = ShopState.PAUSED


def ids_of(slot: str, count: int) -> list[int]:
    found = (number for number in iter(new_shop_id, None) if slot_of(number) == slot)
    return list(itertools.islice(found, count))


def let_be_former(tables: Tables, shop_id: int) -> None:
    """As 1.6.0 stored it."""
    exports = "exporting" in read(tables, shop_id)
    boto3.client("dynamodb", endpoint_url=tables.host).update_item(
        TableName=tables.prefix + SHOPS,
        Key={"shop_id": {"N": str(shop_id)}, "part": {"S": "shop"}},
        UpdateExpression="SET known = :yes" + (", exporting = :yes" if exports else ""),
        ExpressionAttributeValues={":yes": {"S": "yes"}},
    )


def read(tables: Tables, shop_id: int) -> dict[str, Any]:
    answer = boto3.client("dynamodb", endpoint_url=tables.host).get_item(
        TableName=tables.prefix + SHOPS,
        Key={"shop_id": {"N": str(shop_id)}, "part": {"S": "shop"}},
    )
    item: dict[str, Any] = answer["Item"]
    return item


@pytest.fixture
def mixed(tables: Tables) -> tuple[str, list[int]]:
    """Six shops of a slot: every second is a former item, and the third and fourth are paused."""
    slot = slot_of(new_shop_id())
    ids = ids_of(slot, 6)
    for place, shop_id in enumerate(ids):
        tables.shops.add(shop(shop_id, PAUSED if place in (2, 3) else ShopState.ACTIVE))
        if place % 2:
            let_be_former(tables, shop_id)
    return slot, ids


def test_former_items_are_found_among_those_of_their_slot(
    tables: Tables, mixed: tuple[str, list[int]]
) -> None:
    slot, ids = mixed
    above = ids[0] - 1
    assert tables.shops.numbers(slot, after=above, limit=4) == ids[:4]
    assert tables.shops.numbers(slot, after=ids[3], limit=4) == ids[4:]
    assert tables.shops.exporting(slot, after=above, limit=3) == [ids[0], ids[1], ids[4]]
    assert tables.shops.exporting(slot, after=ids[4], limit=3) == [ids[5]]
    assert [s.shop_id for s in tables.shops.list_page(slot, after=above, limit=9)] == ids
    other = slot_of(next(n for n in iter(new_shop_id, None) if slot_of(n) != slot))
    assert not {*tables.shops.numbers(other, after=above, limit=9)} & {*ids}


def test_former_items_enter_their_slot_a_few_at_a_time(
    tables: Tables, mixed: tuple[str, list[int]]
) -> None:
    slot, ids = mixed
    assert tables.shops.enter_slot(slot, limit=2) == 2
    assert tables.shops.enter_slot(slot, limit=2) == 1
    assert tables.shops.enter_slot(slot, limit=2) == 0
    stored = [read(tables, shop_id) for shop_id in ids]
    assert {item["known"]["S"] for item in stored} == {slot}
    exporting = [item.get("exporting", {"S": ""})["S"] for item in stored]
    assert exporting == [slot, slot, "", "", slot, slot]
    assert tables.shops.numbers(slot, after=ids[0] - 1, limit=9) == ids


def test_a_shop_that_is_stored_anew_meanwhile_is_left_as_it_is(
    tables: Tables, monkeypatch: pytest.MonkeyPatch
) -> None:
    slot = slot_of(shop_id := new_shop_id())
    tables.shops.add(shop(shop_id))
    let_be_former(tables, shop_id)
    enter: Any = tables.shops._enter

    def pause_first(*given: Any) -> None:
        tables.shops.update(shop_id, lambda stored: shop(shop_id, PAUSED))
        enter(*given)

    monkeypatch.setattr(tables.shops, "_enter", pause_first)
    assert tables.shops.enter_slot(slot, limit=9) == 1
    item = read(tables, shop_id)
    assert (item["known"]["S"], "exporting" in item) == (slot, False)


def test_a_shop_that_enters_between_the_two_queries_is_found_once(
    tables: Tables, mixed: tuple[str, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    slot, ids = mixed
    index: Any = type(tables.shops._model.by_known)
    query = index.query

    def enter_after_the_first(self: Any, hash_key: str, *given: Any, **more: Any) -> Any:
        found = list(query(self, hash_key, *given, **more))
        if hash_key == "yes":
            monkeypatch.setattr(index, "query", query)
            tables.shops.enter_slot(slot, limit=9)
        return found

    monkeypatch.setattr(index, "query", enter_after_the_first)
    assert tables.shops.numbers(slot, after=ids[0] - 1, limit=9) == ids


def test_nothing_former_costs_no_write(tables: Tables) -> None:
    with counted() as calls:
        assert tables.shops.enter_slot(slot_of(new_shop_id()), limit=9) == 0
    assert calls == ["Query"]
