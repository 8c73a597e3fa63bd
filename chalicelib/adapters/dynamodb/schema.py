"""The three tables as data, in the words both CreateTable and CloudFormation use.

`tools.own_tables` hands these mappings to DynamoDB as they are, and a test compares the deployed
template with them. Attributes that are no keys have no schema; `ATTRIBUTES` lists every name that
may ever be stored, so that nothing else slips in.

Indexes are sparse: an item is in one only while it carries the index's hash attribute. All of them
lag behind the table a little, so they find candidates and never decide anything. `exporting` and
`known` are spread: their hash attribute is the shop's slot (`domain.slots`), since one value for
all shops would be one partition of the index.

What a state change of an order costs: one write unit on the table (two once its biography passes
1 KB) and, where the index key changes, a delete and a put in `open`, one unit each. The biography
is not projected: it would be rewritten in the index with every change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

EXPIRES = "expires"
"""The attribute by which DynamoDB deletes an item by itself, within days of that moment."""

SHOPS = "shops"
ORDERS = "orders"
FILES = "files"

KNOWN_ATTRIBUTES = (
    *("state", "cluster", "language", "title", "currency", "country", "policy", "source"),
    *("installed_at", "changed_at", "swept_until", "resume_state", "version"),
)
"""What index `known` shows of a shop: nothing that is sealed."""

RANKED_ATTRIBUTES = ("values",)
"""What index `by_rank` shows of a shop's health: all of it."""

STANDING_ATTRIBUTES = ("state", "source")
"""What the webhook function may read of a shop, besides the key it asks for."""

OPEN_ATTRIBUTES = (
    *("kind", "document_id", "number", "day", "state", "since", "file", "hold", "hold_detail"),
    *("fingerprint", "change", "revision"),
)
"""What index `open` shows of an entry: all but its biography."""

ATTRIBUTES: Mapping[str, frozenset[str]] = {
    SHOPS: frozenset(
        {
            *KNOWN_ATTRIBUTES,
            *("shop_id", "part", "token_since", "domain", "exporting", "behaviour"),
            *("sealed_token", "sealed_licence", "sealed_mail_address", "licence_changes", "locks"),
            *("connection", "connection_changes"),
            *("token", "licence"),  # in plain, as versions before 1.3.0 wrote them
            *("known", "write_id", EXPIRES, "leaving_since", "opened_at", "exports_since"),
            *("at", "what", "by", "detail"),  # audit
            *("owner", "until", "wish"),  # lease
            "values",  # notes, seats and health
            "holder",  # seats
            *("ranked", "rank"),  # health
        }
    ),
    ORDERS: frozenset(
        {
            *OPEN_ATTRIBUTES,
            *("shop_id", "key", "open", "day_key", "shop_number", "history", "write_id", EXPIRES),
            *("waits_since", "asked_by", "has_evidence", "by_hand", "drop_cause", "claim"),
            *("claimed_at", "missing_since", "reported_at", "refund_reported_at"),
            *("details_reported_at", "vat_reported_at", "refund_accepted_at", "booked_on"),
            *("asperion_id", "delivered_print", "there", "there_reported_at", "shown_print"),
            "taken_back_at",
        }
    ),
    FILES: frozenset(
        {
            *("shop_id", "name", "day", "state", "since", "keys", "sha256", "size", "inbox"),
            *("cover", "refunded", "profile", "terms", "is_unasked", "acknowledged_at"),
            *("returns", "days", "sales", "surfaced_at", "locked_until", "sought"),
            *("settled", "unfinished", "history", "write_id", EXPIRES),
        }
    ),
}
"""Every attribute name that may be stored, by table."""

EVENT_ATTRIBUTES = frozenset({"at", "by", "step", "cause", "file", "note"})
"""The names inside an event of `history`."""

SEALED_ATTRIBUTES = frozenset({"mark", "content", "key", "shown"})
"""The names inside `sealed_token` and the like."""


def _key(hash_name: str, range_name: str | None = None) -> list[dict[str, str]]:
    key = [{"AttributeName": hash_name, "KeyType": "HASH"}]
    if range_name:
        key.append({"AttributeName": range_name, "KeyType": "RANGE"})
    return key


def _index(
    name: str, hash_name: str, range_name: str | None = None, *, include: Sequence[str] = ()
) -> dict[str, Any]:
    projection: dict[str, Any] = {"ProjectionType": "KEYS_ONLY"}
    if include:
        projection = {"ProjectionType": "INCLUDE", "NonKeyAttributes": list(include)}
    return {
        "IndexName": name,
        "KeySchema": _key(hash_name, range_name),
        "Projection": projection,
    }


def _table(
    types: Mapping[str, str], key: list[dict[str, str]], indexes: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": kind} for name, kind in types.items()
        ],
        "KeySchema": key,
        "GlobalSecondaryIndexes": indexes,
    }


TABLES: Mapping[str, Mapping[str, Any]] = {
    SHOPS: _table(
        {"shop_id": "N", "part": "S", "exporting": "S", "known": "S", "holder": "S"}
        | {"ranked": "S", "rank": "S"},
        _key("shop_id", "part"),
        [
            _index("exporting", "exporting", "shop_id"),
            _index("known", "known", "shop_id", include=KNOWN_ATTRIBUTES),
            _index("by_holder", "holder", "shop_id"),
            _index("by_rank", "ranked", "rank", include=RANKED_ATTRIBUTES),
        ],
    ),
    ORDERS: _table(
        {"shop_id": "N", "key": "S", "open": "S", "day_key": "S"},
        _key("shop_id", "key"),
        [
            _index("open", "open", "day_key", include=OPEN_ATTRIBUTES),
            _index("by_day", "shop_id", "day_key", include=("number",)),
        ],
    ),
    FILES: _table(
        {"shop_id": "N", "name": "S", "unfinished": "N"},
        _key("shop_id", "name"),
        [_index("unfinished", "unfinished", "name")],
    ),
}
"""CreateTable's arguments by table, without `TableName`."""
