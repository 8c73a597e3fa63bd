"""What runs dropped and no statement tells yet. Of all documents these alone are neither open, nor
in a file, nor named by a statement: noted here, a page finds them without a query for each day.
"""

from __future__ import annotations

from collections.abc import Collection

from chalicelib.domain.bounds import MOST_UNFILED
from chalicelib.domain.open_records import UnstatedDrops
from chalicelib.usecases.filing.run import Run


def note_drops(run: Run) -> None:
    """Note what the run dropped, after each file that it filled."""
    if not run.dropped:
        return

    def add(kept: UnstatedDrops | None) -> UnstatedDrops:
        kept = kept or UnstatedDrops()
        keys = list(dict.fromkeys([*kept.keys, *sorted(run.dropped)]))
        more = max(len(keys) - MOST_UNFILED, 0)
        return UnstatedDrops(keys=tuple(keys[:MOST_UNFILED]), more=kept.more + more)

    run.connector.shops.change(run.shop_id, UnstatedDrops, add)
    run.dropped.clear()


def forget_drops(run: Run, noted: UnstatedDrops | None) -> None:
    """Forget what was noted when a statement was begun, now that it is stored."""
    if noted is None or noted == UnstatedDrops():
        return
    stated: Collection[str] = frozenset(noted.keys)

    def take_away(kept: UnstatedDrops | None) -> UnstatedDrops | None:
        if kept is None:
            return None
        keys = tuple(key for key in kept.keys if key not in stated)
        return UnstatedDrops(keys=keys, more=max(kept.more - noted.more, 0))

    run.connector.shops.change(run.shop_id, UnstatedDrops, take_away)
