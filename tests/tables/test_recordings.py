"""What each version stored is kept: this version's recording is what the code writes today."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.version import VERSION
from tests.tables.former_items import FORMER, STORED, as_text, cases_of, put_case, read_item
from tests.tables.record_items import record_items

VERSIONS = sorted(path.stem.removeprefix("version-") for path in STORED.glob("*.json"))
AGAIN = "run `python -m tests.tables.record_items`; once a version is released, raise VERSION first"


def lasting(case: dict[str, Any]) -> dict[str, Any]:
    """A case without what is random in its item, such as the order of a set."""
    item = {name: value for name, value in case["item"].items() if name != "write_id"}
    if "part" in item:
        item["part"] = item["part"]["S"].partition("#0")[0]
    if "values" in item:
        item["values"] = sorted(json.loads(item["values"]["S"]))
    return {**case, "item": item}


def test_the_recording_is_what_the_code_writes_today(tables: Tables) -> None:
    now = [lasting(case) for case in record_items(tables)]
    kept = [lasting(case) for case in cases_of(VERSION)]
    assert [case["case"] for case in now] == [case["case"] for case in kept], AGAIN
    for today, stored in zip(now, kept, strict=True):
        assert today["item"].keys() == stored["item"].keys(), AGAIN
        assert today == stored, AGAIN


def in_words_of(recorded: Any, read: Any) -> Any:
    """What is read today, without the fields that the recording's version did not have."""
    if not isinstance(recorded, dict) or not isinstance(read, dict):
        return read
    return {name: in_words_of(recorded[name], read[name]) for name in read if name in recorded}


@pytest.mark.parametrize("version", [version for version in VERSIONS if version != FORMER])
def test_what_was_recorded_is_read_as_it_was(tables: Tables, version: str) -> None:
    for case in cases_of(version):
        put_case(tables, case)
        read = as_text(read_item(tables, case))
        assert in_words_of(case["read"], read) == case["read"], case["case"]


def test_every_version_has_a_recording() -> None:
    assert {FORMER, VERSION} <= {*VERSIONS}
