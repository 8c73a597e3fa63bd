"""An update that fails right after it is made goes back by itself; who is told is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest

from tests.fakes.aws import aws_in_memory
from tools import alarm_subscriptions, rollback
from tools.alarm_subscriptions import say_if_nobody
from tools.build import read_resources
from tools.rollback import MINUTES, MOST_TRIGGERS, WATCHED, watch_over

STACK = "koppeling"
FAILING = {("AWS/Lambda", "Errors"), ("AWS/ApiGateway", "5XXError")}


@pytest.fixture(autouse=True)
def resources(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The resources of the stack that stands, by their logical ids."""
    found: dict[str, str] = {}

    def listed(_client: Any, _stack: str) -> list[Mapping[str, str]]:
        return [
            {"LogicalResourceId": name, "PhysicalResourceId": each} for name, each in found.items()
        ]

    monkeypatch.setattr(rollback, "list_resources", listed)
    monkeypatch.setattr(alarm_subscriptions, "list_resources", listed)
    with aws_in_memory():
        yield found


def put_alarm(resources: dict[str, str], name: str, state: str = "OK") -> str:
    cloudwatch = boto3.client("cloudwatch")
    resources[name] = f"{STACK}-{name}-1"
    cloudwatch.put_metric_alarm(
        AlarmName=resources[name],
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=0,
        ComparisonOperator="GreaterThanThreshold",
    )
    cloudwatch.set_alarm_state(AlarmName=resources[name], StateValue=state, StateReason="-")
    found = cloudwatch.describe_alarms(AlarmNames=[resources[name]])["MetricAlarms"]
    return str(found[0]["AlarmArn"])


def test_the_alarms_that_are_watched_stand_for_code_that_fails() -> None:
    template = read_resources()["Resources"]
    for name in WATCHED:
        alarm = template[name]["Properties"]
        assert (alarm["Namespace"], alarm["MetricName"]) in FAILING, name
        assert alarm["Period"] * alarm["EvaluationPeriods"] < MINUTES * 60, name
    assert len(WATCHED) <= MOST_TRIGGERS


def test_an_update_watches_the_alarms_that_stand_stay_and_are_quiet(
    resources: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    pages = put_alarm(resources, "Answers5xx")
    put_alarm(resources, "ExportErrorAlarm", "ALARM")
    put_alarm(resources, "WatchErrorAlarm")
    put_alarm(resources, "ShopLicenceAlarm")

    assert watch_over(STACK, {*WATCHED, "ShopLicenceAlarm"} - {"WatchErrorAlarm"}, 10) == {
        "RollbackTriggers": [{"Arn": pages, "Type": "AWS::CloudWatch::Alarm"}],
        "MonitoringTimeInMinutes": 10,
    }
    assert "ExportErrorAlarm: ringing before this update" in capsys.readouterr().out


def test_a_stack_without_these_alarms_is_not_watched(resources: dict[str, str]) -> None:
    nothing = {"RollbackTriggers": [], "MonitoringTimeInMinutes": 0}
    assert watch_over(STACK, WATCHED, 10) == nothing
    put_alarm(resources, "Answers5xx")
    assert watch_over(STACK, WATCHED, 0) == nothing


def test_nobody_gets_the_alarms_until_somebody_has_subscribed_and_confirmed_it(
    resources: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sns = boto3.client("sns")
    resources["AlarmTopic"] = sns.create_topic(Name="alarms")["TopicArn"]
    warning = say_if_nobody(STACK)
    assert warning is not None
    assert warning.startswith("NOBODY GETS THE ALARMS: the stack has no ALARM_EMAIL.")

    subscription: dict[str, Any] = {
        "SubscriptionArn": "PendingConfirmation",
        "Endpoint": "me@example.nl",
    }

    class Pages:
        def get_paginator(self, _name: str) -> Any:
            return self

        def paginate(self, **_: object) -> list[dict[str, Any]]:
            return [{"Subscriptions": [subscription]}]

    client = boto3.client
    monkeypatch.setattr(boto3, "client", lambda name: Pages() if name == "sns" else client(name))
    warning = say_if_nobody(STACK)
    assert warning is not None
    assert "NOBODY GETS THE ALARMS YET: me@example.nl has not confirmed it." in warning

    subscription["SubscriptionArn"] = "arn:aws:sns:eu-central-1:123456789012:alarms:1"
    assert say_if_nobody(STACK) is None
