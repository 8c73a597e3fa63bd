"""The queue, the functions and the calls: what rings for each, what does not, and when it ends."""

from __future__ import annotations

import pytest

from chalicelib import figures
from chalicelib.figures import REFUSALS
from chalicelib.web.http.http_messages import Request, Response
from tests.watching.cloudwatch import NO_DATA, OK
from tests.watching.watched_day import STACK, WatchedDay

Capture = pytest.CaptureFixture[str]
QUEUE, DEAD = "ExportQueue", "ExportDeadLetters"
HOUR = 60
COMES_BACK = (15, 60, 180)
"""Minutes after its first try at which a message that fails is back."""


def test_a_message_that_comes_back_after_hours_rings_nothing() -> None:
    day = WatchedDay()

    def count(minute: int) -> None:
        is_taken = minute in (0, *COMES_BACK)
        day.counted(QUEUE, waiting=0, done=int(minute == COMES_BACK[-1]))
        if is_taken:
            day.called("ExportShop")
        # Its age, which the alarm of before went by: far beyond its two hours.
        day.watch.put("AWS/SQS", "ApproximateAgeOfOldestMessage", minute * 60, day.now)

    for minute in range(4 * HOUR):
        day.pass_minutes(1, lambda now=minute: count(now))  # type: ignore[misc]
        assert day.rings() == set()


def test_a_long_night_rings_nothing_while_it_is_worked_on() -> None:
    day = WatchedDay()
    waiting = 10_000
    while waiting > 0:
        waiting -= 30
        day.pass_minutes(1, lambda left=waiting: day.counted(QUEUE, waiting=left, done=30))  # type: ignore[misc]
        assert day.rings() == set()


def test_runs_that_all_take_their_whole_quarter_of_an_hour_ring_nothing() -> None:
    day = WatchedDay()
    for minute in range(3 * HOUR):
        done = 20 if minute % 15 == 14 else 0
        day.pass_minutes(1, lambda n=done: day.counted(QUEUE, waiting=500, done=n))  # type: ignore[misc]
        assert day.rings() == set()


def test_a_queue_that_nobody_takes_from_rings_after_half_an_hour_and_ends() -> None:
    day = WatchedDay()
    day.pass_minutes(HOUR, lambda: day.counted(QUEUE))
    day.pass_minutes(25, lambda: day.counted(QUEUE, waiting=7))
    assert day.rings() == set()
    day.pass_minutes(10, lambda: day.counted(QUEUE, waiting=7))
    assert day.rings() == {"QueueStuckAlarm"}
    day.pass_minutes(5, lambda: day.counted(QUEUE, waiting=6, done=1))
    assert day.rings() == set()


def test_an_empty_queue_rings_nothing_for_days() -> None:
    day = WatchedDay()
    day.pass_minutes(6 * HOUR, lambda: day.counted(QUEUE))
    assert day.rings() == set()
    day.pass_minutes(2 * HOUR)  # SQS counts a queue no more that nobody calls
    assert day.rings() == set()


@pytest.mark.parametrize(
    ("alarm", "queue"), [("DeadLetterAlarm", DEAD), ("StartLostAlarm", "AsyncDeadLetters")]
)
def test_dead_letters_ring_until_they_are_gone(alarm: str, queue: str) -> None:
    day = WatchedDay()
    day.pass_minutes(6, lambda: day.counted(queue, waiting=1))
    assert day.rings() == {alarm}
    day.pass_minutes(6, lambda: day.counted(queue, waiting=0))
    assert day.rings() == set()


@pytest.mark.parametrize(
    ("alarm", "function"),
    [
        ("DailyExportErrorAlarm", "DailyExport"),
        ("WatchErrorAlarm", "Watch"),
        ("ExportErrorAlarm", "ExportShop"),
    ],
)
def test_a_function_rings_when_it_fails_in_every_try(alarm: str, function: str) -> None:
    day = WatchedDay()
    day.pass_minutes(2, lambda: day.called(function, errors=1))
    assert day.rings() == set()
    day.pass_minutes(1, lambda: day.called(function, errors=1))
    assert day.rings() == {alarm}
    day.pass_minutes(16, lambda: day.called(function))
    assert day.rings() == set()


@pytest.mark.parametrize(
    ("alarm", "function"),
    [
        ("WebhooksThrottledAlarm", "WebhookFunction"),
        ("PagesThrottledAlarm", "APIHandler"),
        ("ExportsThrottledAlarm", "ExportShop"),
    ],
)
def test_throttling_is_kept_apart_from_errors(alarm: str, function: str) -> None:
    day = WatchedDay()

    def flood() -> None:
        day.called(function, throttles=10)
        if function != "ExportShop":
            day.answered_5xx(10)  # so API Gateway answers for a function that is throttled

    for _ in range(30):
        day.pass_minutes(1, flood)
        assert day.rings() <= {alarm}
    assert day.rings() == {alarm}
    day.pass_minutes(11, lambda: day.called(function))
    assert day.rings() == set()


