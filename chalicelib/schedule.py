"""When things start by themselves, every day: `app.py` schedules by it, the pages tell it."""

from __future__ import annotations

from datetime import UTC, time

DAILY_EXPORT = time(1, 15, tzinfo=UTC)
WATCH = time(3, 45, tzinfo=UTC)
