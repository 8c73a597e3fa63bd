"""What would change is shown before anything is done, and needs a yes."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from tools.change_sets import Action, read_changes, write_changes
from tools.consent import ask


def change(action: str, name: str, kind: str, **more: Any) -> dict[str, Any]:
    said = {"Action": action, "LogicalResourceId": name, "ResourceType": f"AWS::{kind}", **more}
    return {"Type": "Resource", "ResourceChange": said}


def detail(name: str) -> dict[str, Any]:
    return {"Target": {"Attribute": "Properties", "Name": name}}


PAGES = [
    {
        "Changes": [
            change("Remove", "OrdersTable", "DynamoDB::Table", PolicyAction="Retain"),
            change("Remove", "RestAPIDeployment1", "ApiGateway::Deployment"),
            change("Modify", "Queue", "SQS::Queue", Replacement="Conditional"),
        ]
    },
    {
        "Changes": [
            change("Add", "Report", "Lambda::Function"),
            change(
                *("Modify", "Shops", "Lambda::Function"),
                Replacement="False",
                Details=[detail("Environment"), detail("Code"), detail("Code")],
            ),
            change("Modify", "Rule", "Events::Rule", Replacement="Conditional"),
            change("Modify", "Topic", "SNS::Topic", Replacement="True"),
        ]
    },
]


def test_what_is_replaced_or_removed_stands_last_and_loud() -> None:
    shown = write_changes("koppeling", read_changes(PAGES), {"RunLease": ("300", "")})

    assert shown.splitlines() == [
        "What changes in the stack koppeling:",
        "  RunLease: 300 → (empty)",
        "  added             Report              Lambda Function",
        "  changed           Rule                Events Rule",
        "  changed           Shops               Lambda Function        Code, Environment",
        "  removed           RestAPIDeployment1  ApiGateway Deployment",
        "  PERHAPS REPLACED  Queue               SQS Queue",
        "  REPLACED          Topic               SNS Topic",
        (
            "  REMOVED           OrdersTable         DynamoDB Table         "
            "what it was stays on AWS, outside the stack"
        ),
        "koppeling: 1 added, 2 changed, 1 removed, 1 PERHAPS REPLACED, 1 REPLACED, 1 REMOVED.",
        (
            "LOOK: Queue, Topic, OrdersTable: what is replaced or removed is gone, with what it "
            "holds, unless its line says that it stays."
        ),
    ]


def test_a_stack_whose_resources_stay_says_so() -> None:
    shown = write_changes("koppeling", read_changes([{}]), {})
    assert shown.endswith("koppeling: its resources stay as they are.")


def test_every_action_has_a_word_of_its_own() -> None:
    assert len({each.value for each in Action}) == len(Action)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stdin", "goes_on"),
    [
        (Terminal("yes\n"), True),
        (Terminal("YES\n"), True),
        (Terminal("y\n"), False),
        (Terminal("\n"), False),
        (Terminal(""), False),
        (io.StringIO("yes\n"), False),  # what is piped in nobody has read
    ],
)
def test_only_yes_on_a_terminal_agrees(
    monkeypatch: pytest.MonkeyPatch, stdin: io.StringIO, *, goes_on: bool
) -> None:
    monkeypatch.delenv("YES", raising=False)
    monkeypatch.setattr(sys, "stdin", stdin)
    if goes_on:
        ask("Carry this out?")
    else:
        with pytest.raises(SystemExit, match=r"Nothing was done"):
            ask("Carry this out?")


def test_yes_can_be_given_beforehand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setenv("YES", "1")
    ask("Carry this out?")
