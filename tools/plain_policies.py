"""Plain IAM policies for `chalice deploy`, made out of those of the packaged stack:
``python -m tools.plain_policies`` writes ``.chalice/plain/policy-*.json``.

The policies of the stack name its tables, queues and parameters by functions of CloudFormation,
which IAM does not know. Here the names are those of the stage ``quick``, see `tools.quick`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tools.build import ROOT, read_resources
from tools.stages import APP, list_own_names

STAGE = "quick"
NAME = f"{APP}-{STAGE}"
"""What all that the stage has is called by, in place of a stack's name."""

EXPORT_QUEUE, DEAD_LETTERS = f"{NAME}-export", f"{NAME}-dead"
FAILED_STARTS = f"{NAME}-failed-starts"
ALARM_TOPIC = f"{NAME}-alarms"
OWN = list_own_names(NAME)

CONVENTIONS = {
    "AWS::Partition": "aws",
    "AWS::Region": "*",
    "AWS::AccountId": "*",
    "InboxBucket": f"{NAME}-inbox",
}
"""What the committed policies say: any region of whichever account they are put into, and a bucket
for an inbox by the stage's own name. No mail: a sender is not to be guessed."""

_SOURCES = ROOT / ".chalice"
_PAGES = "policy-pages.json"
_CONDITIONS = {"InboxIsBucket": "InboxBucket", "MailIsSent": "MailFrom"}
_LEFT_OUT: object = object()


def make_policies(given: Mapping[str, str] = CONVENTIONS) -> dict[str, dict[str, Any]]:
    """The plain policies by the names of their files. `given` are values of the template: those in
    `CONVENTIONS`, and ``MailFrom`` where mail is sent; what hangs on an absent one is not granted.
    """
    values = _list_values(given)
    policies = {}
    for file in sorted(_SOURCES.glob("policy-*.json")):
        policy = json.loads(file.read_text())
        if file.name == _PAGES:
            policy["Statement"] += _list_webhook_statements()
        policies[file.name] = _fill_in(policy, values)
    return policies


def write_policies(folder: Path, given: Mapping[str, str] = CONVENTIONS) -> None:
    """Write the plain policies into a folder."""
    folder.mkdir(exist_ok=True)
    for name, policy in make_policies(given).items():
        (folder / name).write_text(json.dumps(policy, indent=2) + "\n")


def _list_values(given: Mapping[str, str]) -> dict[str, str]:
    """What the functions of CloudFormation stand for, by what they name."""
    partition, where = given["AWS::Partition"], f"{given['AWS::Region']}:{given['AWS::AccountId']}"
    tables = f"arn:{partition}:dynamodb:{where}:table/{OWN['TablePrefix']}"
    queues = f"arn:{partition}:sqs:{where}:"
    return {
        **OWN,
        **given,
        "AWS::StackName": NAME,
        "ShopsTable.Arn": f"{tables}shops",
        "OrdersTable.Arn": f"{tables}orders",
        "FilesTable.Arn": f"{tables}files",
        "ExportQueue.Arn": f"{queues}{EXPORT_QUEUE}",
        "ExportDeadLetters.Arn": f"{queues}{DEAD_LETTERS}",
        "AsyncDeadLetters.Arn": f"{queues}{FAILED_STARTS}",
        "AlarmTopic": f"arn:{partition}:sns:{where}:{ALARM_TOPIC}",
    }


def _list_webhook_statements() -> list[dict[str, Any]]:
    """What the stack's own function for webhooks may do: here the pages' function takes them."""
    (policy,) = read_resources()["Resources"]["WebhookRole"]["Properties"]["Policies"]
    statements = policy["PolicyDocument"]["Statement"]
    return [
        {**each, "Sid": f"Webhook{each['Sid']}"} for each in statements if each["Sid"] != "OwnLog"
    ]


def _fill_in(part: Any, values: Mapping[str, str]) -> Any:
    """A part of a policy with names in place of functions. KeyError for a name that is unknown."""
    if isinstance(part, list):
        filled = [_fill_in(each, values) for each in part]
        return [each for each in filled if each is not _LEFT_OUT]
    if not isinstance(part, dict):
        return part
    if "Fn::If" in part:
        condition, granted, _ = part["Fn::If"]
        return _fill_in(granted, values) if values.get(_CONDITIONS[condition]) else _LEFT_OUT
    if named := _find_name(part, values):
        return named
    return {name: _fill_in(each, values) for name, each in part.items()}


def _find_name(part: Mapping[str, Any], values: Mapping[str, str]) -> str | None:
    """What a function of CloudFormation stands for; None for anything else."""
    match part:
        case {"Ref": name}:
            return values[name]
        case {"Fn::GetAtt": path}:
            return values[".".join(path)]
        case {"Fn::Sub": text}:
            # Chalice calls the pages' function by the stage alone, with no dash and name after it.
            text = text.replace("/aws/lambda/${AWS::StackName}-*", f"/aws/lambda/{NAME}*")
            return re.sub(r"\$\{([^}]+)\}", lambda found: values[found[1]], text)
    return None


if __name__ == "__main__":
    write_policies(_SOURCES / "plain")
