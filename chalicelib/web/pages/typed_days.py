"""Days as people and browsers write them."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from chalicelib.domain import bounds

_DUTCH_DAY = r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})"


def read_day(typed: str) -> date | None:
    """A day as browsers send it, ``2025-12-31``, or as Dutch people write it, ``31-12-2025``; None
    for what is no day, or one that nobody can mean.
    """
    with suppress(ValueError):
        written = re.fullmatch(_DUTCH_DAY, typed)
        if written is None:
            day = date.fromisoformat(typed)
        else:
            day = date(int(written[3]), int(written[2]), int(written[1]))
        return day if bounds.is_day(day) else None
    return None
