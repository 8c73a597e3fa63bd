"""The tables that CloudFormation makes are the tables that the code expects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.adapters.dynamodb.schema import EXPIRES, TABLES
from chalicelib.settings import KEEP_AFTER_LEAVING, KEEP_AUDIT, KEEP_BACKUPS

TEMPLATE = Path(__file__).parents[2] / ".chalice" / "resources.yaml"


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions; their argument stands for the whole."""


Loader.add_multi_constructor("!", lambda loader, _, node: node.value)


def deployed() -> dict[str, Any]:
    """The template's tables by name, without the prefix."""
    if not TEMPLATE.exists():
        pytest.skip(f"{TEMPLATE.name} is not there")
    resources = yaml.load(TEMPLATE.read_text(), Loader)["Resources"].values()
    tables = [r["Properties"] for r in resources if r.get("Type") == "AWS::DynamoDB::Table"]
    return {_name(table["TableName"]): table for table in tables}


def _name(name: Any) -> str:
    text = name["Fn::Sub"] if isinstance(name, dict) else name
    return str(text).rpartition("}")[2]


def _plain(value: Any) -> Any:
    """Lists whose order says nothing, in one order."""
    if isinstance(value, list):
        return sorted((_plain(item) for item in value), key=str)
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in sorted(value.items())}
    return value


def test_no_table_is_missing_or_made_in_vain() -> None:
    assert set(deployed()) == set(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_a_deployed_table_has_the_keys_and_indexes_of_the_code(table: str) -> None:
    properties = deployed()[table]
    for name, wanted in TABLES[table].items():
        assert _plain(properties[name]) == _plain(wanted), name


@pytest.mark.parametrize("table", TABLES)
def test_a_deployed_table_is_encrypted_and_can_be_restored(table: str) -> None:
    properties = deployed()[table]
    assert properties["SSESpecification"] == {"SSEEnabled": True}
    restore = properties["PointInTimeRecoverySpecification"]
    assert restore["PointInTimeRecoveryEnabled"] is True
    assert restore["RecoveryPeriodInDays"] == {"Ref": "BackupDays"}


@pytest.mark.parametrize("table", TABLES)
def test_a_deployed_table_deletes_what_has_ended(table: str) -> None:
    found = deployed()[table]["TimeToLiveSpecification"]
    assert found == {"AttributeName": EXPIRES, "Enabled": True}


def test_functions_keep_things_for_as_long_as_the_stack_says() -> None:
    template = yaml.load(TEMPLATE.read_text(), Loader)
    variables = template["Globals"]["Function"]["Environment"]["Variables"]
    for variable, parameter, days in (
        ("KEEP_AUDIT_DAYS", "KeepAuditDays", KEEP_AUDIT.days),
        ("KEEP_AFTER_LEAVING_DAYS", "KeepAfterLeavingDays", KEEP_AFTER_LEAVING.days),
        ("BACKUP_DAYS", "BackupDays", KEEP_BACKUPS.days),
    ):
        assert variables[variable] == {"Ref": parameter}
        assert template["Parameters"][parameter]["Default"] == days
