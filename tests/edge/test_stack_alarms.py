"""The stack's alarms and their topic through boto3, against moto."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.sqs import SqsExportQueue
from chalicelib.adapters.stack_alarms import StackAlarms
from chalicelib.errors import AlarmsUnavailable
from chalicelib.ports import LONGEST_SUBJECT, Backlog, Listeners
from tests.fakes.aws import aws_in_memory

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _aws() -> Iterator[None]:
    with aws_in_memory():
        yield


@pytest.fixture
def topic() -> str:
    return str(boto3.client("sns").create_topic(Name="alarms")["TopicArn"])


def put_alarm(name: str, state: str, **properties: Any) -> None:
    client = boto3.client("cloudwatch")
    client.put_metric_alarm(
        AlarmName=name,
        Namespace="AWS/SQS",
        MetricName="Age",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
        **{"AlarmActions": ["arn:aws:sns:eu-central-1:123456789012:alarms"], **properties},
    )
    client.set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")


def test_what_rings_is_named_as_in_the_template_and_of_this_stack_alone(topic: str) -> None:
    put_alarm("fleet-DeadLetterAlarm-1AB2", "ALARM")
    put_alarm("fleet-AppRefusedAlarm", "ALARM")
    put_alarm("fleet-QueueWaits-1AB2", "ALARM", AlarmActions=[])
    put_alarm("fleet-DayOpenAlarm-1AB2", "OK")
    put_alarm("fleet-acceptance-DayOpenAlarm-1AB2", "ALARM")

    found = StackAlarms("fleet", topic).list_ringing()

    assert [each.name for each in found] == ["AppRefusedAlarm", "DeadLetterAlarm"]
    assert all(each.since.tzinfo for each in found)


def test_a_night_that_is_missed_rings_for_want_of_figures(topic: str) -> None:
    silent = {"InsufficientDataActions": [topic]}
    put_alarm("fleet-NightMissedAlarm-1AB2", "INSUFFICIENT_DATA", **silent)
    put_alarm("fleet-DayOpenAlarm-1AB2", "INSUFFICIENT_DATA")

    found = StackAlarms("fleet", topic).list_ringing()

    assert [each.name for each in found] == ["NightMissedAlarm"]


def test_who_gets_the_alarms_is_counted(topic: str) -> None:
    alarms = StackAlarms("fleet", topic)
    assert alarms.count_listeners() == Listeners(confirmed=0, pending=0)

    queue = "arn:aws:sqs:eu-central-1:123456789012:ear"
    boto3.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue)

    assert alarms.count_listeners().confirmed == 1


def test_the_page_arrives_under_a_subject_of_one_line(topic: str) -> None:
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    url = sqs.create_queue(QueueName="ear")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])

    StackAlarms("fleet", topic).notify("one line\nand é" + "x" * 200, "the page\nof two lines")

    (message,) = sqs.receive_message(QueueUrl=url)["Messages"]
    body = json.loads(message["Body"])
    assert body["Message"] == "the page\nof two lines"
    assert body["Subject"].startswith("one line and  xxx")
    assert len(body["Subject"]) == LONGEST_SUBJECT


class Refusing:
    """A client of a service that refuses every call."""

    def __getattr__(self, name: str) -> Any:
        def refuse(*_: Any, **__: Any) -> Any:
            error = {"Error": {"Code": "AccessDenied", "Message": "shop 7 of J. Jansen"}}
            raise ClientError(error, name)  # type: ignore[arg-type]

        return refuse


def test_a_refusal_is_said_by_its_code_alone() -> None:
    alarms = StackAlarms("fleet", "topic", lambda _service: Refusing())
    for call in (
        alarms.list_ringing,
        alarms.count_listeners,
        lambda: alarms.notify("a subject", "a page"),
    ):
        with pytest.raises(AlarmsUnavailable, match="AccessDenied") as raised:
            call()
        assert "Jansen" not in str(raised.value)


def test_messages_are_counted_by_what_becomes_of_them() -> None:
    sqs = boto3.client("sqs")
    dead = sqs.create_queue(QueueName="dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]
    policy = json.dumps({"deadLetterTargetArn": arn["QueueArn"], "maxReceiveCount": "4"})
    url = sqs.create_queue(QueueName="export", Attributes={"RedrivePolicy": policy})["QueueUrl"]
    queue = SqsExportQueue(lambda: sqs, url)
    assert queue.measure() == Backlog()

    queue.send_many([1, 2, 3], run="night")
    queue.send(4, delay=900)
    sqs.receive_message(QueueUrl=url)
    sqs.send_message(QueueUrl=dead, MessageBody="{}")

    assert queue.measure() == Backlog(waiting=2, in_hand=1, later=1, dead=1)
