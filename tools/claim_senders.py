"""How one change of all documents of a file is sent, in each way that `bench_claims` times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import boto3
from botocore.config import Config

from chalicelib.adapters.dynamodb.entry_item import EntryItem
from chalicelib.adapters.dynamodb.orders_table import DynamoEntries
from chalicelib.adapters.dynamodb.records import bind
from chalicelib.domain.events import Actor, Event
from chalicelib.domain.ledger import DocumentKind, Hint
from chalicelib.domain.lifetimes import Lifetimes
from chalicelib.ports import StepTaken
from tools import claim_writes as writes
from tools import ministack
from tools.claim_writes import FINGERPRINT, NOW, SHOP_ID, TABLE, Values, Write

DOCUMENTS = 250
TRANSACTION, STATEMENTS, READS = 100, 25, 100  # DynamoDB's limits of one call
KIND, DAY = DocumentKind.ORDER, date(2026, 1, 23)
T = TypeVar("T")


@dataclass
class Sender:
    """Sends a change of all documents of a file, in one of several ways, and counts the calls. With
    `counts`, it has ministack say the write units of each call as well.
    """

    endpoint: str
    counts: bool = False
    calls: int = 0
    units: float = 0.0
    hint_units: float = 0.0
    stored: list[Values] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        at: Values = {"region": ministack.REGION, "host": self.endpoint}
        model = bind(EntryItem, TABLE, **at)
        self.entries = DynamoEntries(model, Lifetimes())
        self.client: Any = boto3.client(
            "dynamodb",
            region_name=ministack.REGION,
            endpoint_url=self.endpoint,
            config=Config(parameter_validation=False),
        )
        pynamodb: Any = model._get_connection().connection.client  # noqa: SLF001
        for events in (self.client.meta.events, pynamodb.meta.events):
            events.register("provide-client-params.dynamodb", self._ask_units)
            events.register("after-call.dynamodb", self._count_call)
        self.counts = True
        for number in range(301, 301 + DOCUMENTS):
            hint = Hint(kind=KIND, document_id=number, number=f"ORD{number:05d}", day=DAY)
            self.entries.record_hint(SHOP_ID, hint, at=NOW, by=Actor.WEBHOOK)
            found = self.client.get_item(TableName=TABLE, Key=writes.key_of(hint.key))
            self.stored.append(found["Item"])
            self.keys.append(hint.key)
        self.counts, self.hint_units = False, self.units

    def reset(self) -> None:
        """Let all documents wait again."""
        for items in _parts(self.stored, STATEMENTS):
            puts = [{"PutRequest": {"Item": item}} for item in items]
            self.client.batch_write_item(RequestItems={TABLE: puts})
        self.calls, self.units = 0, 0.0

    def by_adapter(self, event: Event) -> None:
        """As the connector does it; of ministack, UpdateItem's units are taken, which are right."""
        if self.counts:
            self.by_adapter_singly(event)
        else:
            _require(None not in self.entries.record_all(SHOP_ID, self._steps(event)))

    def by_adapter_singly(self, event: Event) -> None:
        """As the connector does it where a batch cannot."""
        for taken in self._steps(event):
            _require(self.entries.record(SHOP_ID, taken))

    def _steps(self, event: Event) -> list[StepTaken]:
        return [StepTaken(key=key, event=event, fingerprint=FINGERPRINT) for key in self.keys]

    def singly(self, write: Write) -> None:
        """An UpdateItem each."""
        update = write.update()
        for key in self.keys:
            self.client.update_item(**writes.aim(update, key))

    def in_transactions(self, write: Write) -> None:
        """TransactWriteItems."""
        update = write.update()
        for keys in _parts(self.keys, TRANSACTION):
            items = [{"Update": writes.aim(update, key)} for key in keys]
            self.client.transact_write_items(TransactItems=items)

    def in_batches(self, write: Write) -> None:
        """BatchExecuteStatement; of ministack, UpdateItem's units are taken, which are right."""
        if self.counts:
            self.singly(write)
            return
        statement = write.statement()
        for keys in _parts(self.keys, STATEMENTS):
            statements = [writes.aim_statement(statement, key) for key in keys]
            answer = self.client.batch_execute_statement(Statements=statements)
            _require(not any("Error" in each for each in answer["Responses"]))

    def read_all(self) -> None:
        """BatchGetItem, consistent: a read unit a document."""
        for keys in _parts(self.keys, READS):
            asked = {"Keys": [writes.key_of(key) for key in keys], "ConsistentRead": True}
            answer = self.client.batch_get_item(RequestItems={TABLE: asked})
            _require(all(i["state"]["S"] == "waiting" for i in answer["Responses"][TABLE]))

    def _ask_units(self, params: Values, **_: Any) -> Values:
        return {**params, "ReturnConsumedCapacity": "INDEXES"} if self.counts else params

    def _count_call(self, parsed: Values, model: Any, **_: Any) -> None:
        self.calls += 1
        if model.name in ("UpdateItem", "TransactWriteItems"):
            used = parsed.get("ConsumedCapacity", [])
            each = used if isinstance(used, list) else [used]
            self.units += sum(one["CapacityUnits"] for one in each)


def _parts(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]


def _require(holds: object) -> None:
    if not holds:
        raise SystemExit("ministack refused a write that it must carry out")
