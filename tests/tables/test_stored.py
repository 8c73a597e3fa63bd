"""What rests in the tables: numbers, dates, states and hashes, under a closed list of names."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import boto3
import pytest
from chalicelib.adapters.dynamodb.files import FileItem
from pynamodb.models import Model

from chalicelib.adapters.dynamodb import Tables
from chalicelib.adapters.dynamodb.entry_item import EntryItem
from chalicelib.adapters.dynamodb.records import bind
from chalicelib.adapters.dynamodb.schema import (
    ATTRIBUTES,
    EVENT_ATTRIBUTES,
    FILES,
    KNOWN_ATTRIBUTES,
    ORDERS,
    SHOPS,
    STANDING_ATTRIBUTES,
    TABLES,
)
from chalicelib.adapters.dynamodb.shop_item import ShopItem
from chalicelib.domain.ledger import EntryState, FileState, Outcome
from chalicelib.domain.shops import AuditEvent, ShopState
from tests.tables.conftest import DAY, NOW, after, hint, shop

MODELS: dict[str, type[Model]] = {SHOPS: ShopItem, ORDERS: EntryItem, FILES: FileItem}


def client(tables: Tables) -> Any:
    return boto3.client("dynamodb", endpoint_url=tables.host)


def items(tables: Tables, table: str) -> list[dict[str, Any]]:
    pages = (
        client(tables)
        .get_paginator("scan")
        .paginate(TableName=tables.prefix + table, ConsistentRead=True)
    )
    return [item for page in pages for item in page["Items"]]


def live_through_everything(tables: Tables, shop_id: int) -> None:
    """Every write there is, once."""
    shops, entries, files = tables.shops, tables.entries, tables.files
    shops.add(replace(shop(shop_id), resume_state=ShopState.ACTIVE, swept_until=NOW))
    shops.update(shop_id, lambda s: replace(s, title="Other"))
    shops.record(shop_id, AuditEvent(at=NOW, what="installed", by="merchant", detail="x"))
    shops.lease(shop_id, "run", now=NOW, until=after(1))
    shops.note(shop_id, "day-2026-01-23", {"paid": "7"})
    for number, to in enumerate(EntryState):
        told = hint(number + 1)
        entries.hear(shop_id, told, at=NOW, by="webhook")
        file = files.create(shop_id, DAY, at=NOW, by="export")
        entry = entries.get(shop_id, told.key)
        assert entry is not None
        entries.claim(entry, file.name, at=NOW)
        if to is EntryState.CLAIMED:
            files.discard(file)
            continue
        outcome = Outcome(code="vat-rate", detail="DE", fingerprint="f" * 64)
        entries.settle(shop_id, told.key, file=file.name, to=to, outcome=outcome, at=NOW)
        entries.mark_changed(shop_id, told.key, "total", at=NOW)
        fixed = files.fix(file, keys={told.key: "f"}, sha256="a" * 64, size=9, at=after(1))
        assert fixed is not None
        moved = files.move(fixed, FileState.PLACED, at=after(2), by="export", detail="d")
        assert moved is not None
        files.settle(moved)


def test_nothing_is_stored_under_a_name_that_is_not_on_the_list(
    tables: Tables, shop_id: int
) -> None:
    live_through_everything(tables, shop_id)

    for table, names in ATTRIBUTES.items():
        stored = items(tables, table)
        assert stored
        assert {name for item in stored for name in item} <= names
    lines = [
        line["M"]
        for table in (ORDERS, FILES)
        for item in items(tables, table)
        for line in item["history"]["L"]
    ]
    assert {name for line in lines for name in line} == EVENT_ATTRIBUTES


def test_the_list_names_nothing_that_a_model_does_not_have() -> None:
    for table, model in MODELS.items():
        assert {a.attr_name for a in model.get_attributes().values()} == ATTRIBUTES[table]


def test_only_what_asks_for_something_is_in_an_index(tables: Tables, shop_id: int) -> None:
    live_through_everything(tables, shop_id)

    files = [i for i in items(tables, FILES) if i["shop_id"]["N"] == str(shop_id)]
    orders = [i for i in items(tables, ORDERS) if i["shop_id"]["N"] == str(shop_id)]

    assert {item["settled"]["BOOL"] for item in files} == {True}
    assert not any("unfinished" in item for item in files)
    assert {item["state"]["S"]: item["open"]["S"] for item in orders if "open" in item} == {
        "waiting": f"{shop_id}#waiting",
        "claimed": f"{shop_id}#claimed",
        "held": f"{shop_id}#held",
        "placed": f"{shop_id}#changed",
    }


def test_an_erased_secret_rests_nowhere(tables: Tables, shop_id: int) -> None:
    live_through_everything(tables, shop_id)
    mine = [i for i in items(tables, SHOPS) if i["shop_id"]["N"] == str(shop_id)]
    assert any("token-of-the-shop" in str(item) for item in mine)

    tables.shops.update(shop_id, lambda s: replace(s, token=None, licence=None))

    mine = [i for i in items(tables, SHOPS) if i["shop_id"]["N"] == str(shop_id)]
    assert not any("of-the-shop" in str(item) for item in mine)


def test_no_index_shows_secrets() -> None:
    assert not {"token", "licence"} & {*KNOWN_ATTRIBUTES, *STANDING_ATTRIBUTES}


def test_debug_logs_of_the_database_client_do_not_show_secrets(
    tables: Tables, shop_id: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        logging.getLogger("botocore").setLevel(logging.INFO)
        tables.shops.add(shop(shop_id))
        tables.shops.get(shop_id)
    assert "token-of-the-shop" not in caplog.text


@pytest.mark.parametrize("table", TABLES)
def test_models_and_tables_have_the_same_keys(table: str) -> None:
    model = bind(MODELS[table], table, region="eu-central-1", host=None)  # type: ignore[type-var]
    schema = model._get_schema()
    wanted = TABLES[table]

    assert _pairs(schema["attribute_definitions"]) == _pairs(wanted["AttributeDefinitions"])
    assert _pairs(schema["key_schema"]) == _pairs(wanted["KeySchema"])
    assert {
        index["index_name"]: (_pairs(index["key_schema"]), _projection(index["projection"]))
        for index in schema["global_secondary_indexes"]
    } == {
        index["IndexName"]: (_pairs(index["KeySchema"]), _projection(index["Projection"]))
        for index in wanted["GlobalSecondaryIndexes"]
    }


def _pairs(definitions: Any) -> set[frozenset[str]]:
    return {frozenset(definition.values()) for definition in definitions}


def _projection(projection: dict[str, Any]) -> tuple[str, frozenset[str]]:
    return projection["ProjectionType"], frozenset(projection.get("NonKeyAttributes", ()))
