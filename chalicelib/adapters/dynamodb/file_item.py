"""An import file as the table stores it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec
from pynamodb.attributes import BooleanAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from chalicelib.adapters.dynamodb.former_events import file_history
from chalicelib.adapters.dynamodb.packed_text import PackedAttribute
from chalicelib.adapters.dynamodb.records import (
    Biography,
    DayAttribute,
    InstantAttribute,
    read_fields,
)
from chalicelib.domain.concepts import SoughtInvoice
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.file_returns import FileReturns
from chalicelib.domain.file_totals import FileTotals
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.transitions import Given

TOTALS = ("shop_id", "name", "state", "cover", "returns", "surfaced_at")
"""The attributes that `totals_of` reads."""


class UnfinishedIndex(GlobalSecondaryIndex["FileItem"]):  # type: ignore[no-untyped-call]
    """Files whose documents do not all know the outcome."""

    class Meta:
        """See `schema`."""

        index_name = "unfinished"
        projection = KeysOnlyProjection()

    unfinished = NumberAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)


class FileItem(Biography):
    """A `FileEntry` as stored. 250 documents of a night make some 22 KB, most of it the prints in
    `keys`, which are packed, so each of its three changes costs 22 write units: a quarter of a unit
    a document. Older orders of a whole month add up to more. The index shows names only.
    """

    shop_id = NumberAttribute(hash_key=True)
    name = UnicodeAttribute(range_key=True)
    day = DayAttribute()
    state = UnicodeAttribute()
    since = InstantAttribute()
    keys = PackedAttribute(default=dict)
    sha256 = UnicodeAttribute(null=True)
    size = NumberAttribute(null=True)
    inbox = UnicodeAttribute(null=True)
    cover = JSONAttribute(null=True)
    refunded = JSONAttribute(null=True)
    profile = UnicodeAttribute(null=True)
    terms = UnicodeAttribute(null=True)
    returns = JSONAttribute(null=True)
    days = PackedAttribute(null=True)
    sales = PackedAttribute(null=True)
    locked_until = DayAttribute(null=True)
    sought = JSONAttribute(null=True)
    is_finished = BooleanAttribute(default=False, attr_name="settled")
    is_unasked = BooleanAttribute(null=True)
    acknowledged_at = InstantAttribute(null=True)
    surfaced_at = InstantAttribute(null=True)
    unfinished = NumberAttribute(null=True)
    by_unfinished = UnfinishedIndex()


def given_of(content: FileContent | None) -> Mapping[Given, object]:
    """What the step that fixes a file stores of its content."""
    if content is None:
        return {}
    return {
        Given.KEYS: dict(content.keys),
        Given.SHA256: content.sha256,
        Given.SIZE: content.size,
        Given.INBOX: content.inbox,
        Given.COVER: None if content.cover is None else msgspec.to_builtins(content.cover),
        Given.REFUNDED: list(content.refunded) or None,
        Given.PROFILE: content.profile,
        Given.TERMS: content.terms,
        Given.RETURNS: None if content.returns is None else msgspec.to_builtins(content.returns),
        Given.DAYS: msgspec.to_builtins(content.days) or None,
        Given.SALES: dict(content.sales) or None,
        Given.LOCKED_UNTIL: content.locked_until,
        Given.SOUGHT: content.sought and msgspec.to_builtins(content.sought),
    }


def file_of(item: FileItem) -> FileEntry:
    """The file that an item holds."""
    return read_fields(
        item,
        FileEntry,
        inbox=item.inbox or None,
        cover=_cover(item),
        returns=_returns(item),
        days=msgspec.convert(item.days or {}, dict[str, date]),
        sales=item.sales or {},
        sought=msgspec.convert(item.sought, SoughtInvoice | None),
        refunded=tuple(item.refunded or ()),
        history=file_history(item.history),
    )


def totals_of(item: FileItem) -> FileTotals:
    """What a file adds up to, from an item that was read with `TOTALS` alone."""
    return FileTotals(
        name=item.name,
        state=FileState(item.state),
        cover=_cover(item),
        returns=_returns(item),
        has_surfaced=item.surfaced_at is not None,
    )


def _cover(item: FileItem) -> CoverSheet | None:
    return None if item.cover is None else msgspec.convert(item.cover, CoverSheet)


def _returns(item: FileItem) -> FileReturns | None:
    return None if item.returns is None else msgspec.convert(item.returns, FileReturns)
