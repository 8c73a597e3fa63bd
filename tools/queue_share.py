"""How many messages of the export queue are worked on side by side, on local AWS.

A parameter is a text, and AWS makes it the number that it stands for; ministack compares the text
with numbers, and takes no message at all. So the share is taken out of the template there, and put
in place by a call.
"""

from __future__ import annotations

from typing import Any

import boto3

from tools.concurrency import EXPORTS

_MAPPING = "AWS::Lambda::EventSourceMapping"
_SHARE = "ScalingConfig"


def take_out_share(template: dict[str, Any]) -> None:
    """Take the share out of a template: of the queue's event, or what SAM makes of it."""
    for each in _list_mappings(template):
        each.pop(_SHARE, None)


def put_share(stack: str) -> None:
    """Give the queue the share that the stack's parameter says, as AWS does when it deploys."""
    cloudformation = boto3.client("cloudformation")
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    values = {each["ParameterKey"]: each["ParameterValue"] for each in found["Parameters"]}
    resources = cloudformation.describe_stack_resources(StackName=stack)["StackResources"]
    for each in resources:
        if each["ResourceType"] == _MAPPING:
            boto3.client("lambda").update_event_source_mapping(
                UUID=each["PhysicalResourceId"],
                ScalingConfig={"MaximumConcurrency": int(values[EXPORTS])},
            )


def _list_mappings(template: dict[str, Any]) -> list[dict[str, Any]]:
    events = [
        event["Properties"]
        for resource in template["Resources"].values()
        for event in resource.get("Properties", {}).get("Events", {}).values()
    ]
    mappings = [
        each["Properties"] for each in template["Resources"].values() if each["Type"] == _MAPPING
    ]
    return [*events, *mappings]
