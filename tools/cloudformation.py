"""A stack on CloudFormation: what it is now, created or updated, and in words when it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from botocore.exceptions import ClientError, WaiterError

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
PROTECTION = "TablesAreProtected"
"""The parameter that is false while the stack is created: tables that refuse to be deleted would
outlive a creation that fails, and make every next one fail."""

PATIENCE = {"Delay": 1, "MaxAttempts": 900}

NEVER_STOOD = "ROLLBACK_COMPLETE"
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


class Template(NamedTuple):
    """An uploaded template: its address in S3, because a request itself takes 51,200 bytes only,
    and the names of its parameters.
    """

    url: str
    parameters: tuple[str, ...]


def apply(client: Any, name: str, template: Template, values: Mapping[str, str]) -> Stack:
    """Create the stack or update it; the stack as it then is. `values` are the parameters that
    change; others keep their value, or have the template's default in a new stack.

    The remains of a creation that failed are removed first: such a stack has never stood. Raises
    SystemExit saying what went wrong and what to do.
    """
    present = find(client, name)
    if present is not None and present.status == NEVER_STOOD:
        print(f"The creation of {name} failed before: what is left of it is removed first.")
        client.delete_stack(StackName=name)
        _wait(client, "stack_delete_complete", present.id)
        present = None
    if present is None:
        _create(client, name, template, values)
    else:
        _refuse_unless_standing(present)
        _update(client, present, template, values)
    applied = find(client, name)
    if applied is None:
        raise SystemExit(f"Stack {name} was removed by somebody else meanwhile.")
    return applied


def _create(client: Any, name: str, template: Template, values: Mapping[str, str]) -> None:
    values = {**values, PROTECTION: "false"}
    client.create_stack(
        StackName=name,
        TemplateURL=template.url,
        Capabilities=CAPABILITIES,
        Parameters=_parameters(template, values, ()),
    )
    _wait(client, "stack_create_complete", name)


def _update(client: Any, present: Stack, template: Template, values: Mapping[str, str]) -> None:
    try:
        client.update_stack(
            StackName=present.name,
            TemplateURL=template.url,
            Capabilities=CAPABILITIES,
            Parameters=_parameters(template, values, present.parameters),
        )
    except ClientError as error:
        if "No updates" in str(error):
            return
        raise
    _wait(client, "stack_update_complete", present.name)


def _parameters(
    template: Template, values: Mapping[str, str], present: Mapping[str, str] | tuple[()]
) -> list[dict[str, Any]]:
    """Those given, also when they are empty; those kept, as far as the template still has them."""
    known = template.parameters
    given = [
        {"ParameterKey": name, "ParameterValue": value}
        for name, value in values.items()
        if name in known
    ]
    kept = [
        {"ParameterKey": name, "UsePreviousValue": True}
        for name in known
        if name in present and name not in values
    ]
    return [*given, *kept]


def _refuse_unless_standing(stack: Stack) -> None:
    if stack.status in STANDING:
        return
    name = stack.name
    if stack.status == "UPDATE_ROLLBACK_FAILED":
        what = f"Run: aws cloudformation continue-update-rollback --stack-name {name}"
    elif stack.status.endswith("IN_PROGRESS") and not stack.status.startswith("REVIEW"):
        what = "Somebody is changing it: wait until that is done"
    else:
        what = (
            "It has never stood, or not been removed whole. See its events for what is in the way, "
            f"then run: aws cloudformation delete-stack --stack-name {name}"
        )
    raise SystemExit(f"Stack {name} is {stack.status}. {what}. Then deploy again.")


def _wait(client: Any, waiter: str, stack: str) -> None:
    try:
        client.get_waiter(waiter).wait(StackName=stack, WaiterConfig=PATIENCE)
    except WaiterError as error:
        events = client.describe_stack_events(StackName=stack)["StackEvents"]
        failures = [
            f"  {event['LogicalResourceId']}: {event['ResourceStatusReason']}"
            for event in events
            if "FAILED" in event["ResourceStatus"] and event.get("ResourceStatusReason")
        ]
        raise SystemExit(
            "\n".join([f"Stack {stack} failed, and is being put back as it was:", *failures])
            + "\nMend that, then deploy again."
        ) from error
