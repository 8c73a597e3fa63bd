"""Creates a stack, or updates it, by a change set that is shown before it is carried out."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from botocore.exceptions import WaiterError

from tools.change_sets import Change, read_changes, write_changes
from tools.cloudformation import (
    FAILED_CREATION,
    NEVER_STOOD,
    Stack,
    find,
    find_standing,
    refuse_unless_standing,
    say_failure,
)

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
PROTECTION = "TablesAreProtected"
"""The parameter that is false while the stack is created: tables that refuse to be deleted would
outlive a creation that fails, and make every next one fail."""

LONGEST = 7200
"""Seconds that a change may take: beyond it somebody has to look."""
NO_CHANGES = ("didn't contain changes", "No updates are to be performed")


class Template(NamedTuple):
    """An uploaded template: its address in S3, because a request itself takes 51,200 bytes only,
    and the names of its parameters and of its resources.
    """

    url: str
    parameters: tuple[str, ...]
    resources: tuple[str, ...]


def _agree(_: str) -> None:
    """Nobody has to be asked."""


def wait_idly() -> None:
    """Nothing is done meanwhile."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a change is carried out. `agree` is given what is going to happen, and raises SystemExit
    to stop it; `rollback` are the alarms that put an update back, as CloudFormation takes them;
    `meanwhile` is called at every look, `pause` seconds apart.
    """

    agree: Callable[[str], None] = _agree
    rollback: Mapping[str, Any] = field(
        default_factory=lambda: {"RollbackTriggers": [], "MonitoringTimeInMinutes": 0}
    )
    meanwhile: Callable[[], None] = wait_idly
    pause: float = 1.0


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A change set that is made and not carried out yet; `is_new` is whether it makes the stack."""

    stack: str
    id: str
    is_new: bool

    @property
    def which(self) -> dict[str, str]:
        return {"StackName": self.stack, "ChangeSetName": self.id}


def apply(
    client: Any, name: str, template: Template, values: Mapping[str, str], course: Course
) -> Stack:
    """Create the stack or update it; the stack as it then is. `values` are the parameters that
    change; others keep their value, or have the template's default in a new stack.

    Nothing is carried out before ``course.agree`` has been shown it. The remains of a creation that
    failed are removed first: such a stack has never stood. Raises SystemExit saying what went wrong
    and what to do.
    """
    present = find(client, name)
    if present is not None and present.status not in NEVER_STOOD:
        refuse_unless_standing(present)
    if present is not None and present.status == FAILED_CREATION:
        course.agree(f"The creation of {name} failed before: what is left of it is removed first.")
        _delete(client, present)
    proposal = _propose(client, name, template, values, course)
    if proposal is not None:
        _carry_out(client, proposal, course)
    applied = find(client, name)
    if applied is None:
        raise SystemExit(f"Stack {name} was removed by somebody else meanwhile.")
    return applied


def _propose(
    client: Any, name: str, template: Template, values: Mapping[str, str], course: Course
) -> _Proposal | None:
    """Have CloudFormation find out what would change, and agreed upon; None where nothing does."""
    standing = find_standing(client, name)
    present = standing.parameters if standing else {}
    if standing is None:
        values = {**values, PROTECTION: "false"}
    made = client.create_change_set(
        StackName=name,
        ChangeSetName=f"deploy-{time.time_ns()}",
        ChangeSetType="UPDATE" if standing else "CREATE",
        TemplateURL=template.url,
        Capabilities=CAPABILITIES,
        Parameters=_parameters(template, values, present),
        **({"RollbackConfiguration": course.rollback} if standing else {}),
    )
    proposal = _Proposal(name, str(made["Id"]), is_new=standing is None)
    try:
        changes = _read_when_made(client, proposal)
        if changes is None:
            print(f"Nothing changes in the stack {name}.")
            client.delete_change_set(**proposal.which)
            return None
        changed = {
            key: (present.get(key, ""), value)
            for key, value in sorted(values.items())
            if standing and key in template.parameters and present.get(key, "") != value
        }
        course.agree(write_changes(name, changes, changed))
    except BaseException:
        _withdraw(client, proposal)
        raise
    return proposal


def _read_when_made(client: Any, proposal: _Proposal) -> list[Change] | None:
    """The changes of a change set as soon as it is made; None when there are none. Raises
    SystemExit when CloudFormation cannot make it.
    """
    try:
        client.get_waiter("change_set_create_complete").wait(
            **proposal.which, WaiterConfig={"Delay": 1, "MaxAttempts": 600}
        )
    except WaiterError as error:
        described = client.describe_change_set(**proposal.which)
        why = str(described.get("StatusReason", described.get("Status")))
        if any(each in why for each in NO_CHANGES):
            return None
        raise SystemExit(
            f"CloudFormation refuses the template of {proposal.stack}: {why}"
        ) from error
    return read_changes(client.get_paginator("describe_change_set").paginate(**proposal.which))


def _withdraw(client: Any, proposal: _Proposal) -> None:
    """Leave nothing of what was only proposed: of a new stack an empty one stands meanwhile."""
    client.delete_change_set(**proposal.which)
    if proposal.is_new:
        client.delete_stack(StackName=proposal.stack)


def _carry_out(client: Any, proposal: _Proposal, course: Course) -> None:
    client.execute_change_set(**proposal.which)
    status = _wait(client, proposal.stack, course)
    if status != ("CREATE_COMPLETE" if proposal.is_new else "UPDATE_COMPLETE"):
        raise SystemExit(say_failure(client, proposal.stack, status))


def _delete(client: Any, stack: Stack) -> None:
    client.delete_stack(StackName=stack.name)
    try:
        client.get_waiter("stack_delete_complete").wait(
            StackName=stack.id, WaiterConfig={"Delay": 1, "MaxAttempts": 1800}
        )
    except WaiterError as error:
        raise SystemExit(say_failure(client, stack.id, "DELETE_FAILED")) from error


def _wait(client: Any, name: str, course: Course) -> str:
    """Wait until the stack is at rest again; what it then is."""
    deadline = time.monotonic() + LONGEST
    while True:
        found = find(client, name)
        status = found.status if found else "DELETE_COMPLETE"
        if not status.endswith("_IN_PROGRESS") or time.monotonic() > deadline:
            return status
        course.meanwhile()
        time.sleep(course.pause)


def _parameters(
    template: Template, values: Mapping[str, str], present: Mapping[str, str]
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
