"""Items as an earlier version of the connector stored them; see `stored/README.md`."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import boto3

from chalicelib.adapters.dynamodb import Tables

STORED = Path(__file__).parent / "stored"
FORMER = "1.0.0"
Item = dict[str, Any]


@cache
def cases_of(version: str = FORMER) -> tuple[dict[str, Any], ...]:
    """Everything recorded of a version: case, table, item, and how it was read."""
    return tuple(json.loads((STORED / f"version-{version}.json").read_text(encoding="utf-8")))


def former_items(table: str) -> list[Item]:
    """The items of a table, without those of even older shapes."""
    cases = (case for case in cases_of() if case["table"] == table)
    return [case["item"] for case in cases if "older shape" not in case["case"]]


def put_item(tables: Tables, table: str, item: Item, *, shop_id: int | None = None) -> str:
    """Store an item as it was, or as another shop's. Gives its sort key."""
    if shop_id is not None:
        own, other = item["shop_id"]["N"], str(shop_id)
        item = {**item, "shop_id": {"N": other}}
        for name in ("open", "shop_number"):
            if name in item:
                item[name] = {"S": item[name]["S"].replace(f"{own}#", f"{other}#")}
    client = boto3.client("dynamodb", endpoint_url=tables.host)
    client.put_item(TableName=tables.prefix + table, Item=item)
    (key,) = [item[name]["S"] for name in ("key", "name", "part") if name in item]
    return str(key)
