"""A change set: what CloudFormation would do to a stack, read and shown before anything is done."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

PASSING = frozenset({"AWS::ApiGateway::Deployment"})
"""What a new one takes the place of with every change: its removal is no news."""

HOLDING = frozenset(
    {
        *("AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::KMS::Key"),
        *("AWS::Logs::LogGroup", "AWS::S3::Bucket", "AWS::ApiGateway::RestApi"),
    }
)
"""What holds something, or is known by its address: of these a replacement that CloudFormation only
thinks possible is said aloud. It thinks so of most that name something else that changes."""


class Action(Enum):
    """What happens to a resource; in the order in which they are shown, the grave ones last, where
    they stand beside the question. The value is the word for it.
    """

    ADDED = "added"
    CHANGED = "changed"
    PASSED = "removed"
    PERHAPS_REPLACED = "PERHAPS REPLACED"
    REPLACED = "REPLACED"
    REMOVED = "REMOVED"


GRAVE = (Action.PERHAPS_REPLACED, Action.REPLACED, Action.REMOVED)


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to one resource of a stack. `parts` are the properties that change; `is_kept`
    is whether the former one stays on AWS, outside the stack.
    """

    action: Action
    resource: str
    kind: str
    parts: tuple[str, ...] = ()
    is_kept: bool = False

    def __str__(self) -> str:
        kept = "what it was stays on AWS, outside the stack" if self.is_kept else ""
        return "; ".join(each for each in (", ".join(self.parts), kept) if each)


def read_changes(described: Iterable[Mapping[str, Any]]) -> list[Change]:
    """The changes on the pages of a described change set."""
    changes = [
        _read(change["ResourceChange"])
        for page in described
        for change in page.get("Changes", ())
        if "ResourceChange" in change
    ]
    order = list(Action)
    return sorted(changes, key=lambda each: (order.index(each.action), each.resource))


def _read(change: Mapping[str, Any]) -> Change:
    kind = str(change["ResourceType"])
    targets = [each.get("Target", {}) for each in change.get("Details", ())]
    named = {str(target.get("Name") or target.get("Attribute", "")) for target in targets}
    return Change(
        action=_find_action(change, kind),
        resource=str(change["LogicalResourceId"]),
        kind=kind.removeprefix("AWS::").replace("::", " "),
        parts=tuple(sorted(named - {""})),
        is_kept="Retain" in str(change.get("PolicyAction", "")),
    )


def _find_action(change: Mapping[str, Any], kind: str) -> Action:
    if change["Action"] in ("Add", "Import"):
        return Action.ADDED
    if change["Action"] == "Remove":
        return Action.PASSED if kind in PASSING else Action.REMOVED
    if change.get("Replacement") == "True":
        return Action.REPLACED
    if change.get("Replacement") == "Conditional" and kind in HOLDING:
        return Action.PERHAPS_REPLACED
    return Action.CHANGED


def write_changes(
    stack: str, changes: Sequence[Change], settings: Mapping[str, tuple[str, str]]
) -> str:
    """The changes as aligned lines, those that replace or remove last, and their sum. `settings`
    are parameters that change, each with its value before and after.
    """
    rows = [(each.action.value, each.resource, each.kind, str(each)) for each in changes]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    lines = [
        "  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    ]
    named = [
        f"{name}: {before or '(empty)'} → {after or '(empty)'}"
        for name, (before, after) in settings.items()
    ]
    sums = [
        f"{count} {action.value}"
        for action in Action
        if (count := sum(1 for each in changes if each.action is action))
    ]
    grave = [each for each in changes if each.action in GRAVE]
    warning = (
        f"LOOK: {', '.join(each.resource for each in grave)}: what is replaced or removed is gone, "
        "with what it holds, unless its line says that it stays."
    )
    return "\n".join(
        [
            f"What changes in the stack {stack}:",
            *(f"  {line.rstrip()}" for line in [*named, *lines]),
            f"{stack}: {', '.join(sums) or 'its resources stay as they are'}.",
            *([warning] if grave else []),
        ]
    )
