"""EventBridge on the stack starts the night; nobody else has to."""

from __future__ import annotations

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
        until(lambda: files(day), what="the rule to fire", seconds=100)
    finally:
        events.put_rule(Name=rule, ScheduleExpression=nightly, State="ENABLED")
    day.queue_empty()

    assert invoiced(day) == [made["number"]]
