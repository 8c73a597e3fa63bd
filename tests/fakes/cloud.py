"""CloudFormation in memory: stacks with parameters, and those refusals that a deployment meets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError, WaiterError


@dataclass
class Bucket:
    """S3, which takes everything: `objects` by their addresses."""

    objects: dict[str, bytes] = field(default_factory=dict)

    @property
    def meta(self) -> Any:
        return SimpleNamespace(endpoint_url="https://s3.example")

    def put_object(self, *, Bucket: str, Key: str, Body: bytes) -> None:  # noqa: N803
        self.objects[f"{self.meta.endpoint_url}/{Bucket}/{Key}"] = Body


@dataclass
class Cloud:
    """One stack at most, of templates in its `bucket`. `status` is None while there is none; `done`
    is what was asked of it, and `rings` whether an alarm that it watches rings after an update.
    """

    status: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    bucket: Bucket = field(default_factory=Bucket)
    rings: bool = False
    watched: list[Any] = field(default_factory=list)
    _template: str = ""
    _proposed: dict[str, Any] | None = None

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803
        if self.status is None:
            raise _refusal("DescribeStacks", f"Stack with id {StackName} does not exist")
        return {
            "Stacks": [
                {
                    "StackName": StackName,
                    "StackStatus": self.status,
                    "Parameters": [
                        {"ParameterKey": name, "ParameterValue": value}
                        for name, value in self.parameters.items()
                    ],
                    "Outputs": [
                        {"OutputKey": name, "OutputValue": value}
                        for name, value in self.outputs.items()
                    ],
                }
            ]
        }

    def create_change_set(self, **asked: Any) -> dict[str, Any]:
        kind = asked["ChangeSetType"]
        if (kind == "CREATE") != (self.status in (None, "REVIEW_IN_PROGRESS")):
            raise _refusal("CreateChangeSet", f"Stack [{asked['StackName']}] is {self.status}")
        if kind == "CREATE":
            self.status = "REVIEW_IN_PROGRESS"
        self._proposed = asked
        return {"Id": asked["ChangeSetName"]}

    def describe_change_set(self, **_: object) -> dict[str, Any]:
        return {
            "Status": "FAILED",
            "StatusReason": "The submitted information didn't contain changes.",
        }

    def delete_change_set(self, **_: object) -> None:
        self._proposed = None

    def execute_change_set(self, **_: object) -> None:
        assert self._proposed is not None
        asked, self._proposed = self._proposed, None
        before = self._template, self.parameters, self.outputs
        how = "create" if asked["ChangeSetType"] == "CREATE" else "update"
        rollback = asked.get("RollbackConfiguration", {})
        self.watched.append(rollback)
        self._template, self.parameters, self.outputs = self._read(asked)
        self.status = f"{how.upper()}_COMPLETE"
        self.done.append(how)
        if self.rings and rollback.get("RollbackTriggers"):
            self._template, self.parameters, self.outputs = before
            self.status = "UPDATE_ROLLBACK_COMPLETE"

    def delete_stack(self, **_: object) -> None:
        self.done.append("delete")
        self.status, self.parameters = None, {}

    def get_waiter(self, name: str) -> Any:
        """It is so at once; a change set without changes is never made."""

        def wait(**_: object) -> None:
            if name == "change_set_create_complete" and self._proposed is not None:
                template, parameters, _outputs = self._read(self._proposed)
                if (template, parameters) == (self._template, self.parameters):
                    raise WaiterError(name, "no changes", {})

        return SimpleNamespace(wait=wait)

    def get_paginator(self, name: str) -> Any:
        pages: dict[str, Any] = {
            "list_stack_resources": {"StackResourceSummaries": self._list_resources()},
            "describe_change_set": {"Changes": self._list_changes()},
            "describe_stack_events": {"StackEvents": self._list_events()},
        }
        return SimpleNamespace(paginate=lambda **_: [pages[name]])

    def _list_resources(self) -> list[dict[str, Any]]:
        described = json.loads(self._template) if self._template else {}
        return [
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": f"stack-{name}",
                "ResourceType": each["Type"],
            }
            for name, each in described.get("Resources", {}).items()
        ]

    def _list_changes(self) -> list[dict[str, Any]]:
        if self._proposed is None:
            return []
        template, _, _ = self._read(self._proposed)
        return [
            {
                "ResourceChange": {
                    "Action": "Modify" if self._template else "Add",
                    "LogicalResourceId": name,
                    "ResourceType": each["Type"],
                }
            }
            for name, each in json.loads(template)["Resources"].items()
        ]

    def _list_events(self) -> list[dict[str, Any]]:
        """The latest first, and before this operation's an older one's."""
        stack = {"LogicalResourceId": "koppeling", "ResourceType": "AWS::CloudFormation::Stack"}
        rung = {"ResourceStatusReason": "Alarm PagesErrorAlarm rings"}
        older = {"LogicalResourceId": "Old", "ResourceType": "AWS::SQS::Queue"}
        return [
            {**stack, "ResourceStatus": "UPDATE_ROLLBACK_COMPLETE"},
            {**stack, "ResourceStatus": "UPDATE_ROLLBACK_IN_PROGRESS", **rung},
            {**stack, "ResourceStatus": "UPDATE_IN_PROGRESS"},
            {**older, "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "long ago"},
        ]

    def _read(self, asked: Mapping[str, Any]) -> tuple[str, dict[str, str], dict[str, str]]:
        """The template that is asked for, its parameters and its outputs."""
        template = self.bucket.objects[asked["TemplateURL"]].decode()
        described = json.loads(template)
        given = {each["ParameterKey"]: each for each in asked["Parameters"]}
        found = {}
        for name, declared in described["Parameters"].items():
            if name not in given:
                found[name] = declared["Default"]
            elif given[name].get("UsePreviousValue"):
                found[name] = self.parameters[name]
            else:
                found[name] = given[name]["ParameterValue"]
        assert set(given) <= set(found), "parameters that the template does not have"
        outputs = {name: each["Value"] for name, each in described["Outputs"].items()}
        return template, found, outputs


def _refusal(operation: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationError", "Message": message}}, operation)
