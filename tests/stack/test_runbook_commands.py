"""The runbook's own commands, run word for word on the stack: but for the shop and the stage."""

from __future__ import annotations

import json

import pytest

from tests.watching.runbook import RUNBOOK, Invocation, list_commands
from tools.played_day import Day

SHOP = 184520
INVOCATIONS = {
    (each.function, json.dumps(each.given)): each
    for each in list_commands(RUNBOOK.read_text())
    if isinstance(each, Invocation)
}
NO_SUCH_FILE = "axml-orders-20261123-184520-001.xml"
"""Stands in the runbook for a file that there is; here there is none of that name."""


@pytest.mark.parametrize("invocation", INVOCATIONS.values(), ids=repr)
def test_a_command_does_what_it_is_for(day: Day, invocation: Invocation) -> None:
    day.install()
    given = dict(invocation.given) if isinstance(invocation.given, dict) else {}
    if given.get("shop_id") == SHOP:
        given["shop_id"] = day.shop_id

    if given.get("file") == NO_SUCH_FILE:
        with pytest.raises(RuntimeError, match=NO_SUCH_FILE):
            day.invoke(invocation.function, given)
        return
    answer = day.invoke(invocation.function, given)
    day.queue_empty()

    assert isinstance(answer, dict)
    if given.get("action") == "halt":
        day.invoke("shops", {"action": "resume", "part": "all"})
