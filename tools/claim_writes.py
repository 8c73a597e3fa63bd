"""How a document of the orders table is claimed and placed, in each way that `bench_claims` times.

The quiet way, today's, keeps the claim in an attribute that no index shows. The former one, that of
version 1.0.0, moves the document in index `open` with its claim. The filed one writes nothing at
the claim: the file's record alone would know which documents it has taken up.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.adapters.dynamodb.records import instant
from chalicelib.domain.events import Actor, Event, OrderStep

SHOP_ID, PREFIX, TABLE = 184520, "bench-", "bench-orders"
NOW = datetime(2026, 1, 23, 22, 15, tzinfo=UTC)
FILE, FINGERPRINT = f"axml-orders-20260123-{SHOP_ID}-001.xml", "0123456789abcdef" * 2
CLAIM_EVENT = Event(at=NOW, step=OrderStep.CLAIM, by=Actor.EXPORT, file=FILE)
PLACE_EVENT = Event(at=NOW, step=OrderStep.PLACE, by=Actor.EXPORT, file=FILE)
Values = dict[str, Any]
"""Attributes or parameters in DynamoDB's JSON."""

_AT = instant(NOW)


@dataclass(frozen=True)
class Write:
    """A conditional change: what it sets and removes, what it expects to be equal or absent, and
    the events that it adds to the history.
    """

    sets: Mapping[str, str]
    removes: Sequence[str]
    expects: Mapping[str, str]
    absent: Sequence[str] = ()
    events: Sequence[Event] = (CLAIM_EVENT,)

    def update(self) -> Values:
        """As arguments of UpdateItem, or of an Update in a transaction, but for `aim`."""
        sets = ", ".join(f"#{n} = :{n}" for n in (*self.sets, "write_id"))
        asks = [f"#{n} = :is_{n}" for n in self.expects]
        asks += [f"attribute_not_exists(#{n})" for n in self.absent]
        remove = f" REMOVE {', '.join(f'#{n}' for n in self.removes)}" if self.removes else ""
        names = {*self.sets, "write_id", "history", *self.removes, *self.expects, *self.absent}
        return {
            "TableName": TABLE,
            "UpdateExpression": f"SET {sets}, #history = list_append(#history, :events){remove}",
            "ConditionExpression": " AND ".join(asks),
            "ExpressionAttributeNames": {f"#{n}": n for n in names},
            "ExpressionAttributeValues": {
                **{f":{n}": {"S": value} for n, value in self.sets.items()},
                **{f":is_{n}": {"S": value} for n, value in self.expects.items()},
                ":events": {"L": self._items()},
            },
        }

    def statement(self) -> tuple[str, list[Values], list[Values]]:
        """As PartiQL, with the parameters before and after those of `aim_statement`. ministack has
        no LIST_APPEND there; an element past a list's end is appended as well.
        """
        sets = "".join(f' SET "{n}"=?' for n in self.sets)
        sets += "".join(f' SET "history"[{900 + i}]=?' for i in range(len(self.events)))
        removes = "".join(f' REMOVE "{n}"' for n in self.removes)
        asks = "".join(f' AND "{n}"=?' for n in self.expects)
        asks += "".join(f' AND "{n}" IS MISSING' for n in self.absent)
        text = f'UPDATE "{TABLE}"{sets} SET "write_id"=?{removes} WHERE "shop_id"=? AND "key"=?'
        before = [{"S": value} for value in self.sets.values()] + self._items()
        return text + asks, before, [{"S": value} for value in self.expects.values()]

    def _items(self) -> list[Values]:
        texts = [
            {"at": _AT, "step": event.step.value, "by": event.by.value, "file": FILE}
            for event in self.events
        ]
        return [{"M": {name: {"S": value} for name, value in t.items()}} for t in texts]


def aim(update: Values, key: str) -> Values:
    """An update's arguments for one document."""
    values = {**update["ExpressionAttributeValues"], ":write_id": _write_id()}
    return {**update, "Key": key_of(key), "ExpressionAttributeValues": values}


def aim_statement(statement: tuple[str, list[Values], list[Values]], key: str) -> Values:
    """A statement for one document."""
    text, before, after = statement
    return {"Statement": text, "Parameters": [*before, _write_id(), *key_of(key).values(), *after]}


_PLACED = {"state": "placed", "since": _AT, "file": FILE, "fingerprint": FINGERPRINT}
_GONE = ("open", "details_reported_at", "vat_reported_at")
QUIET_CLAIM = Write({"claim": FILE, "claimed_at": _AT}, (), {"state": "waiting"}, absent=("claim",))
QUIET_PLACE = Write(_PLACED, (*_GONE, "claim"), {"claim": FILE}, events=(PLACE_EVENT,))
FORMER_CLAIM = Write(
    {"state": "claimed", "since": _AT, "open": f"{SHOP_ID}#claimed", "file": FILE},
    (),
    {"state": "waiting"},
)
FORMER_PLACE = Write(_PLACED, _GONE, {"state": "claimed", "file": FILE}, events=(PLACE_EVENT,))
FILED_PLACE = Write(_PLACED, _GONE, {"state": "waiting"}, events=(CLAIM_EVENT, PLACE_EVENT))


def key_of(key: str) -> Values:
    """The primary key of a document."""
    return {"shop_id": {"N": str(SHOP_ID)}, "key": {"S": key}}


def _write_id() -> Values:
    return {"S": uuid.uuid4().hex[:16]}
