"""Which alarms put an update back by themselves, as long as CloudFormation watches over it.

They tell that the new code cannot start, or that it answers 500. What else rings needs a person,
and the version before would not mend it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import boto3

from tools.cloudformation import list_resources

MOST_TRIGGERS = 5  # CloudFormation takes no more
WATCHED = ("Answers5xx", "ExportErrorAlarm", "DailyExportErrorAlarm", "WatchErrorAlarm")
"""The alarms of the template that stand for code that fails."""

MINUTES = 20
"""How long an update is watched: these alarms count over a quarter of an hour at most, and ring
within another five minutes.
"""


def watch_over(stack: str, template: Collection[str], minutes: int) -> dict[str, Any]:
    """The ``RollbackConfiguration`` of an update of a stack that stands, to a template with these
    resources. Prints which alarms are left out because they ring already.

    A trigger that is missing puts an update back as one that rings does: hence only those that
    stand and stay are watched, and none that rings before anything is done, or nothing could be
    mended by an update.
    """
    names = {
        each["PhysicalResourceId"]: each["LogicalResourceId"]
        for each in list_resources(boto3.client("cloudformation"), stack)
        if each["LogicalResourceId"] in WATCHED and each["LogicalResourceId"] in template
    }
    if not minutes or not names:
        return {"RollbackTriggers": [], "MonitoringTimeInMinutes": 0}
    found = boto3.client("cloudwatch").describe_alarms(AlarmNames=sorted(names))["MetricAlarms"]
    quiet = [each for each in found if each["StateValue"] != "ALARM"]
    if ringing := [names[each["AlarmName"]] for each in found if each not in quiet]:
        print(f"{', '.join(sorted(ringing))}: ringing before this update, so it does not undo it.")
    triggers = [
        {"Arn": each["AlarmArn"], "Type": "AWS::CloudWatch::Alarm"}
        for each in quiet[:MOST_TRIGGERS]
    ]
    return {
        "RollbackTriggers": triggers,
        "MonitoringTimeInMinutes": minutes if triggers else 0,
    }
