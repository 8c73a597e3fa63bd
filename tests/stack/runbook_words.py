"""The runbook's commands, done on the stack as they are written: but for the shop and the stage."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from botocore import xform_name

from tests.watching.runbook import Command, Invocation, list_commands
from tools.local_settings import STACK
from tools.played_day import Day

SHOP = 184520
NO_SUCH_FILE = "axml-orders-20261123-184520-001.xml"
"""Stands in the runbook for a file that there is; here there is none of that name."""
DEPLOYED = "seoshop-asperion"
READS = ("describe-", "get-", "list-")
NOT_HERE = {"kms", "logs"}
"""Services of which the runbook names what local AWS has not: its key, its log of the gateway."""


def follow(day: Day, section: str) -> list[Any]:
    """Do what a section says, in order; gives what was answered. Fails where a command does."""
    return [_do(day, each) for each in list_commands(section)]


def _do(day: Day, command: Invocation | Command) -> Any:
    if isinstance(command, Invocation):
        answer = _invoke(day, command)
        day.queue_empty()
        return answer
    program, *words = command.words
    if program == "aws" and words[1].startswith(READS) and words[0] not in NOT_HERE:
        return _ask_aws(day, words)
    return None


def _invoke(day: Day, invocation: Invocation) -> Any:
    assert isinstance(invocation.given, dict)
    given = dict(invocation.given)
    if given.get("shop_id") == SHOP:
        given["shop_id"] = day.shop_id
    if given.get("file") != NO_SUCH_FILE:
        return day.invoke(invocation.function, given)
    with pytest.raises(RuntimeError, match=NO_SUCH_FILE):
        day.invoke(invocation.function, given)
    return None


def _ask_aws(day: Day, words: Sequence[str]) -> Any:
    """What the command line of AWS does with these words, which it would read from a shell."""
    service, operation, *rest = words
    client = day.client(service)
    model = client.meta.service_model
    named = {xform_name(each, "-"): each for each in model.operation_names}
    shape = model.operation_model(named[operation]).input_shape
    members = {f"--{xform_name(name, '-')}": name for name in (shape.members if shape else {})}
    given: dict[str, list[str]] = {}
    for word in rest:
        if word.startswith("--"):
            given[word] = []
        else:
            *_, option = given
            given[option].append(word.replace(DEPLOYED, STACK))
    given.pop("--query", None)  # what of the answer is shown
    values = {
        members[option]: said if shape.members[members[option]].type_name == "list" else said[0]
        for option, said in given.items()
    }
    return getattr(client, xform_name(named[operation]))(**values)
