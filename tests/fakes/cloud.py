"""CloudFormation in memory: stacks with parameters, and those refusals that a deployment meets."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError


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
    is what was asked of it.
    """

    status: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    bucket: Bucket = field(default_factory=Bucket)
    _template: str = ""

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

    def create_stack(
        self,
        *,
        StackName: str,  # noqa: N803
        TemplateURL: str,  # noqa: N803
        Parameters: list[dict[str, Any]],  # noqa: N803
        **_: object,
    ) -> None:
        if self.status is not None:
            raise _refusal("CreateStack", f"Stack [{StackName}] already exists")
        self._become("create", TemplateURL, Parameters)

    def update_stack(
        self,
        *,
        TemplateURL: str,  # noqa: N803
        Parameters: list[dict[str, Any]],  # noqa: N803
        **_: object,
    ) -> None:
        before = self._template, dict(self.parameters)
        self._become("update", TemplateURL, Parameters)
        if before == (self._template, self.parameters):
            self.done.pop()
            raise _refusal("UpdateStack", "No updates are to be performed.")

    def delete_stack(self, **_: object) -> None:
        self.done.append("delete")
        self.status, self.parameters = None, {}

    def get_waiter(self, _name: str) -> Cloud:
        return self

    def wait(self, **_: object) -> None:
        """It is so at once."""

    def get_paginator(self, _name: str) -> Cloud:
        return self

    def paginate(self, **_: object) -> list[dict[str, Any]]:
        return [{"StackResourceSummaries": []}]

    def _become(self, how: str, url: str, parameters: list[dict[str, Any]]) -> None:
        template = self.bucket.objects[url].decode()
        described = json.loads(template)
        given = {each["ParameterKey"]: each for each in parameters}
        found = {}
        for name, declared in described["Parameters"].items():
            if name not in given:
                found[name] = declared["Default"]
            elif given[name].get("UsePreviousValue"):
                found[name] = self.parameters[name]
            else:
                found[name] = given[name]["ParameterValue"]
        assert set(given) <= set(found), "parameters that the template does not have"
        self.parameters, self._template = found, template
        self.outputs = {name: each["Value"] for name, each in described["Outputs"].items()}
        self.status = f"{how.upper()}_COMPLETE"
        self.done.append(how)


def _refusal(operation: str, message: str) -> ClientError:
    return ClientError({"Error": {"Code": "ValidationError", "Message": message}}, operation)
