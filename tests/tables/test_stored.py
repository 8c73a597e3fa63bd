"""What rests in the tables: numbers, dates, states and hashes, under a closed list of names."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

import boto3
import pytest
from pynamodb.models import Model

from chalicelib.adapters.dynamodb import Tables
from chalicelib.adapters.dynamodb.entry_item import EntryItem
from chalicelib.adapters.dynamodb.file_item import FileItem
from chalicelib.adapters.dynamodb.records import bind
from chalicelib.adapters.dynamodb.schema import (
    ATTRIBUTES,
    EVENT_ATTRIBUTES,
    FILES,
    KNOWN_ATTRIBUTES,
    ORDERS,
    SEALED_ATTRIBUTES,
    SHOPS,
    STANDING_ATTRIBUTES,
    TABLES,
)
from chalicelib.adapters.dynamodb.shop_item import ShopItem
from chalicelib.domain.events import Actor, AuditEvent, Event, FileStep, OrderStep, ShopStep
from chalicelib.domain.ledger import FileState
from chalicelib.domain.marks import as_plain
from chalicelib.domain.sealed import OF_A_SHOP, SecretKind
from chalicelib.domain.shops import ShopState
from chalicelib.domain.statement import DayStatement, statement_name
from tests.fakes.open_vault import FORMER_KEY, sealed_before
from tests.healths import health
from tests.tables.conftest import NOW, Ledger, after, hint, shop
from tests.tables.seating import seat
from tests.tables.stepping import STEPS, entry_in, file_in, step
from tests.tables.test_shop_records import EVERY_RECORD, STATEMENT

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
    """Every write there is, once; the document of each state is in it at the end."""
    shops, ledger = tables.shops, Ledger(tables.shops, tables.entries, tables.files)
    shops.add(replace(shop(shop_id), resume_state=ShopState.ACTIVE, swept_until=NOW))
    shops.update(shop_id, lambda s: replace(s, title="Other"))
    shops.append_audit(
        shop_id, AuditEvent(at=NOW, step=ShopStep.PAUSE, by=Actor.MERCHANT, note="x")
    )
    shops.put_seat(seat(shop_id))
    shops.save_health(health(shop_id))
    shops.lease(shop_id, "run", now=NOW, until=after(1))
    assert shops.note_wish(shop_id, "another", now=NOW)
    for record in EVERY_RECORD:
        shops.save(shop_id, record)
    shops.change(shop_id, DayStatement, lambda _: STATEMENT, statement_name(STATEMENT.day))
    for number, (transition, source) in enumerate(STEPS, start=1):
        of, key = OrderStep(transition.step), hint(number).key
        entry_in(ledger, shop_id, source, for_step=of, document_id=number)
        assert tables.entries.record(shop_id, step(of, min(transition.by), 60, key)), of
    assert tables.entries.record_hint(shop_id, hint(number + 1), at=NOW, by=Actor.BACKFILL)
    for state in FileState:
        file_in(ledger, shop_id, state)
    file = file_in(ledger, shop_id, FileState.PLACED)
    assert tables.files.record(file, Event(at=NOW, step=FileStep.FINISH, by=Actor.EXPORT))


def test_nothing_is_stored_under_a_name_that_is_not_on_the_list(
    tables: Tables, shop_id: int
) -> None:
    live_through_everything(tables, shop_id)

    for table, names in ATTRIBUTES.items():
        stored = items(tables, table)
        assert stored
        assert {name for item in stored for name in item} <= names
    events = [
        event["M"]
        for table in (ORDERS, FILES)
        for item in items(tables, table)
        for event in item["history"]["L"]
    ]
    assert {name for event in events for name in event} == EVENT_ATTRIBUTES
    sealed = [
        item[f"sealed_{what}"]["M"]
        for item in items(tables, SHOPS)
        for what in OF_A_SHOP
        if f"sealed_{what}" in item
    ]
    assert {name for secret in sealed for name in secret} == SEALED_ATTRIBUTES


def test_the_list_names_nothing_that_a_model_does_not_have() -> None:
    for table, model in MODELS.items():
        assert {a.attr_name for a in model.get_attributes().values()} == ATTRIBUTES[table]


def test_only_what_asks_for_something_is_in_an_index(tables: Tables, shop_id: int) -> None:
    live_through_everything(tables, shop_id)

    files = [i for i in items(tables, FILES) if i["shop_id"]["N"] == str(shop_id)]
    orders = [i for i in items(tables, ORDERS) if i["shop_id"]["N"] == str(shop_id)]

    assert {("unfinished" in item, item["settled"]["BOOL"]) for item in files} == {
        (True, False),
        (False, True),
    }
    for item in orders:
        assert item.get("open") == _expected_queue(item), item["key"]
    queues = {item["open"]["S"] for item in orders if "open" in item}
    assert len(queues) == 3


def _expected_queue(item: dict[str, Any]) -> dict[str, str] | None:
    shop_id, state = item["shop_id"]["N"], item["state"]["S"]
    queue = {"dropped": "dropped-2026-01-24", "placed": "held"}.get(state, state)
    if state == "placed" and "change" not in item:
        return None
    return {"S": f"{shop_id}#{queue}"}


def test_a_sealed_secret_takes_the_place_of_the_plain_one(tables: Tables, shop_id: int) -> None:
    """As a version before 1.3.0 stored it, and then sealed."""
    tables.shops.add(
        replace(
            shop(shop_id),
            token=as_plain(SecretKind.TOKEN, "plain-token"),
            licence=as_plain(SecretKind.LICENCE, "plain-licence"),
        )
    )
    assert "plain-token" in str(shop_item(tables, shop_id))

    sealed = shop(shop_id)
    tables.shops.update(shop_id, lambda s: replace(s, token=sealed.token, licence=sealed.licence))

    item = shop_item(tables, shop_id)
    assert "plain-" not in str(item)
    assert not {"token", "licence"} & item.keys()
    assert tables.shops.get(shop_id) == replace(sealed, version=1)


def test_the_same_secret_sealed_anew_is_written(tables: Tables, shop_id: int) -> None:
    """A change that nobody would see, were the secrets compared alone."""
    tables.shops.add(shop(shop_id))
    token = shop(shop_id).token
    assert token is not None
    tables.shops.update(shop_id, lambda s: replace(s, token=sealed_before(token)))
    assert shop_item(tables, shop_id)["sealed_token"]["M"]["key"] == {"S": FORMER_KEY}


def shop_item(tables: Tables, shop_id: int) -> dict[str, Any]:
    """A shop's own item."""
    of_shop = [i for i in items(tables, SHOPS) if i["shop_id"]["N"] == str(shop_id)]
    return next(item for item in of_shop if item["part"]["S"] == "shop")


def test_an_erased_secret_rests_nowhere(tables: Tables, shop_id: int) -> None:
    live_through_everything(tables, shop_id)
    mine = [i for i in items(tables, SHOPS) if i["shop_id"]["N"] == str(shop_id)]
    assert any("token-of-the-shop" in str(item) for item in mine)

    tables.shops.update(shop_id, lambda s: replace(s, token=None, licence=None))

    mine = [i for i in items(tables, SHOPS) if i["shop_id"]["N"] == str(shop_id)]
    assert not any("of-the-shop" in str(item) for item in mine)


def test_no_index_shows_secrets() -> None:
    shown = {*KNOWN_ATTRIBUTES, *STANDING_ATTRIBUTES}
    assert not {"token", "licence", "sealed_token", "sealed_licence"} & shown


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
