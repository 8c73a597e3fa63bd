"""What each version stored is kept: this version's recording is what the code writes today."""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

import pytest

from chalicelib.adapters.dynamodb import Tables
from chalicelib.version import VERSION
from tests.tables.former_items import FORMER, STORED, as_text, cases_of, put_case, read_item
from tests.tables.record_items import record_items

AGAIN = "run `python -m tests.tables.record_items`; once a version is released, raise VERSION first"
RECORDED = {path.stem.removeprefix("version-") for path in STORED.glob("*.json")}


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


@pytest.mark.parametrize("version", sorted(RECORDED - {FORMER}))
def test_what_was_recorded_is_read_as_it_was(tables: Tables, version: str) -> None:
    """Fields that a later version added have their defaults."""
    for case in cases_of(version):
        put_case(tables, case)
        read, recorded = read_item(tables, case), case["read"]
        now = as_text(read)
        if isinstance(recorded, dict) and is_dataclass(read):
            added = [each for each in fields(read) if each.name not in recorded]
            assert all(getattr(read, each.name) == _default_of(each) for each in added), case
        assert in_words_of(recorded, now) == recorded, case["case"]


def in_words_of(recorded: Any, read: Any) -> Any:
    """What is read today, without the fields that the recording's version did not have."""
    if not isinstance(recorded, dict) or not isinstance(read, dict):
        return read
    return {name: in_words_of(recorded[name], read[name]) for name in read if name in recorded}


def _default_of(field: Field[Any]) -> object:
    made = field.default_factory
    return field.default if made is MISSING else made()


def test_every_version_has_a_recording() -> None:
    assert {FORMER, VERSION} <= RECORDED
