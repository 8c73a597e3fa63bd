"""The daily times of scheduled functions, for `app.py` and for the pages."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

DAILY_EXPORT = time(1, 15, tzinfo=UTC)
WATCH = time(3, 45, tzinfo=UTC)
REPORT = time(5, 30, tzinfo=UTC)


def next_export(now: datetime) -> datetime:
    """Give the next start of the daily export after `now`."""
    today = datetime.combine(now.astimezone(UTC).date(), DAILY_EXPORT)
    return today if today > now else today + timedelta(days=1)
