"""The export queue: one message a shop, and no shop silently forgotten."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from chalicelib.adapters.queue_messages import read_message
from chalicelib.adapters.sqs import SqsExportQueue
from chalicelib.domain.nights import list_slices
from chalicelib.domain.tasks import Task
from chalicelib.errors import QueueError

URL = "https://sqs.eu-central-1.amazonaws.com/1/exports"


class Sqs:
    """An SQS client that refuses what `refusals` says: per shop, how many times."""

    def __init__(self, refusals: dict[int, int] | None = None) -> None:
        self.refusals = refusals or {}
        self.sent: list[dict[str, Any]] = []
        self.calls: list[int] = []
        self.error: Exception | None = None

    def send_message(self, **message: Any) -> dict[str, Any]:
        self._maybe_fail()
        self.sent.append(message)
        return {}

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        self._maybe_fail()
        assert QueueUrl == URL
        assert len({entry["Id"] for entry in Entries}) == len(Entries) <= 10
        self.calls.append(len(Entries))
        failed = []
        for entry in Entries:
            shop_id = json.loads(entry["MessageBody"]).get("shop_id", 0)
            if self.refusals.get(shop_id, 0):
                self.refusals[shop_id] -= 1
                failed.append({"Id": entry["Id"], "Code": "InternalError", "SenderFault": False})
            else:
                self.sent.append(entry)
        return {"Failed": failed} if failed else {}

    def shops(self) -> list[int]:
        return [json.loads(message["MessageBody"])["shop_id"] for message in self.sent]

    def _maybe_fail(self) -> None:
        if self.error:
            raise self.error


def queue(sqs: Sqs) -> SqsExportQueue:
    return SqsExportQueue(lambda: sqs, URL)


def test_a_message_names_shop_and_run() -> None:
    sqs = Sqs()
    queue(sqs).send(184520, delay=60, run="2026-01-23")
    (message,) = sqs.sent
    assert json.loads(message["MessageBody"]) == {"shop_id": 184520, "run": "2026-01-23"}
    assert (message["QueueUrl"], message["DelaySeconds"]) == (URL, 60)


@pytest.mark.parametrize(("asked", "given"), [(3600, 900), (900, 900), (-5, 0)])
def test_a_delay_stays_within_what_sqs_knows(asked: int, given: int) -> None:
    sqs = Sqs()
    queue(sqs).send(184520, delay=asked)
    assert sqs.sent[0]["DelaySeconds"] == given


def test_many_shops_go_in_batches_of_ten() -> None:
    sqs = Sqs()
    assert queue(sqs).send_many(range(1, 24), run="night") == 23
    assert sqs.calls == [10, 10, 3]
    assert sqs.shops() == list(range(1, 24))


def test_no_shops_need_no_client() -> None:
    def no_client() -> Any:
        raise AssertionError("nothing to send")

    assert SqsExportQueue(no_client, URL).send_many([], run="night") == 0


def test_a_refused_message_is_tried_once_more() -> None:
    sqs = Sqs({7: 1})
    assert queue(sqs).send_many(range(1, 11), run="night") == 10
    assert sqs.calls == [10, 1]
    assert sorted(sqs.shops()) == list(range(1, 11))


def test_a_shop_refused_twice_is_named_and_the_others_are_queued() -> None:
    sqs = Sqs({7: 2})
    with pytest.raises(QueueError, match=r"1 of 25 shops .*InternalError.*: 7\."):
        queue(sqs).send_many(range(1, 26), run="night")
    assert sorted(sqs.shops()) == [n for n in range(1, 26) if n != 7]


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url=URL),
        ClientError({"Error": {"Code": "AccessDenied", "Message": "x"}}, "SendMessage"),
    ],
)
def test_a_queue_that_cannot_be_reached_is_an_error_of_ours(error: Exception) -> None:
    sqs = Sqs()
    sqs.error = error
    with pytest.raises(QueueError, match="184520"):
        queue(sqs).send(184520)
    with pytest.raises(QueueError, match=r"30 of 30 .* and 10 more"):
        queue(sqs).send_many(range(30), run="night")


def test_slices_are_delayed_until_they_are_due_as_far_as_sqs_can() -> None:
    sqs, now = Sqs(), datetime(2026, 1, 23, 1, 15, tzinfo=UTC)
    slices = list_slices(Task.EXPORT, "night", now, window=3600)
    queue(sqs).send_slices(slices, now=now)
    assert sqs.calls == [10] * 6 + [4]
    assert [read_message(each["MessageBody"]) for each in sqs.sent] == slices
    delays = [each.get("DelaySeconds", 0) for each in sqs.sent]
    assert delays[:3] == [0, 56, 112]
    assert delays[16:] == [900] * 48


def test_a_slice_that_cannot_be_sent_is_named() -> None:
    sqs, now = Sqs({0: 2}), datetime(2026, 1, 23, 1, 15, tzinfo=UTC)
    with pytest.raises(QueueError, match=r"1 of 1 slices .*InternalError.*: slot-00\."):
        queue(sqs).send_slices(list_slices(Task.WATCH, "night", now)[:1], now=now)


def test_the_client_is_made_once() -> None:
    made: list[Sqs] = []

    def factory() -> Sqs:
        made.append(Sqs())
        return made[-1]

    exports = SqsExportQueue(factory, URL)
    exports.send(1)
    exports.send(2)
    assert len(made) == 1


class WithDeadLetters(Sqs):
    """A queue whose redrive policy is `policy`."""

    def __init__(self, policy: dict[str, object] | None) -> None:
        super().__init__()
        self.policy = policy

    def get_queue_attributes(self, **_: object) -> dict[str, Any]:
        self._maybe_fail()
        return {"Attributes": {"RedrivePolicy": json.dumps(self.policy)}} if self.policy else {}


def test_a_queue_without_dead_letters_says_so() -> None:
    with pytest.raises(QueueError, match="no dead letters"):
        queue(WithDeadLetters(None)).redrive()


def test_a_redrive_that_is_refused_is_an_error_of_ours() -> None:
    sqs = WithDeadLetters({"deadLetterTargetArn": "x"})
    sqs.error = ClientError({"Error": {"Code": "AccessDenied", "Message": "x"}}, "Get")
    with pytest.raises(QueueError, match="AccessDenied"):
        queue(sqs).redrive()
