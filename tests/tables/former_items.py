"""Items as an earlier version of the connector stored them; see `stored/README.md`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

import boto3
import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.adapters.dynamodb.policies import to_document
from chalicelib.adapters.dynamodb.schema import FILES, ORDERS
from chalicelib.domain.journal import JOURNAL, JournalEntry
from chalicelib.domain.landed import LANDINGS, LandedDelivery
from chalicelib.domain.month_files import MONTHS, MonthFiles
from chalicelib.domain.policy import Policy
from chalicelib.domain.sealed import Sealed
from chalicelib.domain.shop_records import ShopRecord
from chalicelib.domain.statement import DayStatement

STORED = Path(__file__).parent / "stored"
FORMER = "1.0.0"


@cache
def cases_of(version: str = FORMER) -> tuple[dict[str, Any], ...]:
    """Everything recorded of a version: case, table, item, and how it was read."""
    return tuple(json.loads((STORED / f"version-{version}.json").read_text(encoding="utf-8")))


def parametrize_cases(table: str, starts: str = "") -> pytest.MarkDecorator:
    """Run a test for every case of a table whose name starts so."""
    cases = (case for case in cases_of() if case["table"] == table)
    found = [case for case in cases if case["case"].startswith(starts)]
    return pytest.mark.parametrize("case", found, ids=lambda case: case["case"])


def former_cases(table: str) -> list[dict[str, Any]]:
    """The cases of a table, without those of even older shapes."""
    cases = (case for case in cases_of() if case["table"] == table)
    return [case for case in cases if "older shape" not in case["case"]]


def move_case(case: dict[str, Any], shop_id: int) -> dict[str, Any]:
    """A case as it would be in another shop, the names of its files included."""
    text, number = json.dumps(case), case["item"]["shop_id"]["N"]
    for form in ('"N": "{}"', '"shop_id": "{}"', '"{}#', "-{}-"):
        text = text.replace(form.format(number), form.format(shop_id))
    moved: dict[str, Any] = json.loads(text)
    return moved


@cache
def _open_client(prefix: str, host: str | None) -> Any:
    """One client for tables of this prefix: to make one takes longer than what it is asked for."""
    assert prefix
    return boto3.client("dynamodb", endpoint_url=host)


def put_case(tables: Tables, case: dict[str, Any]) -> str:
    """Store the item of a case. Gives its sort key."""
    item = case["item"]
    _open_client(tables.prefix, tables.host).put_item(
        TableName=tables.prefix + case["table"], Item=item
    )
    (key,) = [item[name]["S"] for name in ("key", "name", "part") if name in item]
    return str(key)


def read_item(tables: Tables, case: dict[str, Any]) -> object:
    """What the code of today reads of a case's item, alone in its shop. Of a lease: None."""
    item = case["item"]
    shop_id = int(item["shop_id"]["N"])
    if case["table"] == ORDERS:
        return tables.entries.get(shop_id, item["key"]["S"])
    if case["table"] == FILES:
        return tables.files.get(shop_id, item["name"]["S"])
    part, _, name = item["part"]["S"].partition("#")
    if part == "note":
        return _read_note(tables, shop_id, name)
    if part == "seat":
        return tables.shops.seat(shop_id, name)
    if part == "health":
        return tables.shops.find_health(shop_id)
    return tables.shops.audit(shop_id)[0] if part == "audit" else tables.shops.get(shop_id)


def _read_note(tables: Tables, shop_id: int, name: str) -> object:
    kinds = {kind.NAME: kind for kind in get_args(ShopRecord)}
    if name.startswith(JOURNAL):
        return tables.shops.load(shop_id, JournalEntry, name)
    if name.startswith(LANDINGS):
        return tables.shops.load(shop_id, LandedDelivery, name)
    if name.startswith(MONTHS):
        return tables.shops.load(shop_id, MonthFiles, name)
    return tables.shops.load(shop_id, kinds.get(name, DayStatement), name)


def as_text(value: Any) -> Any:
    """A value as the recordings write it."""
    match value:
        case None | str():
            return value
        case Policy():
            return json.loads(to_document(value))
        case Mapping():
            return {str(key): as_text(each) for key, each in value.items()}
        case tuple() | frozenset():
            texts = (as_text(each) for each in value)
            return sorted(texts) if isinstance(value, frozenset) else list(texts)
        case _ if is_dataclass(value) and not (isinstance(value, Sealed) and value.is_plain):
            return {each.name: as_text(getattr(value, each.name)) for each in fields(value)}
    return _plain_text(value)


def _plain_text(value: object) -> str:
    if isinstance(value, Sealed):  # as versions before 1.3.0 stored it
        return value.content
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)
