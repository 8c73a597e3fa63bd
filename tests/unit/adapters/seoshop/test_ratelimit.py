from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.errors import ShopRateLimited
from tests.unit.adapters.seoshop.support import NOW, Answer, Desk, Json, Time, answering, payload

ORDER = 301204417
TOO_MANY = "Too many requests in this time period. Try again later."


def headers(
    remaining: str, *, limit: str = "300/3000/12000", reset: str = "263/2063/23663", **more: Any
) -> Json:
    return {
        "X-RateLimit-Limit": limit,
        "X-RateLimit-Remaining": remaining,
        "X-RateLimit-Reset": reset,
        **more,
    }


def shop_with(remaining: str, **settings: Any) -> Desk:
    answer = Answer(payload("order.json"), headers=headers(remaining))
    return Desk(answering(answer), **settings)


def refused(desk: Desk) -> ShopRateLimited:
    with pytest.raises(ShopRateLimited) as limited:
        desk.api.order(ORDER)
    return limited.value


def test_nothing_is_known_before_the_first_answer() -> None:
    assert shop_with("299/2999/11999").api.remaining_calls() is None


def test_what_is_left_above_the_reserve_is_given_for_the_tightest_window() -> None:
    desk = shop_with("299/2999/1203")
    desk.api.order(ORDER)
    assert desk.api.remaining_calls() == 3


def test_answers_without_the_headers_leave_it_unknown() -> None:
    desk = Desk(answering(payload("order.json")))
    desk.api.order(ORDER)
    assert desk.api.remaining_calls() is None


@pytest.mark.parametrize(
    ("remaining", "seconds"),
    [
        ("30/2999/11999", 263),
        ("29/2999/11999", 263),
        ("0/2999/11999", 263),
        ("-1/2999/11999", 263),
        ("299/300/11999", 2063),
        ("299/2999/1200", 23663),
        ("30/300/11999", 2063),
        ("0/0/0", 23663),
    ],
)
def test_at_the_reserve_it_stops_without_calling_and_says_until_when(
    remaining: str, seconds: int
) -> None:
    desk = shop_with(remaining)
    desk.api.order(ORDER)
    assert refused(desk).until == NOW + timedelta(seconds=seconds)
    assert len(desk.calls) == 1
    assert desk.api.remaining_calls() == 0


def test_just_above_the_reserve_it_goes_on() -> None:
    desk = shop_with("31/2999/11999")
    desk.api.order(ORDER)
    desk.api.order(ORDER)
    assert len(desk.calls) == 2


def test_pages_may_use_the_reserve_too() -> None:
    desk = shop_with("1/2999/11999", reserve=0)
    desk.api.order(ORDER)
    desk.api.order(ORDER)
    assert len(desk.calls) == 2


@pytest.mark.parametrize("remaining", ["0/2999/11999", "-1/2999/11999"])
def test_but_not_more_than_there_is(remaining: str) -> None:
    desk = shop_with(remaining, reserve=0)
    desk.api.order(ORDER)
    assert refused(desk).until == NOW + timedelta(seconds=263)


def test_after_the_reset_it_calls_again() -> None:
    desk = shop_with("0/2999/11999")
    desk.api.order(ORDER)
    desk.time.now += timedelta(seconds=263)
    assert desk.api.remaining_calls() == 270
    desk.api.order(ORDER)
    assert len(desk.calls) == 2


def test_calls_without_an_answer_are_counted_all_the_same() -> None:
    answer = Answer(payload("order.json"), headers=headers("33/2999/11999"))
    desk = Desk(answering(answer, Answer(b"", 503)))
    desk.api.order(ORDER)
    refused(_no_answer(desk))
    assert len(desk.calls) == 4


def _no_answer(desk: Desk) -> Desk:
    with pytest.raises(Exception, match="usable"):
        desk.api.order(ORDER)
    return desk


