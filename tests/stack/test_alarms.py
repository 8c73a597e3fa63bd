"""The stack's alarms, raised by what causes them, received by whoever listens, and seen to end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest

from tests.stack.deeds import deliver, export, order, send, visibility
from tests.stack.local_watch import (
    LocalWatch,
    export_switched_off,
    list_reported,
    listening,
)
from tools.played_day import Day, until

Ear = Callable[[], list[str]]


@pytest.fixture
def watch(day: Day) -> LocalWatch:
    day.install()
    return LocalWatch(day)


@pytest.fixture
def ear(day: Day, watch: LocalWatch) -> Iterator[Ear]:
    with listening(day, watch.topic) as receive:
        yield receive


def names(received: list[str]) -> list[str]:
    return [json.loads(each)["AlarmName"] for each in received]


def test_the_alarms_are_deployed_as_they_are_written(day: Day, watch: LocalWatch) -> None:
    found = day.client("cloudwatch").describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    deployed = {each["AlarmName"]: each for each in found["MetricAlarms"]}
    deployed |= {each["AlarmName"]: each for each in found["CompositeAlarms"]}

    for name, written in watch.watch.alarms.items():
        it = deployed.pop(watch.find_name(name))
        assert it["AlarmDescription"] == written["AlarmDescription"]
        assert it["AlarmActions"] == ([watch.topic] if written.get("AlarmActions") else [])
        for property_ in ("Namespace", "MetricName", "Dimensions", "Threshold", "Period"):
            if property_ in written:
                assert it[property_] == written[property_], (name, property_)
    assert deployed == {}


def test_the_dashboard_is_there(day: Day) -> None:
    client = day.client("cloudwatch")
    (one,) = client.list_dashboards()["DashboardEntries"]
    body = json.loads(client.get_dashboard(DashboardName=one["DashboardName"])["DashboardBody"])
    assert len(body["widgets"]) > 10
    assert "${" not in json.dumps(body)


def test_the_report_is_made_and_received_and_counted(day: Day, watch: LocalWatch, ear: Ear) -> None:
    answer = day.invoke("report", {})

    assert answer["notified"] is True
    assert answer["listeners"]["confirmed"] == 1
    until(lambda: answer["text"] in ear(), what="the report")
    until(lambda: watch.ring_after(1) == set(), what="a minute")
    assert watch.state("ReportMissedAlarm") == "OK"
    assert day.invoke("report", {"tell": False})["notified"] is False
    assert ear() == []


def test_a_queue_that_nobody_takes_from_rings_and_ends(
    day: Day, watch: LocalWatch, ear: Ear
) -> None:
    watch.done_with(1)
    watch.pass_minutes(2)
    with export_switched_off(day):
        send(day, {"shop_id": day.shop_id, "run": "test"})
        assert watch.ring_after(36) == {"QueueStuckAlarm"}
        until(lambda: watch.find_name("QueueStuckAlarm") in names(ear()), what="the alarm")
    day.queue_empty()
    watch.done_with(1)
    assert watch.ring_after(2) == set()


def test_dead_letters_ring_until_they_are_gone(day: Day, watch: LocalWatch, ear: Ear) -> None:
    export(day)
    try:
        with visibility(day, 2):
            send(day, "not JSON")
            until(lambda: day.invoke("report", {"tell": False})["queue"]["dead"], what="a letter")
        watch.pass_minutes(5)
        assert watch.state("DeadLetterAlarm") == "ALARM"
        until(lambda: watch.find_name("DeadLetterAlarm") in names(ear()), what="the alarm")
        said = day.invoke("report", {"tell": False})
        assert list_reported(said) == ["DeadLetterAlarm"]
        assert "docs/runbook.md#deadletteralarm" in said["text"]

        assert day.invoke("shops", {"action": "redrive"})["redriven"] == 1
        day.client("sqs").purge_queue(QueueUrl=day.stack.queue_url)
        assert watch.ring_after(6) == set()
        assert list_reported(day.invoke("report", {"tell": False})) == []
    finally:
        for queue in (day.stack.queue_url, day.stack.dead_letters_url):
            day.client("sqs").purge_queue(QueueUrl=queue)


def test_many_runs_that_seoshop_forbids_ring_and_one_does_not(
    day: Day, watch: LocalWatch, ear: Ear
) -> None:
    order(day)
    day.shop("POST", "faults", {"kind": "status", "status": 403, "shop": day.shop_id})
    export(day)
    assert watch.ring_after(2) == set()

    for _ in range(6):
        export(day)
    until(
        lambda: "ShopForbiddenAlarm" in watch.ring_after(1),
        what="the alarm",
    )
    assert watch.find_name("ShopForbiddenAlarm") in names(ear())

    day.shop("POST", "faults", {"clear": True})
    export(day)
    assert watch.ring_after(16) == set()


def test_forged_webhooks_ring_in_a_burst(day: Day, watch: LocalWatch) -> None:
    for _ in range(21):
        assert deliver(day, b"{}", signature=b"forged").status_code == 401
    until(
        lambda: "SignaturesRefusedAlarm" in watch.ring_after(1),
        what="the alarm",
    )
    assert watch.ring_after(6) == set()


def test_webhooks_that_lambda_turns_away_are_no_errors(day: Day, watch: LocalWatch) -> None:
    client, name = day.client("lambda"), day.stack.functions["webhook"]
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    try:
        for _ in range(21):
            assert deliver(day, b"{}").status_code >= 429
    finally:
        client.delete_function_concurrency(FunctionName=name)
    assert watch.ring_after(2) == {"WebhooksThrottledAlarm"}
    assert watch.ring_after(6) == set()
