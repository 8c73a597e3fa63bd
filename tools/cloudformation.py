"""A stack on CloudFormation: what it is now, and in words when it cannot be changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

FAILED_CREATION, ONLY_PROPOSED = "ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"
NEVER_STOOD = frozenset({FAILED_CREATION, ONLY_PROPOSED})
"""A creation that failed, and one whose change set was not carried out: there is nothing there."""

STANDING = frozenset(
    {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"}
)


@dataclass(frozen=True, slots=True)
class Stack:
    """A stack as it is now."""

    name: str
    id: str
    status: str
    parameters: Mapping[str, str]
    outputs: Mapping[str, str]


def find(client: Any, name: str) -> Stack | None:
    """The stack of that name, or None. Raises `ClientError` when AWS refuses to answer."""
    try:
        found = client.describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise
    for each in found:
        if each["StackStatus"] != "DELETE_COMPLETE":
            return Stack(
                name=name,
                id=each.get("StackId", name),
                status=each["StackStatus"],
                parameters={
                    one["ParameterKey"]: one.get("ParameterValue", "")
                    for one in each.get("Parameters", ())
                },
                outputs={one["OutputKey"]: one["OutputValue"] for one in each.get("Outputs", ())},
            )
    return None


def find_standing(client: Any, name: str) -> Stack | None:
    """The stack of that name, or None where it has never stood."""
    found = find(client, name)
    return None if found is None or found.status in NEVER_STOOD else found


def list_resources(client: Any, name: str) -> Iterator[Mapping[str, Any]]:
    """All resources of a stack that stands, as CloudFormation sums them up."""
    for page in client.get_paginator("list_stack_resources").paginate(StackName=name):
        yield from page["StackResourceSummaries"]


def refuse_unless_standing(stack: Stack) -> None:
    """Raises SystemExit saying what to do about a stack that cannot be updated."""
    if stack.status in STANDING:
        return
    name = stack.name
    if stack.status == "UPDATE_ROLLBACK_FAILED":
        what = f"Run: aws cloudformation continue-update-rollback --stack-name {name}"
    elif stack.status.endswith("IN_PROGRESS"):
        what = "Somebody is changing it: wait until that is done"
    else:
        what = (
            "It has never stood, or not been removed whole. See its events for what is in the way, "
            f"then run: aws cloudformation delete-stack --stack-name {name}"
        )
    raise SystemExit(f"Stack {name} is {stack.status}. {what}. Then deploy again.")


def say_failure(client: Any, stack: str, status: str) -> str:
    """What became of a stack that could not be changed, why, and what to do."""
    what = {
        "ROLLBACK_COMPLETE": "was not made; the next deployment clears away what is left of it",
        "UPDATE_ROLLBACK_COMPLETE": "failed, and was put back as it was",
        "UPDATE_ROLLBACK_FAILED": (
            "failed, and could not be put back either. Mend what is named here, then run: "
            f"aws cloudformation continue-update-rollback --stack-name {stack}"
        ),
    }.get(status, f"failed, and is {status}")
    return "\n".join(
        [
            f"Stack {stack} {what}:",
            *(f"  {each}" for each in _list_reasons(client, stack)),
            "Mend that, then deploy again.",
        ]
    )


def _list_reasons(client: Any, stack: str) -> Iterator[str]:
    """Why the last operation on a stack failed, the first reason first."""
    reasons = []
    pages = client.get_paginator("describe_stack_events").paginate(StackName=stack)
    for event in (each for page in pages for each in page["StackEvents"]):  # the latest first
        status, why = event["ResourceStatus"], event.get("ResourceStatusReason")
        is_the_stack = event.get("ResourceType") == "AWS::CloudFormation::Stack"
        if is_the_stack and status in ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"):
            break  # what is older is of another operation
        turned = is_the_stack and status.endswith("ROLLBACK_IN_PROGRESS")  # by an alarm, for one
        if why and ("FAILED" in status or turned):
            reasons.append(f"{event['LogicalResourceId']}: {why}")
    yield from dict.fromkeys(reversed(reasons))
