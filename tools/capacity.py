"""What calls to DynamoDB cost in units, by its published rules.

A write costs one unit for each started kilobyte of the larger of the item before and after, on the
table, and the same for each index entry that it makes, changes or takes away; a refused one costs
the table's units. ministack answers that correctly, but for batches of statements: those are
computed here. A consistent read costs one unit for each
started four kilobytes of an item (GetItem, BatchGetItem), or of all that is read (Query), whatever
is shown of it; another one half. ministack answers one or a half there, so that is computed too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any

import boto3
from botocore.handlers import BUILTIN_HANDLERS

from chalicelib.adapters.dynamodb.schema import ORDERS, TABLES

Values = dict[str, Any]
_SHOWN = ("ProjectionExpression", "ExpressionAttributeNames", "Select", "AttributesToGet")
_WRITE_UNIT, _READ_UNIT = 1024, 4096


@dataclass
class Meter:
    """Counts the calls and units of every client that is made after `watch_clients`."""

    calls: Counter[str] = field(default_factory=Counter)
    writes: Counter[str] = field(default_factory=Counter)
    reads: Counter[str] = field(default_factory=Counter)
    is_on: bool = False
    _asked: Values = field(default_factory=dict)
    _before: list[Values] = field(default_factory=list)
    _client: Any = None

    def watch_clients(self) -> None:
        """Look over the shoulder of the clients that this process makes from now on."""
        handlers: Any = BUILTIN_HANDLERS
        handlers.append(("provide-client-params.dynamodb", self._ask))
        handlers.append(("after-call.dynamodb", self._count))

    def start(self, endpoint: str, region: str) -> None:
        """Count from zero, and from now on."""
        self._client = self._client or boto3.client(
            "dynamodb", endpoint_url=endpoint, region_name=region
        )
        self.calls.clear()
        self.writes.clear()
        self.reads.clear()
        self.is_on = True

    @property
    def write_units(self) -> float:
        """Of all calls."""
        return float(sum(self.writes.values()))

    @property
    def read_units(self) -> float:
        """Of all calls."""
        return float(sum(self.reads.values()))

    def _ask(self, params: Values, model: Any, **_: Any) -> Values:
        if not self.is_on:
            return params
        self._asked = params
        self._before = self._read_changed(params)
        return {**params, "ReturnConsumedCapacity": "INDEXES"}

    def _count(self, parsed: Values, model: Any, **_: Any) -> None:
        if not self.is_on:
            return
        self.is_on = False
        try:
            self._add(model.name, self._asked, parsed)
        finally:
            self.is_on = True

    def _add(self, operation: str, asked: Values, answer: Values) -> None:
        table = _table_of(asked)
        name = f"{operation} {table}"
        self.calls[name] += 1
        if operation in ("GetItem", "BatchGetItem", "Query"):
            self.reads[name] += self._read_units(operation, asked)  # type: ignore[assignment]
            return
        if operation == "BatchExecuteStatement":
            self._add_batch(name, asked, answer)
            return
        used = answer.get("ConsumedCapacity")
        if used is None:
            self.writes[f"{name}, refused"] += 1
            return
        for one in used if isinstance(used, list) else [used]:
            self.writes[name] += one["CapacityUnits"]

    def _add_batch(self, name: str, asked: Values, answer: Values) -> None:
        """By the rules: ministack answers one unit a statement, whatever that changes."""
        pairs = zip(self._before, self._read_changed(asked), strict=True)
        for (before, after), one in zip(pairs, answer["Responses"], strict=True):
            refused = ", refused" if "Error" in one else ""
            self.writes[name + refused] += _write_units(before, after)

    def _read_changed(self, asked: Values) -> list[Values]:
        """The items of a batch, as they are now."""
        found = []
        self.is_on = False
        for each in asked.get("Statements", ()):
            sets = each["Statement"].partition(" WHERE ")[0].count("?")
            shop_id, key = each["Parameters"][sets : sets + 2]
            where = {"TableName": each["Statement"].split('"')[1], "ConsistentRead": True}
            got = self._client.get_item(**where, Key={"shop_id": shop_id, "key": key})
            found.append(got.get("Item", {}))
        self.is_on = True
        return found

    def _read_units(self, operation: str, asked: Values) -> float:
        """Read once more, whole: what is not shown is read as well."""
        if operation == "BatchGetItem":
            return sum(
                self._read_units("GetItem", {**_whole(wanted), "TableName": table, "Key": key})
                for table, wanted in asked["RequestItems"].items()
                for key in wanted["Keys"]
            )
        share = 1.0 if asked.get("ConsistentRead") else 0.5
        if operation == "GetItem":
            key = {name: asked[name] for name in ("TableName", "Key")}
            found = self._client.get_item(**key, ConsistentRead=True).get("Item", {})
            return share * max(1, ceil(item_size(found) / _READ_UNIT))
        found = self._client.query(**_whole(asked, of_query=True))["Items"]
        return share * max(1, ceil(sum(map(item_size, found)) / _READ_UNIT))


def _write_units(before: Values, after: Values) -> int:
    """Of a change of a document in the orders table."""
    units: int = _kilobytes(before, after)
    for index in TABLES[ORDERS]["GlobalSecondaryIndexes"]:
        keys = [each["AttributeName"] for each in index["KeySchema"]]
        shown = {*keys, "shop_id", "key", *index["Projection"].get("NonKeyAttributes", ())}
        views = [
            {n: v for n, v in item.items() if n in shown} if item.keys() >= {*keys} else {}
            for item in (before, after)
        ]
        if views[0] == views[1]:
            continue
        has_moved = all(views) and any(views[0][key] != views[1][key] for key in keys)
        units += sum(map(_kilobytes, views)) if has_moved else _kilobytes(*views)
    return units


def _kilobytes(*items: Values) -> int:
    largest: int = max(item_size(item) for item in items)
    return max(1, ceil(largest / _WRITE_UNIT))


def _whole(asked: Mapping[str, Any], *, of_query: bool = False) -> Values:
    """The call without what keeps parts of items back; a query keeps the names of its keys."""
    left = {"ProjectionExpression", "Select", "AttributesToGet", "ReturnConsumedCapacity", "Keys"}
    left |= set() if of_query else {"ExpressionAttributeNames"}
    whole = {name: value for name, value in asked.items() if name not in left}
    if of_query and "ExpressionAttributeNames" in whole:
        said = f"{asked.get('KeyConditionExpression', '')} {asked.get('FilterExpression', '')}"
        names = whole["ExpressionAttributeNames"]
        whole["ExpressionAttributeNames"] = {n: v for n, v in names.items() if n in said}
    return whole


def _table_of(asked: Values) -> str:
    if "TableName" in asked:
        return str(asked["TableName"]).rpartition("-")[2]
    if "RequestItems" in asked:
        return ",".join(name.rpartition("-")[2] for name in asked["RequestItems"])
    if "Statements" in asked:
        return str(asked["Statements"][0]["Statement"].split('"')[1].rpartition("-")[2])
    items = asked.get("TransactItems", [])
    return ",".join(sorted({n["TableName"].rpartition("-")[2] for i in items for n in i.values()}))


def item_size(item: Mapping[str, Any]) -> int:
    """The bytes that an item in DynamoDB's JSON counts for."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, stored),) = value.items()
    if kind == "S":
        return len(stored.encode())
    if kind == "N":
        digits = str(stored).lstrip("-").replace(".", "")
        return ceil(len(digits) / 2) + 1 + str(stored).startswith("-")
    if kind == "B":
        return len(stored)
    if kind in ("M", "L"):
        inner: Iterable[int] = (
            (len(n.encode()) + _value_size(v) + 1 for n, v in stored.items())
            if kind == "M"
            else (_value_size(v) + 1 for v in stored)
        )
        return 3 + sum(inner)
    return 1
