"""Several calls at once: answers in their order, no faster than SEOshop allows."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from threading import Barrier

import pytest

from chalicelib.adapters.seoshop.many_reads import AT_ONCE, read_many
from chalicelib.adapters.seoshop.ratelimit import SPACING
from chalicelib.errors import ShopError, ShopNotFound
from tests.unit.adapters.seoshop.support import NOW, Answer, Desk, answering, payload

ORDER = 301204417
PATIENCE = 60.0  # seconds, on a busy machine


def headers(remaining: str, limit: str = "300/3000/12000") -> dict[str, str]:
    return {
        "X-RateLimit-Limit": limit,
        "X-RateLimit-Remaining": remaining,
        "X-RateLimit-Reset": "263/2063/23663",
    }


def test_several_are_under_way_at_once() -> None:
    all_here = Barrier(AT_ONCE)
    found = list(read_many([lambda: all_here.wait(PATIENCE)] * AT_ONCE))
    assert sorted(one for one in found if isinstance(one, int)) == list(range(AT_ONCE))


def test_answers_come_in_the_order_of_the_calls_and_errors_in_their_place() -> None:
    def read(number: int) -> int:
        if number % 3 == 0:
            raise ShopNotFound(f"no {number}", status=404)
        return number

    found = list(read_many([partial(read, number) for number in range(50)]))
    assert [isinstance(one, ShopError) for one in found] == [n % 3 == 0 for n in range(50)]
    assert [one for one in found if not isinstance(one, ShopError)] == [
        number for number in range(50) if number % 3
    ]


def test_whatever_else_goes_wrong_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        list(read_many([lambda: 1 // 0]))


def test_calls_at_once_keep_the_pace_of_one_after_the_other() -> None:
    desk = Desk(answering(Answer(payload("order.json"), headers=headers("299/2999/11999"))))
    found = list(desk.api.read_many([lambda: desk.api.order(ORDER)] * 20))
    assert len(desk.calls) == len(found) == 20
    # Threads that sleep at once each move this clock, so that it may be further.
    assert sum(desk.time.slept) >= 19 * SPACING.total_seconds() - 1e-6


@pytest.mark.parametrize(
    ("calls", "seconds"), [(200, 0), (250, 263), (300, 263), (301, None), (3_000, None)]
)
def test_when_so_many_calls_are_allowed(calls: int, seconds: int | None) -> None:
    desk = Desk(
        answering(Answer(payload("order.json"), headers=headers("240/2900/11999"))), reserve=0.0
    )
    desk.api.order(ORDER)
    expected = None if seconds is None else NOW + timedelta(seconds=seconds)
    assert desk.api.when_allowed(calls) == expected


def test_the_slowest_window_counts_and_the_reserve_is_left_alone() -> None:
    desk = Desk(answering(Answer(payload("order.json"), headers=headers("300/310/11999"))))
    desk.api.order(ORDER)
    assert desk.api.when_allowed(10) == NOW
    assert desk.api.when_allowed(100) == NOW + timedelta(seconds=2063)
    assert desk.api.when_allowed(271) is None


def test_before_the_first_answer_nothing_is_in_the_way() -> None:
    assert Desk(answering(payload("order.json"))).api.when_allowed(10_000) == NOW


def test_no_more_are_begun_than_a_few_ahead_and_none_after_the_end() -> None:
    begun: list[int] = []
    answers = read_many([partial(begun.append, number) for number in range(50)])
    for taken in range(1, 4):
        next(answers)
        assert len(begun) <= taken + AT_ONCE
    answers.close()
    assert set(begun) >= {0, 1, 2}
    assert len(begun) <= 3 + AT_ONCE
