"""Items as an earlier version of the connector stored them; see `stored/README.md`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from chalicelib.adapters.dynamodb import Tables

STORED = Path(__file__).parent / "stored"
FORMER = "1.0.0"


@cache
def cases_of(version: str = FORMER) -> tuple[dict[str, Any], ...]:
    """Everything recorded of a version: case, table, item, and how it was read."""
    return tuple(json.loads((STORED / f"version-{version}.json").read_text(encoding="utf-8")))


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


def put_case(tables: Tables, case: dict[str, Any]) -> str:
    """Store the item of a case. Gives its sort key."""
    item = case["item"]
    client = boto3.client("dynamodb", endpoint_url=tables.host)
    client.put_item(TableName=tables.prefix + case["table"], Item=item)
    (key,) = [item[name]["S"] for name in ("key", "name", "part") if name in item]
    return str(key)


def as_text(value: Any) -> Any:
    """A field's value as the recordings write it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return {str(key): as_text(each) for key, each in value.items()}
    return value.isoformat() if isinstance(value, date) else str(value)
