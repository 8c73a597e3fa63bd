"""CloudWatch in memory judges as the user guide says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.watching.cloudwatch import ALARM, NO_DATA, OK, CloudWatch

NOW = datetime(2026, 3, 16, 6, 0, tzinfo=UTC)


def alarm(**properties: Any) -> dict[str, Any]:
    return {
        "Namespace": "Ours",
        "MetricName": "Ill",
        "Dimensions": [{"Name": "service", "Value": "us"}],
        "Statistic": "Sum",
        "Period": 300,
        "EvaluationPeriods": 3,
        "Threshold": 0,
        "ComparisonOperator": "GreaterThanThreshold",
        "AlarmActions": ["topic"],
        **properties,
    }


def judge(points: str, **properties: Any) -> str:
    """The state after these periods, the last one last: X breaches, 0 does not, - is missing."""
    watch = CloudWatch({"it": alarm(**properties)})
    for place, each in enumerate(reversed(points)):
        at = NOW - timedelta(seconds=300 * place + 60)
        if each != "-":
            watch.put("Ours", "Ill", 1.0 if each == "X" else 0.0, at, {"service": "us"})
    watch.judge(NOW)
    return watch.state("it")


@pytest.mark.parametrize(
    ("points", "missing", "not_breaching", "breaching"),
    [
        ("XXX", ALARM, ALARM, ALARM),
        ("0XX", OK, OK, OK),
        ("000", OK, OK, OK),
        ("---", NO_DATA, OK, ALARM),
        ("-X0", OK, OK, OK),
        ("0--", OK, OK, OK),
    ],
)
def test_what_is_missing_counts_as_the_alarm_says(
    points: str, missing: str, not_breaching: str, breaching: str
) -> None:
    assert judge(points, TreatMissingData="missing") == missing
    assert judge(points, TreatMissingData="notBreaching") == not_breaching
    assert judge(points, TreatMissingData="breaching") == breaching


@pytest.mark.parametrize(("points", "state"), [("X0XX", ALARM), ("X00X", OK), ("XX-X", ALARM)])
def test_some_of_several_periods_are_enough(points: str, state: str) -> None:
    some = {"EvaluationPeriods": 4, "DatapointsToAlarm": 3, "TreatMissingData": "notBreaching"}
    assert judge(points, **some) == state


def test_a_metric_is_another_one_with_other_dimensions() -> None:
    watch = CloudWatch({"it": alarm(EvaluationPeriods=1, TreatMissingData="notBreaching")})
    watch.put("Ours", "Ill", 1.0, NOW - timedelta(seconds=60))
    watch.put("Ours", "Ill", 1.0, NOW - timedelta(seconds=60), {"service": "them"})
    watch.judge(NOW)
    assert watch.state("it") == OK


@pytest.mark.parametrize(("statistic", "state"), [("Sum", ALARM), ("Maximum", OK), ("Minimum", OK)])
def test_a_period_is_judged_by_its_statistic(statistic: str, state: str) -> None:
    properties = {"EvaluationPeriods": 1, "Threshold": 1, "Statistic": statistic}
    watch = CloudWatch({"it": alarm(**properties)})
    for seconds in (60, 120):
        watch.put("Ours", "Ill", 1.0, NOW - timedelta(seconds=seconds), {"service": "us"})
    watch.judge(NOW)
    assert watch.state("it") == state


def test_a_change_is_one_message_and_only_where_the_alarm_has_an_action() -> None:
    mute = alarm(EvaluationPeriods=1, AlarmActions=[])
    watch = CloudWatch({"loud": alarm(EvaluationPeriods=1), "mute": mute})
    watch.put("Ours", "Ill", 1.0, NOW - timedelta(seconds=60), {"service": "us"})
    watch.judge(NOW)
    watch.judge(NOW + timedelta(seconds=60))
    assert watch.messages == [("loud", ALARM)]
    assert watch.state("mute") == ALARM


@pytest.mark.parametrize(
    ("rule", "state"),
    [
        ('ALARM("on") AND ALARM("off")', OK),
        ('ALARM("on") AND NOT ALARM("off")', ALARM),
        ('ALARM("off") OR ALARM("on")', ALARM),
    ],
)
def test_an_alarm_of_alarms_follows_its_rule(rule: str, state: str) -> None:
    alarms = {
        "on": alarm(EvaluationPeriods=1),
        "off": alarm(EvaluationPeriods=1, Threshold=5),
        "both": {"AlarmRule": rule, "AlarmActions": ["topic"]},
    }
    watch = CloudWatch(alarms)
    watch.put("Ours", "Ill", 1.0, NOW - timedelta(seconds=60), {"service": "us"})
    watch.judge(NOW)
    assert watch.state("both") == state
