"""What runs dropped of late. Of all documents these alone are neither open, nor in a file, nor, at
times, named by a statement: noted here, a page finds them without a query for each day.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.bounds import MOST_DROPS
from chalicelib.domain.days import local_day
from chalicelib.domain.open_records import RecentDrops
from chalicelib.usecases.filing.run import Run


def note_drop(run: Run, key: str) -> None:
    """Note a document before it is dropped, so that too many are noted, never too few, and forget
    what was dropped before yesterday: a slow run may state a day without it, for so long.
    """
    today = local_day(run.now())
    yesterday = today - timedelta(days=1)

    def add(kept: RecentDrops | None) -> RecentDrops:
        kept = kept or RecentDrops()
        recent = {each: day for each, day in kept.days.items() if day >= yesterday}
        if key not in recent and len(recent) >= MOST_DROPS:
            return replace(kept, days=recent, incomplete_on=today)
        return replace(kept, days={**recent, key: today})

    run.connector.shops.change(run.shop_id, RecentDrops, add)
