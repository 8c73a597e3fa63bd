"""Changes of where a shop's invoices go: they are shown for a while, and its contact is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from chalicelib.domain.events import Actor
from chalicelib.lazy_dataclass import dataclass

SHOWN_FOR = timedelta(days=14)
"""How long a change is shown on the overview."""

MOST_A_DAY = 10
"""Changes of one kind in 24 hours: each mails the shop's contact."""

MOST_KEPT = 30


class Telling(StrEnum):
    """Whether the shop's contact was told of a change. Stored: a value never changes."""

    DUE = "due"  # nobody has tried yet
    FAILED = "failed"  # SEOshop or the mail service did not do it; the watch tries again
    NOTIFIED = "notified"  # the mail service took the mail
    NO_ADDRESS = "no address"  # SEOshop gives none
    NO_MAIL = "no mail"  # this installation has no sender


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifiedChange:
    """A change of which the shop's contact is told: when, by whom, and whether he was."""

    at: datetime
    by: Actor
    telling: Telling = Telling.DUE


C = TypeVar("C", bound=NotifiedChange)


def list_shown(changes: Iterable[C], now: datetime) -> tuple[C, ...]:
    """Those that the overview shows, the newest first."""
    shown = (one for one in changes if now - one.at < SHOWN_FOR)
    return tuple(sorted(shown, key=lambda one: one.at, reverse=True))


def count_of_day(changes: Iterable[NotifiedChange], now: datetime) -> int:
    """How many there were in the last 24 hours."""
    return sum(now - one.at < timedelta(days=1) for one in changes)


def note_telling(changes: tuple[C, ...], at: datetime, telling: Telling) -> tuple[C, ...]:
    """Note of the change made at `at` whether the contact was told."""
    return tuple(replace(one, telling=telling) if one.at == at else one for one in changes)
