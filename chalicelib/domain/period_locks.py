"""Up to which day a shop's books are closed, who closed them, and who may open them again.

Every lock stands by itself: the books are closed up to the latest day of all. Whoever set a lock
takes it back, the latest first, and the books are closed as the others, and the locks of before,
say. A lock that was taken back is kept for a while, with the reason, beside those that stand.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.bounds import is_day
from chalicelib.domain.days import local_day
from chalicelib.domain.events import Actor
from chalicelib.domain.periods import PeriodKind, find_period
from chalicelib.domain.seats import Seat
from chalicelib.lazy_dataclass import dataclass

MOST_STANDING = 24
"""Locks that each may have at once; the earliest is dropped, since a later one closes more."""

MOST_LIFTED = 10


class LockObstacle(StrEnum):
    """Why a lock is not set, or not taken back."""

    NOT_OVER = "not over"  # the day is today, or still to come
    NO_DAY = "no day"  # longer ago than any books
    CLOSED_FURTHER = "closed further"  # by the same person: that is taken back first
    NOT_YOURS = "not yours"  # somebody else set it
    NOT_THE_LAST = "not the last"  # a later one of the same person stands
    GONE = "gone"  # no such lock stands any more


class LockRefused(Exception):
    """A lock that is not set, or not taken back, for the cause in `obstacle`."""

    def __init__(self, obstacle: LockObstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


@dataclass(frozen=True, slots=True)
class LockHolder:
    """Who sets or takes back a lock: the merchant, whose `seat` is empty, or a bookkeeper, by the
    mark of the seat (`mark_seat`).
    """

    by: Actor
    seat: str = ""

    def owns(self, lock: PeriodLock, seats: Collection[str]) -> bool:
        """Whether the holder may take a lock back. `seats` are the marks of those that there are:
        the lock of a seat that is no more is the merchant's.
        """
        if self.seat:
            return is_same_seat(lock.seat, self.seat)
        return not lock.seat or not any(is_same_seat(lock.seat, seat) for seat in seats)


def mark_seat(seat: Seat) -> str:
    """The mark of a seat that a lock keeps: when it was taken, and by whom. Another seat of the
    same bookkeeper, later, has another.
    """
    return f"{seat.since.isoformat()}/{seat.holder}"


def is_same_seat(one: str, other: str) -> bool:
    """Whether two marks are of one seat, also when its holder was named by another secret between
    them.
    """
    if one == other:
        return True
    (since, _, holder), (then, _, former) = one.partition("/"), other.partition("/")
    return since == then and holder.partition(".")[0] != former.partition(".")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifting:
    """That a lock was taken back, by whom, and why, in one line."""

    at: datetime
    by: Actor
    reason: str
    seat: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodLock:
    """Nothing is booked any more on `until` or a day before it (Amsterdam's calendar). `seat` is
    that of the bookkeeper who set it, empty for the merchant. `lifted` is set once it was taken
    back.
    """

    until: date
    at: datetime
    by: Actor
    seat: str = ""
    lifted: Lifting | None = None

    @property
    def name(self) -> str:
        """What a form calls it: its day, and when it was set."""
        return f"{self.until.isoformat()}_{self.at.isoformat()}"

    @property
    def note(self) -> str:
        """What the audit says of it, in plain days: ``31-03-2026``."""
        return f"{self.until:%d-%m-%Y}"


Locks = tuple[PeriodLock, ...]


def list_standing(locks: Iterable[PeriodLock]) -> Locks:
    """Those that were not taken back, the latest day first."""
    standing = (lock for lock in locks if lock.lifted is None)
    return tuple(sorted(standing, key=lambda lock: (lock.until, lock.at), reverse=True))


def find_locked_until(locks: Iterable[PeriodLock]) -> date | None:
    """The last day on which nothing is booked any more; None when the books are open."""
    return max((lock.until for lock in locks if lock.lifted is None), default=None)


def list_own(locks: Iterable[PeriodLock], holder: LockHolder, seats: Collection[str]) -> Locks:
    """The standing locks that a holder `owns`, the latest day first."""
    return tuple(one for one in list_standing(locks) if holder.owns(one, seats))


def add_lock(
    locks: Locks, holder: LockHolder, until: date, *, at: datetime, seats: Collection[str]
) -> Locks:
    """The locks with one more; the same when the holder has just that one. Raises `LockRefused`
    for a day that is not over, since what is sold on it would get a date still to come, and for
    one before what the same holder closed: opening days again takes a reason.
    """
    if until >= local_day(at):
        raise LockRefused(LockObstacle.NOT_OVER)
    if not is_day(until):
        raise LockRefused(LockObstacle.NO_DAY)
    own = list_own(locks, holder, seats)
    if own and own[0].until > until:
        raise LockRefused(LockObstacle.CLOSED_FURTHER)
    if own and own[0].until == until:
        return locks
    added = PeriodLock(until=until, at=at, by=holder.by, seat=holder.seat)
    return _keep_needed((*locks, added), {*own[MOST_STANDING - 1 :]})


def lift_lock(
    locks: Locks,
    holder: LockHolder,
    name: str,
    *,
    at: datetime,
    reason: str,
    seats: Collection[str],
) -> Locks:
    """The locks after the one of that `PeriodLock.name` was taken back. Raises `LockRefused` for
    one that is no longer there, that somebody else set, or that is not the holder's latest.
    """
    found = next((one for one in list_standing(locks) if one.name == name), None)
    if found is None:
        raise LockRefused(LockObstacle.GONE)
    if not holder.owns(found, seats):
        raise LockRefused(LockObstacle.NOT_YOURS)
    if found != list_own(locks, holder, seats)[0]:
        raise LockRefused(LockObstacle.NOT_THE_LAST)
    lifting = Lifting(at=at, by=holder.by, reason=reason, seat=holder.seat)
    lifted = replace(found, lifted=lifting)
    return _keep_needed(tuple(lifted if one == found else one for one in locks), set())


def was_lifted(locks: Iterable[PeriodLock], name: str, holder: LockHolder) -> bool:
    """Whether a lock was taken back, by that holder, before; one that was set again at the same
    moment stands.
    """
    liftings = [one.lifted for one in locks if one.name == name]
    return bool(liftings) and all(
        lifting is not None and is_same_seat(lifting.seat, holder.seat) for lifting in liftings
    )


def _keep_needed(locks: Locks, dropped: Collection[PeriodLock]) -> Locks:
    lifted = sorted(
        (one.lifted.at, place) for place, one in enumerate(locks) if one.lifted is not None
    )
    old = {place for _, place in lifted[:-MOST_LIFTED]}
    return tuple(one for place, one in enumerate(locks) if place not in old and one not in dropped)


def forget_reasons(locks: Locks) -> Locks:
    """The locks without what people wrote about them, and without those that were taken back."""
    return tuple(one for one in locks if one.lifted is None)


def suggest_days(today: date, locked_until: date | None) -> tuple[date, ...]:
    """The last days of the past month, quarter and year that are not closed yet, latest first."""
    kinds = (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.YEAR)
    ends = {find_period(kind, today).step(-1).last for kind in kinds}
    return tuple(sorted(end for end in ends if locked_until is None or end > locked_until))[::-1]
