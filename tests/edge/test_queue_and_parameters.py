"""SQS and SSM through boto3, against moto."""

from __future__ import annotations

import json
from collections.abc import Iterator

import boto3
import pytest

from chalicelib.adapters.parameters import ParameterStore
from chalicelib.adapters.sqs import SqsExportQueue
from chalicelib.errors import QueueError
from chalicelib.ports import Task
from tests.fakes.aws import aws_in_memory

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _aws() -> Iterator[None]:
    with aws_in_memory():
        yield


def test_queued_shops_arrive() -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="exports")["QueueUrl"]
    queue = SqsExportQueue(lambda: sqs, url)

    queue.send(1, run="now")
    assert queue.send_many(range(2, 14), run="night") == 12

    arrived: dict[int, str] = {}
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            body = json.loads(message["Body"])
            arrived[body["shop_id"]] = body["run"]
    assert arrived == {1: "now", **dict.fromkeys(range(2, 14), "night")}


def test_a_message_that_is_kept_does_not_come_back_meanwhile() -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="exports", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    queue = SqsExportQueue(lambda: sqs, url)
    queue.send(1, run="night+m1", task=Task.WISH)

    def receive() -> list[dict[str, str]]:
        found: list[dict[str, str]] = sqs.receive_message(QueueUrl=url).get("Messages", [])
        return found

    (message,) = receive()
    assert json.loads(message["Body"]) == {"shop_id": 1, "run": "night+m1", "task": "wish"}
    queue.keep(message["ReceiptHandle"], 300)
    assert receive() == []
    queue.keep(message["ReceiptHandle"], 0)
    assert len(receive()) == 1


def test_a_message_that_cannot_be_kept_is_said_by_code_alone() -> None:
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="exports")["QueueUrl"]
    with pytest.raises(QueueError, match="ReceiptHandleIsInvalid") as caught:
        SqsExportQueue(lambda: sqs, url).keep("no such receipt", 300)
    assert "no such receipt" not in str(caught.value)


def test_dead_letters_get_another_chance_each_once() -> None:
    sqs = boto3.client("sqs")
    dead = sqs.create_queue(QueueName="exports-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]
    policy = {"deadLetterTargetArn": arn["QueueArn"], "maxReceiveCount": 3}
    url = sqs.create_queue(QueueName="exports", Attributes={"RedrivePolicy": json.dumps(policy)})[
        "QueueUrl"
    ]
    for number in range(23):
        sqs.send_message(QueueUrl=dead, MessageBody=str(number))

    SqsExportQueue(lambda: sqs, url).redrive()

    def bodies(queue: str) -> list[str]:
        found: list[str] = []
        while messages := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get(
            "Messages"
        ):
            found += [message["Body"] for message in messages]
        return sorted(found, key=int)

    assert bodies(url) == [str(number) for number in range(23)]
    assert bodies(dead) == []


def test_a_secure_string_comes_back_decrypted() -> None:
    ssm = boto3.client("ssm")
    ssm.put_parameter(Name="/connector/secret", Value="s3cret", Type="SecureString")
    assert ParameterStore(lambda: ssm).fetch("/connector/secret") == "s3cret"
