"""EventBridge on the stack starts the night; nobody else has to."""

from __future__ import annotations

import pytest

from chalicelib.domain.nights import TOGETHER
from chalicelib.domain.slots import SLOTS
from tests.stack.deeds import files, invoiced, order
from tools.played_day import Day, until


def test_the_rule_fires_the_daily_export_by_itself(day: Day) -> None:
    day.install()
    made = order(day)
    day.webhooks_delivered()
    events = day.client("events")
    rule = next(
        name
        for name in events.list_rule_names_by_target(
            TargetArn=day.client("lambda").get_function(
                FunctionName=day.stack.functions["daily_export"]
            )["Configuration"]["FunctionArn"]
        )["RuleNames"]
    )
    nightly = events.describe_rule(Name=rule)["ScheduleExpression"]
    assert nightly == "cron(15 1 * * ? *)"

    events.put_rule(Name=rule, ScheduleExpression="rate(1 minute)", State="ENABLED")
    try:
        until(lambda: files(day), what="the rule to fire and the night to end", seconds=240)
    finally:
        events.put_rule(Name=rule, ScheduleExpression=nightly, State="ENABLED")
    day.queue_empty()

    assert invoiced(day) == [made["number"]]


@pytest.mark.parametrize("nothing", [{}, None], ids=repr)
def test_an_operator_starts_the_night_by_hand_with_nothing(day: Day, nothing: object) -> None:
    day.install()
    made = order(day)
    day.webhooks_delivered()

    assert day.invoke("daily_export", nothing)["slices"] == SLOTS // TOGETHER
    day.queue_empty()
    assert invoiced(day) == [made["number"]]
    assert day.invoke("watch", nothing)["slices"] == SLOTS // TOGETHER
    assert day.shop_id not in [one["shop_id"] for one in day.invoke("shops", nothing)["shops"]]
    day.queue_empty()


def test_what_only_the_queue_starts_says_what_does_it_by_hand(day: Day) -> None:
    with pytest.raises(RuntimeError, match="rerun"):
        day.invoke("export_shop", {})


@pytest.mark.parametrize("function", ["rerun", "backfill"])
def test_what_needs_more_than_nothing_says_what_it_takes(day: Day, function: str) -> None:
    assert "shop_id" in day.invoke(function, {})["takes"]
