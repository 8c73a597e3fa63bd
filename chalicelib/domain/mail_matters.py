"""What a mail to a merchant is about, and whether one is due: in counts, without anything of an
order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import Enum, auto

from chalicelib.domain.distance_sales import Nearness
from chalicelib.domain.mail_records import MailChoices, MailKind, MailProgress
from chalicelib.domain.shops import TroubleCause
from chalicelib.domain.statement import DayStatement
from chalicelib.lazy_dataclass import dataclass

REMINDED_AFTER = timedelta(days=7)
"""After so long a digest says the same once more."""

MOST_MARKS = 1000
"""Of a digest: a record holds 400 KB."""


class Matter(Enum):
    """What may wait on a merchant."""

    ACCESS = auto()  # SEOshop no longer lets the connector in
    TROUBLE = auto()  # something that he can mend keeps files from arriving
    HELD = auto()
    CHANGED = auto()  # after delivery, in the shop
    THERE = auto()  # deleted, changed or doubled in Asperion
    FILES = auto()  # to be checked in Asperion
    METHODS = auto()  # payment methods that nobody decided on


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One matter that waits: how many there are of it, and a mark of each, by which a new one is
    known. `cause` is that of a trouble.
    """

    matter: Matter
    count: int
    marks: frozenset[str]
    cause: TroubleCause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """What was delivered in the seven days from a Monday on."""

    monday: date
    orders: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdNews:
    """The shop came near the threshold for sales to other member states in a `year`, or above."""

    year: int
    nearness: Nearness

    @property
    def name(self) -> str:
        """By which it is known that it was reported: ``2026/near``."""
        return f"{self.year}/{self.nearness.value}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueMail:
    """A mail that is due: about what waits, that everything is right again, or (and) about a week;
    and about the threshold, which waits on nobody and is told once.
    """

    waiting: tuple[Waiting, ...] = ()
    is_right_again: bool = False
    week: Week | None = None
    threshold: ThresholdNews | None = None


def make_waiting(
    matter: Matter, names: Iterable[str], *, cause: TroubleCause | None = None
) -> Waiting:
    """A matter with these names (keys, a file's name), of which only marks are kept."""
    listed = sorted(set(names))
    marks = {_mark_name(f"{matter.name}/{cause or ''}/{name}") for name in listed[:MOST_MARKS]}
    return Waiting(matter=matter, count=len(listed), marks=frozenset(marks), cause=cause)


def _mark_name(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:10]


def list_marks(waiting: Iterable[Waiting]) -> frozenset[str]:
    """The marks of all matters."""
    marks = sorted(mark for one in waiting for mark in one.marks)
    return frozenset(marks[:MOST_MARKS])


def find_due_mail(
    choices: MailChoices,
    progress: MailProgress,
    waiting: Sequence[Waiting],
    *,
    week: Week | None,
    now: datetime,
) -> DueMail | None:
    """The mail that is due this morning, if any. `week` is the last one when everything is in,
    else None.
    """
    wants_digest = MailKind.DIGEST in choices.wanted
    if waiting:
        is_due = wants_digest and _is_news(progress, waiting, now)
        return DueMail(waiting=tuple(waiting)) if is_due else None
    if week is None:
        return None  # something is not right that is not his to mend
    is_right_again = wants_digest and bool(progress.reported)
    has_week = MailKind.WEEKLY in choices.wanted and progress.receipt_of != week.monday
    shown = week if has_week and week.orders else None
    if not is_right_again and shown is None:
        return None
    return DueMail(is_right_again=is_right_again, week=shown)


def add_threshold(
    due: DueMail | None, choices: MailChoices, progress: MailProgress, news: ThresholdNews | None
) -> DueMail | None:
    """The mail that is due, with what there is to say of the threshold, unless that was reported; a
    mail of its own when nothing else is due.
    """
    is_reported = news is None or news.name in progress.threshold_reported
    if is_reported or MailKind.DIGEST not in choices.wanted:
        return due
    return replace(due or DueMail(), threshold=news)


def _is_news(progress: MailProgress, waiting: Sequence[Waiting], now: datetime) -> bool:
    """Whether something is new since the last digest, or that was long ago."""
    is_old = progress.reported_at is None or now - progress.reported_at >= REMINDED_AFTER
    return is_old or not list_marks(waiting) <= progress.reported


def count_last_week(statements: Iterable[DayStatement], today: date) -> Week:
    """What the statements say of the last whole week before a day."""
    monday = today - timedelta(days=today.weekday() + 7)
    days = [one for one in statements if monday <= one.day < monday + timedelta(days=7)]
    return Week(
        monday=monday,
        orders=sum(one.placed for one in days),
        files=sum(len(one.files) for one in days),
    )
