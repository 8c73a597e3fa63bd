"""BatchExecuteStatement on moto, whose own carries out an UPDATE whose condition is false.

It understands what the connector sends and no more: each statement becomes an UpdateItem, which
moto does right. `TABLES_ENDPOINT` shows that another endpoint does the same.
"""

from __future__ import annotations

import re
from typing import Any

from moto.dynamodb.exceptions import ConditionalCheckFailed
from moto.dynamodb.models import DynamoDBBackend

MOST = 25
_STATEMENT = re.compile(
    r'UPDATE "(?P<table>[^"]+)" (?P<changes>.+) WHERE (?P<asked>.+) RETURNING ALL NEW \*'
)
_SET = re.compile(r'SET "(\w+)"(\[\d+\])?=\?')
_REMOVE = re.compile(r'REMOVE "(\w+)"')
_EQUAL = re.compile(r'"(\w+)"=\?')
_MISSING = re.compile(r'"(\w+)" IS MISSING')


def mend_batches() -> None:
    """Let moto carry batches out, from now on."""
    backend: Any = DynamoDBBackend
    backend.batch_execute_statement = _execute


def _execute(backend: DynamoDBBackend, statements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    assert 0 < len(statements) <= MOST
    return [_execute_one(backend, each["Statement"], each["Parameters"]) for each in statements]


def _execute_one(
    backend: DynamoDBBackend, text: str, parameters: list[dict[str, Any]]
) -> dict[str, Any]:
    found = _STATEMENT.fullmatch(text)
    assert found, text
    changes, asked = found["changes"], found["asked"]
    sets, removes = _SET.findall(changes), _REMOVE.findall(changes)
    equal, missing = _EQUAL.findall(asked), _MISSING.findall(asked)
    assert _is_all(changes, _SET, _REMOVE)
    assert _is_all(asked, re.compile(" AND "), _EQUAL, _MISSING)
    assert len(parameters) == len(sets) + len(equal)
    assert equal[:2] == ["shop_id", "key"]
    values = {f":{place}": value for place, value in enumerate(parameters)}
    names = {f"#{name}": name for name in (*(n for n, _ in sets), *removes, *equal, *missing)}
    update = ", ".join(f"#{name}{at} = :{place}" for place, (name, at) in enumerate(sets))
    asks = [f"#{name} = :{place}" for place, name in enumerate(equal, len(sets))]
    asks += [f"attribute_not_exists(#{name})" for name in missing]
    remove = f" REMOVE {', '.join(f'#{name}' for name in removes)}" if removes else ""
    try:
        item = backend.update_item(
            found["table"],
            dict(zip(equal[:2], parameters[len(sets) :], strict=False)),
            f"SET {update}{remove}",
            names,
            values,
            condition_expression=" AND ".join(asks),
        )
    except ConditionalCheckFailed:
        return {"Error": {"Code": "ConditionalCheckFailed", "Message": "it does not hold"}}
    return {"TableName": found["table"], "Item": item.to_json()["Attributes"]}


def _is_all(text: str, *known: re.Pattern[str]) -> bool:
    """Whether a text is made of what these know, and nothing else."""
    for pattern in known:
        text = pattern.sub("", text)
    return not text.strip()
