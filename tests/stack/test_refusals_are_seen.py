"""What is turned away is seen: in the log of the function that did it, as a figure, without a word
of what was tried.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import requests

from tests.stack.deeds import deliver
from tests.stack.test_sentinels import everything_said
from tests.stack.world import World
from tools.played_day import Day, until

SENTINEL = "zzyzx"


def figures(day: Day, function: str) -> Iterator[dict[str, Any]]:
    """The lines with figures in a function's log."""
    logs = day.client("logs")
    group = f"/aws/lambda/{day.stack.functions[function]}"
    for page in logs.get_paginator("filter_log_events").paginate(logGroupName=group):
        for event in page["events"]:
            for line in event["message"].splitlines():
                if '"_aws"' in line:
                    yield json.loads(line[line.index("{") :])


def count(day: Day, function: str, figure: str, **facts: str) -> int:
    """How often a function counted a refusal, of calls with these facts."""
    wanted: Mapping[str, str] = facts
    return sum(
        figure in line and all(line.get(name) == value for name, value in wanted.items())
        for line in figures(day, function)
    )


def test_refused_signatures_and_sessions_are_figures_and_leave_nothing_of_themselves(
    world: World, day: Day
) -> None:
    day.install()
    url = day.stack.api_url
    session = {name: f"{SENTINEL}{value}" for name, value in day.browser.cookies.items()}

    for _ in range(3):
        assert deliver(day, b"{}", signature=SENTINEL.encode()).status_code == 401
    for path in ("install", "cancel", "uninstall"):
        query = {"token": SENTINEL, "signature": SENTINEL, "shop_id": SENTINEL}
        assert requests.get(f"{url}/{path}", params=query, timeout=60).status_code == 401
    assert session
    assert requests.get(f"{url}/", cookies=session, timeout=60).status_code == 401
    theirs = {"Sec-Fetch-Site": "cross-site", "Origin": f"https://{SENTINEL}.example"}
    posted = day.browser.post(f"{url}/pause", data={SENTINEL: "1"}, headers=theirs, timeout=60)
    assert posted.status_code == 403

    for function, figure, facts, times in (
        ("webhook", "SignaturesRefused", {"route": "/webhooks/{shop_id}/{topic}"}, 3),
        ("api_handler", "SignaturesRefused", {"route": "/uninstall", "method": "GET"}, 1),
        ("api_handler", "SessionsRefused", {"route": "/"}, 1),
        ("api_handler", "OriginsRefused", {"route": "/pause", "method": "POST"}, 1),
    ):
        until(
            lambda at=function, name=figure, known=facts, least=times: (  # type: ignore[misc]
                count(day, at, name, **known) >= least
            ),
            what=f"{figure} of {function}",
        )
    for line in everything_said(day, world.folder):
        assert SENTINEL not in line.lower(), line[:300]


def test_throttled_calls_are_counted_out_of_an_access_log_that_is_kept_for_thirty_days(
    day: Day,
) -> None:
    logs = day.client("logs")

    (group,) = logs.describe_log_groups(logGroupNamePrefix="/aws/apigateway/")["logGroups"]
    (throttled,) = logs.describe_metric_filters(logGroupName=group["logGroupName"])["metricFilters"]

    assert group["retentionInDays"] == 30
    assert throttled["metricTransformations"][0]["metricName"] == "CallsThrottled"
