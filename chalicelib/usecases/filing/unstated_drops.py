"""What runs dropped and no statement tells yet. Of all documents these alone are neither open, nor
in a file, nor named by a statement: noted here, a page finds them without a query for each day.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.bounds import MOST_UNFILED
from chalicelib.domain.open_records import UnstatedDrops
from chalicelib.usecases.filing.run import Run


def note_drop(run: Run, key: str) -> None:
    """Note a document before it is dropped, so that too many are noted, never too few."""

    def add(kept: UnstatedDrops | None) -> UnstatedDrops:
        kept = kept or UnstatedDrops()
        if key in kept.keys:
            return kept
        if len(kept.keys) >= MOST_UNFILED:
            return replace(kept, more=kept.more + 1)
        return replace(kept, keys=(*kept.keys, key))

    run.connector.shops.change(run.shop_id, UnstatedDrops, add)


def forget_drops(run: Run, noted: UnstatedDrops | None) -> None:
    """Forget what was noted when a statement was begun, now that it is stored."""
    if noted is None or noted == UnstatedDrops():
        return
    stated = frozenset(noted.keys)

    def take_away(kept: UnstatedDrops | None) -> UnstatedDrops | None:
        if kept is None:
            return None
        keys = tuple(key for key in kept.keys if key not in stated)
        return UnstatedDrops(keys=keys, more=max(kept.more - noted.more, 0))

    run.connector.shops.change(run.shop_id, UnstatedDrops, take_away)
