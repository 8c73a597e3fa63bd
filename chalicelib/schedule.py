"""When things start by themselves, every day: `app.py` schedules by it, the pages tell it."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

DAILY_EXPORT = time(1, 15, tzinfo=UTC)
WATCH = time(3, 45, tzinfo=UTC)


def next_export(now: datetime) -> datetime:
    """The next start of the daily export after `now`."""
    today = datetime.combine(now.astimezone(UTC).date(), DAILY_EXPORT)
    return today if today > now else today + timedelta(days=1)
