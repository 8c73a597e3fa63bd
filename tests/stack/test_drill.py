"""The operator's drill: every alarm raised on local AWS, received, mended word for word by its
section of the runbook, and seen to end.

An alarm is raised by the figures that it is about; that functions print those for each cause is
tests/watching's, and test_alarms.py raises by the causes themselves what local AWS can have: a
queue that nobody takes from, dead letters, a permission that is denied, forged webhooks, and calls
that are turned away. The two alarms of what did not happen end here by what the runbook starts.

Not done here, because local AWS has nothing of the kind or the words name what is not there:
``chalice logs`` (of the stage ``prod``), ``make turn`` and ``make retire`` (test_turning.py does
both), ``make deploy`` (test_deploying.py does it on local AWS), and calls
of AWS that change something by an example's key, rule or queue, or read the log of API Gateway.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.stack.local_watch import MISSED, LocalWatch, list_reported, listening
from tests.stack.runbook_words import follow
from tests.stack.world import World, remove
from tests.watching.runbook import read_sections
from tests.watching.watched_day import WatchedDay
from tools.played_day import Day, until

SECTIONS = read_sections()
ALARMS = [name for name, it in WatchedDay().watch.alarms.items() if it.get("AlarmActions")]
PART = {"QueueStuckAlarm": "QueueWaits", "PagesErrorAlarm": "Answers5xx"}
"""The part of an alarm made of others by which it is raised here; the queue's other part, that no
message was done with, holds wherever none was."""
Ear = Callable[[], list[str]]


@pytest.fixture(scope="module")
def shop(world: World) -> Iterator[Day]:
    day = world.day()
    day.install()
    yield day
    remove(day)


@pytest.fixture(scope="module")
def watch(shop: Day) -> LocalWatch:
    return LocalWatch(shop)


@pytest.fixture(scope="module")
def ear(shop: Day, watch: LocalWatch) -> Iterator[Ear]:
    with listening(shop, watch.topic) as receive:
        yield receive


def put_for_each_period(watch: LocalWatch, name: str, value: float) -> None:
    alarm: Any = watch.watch.alarms[name]
    of = {each["Name"]: each["Value"] for each in alarm.get("Dimensions", ())}
    for _ in range(alarm["EvaluationPeriods"]):
        watch.watch.put(alarm["Namespace"], alarm["MetricName"], value, watch.now, of)
        watch.skip(alarm["Period"] // 60)


def receives(ear: Ear, name: str) -> bool:
    return any(name in each for each in ear())


@pytest.mark.parametrize("alarm", [each for each in ALARMS if each not in MISSED])
def test_it_rings_is_received_and_ends_after_what_the_runbook_says(
    alarm: str, shop: Day, watch: LocalWatch, ear: Ear
) -> None:
    part = PART.get(alarm, alarm)
    put_for_each_period(watch, part, watch.watch.alarms[part]["Threshold"] + 1)
    assert watch.rings() == {alarm}
    until(lambda: receives(ear, watch.find_name(alarm)), what="the alarm")
    said = shop.invoke("report", {"tell": False})
    assert list_reported(said) == [alarm]
    assert f"docs/runbook.md#{alarm.lower()}" in said["text"]

    answers = follow(shop, SECTIONS[alarm])

    assert any(answers)
    if shop.invoke("shops", {"shop_id": shop.shop_id})["state"] == "paused":  # nobody mends it
        shop.invoke("shops", {"shop_id": shop.shop_id, "action": "resume"})
    put_for_each_period(watch, part, 0)
    assert watch.rings() == set()
    assert watch.state(alarm) == "OK"


@pytest.mark.parametrize("alarm", MISSED)
def test_what_did_not_happen_is_received_and_ends_when_the_runbook_starts_it(
    alarm: str, shop: Day, watch: LocalWatch, ear: Ear
) -> None:
    shop.invoke(MISSED[alarm], {})
    shop.queue_empty()
    watch.collect()
    watch.skip(1)
    assert watch.state(alarm) == "OK"
    ear()

    watch.skip(27 * 60)
    assert watch.state(alarm) == "INSUFFICIENT_DATA"
    until(lambda: receives(ear, watch.find_name(alarm)), what="the alarm")

    follow(shop, SECTIONS[alarm])

    watch.collect()
    watch.skip(1)
    assert watch.state(alarm) == "OK"


def test_a_message_names_its_alarm_and_says_what_it_is(
    shop: Day, watch: LocalWatch, ear: Ear
) -> None:
    ear()
    put_for_each_period(watch, "AppRefusedAlarm", 1)
    received = until(ear, what="the alarm")
    said = json.loads(received[0])
    assert said["AlarmName"] == watch.find_name("AppRefusedAlarm")
    assert said["AlarmDescription"].startswith("SEOshop refuses the app's own key and secret")
    put_for_each_period(watch, "AppRefusedAlarm", 0)
