"""Alarms that are made of other alarms, on local AWS.

ministack knows them by its API and not in a template: so they are taken out of the template there,
and put in place by calls. Its address stands where the dashboard names one.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import yaml

COMPOSITE = "AWS::CloudWatch::CompositeAlarm"
ACCOUNT = "000000000000"  # ministack's only one


def take_out_composites(template: dict[str, Any], stack: str, region: str) -> None:
    """Take the alarms that are made of others out of a template."""
    resources = template["Resources"]
    names = [name for name, each in resources.items() if each["Type"] == COMPOSITE]
    for name in names:
        del resources[name]
    for each in resources.values():
        if each["Type"] == "AWS::CloudWatch::Dashboard":
            body = each["Properties"]["DashboardBody"]
            for name in names:
                arn = f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:{stack}-{name}"
                body["Fn::Sub"] = body["Fn::Sub"].replace(f"${{{name}.Arn}}", arn)


def put_composites(built: Path, stack: str) -> None:
    """Put the alarms of the package `built` that are made of others in place, as AWS does when it
    deploys. A name is the stack's with the alarm's own.
    """
    found = boto3.client("cloudformation").describe_stack_resources(StackName=stack)
    known = {
        each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found["StackResources"]
    }
    client = boto3.client("cloudwatch")
    for name, properties in read_composites(built).items():
        rule = properties["AlarmRule"]["Fn::Sub"]
        for child, physical in known.items():
            rule = rule.replace(f"${{{child}}}", physical)
        client.put_composite_alarm(
            AlarmName=f"{stack}-{name}",
            AlarmDescription=properties["AlarmDescription"],
            AlarmRule=rule,
            AlarmActions=[known[action["Ref"]] for action in properties["AlarmActions"]],
        )


def read_composites(built: Path) -> dict[str, dict[str, Any]]:
    """The properties of those alarms of a package, by their name in the template."""
    template = yaml.safe_load((built / "sam.yaml").read_text())
    return {
        name: each["Properties"]
        for name, each in template["Resources"].items()
        if each["Type"] == COMPOSITE
    }
