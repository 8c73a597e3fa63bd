"""How one change of all documents of a file is sent, in each way that `bench_claims` times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import and_
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from pynamodb.connection import Connection
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamodb import open_tables
from chalicelib.adapters.dynamodb.entry_item import EntryItem
from chalicelib.adapters.dynamodb.records import bind, line
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState, Hint, Outcome
from tools import claim_writes as writes
from tools import ministack
from tools.claim_writes import FILE, FINGERPRINT, NOW, PREFIX, SHOP_ID, TABLE, Values, Write

DOCUMENTS = 250
TRANSACTION, STATEMENTS, READS = 100, 25, 100  # DynamoDB's limits of one call
KIND, DAY = DocumentKind.ORDER, date(2026, 1, 23)
T = TypeVar("T")


@dataclass
class Sender:
    """Sends a write for all documents of a file, in one of several ways, and counts the calls. With
    `counts`, it has ministack say the write units of each call as well.
    """

    endpoint: str
    counts: bool = False
    calls: int = 0
    units: float = 0.0
    stored: list[Values] = field(default_factory=list)
    waiting: list[Entry] = field(default_factory=list)

    def __post_init__(self) -> None:
        at: Values = {"region": ministack.REGION, "host": self.endpoint}
        self.entries = open_tables(PREFIX, **at).entries
        self.model = bind(EntryItem, TABLE, **at)
        self.connection = Connection(**at)
        self.client: Any = boto3.client(
            "dynamodb",
            region_name=ministack.REGION,
            endpoint_url=self.endpoint,
            config=Config(parameter_validation=False),
        )
        for number in range(301, 301 + DOCUMENTS):
            hint = Hint(kind=KIND, document_id=number, number=f"ORD{number:05d}", day=DAY)
            self.entries.hear(SHOP_ID, hint, at=NOW, by="webhook")
            found = self.client.get_item(TableName=TABLE, Key=writes.key_of(hint.key))
            entry = self.entries.get(SHOP_ID, hint.key)
            assert entry is not None
            self.stored.append(found["Item"])
            self.waiting.append(entry)
        self.keys = [entry.key for entry in self.waiting]

    def reset(self) -> None:
        """Let all documents wait again."""
        for items in _parts(self.stored, STATEMENTS):
            puts = [{"PutRequest": {"Item": item}} for item in items]
            self.client.batch_write_item(RequestItems={TABLE: puts})
        self.calls, self.units = 0, 0.0

    def as_today(self, write: Write) -> None:
        """The adapter's own `claim` or `settle`."""
        if self.counts:
            self.singly(write)
            return
        how: Values = {"to": EntryState.PLACED, "outcome": Outcome(fingerprint=FINGERPRINT)}
        for entry in self.waiting:
            if write is writes.CLAIM:
                _must(self.entries.claim(entry, FILE, at=NOW))
            else:
                _must(self.entries.settle(SHOP_ID, entry.key, file=FILE, at=NOW, **how))
            self.calls += 1

    def singly(self, write: Write) -> None:
        """An UpdateItem each."""
        update = write.update()
        for key in self.keys:
            self._call("update_item", **writes.aim(update, key))

    def in_transactions(self, write: Write) -> None:
        """TransactWriteItems."""
        update = write.update()
        for keys in _parts(self.keys, TRANSACTION):
            items = [{"Update": writes.aim(update, key)} for key in keys]
            self._call("transact_write_items", TransactItems=items)

    def by_pynamodb(self, write: Write) -> None:
        """The same through PynamoDB."""
        if self.counts:
            self.in_transactions(write)
            return
        m = self.model
        names = {a.attr_name: a for a in m.get_attributes().values()}
        for keys in _parts(self.keys, TRANSACTION):
            with TransactWrite(connection=self.connection) as transaction:
                for key in keys:
                    sets = {**write.sets, "write_id": key, "since": NOW}
                    added = line(NOW, write.events[0], "export", FILE)
                    actions: list[Action] = [names[n].set(value) for n, value in sets.items()]
                    actions += [names[n].remove() for n in write.removes]
                    actions.append(m.history.set(m.history.append(added)))
                    may = (names[n] == value for n, value in write.expects.items())
                    transaction.update(m(SHOP_ID, key), actions, reduce(and_, may))
            self.calls += 1

    def in_batches(self, write: Write) -> None:
        """BatchExecuteStatement; of ministack, UpdateItem's units are taken, which are right."""
        if self.counts:
            self.singly(write)
            return
        statement = write.statement()
        for keys in _parts(self.keys, STATEMENTS):
            statements = [writes.aim_statement(statement, key) for key in keys]
            answer = self._call("batch_execute_statement", Statements=statements)
            _must(not any("Error" in each for each in answer["Responses"]))

    def read_all(self) -> None:
        """BatchGetItem, consistent: a read unit a document."""
        for keys in _parts(self.keys, READS):
            asked = {"Keys": [writes.key_of(key) for key in keys], "ConsistentRead": True}
            answer = self._call("batch_get_item", RequestItems={TABLE: asked})
            _must(all(i["state"]["S"] == "waiting" for i in answer["Responses"][TABLE]))

    def _call(self, operation: str, **arguments: Any) -> Any:
        if self.counts:
            arguments["ReturnConsumedCapacity"] = "INDEXES"
        answer = getattr(self.client, operation)(**arguments)
        self.calls += 1
        if self.counts and "Responses" not in answer:  # not of reads
            used = answer["ConsumedCapacity"]
            self.units += sum(
                u["CapacityUnits"] for u in (used if isinstance(used, list) else [used])
            )
        return answer


def _parts(things: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(things), size):
        yield things[start : start + size]


def _must(holds: object) -> None:
    if not holds:
        raise SystemExit("ministack refused a write that it must carry out")
