"""A night of 2,000 shops on the packaged stack: every slice sends its shops out, each once.

What their messages ask for is not carried out: the queue's consumer is switched off, and the slices
are handed to the function as Lambda would hand them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from chalicelib.domain.nights import TOGETHER
from chalicelib.domain.slots import SLOTS, slot_of
from tools.played_day import Day, scheduled_event, until

FIRST = 7_000_000
MANY = range(FIRST, FIRST + 2000)
EXPORTING = {number for number in MANY if number % 10}
FORMER = {number for number in MANY if number % 7 == 0}  # as versions before 1.7.0 stored them

pytestmark = pytest.mark.slow


@contextmanager
def no_consumer(day: Day) -> Iterator[None]:
    """Meanwhile nobody takes what is in the queue; at the end it is empty."""
    client, name = day.client("lambda"), day.stack.functions["export_shop"]
    (mapping,) = client.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]

    def switch(*, on: bool) -> None:
        client.update_event_source_mapping(UUID=mapping["UUID"], Enabled=on)
        wanted = "Enabled" if on else "Disabled"
        until(
            lambda: client.get_event_source_mapping(UUID=mapping["UUID"])["State"] == wanted,
            what=f"the queue's consumer to be {wanted.lower()}",
        )

    day.queue_empty()
    switch(on=False)
    try:
        yield
    finally:
        day.client("sqs").purge_queue(QueueUrl=day.stack.queue_url)
        switch(on=True)


def describe(number: int) -> dict[str, Any]:
    """A shop's record, with no more than its indexes need."""
    key = {"S": "yes" if number in FORMER else slot_of(number)}
    item = {"shop_id": {"N": str(number)}, "part": {"S": "shop"}, "known": key}
    return {**item, "exporting": key} if number in EXPORTING else item


@contextmanager
def many_shops(day: Day) -> Iterator[None]:
    """Meanwhile there are 2,000 shops more."""
    put = [{"PutRequest": {"Item": describe(number)}} for number in MANY]
    keys = [{"shop_id": {"N": str(number)}, "part": {"S": "shop"}} for number in MANY]
    delete = [{"DeleteRequest": {"Key": key}} for key in keys]
    try:
        write_all(day, put)
        yield
    finally:
        write_all(day, delete)


def write_all(day: Day, requests: list[dict[str, Any]]) -> None:
    client, table = day.client("dynamodb"), day.stack.tables["shops"]
    for start in range(0, len(requests), 25):
        left = {table: requests[start : start + 25]}
        while left:
            left = client.batch_write_item(RequestItems=left).get("UnprocessedItems", {})


def take_all(day: Day) -> list[str]:
    """Everything that is in the queue, which is empty then."""
    sqs, url = day.client("sqs"), day.stack.queue_url
    bodies: list[str] = []
    while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        bodies += [each["Body"] for each in found]
        sqs.delete_message_batch(
            QueueUrl=url,
            Entries=[
                {"Id": str(place), "ReceiptHandle": each["ReceiptHandle"]}
                for place, each in enumerate(found)
            ],
        )
    return bodies


def work(day: Day, bodies: list[str]) -> None:
    """Hand messages to the function, one by one; none comes back."""
    for number, body in enumerate(bodies):
        record = {"messageId": f"m{number}", "body": body}
        assert day.invoke("export_shop", {"Records": [record]}) == {"batchItemFailures": []}


def count_ours(bodies: list[str]) -> Counter[int]:
    return Counter(n for n in (json.loads(body)["shop_id"] for body in bodies) if n in MANY)


def test_each_of_2000_shops_has_one_message_a_night(day: Day) -> None:
    with many_shops(day), no_consumer(day):
        assert day.invoke("daily_export", scheduled_event())["slices"] == SLOTS // TOGETHER
        slices = take_all(day)
        assert len(slices) == SLOTS // TOGETHER
        work(day, slices)
        assert count_ours(take_all(day)) == Counter(EXPORTING)

        work(day, slices)  # delivered once more
        assert take_all(day) == []

        day.invoke("watch", scheduled_event())
        work(day, take_all(day))
        assert count_ours(take_all(day)) == Counter(MANY)
        left = day.client("dynamodb").query(
            TableName=day.stack.tables["shops"],
            IndexName="known",
            KeyConditionExpression="known = :yes",
            ExpressionAttributeValues={":yes": {"S": "yes"}},
        )
        assert left["Items"] == [], "the watch let them enter their slots"
