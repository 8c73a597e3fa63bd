"""What CloudWatch does and local AWS leaves undone: it takes the figures out of the logs, counts
the queues, and judges the alarms of the stack. What an alarm is, what it does when its state
changes, and how those follow that are made of others, is local AWS's.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import yaml

from tests.building import built
from tests.watching.cloudwatch import CloudWatch
from tests.watching.printed_figures import read_figures
from tests.watching.template_alarms import fill_in
from tools.local_settings import STACK
from tools.played_day import Day, until

SQS_FIGURES = {
    "ApproximateNumberOfMessages": "ApproximateNumberOfMessagesVisible",
    "ApproximateNumberOfMessagesNotVisible": "ApproximateNumberOfMessagesNotVisible",
}
KINDS = ("MetricAlarms", "CompositeAlarms")
LAMBDA_FIGURES = ("Invocations", "Errors", "Throttles")
OF_LAMBDA = {"export_shop", "webhook", "api_handler", "daily_export", "watch", "report"}

MISSED = {"NightMissedAlarm": "daily_export", "ReportMissedAlarm": "report"}
"""The alarms of what did not happen, and the function that did not run."""


def list_reported(report: dict[str, Any]) -> list[str]:
    """The alarms that a report names; but for those of what did not happen: whoever lets hours pass
    at once lets no night begin in them.
    """
    return [each["name"] for each in report["alarms"] if each["name"] not in MISSED]


class LocalWatch:
    """The alarms of the stack, and a clock that runs ahead: minutes pass at once."""

    def __init__(self, day: Day) -> None:
        self._day = day
        self._began = datetime.now(UTC)
        self._read: dict[str, Counter[str]] = {}
        self._counted: dict[tuple[str, str], float] = {}
        self.now = self._began
        self.watch = CloudWatch(fill_in(self._resources, self._known))
        self.collect()  # what was before is nobody's news
        self.watch.figures.clear()

    @cached_property
    def _resources(self) -> dict[str, Any]:
        written: dict[str, Any] = yaml.safe_load((built("local") / "sam.yaml").read_text())
        return dict(written["Resources"])

    @cached_property
    def _known(self) -> dict[str, Any]:
        found = self._day.client("cloudformation").describe_stack_resources(StackName=STACK)
        known: dict[str, Any] = {
            each["LogicalResourceId"]: each["PhysicalResourceId"].rpartition("/")[2]
            for each in found["StackResources"]
        }
        return known | {"AlarmShops": 5, "AWS::StackName": STACK}

    def find_name(self, alarm: str) -> str:
        """The name of an alarm on local AWS."""
        return str(self._known.get(alarm, f"{STACK}-{alarm}"))

    @property
    def topic(self) -> str:
        """The ARN of the alarms' topic."""
        topics = self._day.client("sns").list_topics()["Topics"]
        return next(str(each["TopicArn"]) for each in topics if "AlarmTopic" in each["TopicArn"])

    def pass_minutes(self, minutes: int) -> None:
        """Collect what happened until now, count the queues once a minute, and judge; what changes
        is set on local AWS.
        """
        self.collect()
        for _ in range(minutes):
            self._count_queues()
            self.now += timedelta(minutes=1)
            before = dict(self.watch.states)
            self.watch.judge(self.now)
            self._set_changed(before)

    def skip(self, minutes: int) -> None:
        """Let so many minutes pass, in which nothing is collected or counted, and judge once."""
        self.now += timedelta(minutes=minutes)
        before = dict(self.watch.states)
        self.watch.judge(self.now)
        self._set_changed(before)

    def _set_changed(self, before: dict[str, str]) -> None:
        for name, state in self.watch.states.items():
            if before.get(name) != state and "AlarmRule" not in self.watch.alarms[name]:
                self._day.client("cloudwatch").set_alarm_state(
                    AlarmName=self.find_name(name), StateValue=state, StateReason="judged"
                )

    def ring_after(self, minutes: int) -> set[str]:
        """The alarms that ring so many minutes later."""
        self.pass_minutes(minutes)
        return self.rings()

    def state(self, alarm: str) -> str:
        """The state that local AWS says the alarm is in."""
        found = self._day.client("cloudwatch").describe_alarms(
            AlarmNames=[self.find_name(alarm)], AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        alarms: list[dict[str, Any]] = [*found["MetricAlarms"], *found["CompositeAlarms"]]
        (one,) = alarms
        return str(one["StateValue"])

    def rings(self) -> set[str]:
        """The alarms that ring on local AWS and have an action."""
        loud = [name for name, it in self.watch.alarms.items() if it.get("AlarmActions")]
        found = self._day.client("cloudwatch").describe_alarms(
            StateValue="ALARM", AlarmTypes=["MetricAlarm", "CompositeAlarm"]
        )
        ringing = {one["AlarmName"] for kind in KINDS for one in found[kind]}
        return {name for name in loud if self.find_name(name) in ringing}

    def collect(self) -> None:
        """Take over what was printed and called since the last time."""
        for function in OF_LAMBDA:
            for line in self._read_log(function):
                for one in read_figures(line):
                    self.watch.put(one.namespace, one.name, one.value, self.now, one.dimensions)
            for name in LAMBDA_FIGURES:
                self._take_over(self._day.stack.functions[function], name)

    def _count_queues(self) -> None:
        for url in (self._day.stack.queue_url, self._day.stack.dead_letters_url):
            counts = self._day.client("sqs").get_queue_attributes(
                QueueUrl=url, AttributeNames=list(SQS_FIGURES)
            )["Attributes"]
            queue = {"QueueName": url.rpartition("/")[2]}
            for name, figure in SQS_FIGURES.items():
                self.watch.put("AWS/SQS", figure, float(counts[name]), self.now, queue)

    def done_with(self, messages: int) -> None:
        """SQS counts messages that are deleted, which local AWS says nowhere."""
        name = self._day.stack.queue_url.rpartition("/")[2]
        self.watch.put(
            "AWS/SQS", "NumberOfMessagesDeleted", messages, self.now, {"QueueName": name}
        )

    def _read_log(self, function: str) -> Iterator[str]:
        """What a function printed since the last time."""
        group = f"/aws/lambda/{self._day.stack.functions[function]}"
        logs = self._day.client("logs")
        try:
            pages = list(logs.get_paginator("filter_log_events").paginate(logGroupName=group))
        except logs.exceptions.ResourceNotFoundException:
            return
        said = [each["message"] for page in pages for each in page["events"]]
        known = self._read.get(function, Counter())
        self._read[function] = Counter(said)
        yield from (self._read[function] - known).elements()

    def _take_over(self, function: str, name: str) -> None:
        dimensions = [{"Name": "FunctionName", "Value": function}]
        found = self._day.client("cloudwatch").get_metric_statistics(
            Namespace="AWS/Lambda",
            MetricName=name,
            Dimensions=dimensions,
            StartTime=self._began - timedelta(hours=12),
            EndTime=datetime.now(UTC) + timedelta(minutes=2),
            Period=60,
            Statistics=["Sum"],
        )
        total = sum(each["Sum"] for each in found["Datapoints"])
        new = total - self._counted.get((function, name), 0)
        self._counted[function, name] = total
        if new:
            self.watch.put("AWS/Lambda", name, new, self.now, {"FunctionName": function})


@contextmanager
def listening(day: Day, topic: str) -> Iterator[Callable[[], list[str]]]:
    """Somebody who gets the alarms: gives what was received since the last time."""
    sqs, sns = day.client("sqs"), day.client("sns")
    url = sqs.create_queue(QueueName=f"ear-{day.shop_id}")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]
    made = sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn["QueueArn"])

    def receive() -> list[str]:
        received = []
        while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
            for each in found:
                received.append(json.loads(each["Body"])["Message"])
                sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return received

    try:
        yield receive
    finally:
        sns.unsubscribe(SubscriptionArn=made["SubscriptionArn"])
        sqs.delete_queue(QueueUrl=url)


@contextmanager
def export_switched_off(day: Day) -> Iterator[None]:
    """Nobody takes from the export queue."""
    client = day.client("lambda")
    (source,) = [
        each
        for each in client.list_event_source_mappings()["EventSourceMappings"]
        if re.search(r":[^:]*ExportShop", each["FunctionArn"])
        or day.stack.functions["export_shop"] in each["FunctionArn"]
    ]
    client.update_event_source_mapping(UUID=source["UUID"], Enabled=False)
    until(
        lambda: (
            client.get_event_source_mapping(UUID=source["UUID"])["State"]
            in ("Disabled", "Disabling")
        ),
        what="the event source to be off",
    )
    try:
        yield
    finally:
        client.update_event_source_mapping(UUID=source["UUID"], Enabled=True)
