"""How a shop, its audit, lease and notes lie in the shops table, and the indexes; see `schema`."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

from chalicelib.adapters.dynamodb.policies import from_document, to_document
from chalicelib.adapters.dynamodb.records import InstantAttribute, Record, read_fields
from chalicelib.adapters.dynamodb.schema import KNOWN_ATTRIBUTES
from chalicelib.domain.shops import Shop

RECORD = "shop"
YES = "yes"


class ExportingIndex(GlobalSecondaryIndex["ShopItem"]):  # type: ignore[no-untyped-call]
    """Shops that the daily run takes along."""

    class Meta:
        """See `schema`."""

        index_name = "exporting"
        projection = KeysOnlyProjection()

    exporting = UnicodeAttribute(hash_key=True)
    shop_id = NumberAttribute(range_key=True)


class KnownIndex(GlobalSecondaryIndex["ShopItem"]):  # type: ignore[no-untyped-call]
    """All shops, without secrets."""

    class Meta:
        """See `schema`."""

        index_name = "known"
        projection = IncludeProjection(list(KNOWN_ATTRIBUTES))

    known = UnicodeAttribute(hash_key=True)
    shop_id = NumberAttribute(range_key=True)


class ShopItem(Record):
    """What is kept under one shop's number; `part` says which. `source` repeats the policy's."""

    shop_id = NumberAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    state = UnicodeAttribute(null=True)
    cluster = UnicodeAttribute(null=True)
    language = UnicodeAttribute(null=True)
    token = UnicodeAttribute(null=True)
    token_since = InstantAttribute(null=True)
    leaving_since = InstantAttribute(null=True)
    opened_at = InstantAttribute(null=True)
    licence = UnicodeAttribute(null=True)
    title = UnicodeAttribute(null=True)
    domain = UnicodeAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    country = UnicodeAttribute(null=True)
    policy = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    installed_at = InstantAttribute(null=True)
    changed_at = InstantAttribute(null=True)
    swept_until = InstantAttribute(null=True)
    resume_state = UnicodeAttribute(null=True)
    version = NumberAttribute(null=True)
    exporting = UnicodeAttribute(null=True)
    known = UnicodeAttribute(null=True)
    at = InstantAttribute(null=True)
    what = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    detail = UnicodeAttribute(null=True)
    owner = UnicodeAttribute(null=True)
    until = InstantAttribute(null=True)
    wish = UnicodeAttribute(null=True)
    noted = JSONAttribute(null=True, attr_name="values")
    by_exporting = ExportingIndex()
    by_known = KnownIndex()


def item_of(model: type[ShopItem], shop: Shop) -> ShopItem:
    """A shop's record."""
    stored: dict[str, Any] = {each.name: getattr(shop, each.name) for each in fields(shop)}
    stored |= {
        "state": shop.state.value,
        "resume_state": shop.resume_state and shop.resume_state.value,
        "policy": to_document(shop.policy),
        "source": shop.policy.source.value,
        "exporting": YES if shop.state.exports else None,
    }
    return model(stored.pop("shop_id"), RECORD, known=YES, **stored)


def shop_of(item: ShopItem) -> Shop:
    """The shop that a record holds; out of an index it has no secrets."""
    return replace(read_fields(item, Shop, "policy"), policy=from_document(item.policy or "{}"))