@pytest.mark.parametrize(
    ("more", "seconds"),
    [
        (headers("-1/2999/11999"), 263),
        (headers("0/-1/11999"), 2063),
        (headers("0/2999/11999", **{"Retry-After": "7"}), 263),
        (headers("55/2999/11999", **{"Retry-After": "7"}), 7),
        ({"Retry-After": "90"}, 90),
        ({"retry-after": " 90 "}, 90),
        ({"Retry-After": "Sat, 14 Mar 2026 12:03:00 GMT"}, 180),
        ({"Retry-After": "Sat, 14 Mar 2026 13:03:00 +0100"}, 180),
        ({"Retry-After": "Sat, 14 Mar 2020 12:03:00 GMT"}, 1),
        ({"Retry-After": "2026-03-14T12:03:00"}, 180),
        ({"Retry-After": "2026-03-14T13:03:00+01:00"}, 180),
        ({"Retry-After": "2026-03-14 12:03:00"}, 180),
        ({"Retry-After": "2026-03-14 12:02:59.5"}, 179.5),
        ({"Retry-After": "2026-03-14 12:03:00 UTC"}, 180),
        ({"Retry-After": "2026-03-14T12:03:00 GMT"}, 180),
        ({"Retry-After": "2026-03-14T12:03:00Z"}, 180),
        ({"Retry-After": "2026-03-14 14:03:00+02:00"}, 180),
        ({"Retry-After": "2026-03-14 11:03:00"}, 1),
        ({"Retry-After": "2026-03-20 12:03:00"}, 86400),
        ({"Retry-After": "2026-13-14 12:03:00"}, 300),
        ({"Retry-After": "Saturday, 14-Mar-26 12:03:00 GMT"}, 180),
        ({"Retry-After": "Sat Mar 14 12:03:00 2026"}, 180),
        ({"Retry-After": "89.2"}, 90),
        ({"Retry-After": "1e3"}, 300),
        ({"Retry-After": "٩"}, 300),
        ({"Retry-After": "0"}, 1),
        ({"Retry-After": "morgen"}, 300),
        ({"Retry-After": "99999999"}, 86400),
        ({"Retry-After": "-5"}, 300),
        ({}, 300),
        (headers("x/y/z"), 300),
    ],
)
def test_a_429_says_until_when_by_the_best_that_is_known(more: Json, seconds: float) -> None:
    body = {"error": {"code": 429, "message": TOO_MANY}}
    desk = Desk(answering(Answer(body, 429, more)))
    limited = refused(desk)
    assert limited.until == NOW + timedelta(seconds=seconds)
    assert limited.status == 429
    assert TOO_MANY in str(limited)
    assert desk.api.remaining_calls() == 0


def test_twenty_calls_a_second_are_never_overrun() -> None:
    desk = Desk(answering(payload("order.json")))
    moments = []
    for _ in range(60):
        desk.api.order(ORDER)
        moments.append(desk.time.now)
    for first in moments:
        within = [m for m in moments if first <= m <= first + timedelta(seconds=1)]
        assert len(within) <= 20
    assert max(desk.time.slept) <= 0.06


def test_of_calls_made_at_once_the_last_answer_gives_no_call_back() -> None:
    """The earlier call is answered last, and says what was left before the later one."""
    time = Time()
    limit = RateLimit(clock=time, reserve=0.0, sleep=time.sleep)
    limit.record_headers(headers("12/2999/11999"))
    limit.reserve_call()
    limit.reserve_call()

    limit.record_headers(headers("10/2997/11997"))
    limit.record_headers(headers("11/2998/11998", reset="262/2062/23662"))

    assert limit.remaining() == 10


def test_a_window_that_began_anew_counts_anew() -> None:
    time = Time()
    limit = RateLimit(clock=time, reserve=0.0, sleep=time.sleep)
    limit.record_headers(headers("2/2999/11999", reset="10/2063/23663"))
    time.sleep(11)

    limit.record_headers(headers("299/2998/11998", reset="299/2052/23652"))

    assert limit.remaining() == 299


def test_slow_answers_are_not_slowed_further() -> None:
    desk = Desk(answering(payload("order.json")))
    for _ in range(3):
        desk.api.order(ORDER)
        desk.time.now += timedelta(milliseconds=200)
    assert desk.time.slept == []


def test_a_clock_set_back_does_not_stop_the_work() -> None:
    desk = Desk(answering(payload("order.json")))
    desk.api.order(ORDER)
    desk.time.now -= timedelta(hours=1)
    desk.api.order(ORDER)
    assert max(desk.time.slept) <= 0.06


@given(
    st.dictionaries(
        st.sampled_from(
            ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset", "Retry-After"]
        ),
        st.text("0123456789-/ ,:GMTSat", max_size=30),
    )
)
def test_no_header_whatever_it_says_does_more_than_make_us_wait(said: Json) -> None:
    time = Time()
    limit = RateLimit(clock=time, reserve=0.1, sleep=time.sleep)
    limit.record_headers(said)
    error = limit.record_refusal(said, "")
    assert NOW < error.until <= NOW + timedelta(days=1)
    with pytest.raises(ShopRateLimited):
        limit.reserve_call()
    assert limit.remaining() == 0
