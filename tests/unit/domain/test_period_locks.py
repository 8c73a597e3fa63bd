"""Closing the books up to a day, and opening them again: who may, and what then counts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.period_locks import (
    MOST_LIFTED,
    MOST_STANDING,
    LockHolder,
    LockObstacle,
    LockRefused,
    Locks,
    PeriodLock,
    add_lock,
    find_locked_until,
    forget_reasons,
    is_same_seat,
    lift_lock,
    list_own,
    list_standing,
    suggest_days,
    was_lifted,
)

NOW = datetime(2026, 4, 5, 9, 30, tzinfo=UTC)
SEAT, OTHER = "2026-01-02T08:00:00+00:00/key1.aaaa", "2026-01-02T08:00:00+00:00/key1.bbbb"
MERCHANT = LockHolder(Actor.MERCHANT)
BOOKKEEPER = LockHolder(Actor.BOOKKEEPER, SEAT)
SEATS = frozenset({SEAT, OTHER})
FEBRUARY, MARCH = date(2026, 2, 28), date(2026, 3, 31)


def close_books(
    locks: Locks,
    until: date,
    holder: LockHolder = MERCHANT,
    at: datetime = NOW,
    seats: Collection[str] = SEATS,
) -> Locks:
    return add_lock(locks, holder, until, at=at, seats=seats)


def reopen(
    locks: Locks,
    lock: PeriodLock,
    holder: LockHolder = MERCHANT,
    seats: Collection[str] = SEATS,
) -> Locks:
    return lift_lock(locks, holder, lock.name, at=NOW, reason="vergeten factuur", seats=seats)


def refusal(act: object, *args: object, **more: object) -> LockObstacle:
    assert callable(act)
    with pytest.raises(LockRefused) as refused:
        act(*args, **more)
    return refused.value.obstacle


def test_without_a_lock_the_books_are_open() -> None:
    assert find_locked_until(()) is None


def test_the_latest_day_of_all_counts() -> None:
    locks = close_books(close_books((), MARCH, BOOKKEEPER), FEBRUARY)
    assert find_locked_until(locks) == MARCH
    assert [lock.until for lock in list_standing(locks)] == [MARCH, FEBRUARY]


def test_who_takes_a_lock_back_leaves_those_of_others() -> None:
    locks = close_books(close_books((), MARCH), FEBRUARY, BOOKKEEPER)
    assert find_locked_until(reopen(locks, locks[0])) == FEBRUARY


def test_who_takes_a_lock_back_leaves_his_own_of_before() -> None:
    """What was declared before stays closed, when the last period was closed too early."""
    locks = close_books(close_books((), FEBRUARY), MARCH, at=NOW + timedelta(days=1))
    assert find_locked_until(reopen(locks, locks[1])) == FEBRUARY


@pytest.mark.parametrize("until", [date(2026, 4, 5), date(2026, 4, 6), date(2199, 12, 31)])
def test_a_day_that_is_not_over_is_not_closed(until: date) -> None:
    assert refusal(close_books, (), until) is LockObstacle.NOT_OVER


def test_yesterday_is_over() -> None:
    assert find_locked_until(close_books((), date(2026, 4, 4))) == date(2026, 4, 4)


@pytest.mark.parametrize(
    ("now", "over"),
    [
        # Both midnights of Amsterdam, in winter and in summer.
        ("2026-01-31T22:59:59+00:00", date(2026, 1, 30)),
        ("2026-01-31T23:00:00+00:00", date(2026, 1, 31)),
        ("2026-06-30T21:59:59+00:00", date(2026, 6, 29)),
        ("2026-06-30T22:00:00+00:00", date(2026, 6, 30)),
        # The night in which the clock goes forward, and the one in which it goes back.
        ("2026-03-28T23:00:00+00:00", date(2026, 3, 28)),
        ("2026-10-25T22:59:59+00:00", date(2026, 10, 24)),
        ("2026-10-25T23:00:00+00:00", date(2026, 10, 25)),
        ("2026-12-31T23:00:00+00:00", date(2026, 12, 31)),
    ],
)
def test_a_day_is_over_at_midnight_in_amsterdam(now: str, over: date) -> None:
    at = datetime.fromisoformat(now)
    assert find_locked_until(close_books((), over, at=at)) == over
    assert refusal(close_books, (), over + timedelta(days=1), at=at) is LockObstacle.NOT_OVER


def test_a_day_of_no_books_is_not_closed() -> None:
    assert refusal(close_books, (), date(203, 3, 31)) is LockObstacle.NO_DAY


def test_nobody_opens_days_by_closing_fewer() -> None:
    locks = close_books((), MARCH)
    assert refusal(close_books, locks, FEBRUARY) is LockObstacle.CLOSED_FURTHER
    assert find_locked_until(close_books(locks, FEBRUARY, BOOKKEEPER)) == MARCH


def test_closing_the_same_day_twice_is_once() -> None:
    locks = close_books((), MARCH)
    assert close_books(locks, MARCH, at=NOW + timedelta(minutes=1)) == locks


def test_each_may_close_the_same_day() -> None:
    """So that neither can open it for the other."""
    locks = close_books(close_books((), MARCH), MARCH, BOOKKEEPER)
    assert find_locked_until(reopen(locks, locks[0])) == MARCH


@pytest.mark.parametrize(
    ("by", "other"),
    [
        (BOOKKEEPER, MERCHANT),
        (MERCHANT, BOOKKEEPER),
        (BOOKKEEPER, LockHolder(Actor.BOOKKEEPER, OTHER)),
    ],
)
def test_nobody_opens_what_somebody_else_closed(by: LockHolder, other: LockHolder) -> None:
    locks = close_books((), MARCH, by)
    assert refusal(reopen, locks, locks[0], other) is LockObstacle.NOT_YOURS
    assert list_own(locks, other, SEATS) == ()


def test_the_lock_of_a_seat_that_is_no_more_is_the_merchants() -> None:
    locks = close_books((), MARCH, BOOKKEEPER)
    assert refusal(reopen, locks, locks[0], MERCHANT, {SEAT}) is LockObstacle.NOT_YOURS
    assert find_locked_until(reopen(locks, locks[0], MERCHANT, {OTHER})) is None


def test_a_later_seat_of_the_same_bookkeeper_takes_over_nothing() -> None:
    locks = close_books((), MARCH, BOOKKEEPER)
    later = LockHolder(Actor.BOOKKEEPER, SEAT.replace("2026", "2027"))
    assert refusal(reopen, locks, locks[0], later) is LockObstacle.NOT_YOURS


def test_a_seat_is_the_same_when_its_holder_is_named_by_another_secret() -> None:
    turned = SEAT.replace("key1.aaaa", "key2.cccc")
    locks = close_books((), MARCH, BOOKKEEPER)
    assert refusal(reopen, locks, locks[0], MERCHANT, {turned}) is LockObstacle.NOT_YOURS
    assert find_locked_until(reopen(locks, locks[0], replace(BOOKKEEPER, seat=turned))) is None


def test_two_who_took_their_seats_at_one_moment_are_two() -> None:
    assert not is_same_seat(SEAT, OTHER)
    assert not is_same_seat(SEAT, "")
    assert not is_same_seat("", SEAT)


def test_the_latest_is_opened_first() -> None:
    locks = close_books(close_books((), FEBRUARY), MARCH, at=NOW + timedelta(days=1))
    assert refusal(reopen, locks, locks[0]) is LockObstacle.NOT_THE_LAST


def test_what_is_open_is_not_opened_again() -> None:
    locks = close_books((), MARCH)
    opened = reopen(locks, locks[0])
    assert refusal(reopen, opened, locks[0]) is LockObstacle.GONE
    assert was_lifted(opened, locks[0].name, MERCHANT)
    assert not was_lifted(opened, locks[0].name, BOOKKEEPER)


def test_what_was_closed_again_at_the_same_moment_is_opened_again() -> None:
    locks = close_books((), FEBRUARY)
    again = close_books(reopen(locks, locks[0]), FEBRUARY)
    assert not was_lifted(again, locks[0].name, MERCHANT)
    assert find_locked_until(reopen(again, again[-1])) is None


def test_the_reason_stays_with_the_lock_that_was_taken_back() -> None:
    locks = close_books((), MARCH)
    [lock] = reopen(locks, locks[0])
    assert lock.lifted is not None
    assert (lock.lifted.reason, lock.lifted.by) == ("vergeten factuur", Actor.MERCHANT)
    assert forget_reasons((lock,)) == ()


def test_what_is_kept_has_an_end() -> None:
    locks: Locks = ()
    for day in range(40):
        locks = close_books(
            locks, date(2025, 1, 1) + timedelta(days=day), at=NOW + timedelta(hours=day)
        )
    assert len(locks) == MOST_STANDING
    assert find_locked_until(locks) == date(2025, 2, 9)
    for day in range(30):
        locks = close_books(
            locks, date(2025, 3, 1) + timedelta(days=day), at=NOW + timedelta(days=day)
        )
        locks = reopen(locks, list_standing(locks)[0])
    assert sum(lock.lifted is not None for lock in locks) == MOST_LIFTED
    assert len(list_standing(locks)) == MOST_STANDING - 1  # the first of March displaced one


@pytest.mark.parametrize(
    ("today", "closed", "suggested"),
    [
        (date(2026, 4, 5), None, [MARCH, date(2025, 12, 31)]),
        (date(2026, 5, 5), None, [date(2026, 4, 30), MARCH, date(2025, 12, 31)]),
        (date(2026, 5, 5), MARCH, [date(2026, 4, 30)]),
        (date(2027, 1, 1), None, [date(2026, 12, 31)]),
        (date(2026, 4, 5), MARCH, []),
    ],
)
def test_ends_of_calendar_periods_are_suggested(
    today: date, closed: date | None, suggested: list[date]
) -> None:
    assert list(suggest_days(today, closed)) == suggested
