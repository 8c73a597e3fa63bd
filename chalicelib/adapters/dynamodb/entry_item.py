"""An order as the table stores it, and by what else than its key it is found."""

from __future__ import annotations

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

from chalicelib.adapters.dynamodb.records import Biography, DayAttribute, InstantAttribute
from chalicelib.adapters.dynamodb.schema import OPEN_ATTRIBUTES


class OpenIndex(GlobalSecondaryIndex["EntryItem"]):  # type: ignore[no-untyped-call]
    """Entries in one state that asks for something, oldest document first."""

    class Meta:
        """See `schema`."""

        index_name = "open"
        projection = IncludeProjection(list(OPEN_ATTRIBUTES))

    queue = UnicodeAttribute(hash_key=True, attr_name="open")
    day_key = UnicodeAttribute(range_key=True)


class NumberIndex(GlobalSecondaryIndex["EntryItem"]):  # type: ignore[no-untyped-call]
    """Entries of one order number."""

    class Meta:
        """See `schema`."""

        index_name = "by_number"
        projection = KeysOnlyProjection()

    shop_number = UnicodeAttribute(hash_key=True)


class EntryItem(Biography):
    """An `Entry` as stored. `queue` is ``184520#waiting`` while it asks for something."""

    shop_id = NumberAttribute(hash_key=True)
    key = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    document_id = NumberAttribute()
    number = UnicodeAttribute()
    day = DayAttribute()
    state = UnicodeAttribute()
    since = InstantAttribute()
    file = UnicodeAttribute(null=True)
    hold = UnicodeAttribute(null=True)
    hold_detail = UnicodeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)
    change = UnicodeAttribute(null=True)
    revision = NumberAttribute(default=0)
    queue = UnicodeAttribute(null=True, attr_name="open")
    day_key = UnicodeAttribute()
    shop_number = UnicodeAttribute()
    by_open = OpenIndex()
    by_number = NumberIndex()
