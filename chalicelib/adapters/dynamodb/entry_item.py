"""An order as the table stores it, and by what else than its key it is found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection

from chalicelib.adapters.dynamodb.former_events import is_former, order_history
from chalicelib.adapters.dynamodb.records import (
    Biography,
    DayAttribute,
    InstantAttribute,
    read_fields,
)
from chalicelib.adapters.dynamodb.schema import OPEN_ATTRIBUTES
from chalicelib.domain.biography import FACTS, replay
from chalicelib.domain.ledger import Entry, EntryState


class OpenIndex(GlobalSecondaryIndex["EntryItem"]):  # type: ignore[no-untyped-call]
    """Entries in one state that asks for something, oldest document first."""

    class Meta:
        """See `schema`."""

        index_name = "open"
        projection = IncludeProjection(list(OPEN_ATTRIBUTES))

    queue = UnicodeAttribute(hash_key=True, attr_name="open")
    day_key = UnicodeAttribute(range_key=True)


class DayIndex(GlobalSecondaryIndex["EntryItem"]):  # type: ignore[no-untyped-call]
    """All entries of a shop with their numbers, by the document's day."""

    class Meta:
        """See `schema`."""

        index_name = "by_day"
        projection = IncludeProjection(["number"])

    shop_id = NumberAttribute(hash_key=True)
    day_key = UnicodeAttribute(range_key=True)


class EntryItem(Biography):
    """An `Entry` as stored, field by field. `queue` says what it asks for: ``184520#waiting``,
    ``184520#held`` (held, or changed after it was placed), or ``184520#dropped-2026-11-26``. While
    `claim` names a file, the entry is claimed by that. `shop_number` is what versions before 1.7.0
    find a number by: it is still written, so that one of them can be deployed again.
    """

    shop_id = NumberAttribute(hash_key=True)
    key = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    document_id = NumberAttribute()
    number = UnicodeAttribute()
    day = DayAttribute()
    state = UnicodeAttribute()
    since = InstantAttribute()
    file = UnicodeAttribute(null=True)
    claim = UnicodeAttribute(null=True)
    hold = UnicodeAttribute(null=True)
    hold_detail = UnicodeAttribute(null=True)
    drop_cause = UnicodeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    booked_on = DayAttribute(null=True)
    asperion_id = NumberAttribute(null=True)
    delivered_print = UnicodeAttribute(null=True)
    change = UnicodeAttribute(null=True)
    revision = NumberAttribute(default=0)
    asked_at = InstantAttribute(null=True, attr_name="waits_since")
    asked_by = UnicodeAttribute(null=True)
    has_evidence = BooleanAttribute(null=True)
    by_hand = BooleanAttribute(null=True)
    claimed_at = InstantAttribute(null=True)
    missing_since = InstantAttribute(null=True)
    reported_at = InstantAttribute(null=True)
    refund_reported_at = InstantAttribute(null=True)
    details_reported_at = InstantAttribute(null=True)
    vat_reported_at = InstantAttribute(null=True)
    refund_accepted_at = InstantAttribute(null=True)
    there = UnicodeAttribute(null=True)
    there_reported_at = InstantAttribute(null=True)
    shown_print = UnicodeAttribute(null=True)
    taken_back_at = InstantAttribute(null=True)
    queue = UnicodeAttribute(null=True, attr_name="open")
    day_key = UnicodeAttribute()
    shop_number = UnicodeAttribute()
    by_open = OpenIndex()
    by_day = DayIndex()


def entry_of(item: EntryItem) -> Entry:
    """The entry that an item holds; out of an index it has no biography, and no facts. The facts of
    an item that version 1.0.0 began are read from its biography.
    """
    history = item.history or ()
    formed: dict[str, Any] = {"history": order_history(history)}
    if item.claim is not None:
        since = item.claimed_at or item.since
        formed |= {"state": EntryState.CLAIMED, "since": since, "file": item.claim}
    entry = read_fields(item, Entry, **formed)
    return _with_facts(entry) if is_former(history) else entry


def _with_facts(entry: Entry) -> Entry:
    facts: Any = {name: value for name, value in replay(entry.history).items() if name in FACTS}
    return replace(entry, **facts)