def test_pages_that_answer_500_ring_after_ten_minutes_and_a_few_do_not() -> None:
    day = WatchedDay()
    day.pass_minutes(HOUR, lambda: day.answered_5xx(int(day.now.minute % 5 == 0)))
    assert day.rings() == set()
    day.pass_minutes(12, lambda: day.answered_5xx(2))
    assert day.rings() == {"PagesErrorAlarm"}
    day.pass_minutes(11, lambda: day.answered_5xx(0))
    assert day.rings() == set()


def test_a_night_that_does_not_start_is_a_message_and_of_a_new_stack_none() -> None:
    day = WatchedDay()
    day.pass_minutes(30 * HOUR // 10, None)
    assert day.watch.state("NightMissedAlarm") == NO_DATA
    assert day.watch.messages == []

    day.pass_minutes(1, lambda: day.called("DailyExport"))
    day.pass_minutes(1)
    assert day.watch.state("NightMissedAlarm") == OK
    day.pass_minutes(27 * HOUR)
    assert ("NightMissedAlarm", NO_DATA) in day.watch.messages


def test_a_report_that_is_not_made_is_a_message(capsys: Capture) -> None:
    day = WatchedDay()
    figures.publish({"ReportsMade": 1})
    day.printed(capsys.readouterr().out)
    day.pass_minutes(2)
    assert day.watch.messages == []
    day.pass_minutes(27 * HOUR)
    assert ("ReportMissedAlarm", NO_DATA) in day.watch.messages
    figures.publish({"ReportsMade": 1})
    day.printed(capsys.readouterr().out)
    day.pass_minutes(2)
    assert day.watch.state("ReportMissedAlarm") == OK


def test_shops_that_the_operator_leaves_ring_until_a_report_finds_none(capsys: Capture) -> None:
    day = WatchedDay()
    figures.publish({"ReportsMade": 1, "ShopsNeglected": 2})
    day.printed(capsys.readouterr().out)
    day.pass_minutes(23 * HOUR)
    assert day.rings() == {"ShopsNeglectedAlarm"}
    figures.publish({"ReportsMade": 1, "ShopsNeglected": 0})
    day.printed(capsys.readouterr().out)
    day.pass_minutes(3 * HOUR)
    assert day.rings() == set()


def test_figures_of_another_stage_ring_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    day = WatchedDay()
    monkeypatch.setattr(figures, "SERVICE", f"{STACK}-acceptance")
    figures.publish({"ReportsMade": 1, "ShopsNeglected": 2, "AppRefused": 1})
    day.printed(capsys.readouterr().out)
    day.watch.put(f"SeoshopAsperion/{STACK}-acceptance", "CallsThrottled", 100, day.now)
    day.pass_minutes(HOUR)
    assert day.rings() == set()


REFUSAL_ALARMS = {
    "SignaturesRefused": ("SignaturesRefusedAlarm", 21),
    "UsedLinksRefused": ("UsedLinksRefusedAlarm", 11),
    "SessionsRefused": ("SessionsRefusedAlarm", 21),
    "OriginsRefused": ("OriginsRefusedAlarm", 11),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_calls_that_are_turned_away_ring_in_a_burst(refusal: object, capsys: Capture) -> None:
    alarm, burst = REFUSAL_ALARMS[REFUSALS[refusal]]  # type: ignore[index]
    day = WatchedDay()

    def refuse(times: int) -> None:
        for _ in range(times):
            figures.count_refusal(
                Request(method="get", route="/"),
                Response(status=403, refused=refusal),  # type: ignore[arg-type]
            )
        day.printed(capsys.readouterr().out)

    day.pass_minutes(HOUR, lambda: refuse(1))
    assert day.rings() == set()
    day.pass_minutes(1, lambda: refuse(burst))
    assert day.rings() == {alarm}
    day.pass_minutes(6)
    assert day.rings() == set()


def test_calls_that_api_gateway_turns_away_ring_in_a_burst() -> None:
    day = WatchedDay()

    def count(times: int = 1) -> None:
        for _ in range(times):
            day.watch.put(f"SeoshopAsperion/{STACK}", "CallsThrottled", 1, day.now)

    day.pass_minutes(HOUR, count)
    assert day.rings() == set()
    day.pass_minutes(1, lambda: count(20))
    assert day.rings() == {"CallsThrottledAlarm"}
    day.pass_minutes(6)
    assert day.rings() == set()


def test_every_alarm_that_tells_somebody_is_raised_here_or_with_the_shops() -> None:
    """An alarm that no test raises is none that is known to ring."""
    from tests.watching.test_alarms_of_shops import CASES

    raised = {case.alarm for case in CASES} | {alarm for alarm, _ in REFUSAL_ALARMS.values()}
    raised |= {
        *(
            "AppRefusedAlarm",
            "QueueStuckAlarm",
            "DeadLetterAlarm",
            "StartLostAlarm",
            "DailyExportErrorAlarm",
        ),
        *("WatchErrorAlarm", "ExportErrorAlarm", "WebhooksThrottledAlarm", "PagesThrottledAlarm"),
        *("ExportsThrottledAlarm", "PagesErrorAlarm", "NightMissedAlarm", "ReportMissedAlarm"),
        *("ShopsNeglectedAlarm", "CallsThrottledAlarm"),
    }
    loud = {name for name, it in WatchedDay().watch.alarms.items() if it.get("AlarmActions")}
    assert raised == loud
