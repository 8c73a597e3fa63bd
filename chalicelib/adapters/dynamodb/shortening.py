"""Keeps biographies short enough for a record, however often something is done to a document."""

from __future__ import annotations

import logging
from typing import TypeVar

from chalicelib.adapters.dynamodb.former_events import is_former
from chalicelib.adapters.dynamodb.records import Biography, Table
from chalicelib.domain.biography import choose_kept

log = logging.getLogger(__name__)

B = TypeVar("B", bound=Biography)


def shorten_history(table: Table[B], shop_id: int, key: str, item: B) -> B:
    """The item just written, with its biography written anew when that has grown too long. When
    somebody else has written since, the next write shortens it.

    A biography that version 1.0.0 began stays whole: the document's facts are read from it.
    """
    history = item.history or []
    kept = choose_kept([event.step for event in history])
    if len(kept) == len(history) or is_former(history):
        return item
    m = table.model
    action = m.history.set([history[place] for place in kept])
    shortened = table.change(shop_id, key, [action], m.write_id == item.write_id, verify=False)
    if shortened is None:
        return item
    extra = {"shop_id": shop_id, "key": key, "events": len(history) - len(kept)}
    log.warning("a biography was shortened", extra=extra)
    return shortened
