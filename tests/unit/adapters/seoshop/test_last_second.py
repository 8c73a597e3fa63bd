"""However an hour of the network goes, no second of SEOshop's holds more calls than it allows."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.seoshop.last_second import MOST_CALLS, LastSecond
from chalicelib.adapters.seoshop.many_reads import AT_ONCE
from chalicelib.adapters.seoshop.ratelimit import SPACING
from tests.unit.adapters.seoshop.support import NOW, Time

ALLOWED = 20
CALLS = 120
WAY = timedelta(milliseconds=100)  # to SEOshop, and back from it


def play(pauses: list[tuple[float, float]]) -> tuple[list[datetime], timedelta]:
    """When SEOshop counts each of many calls, made by a pool at the pace of a run, and how long
    that takes. In its pauses (seconds since the start, seconds) it counts and answers nothing.
    """
    time = Time()
    second = LastSecond(time)
    under_way: list[tuple[datetime, ExitStack]] = []
    counted = []

    def pass_time(until: datetime) -> None:
        while under_way and min(at for at, _ in under_way) <= until:
            under_way.sort(key=lambda each: each[0])
            time.now, call = under_way.pop(0)
            call.close()
        time.now = max(time.now, until)

    sent = NOW - SPACING
    for _ in range(CALLS):
        if len(under_way) == AT_ONCE:
            pass_time(min(at for at, _ in under_way))
        pass_time(max(time.now, sent + SPACING))
        pass_time(time.now + second.find_wait())
        sent = time.now
        call = ExitStack()
        call.enter_context(second.watch_call())
        arrives = sent + WAY
        for began, lasts in sorted(pauses):
            begin = NOW + timedelta(seconds=began)
            if begin <= arrives < begin + timedelta(seconds=lasts):
                arrives = begin + timedelta(seconds=lasts)
        counted.append(arrives)
        under_way.append((arrives + WAY, call))
    return counted, sent - NOW


def count_most(moments: list[datetime]) -> int:
    one = timedelta(seconds=1)
    return max(sum(at <= each < at + one for each in moments) for at in moments)


def test_a_steady_network_is_called_at_the_full_pace() -> None:
    counted, took = play([])
    assert took == SPACING * (CALLS - 1)
    assert count_most(counted) <= ALLOWED


def test_what_a_pause_held_up_counts_in_the_second_after_it() -> None:
    counted, took = play([(2.0, 0.9)])
    assert count_most(counted) <= MOST_CALLS
    assert took > SPACING * (CALLS - 1)


@given(st.lists(st.tuples(st.floats(0.5, 8), st.floats(0, 3)), max_size=4))
def test_no_second_holds_more_than_is_allowed(pauses: list[tuple[float, float]]) -> None:
    counted, _ = play(pauses)
    assert count_most(counted) <= ALLOWED


def test_a_clock_set_back_is_waited_for_a_second_at_most() -> None:
    time = Time()
    second = LastSecond(time)
    for _ in range(MOST_CALLS):
        with second.watch_call():
            pass
    assert timedelta(0) < second.find_wait() <= timedelta(seconds=1)
    time.now -= timedelta(hours=1)
    assert second.find_wait() == timedelta(0)
