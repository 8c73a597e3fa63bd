"""Calendar days in the Netherlands."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def local_day(moment: datetime) -> date:
    """Give the calendar day in Amsterdam of an aware instant.

    An order of 31 December, 23:30 UTC, belongs to the new year. Raises ValueError for an instant
    without an offset: its day would be a guess.
    """
    if moment.utcoffset() is None:
        raise ValueError("an instant without offset has no calendar day")
    return moment.astimezone(AMSTERDAM).date()


def start_of(day: date) -> datetime:
    """Give the instant at which a calendar day begins in Amsterdam."""
    return datetime.combine(day, time(), AMSTERDAM)
