"""Documents that a person booked, or put right, in Asperion: the connector leaves them alone.

What a person says is a line of the document's biography, and so it outlasts whatever a webhook, the
sweep or a migration says of the document later. Only a person takes it back.
"""

from __future__ import annotations

from chalicelib.domain.ledger import Entry, EntryState
from chalicelib.usecases.connector import Connector

BY_HAND = "by_hand"
"""Why a person let go of a held document: it was dealt with in Asperion."""

MACHINES = ("webhook", "sweep", "backfill", "export", "watch")
EVERY = 100_000  # more held orders than any shop has


def is_person(by: str) -> bool:
    """Whether a line of a biography is of somebody, and not of a part of the connector."""
    return by not in MACHINES


def is_settled_by_hand(entry: Entry) -> bool:
    """Whether the last that a person said of it was: dealt with."""
    asked = [
        event.detail
        for event in entry.history
        if event.what == EntryState.WAITING and is_person(event.by)
    ]
    return bool(asked) and asked[-1] == BY_HAND


def settle_by_hand(
    connector: Connector, shop_id: int, number: str, *, by: str, key: str = ""
) -> int:
    """Mark what is held under a number as dealt with (with `key` that document alone); the next
    run leaves it out. Returns how many documents; 0 when none of them is held.
    """
    found = connector.entries.by_number(shop_id, number)
    return sum(_settle(connector, entry, by) for entry in found if key in ("", entry.key))


def settle_group_by_hand(
    connector: Connector, shop_id: int, *, hold: str, detail: str, by: str
) -> int:
    """Likewise every document held with that cause and detail, as it is listed at this moment."""
    held = connector.entries.open(shop_id, EntryState.HELD, limit=EVERY)
    group = [entry for entry in held if entry.hold == hold and entry.hold_detail == detail]
    return sum(_settle(connector, entry, by) for entry in group)


def _settle(connector: Connector, entry: Entry, by: str) -> bool:
    return connector.entries.requeue(
        entry.shop_id,
        entry.key,
        expect=EntryState.HELD,
        at=connector.clock(),
        by=by,
        reason=BY_HAND,
    )
