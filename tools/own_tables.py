"""The product's three tables at a local endpoint, for tests and benchmarks, and of the quick path.
Else on AWS the stack creates them, encrypted and with point-in-time recovery.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import boto3

from chalicelib.adapters.dynamodb.schema import EXPIRES, TABLES


def create_tables(prefix: str, *, region: str | None = None, host: str | None = None) -> None:
    """Create the three tables and wait until they can be used."""
    client = boto3.client("dynamodb", region_name=region, endpoint_url=host)
    _create(client, prefix, TABLES)


def create_missing_tables(prefix: str) -> None:
    """Create those of the three tables that are not there, and wait until they can be used."""
    client = boto3.client("dynamodb")
    pages = client.get_paginator("list_tables").paginate()
    present = {name for page in pages for name in page["TableNames"]}
    _create(client, prefix, [name for name in TABLES if prefix + name not in present])


def _create(client: Any, prefix: str, names: Collection[str]) -> None:
    for name in names:
        client.create_table(TableName=prefix + name, **TABLES[name])
    for name in names:
        client.get_waiter("table_exists").wait(
            TableName=prefix + name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )


def delete_tables(prefix: str, *, region: str | None = None, host: str | None = None) -> None:
    """Delete what `create_tables` created, with all it holds."""
    client = boto3.client("dynamodb", region_name=region, endpoint_url=host)
    for name in TABLES:
        client.delete_table(TableName=prefix + name)


def enable_lifetimes(tables: Iterable[str]) -> None:
    """Let these tables delete what has expired. ministack's CloudFormation does not, though the
    template says so; a table that does already is left alone.
    """
    client = boto3.client("dynamodb")
    for name in tables:
        found = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
        if found.get("TimeToLiveStatus") not in ("ENABLED", "ENABLING"):
            wanted = {"Enabled": True, "AttributeName": EXPIRES}
            client.update_time_to_live(TableName=name, TimeToLiveSpecification=wanted)
