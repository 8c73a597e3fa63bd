"""How a shop, its audit, lease and notes lie in the shops table, and the indexes; see `schema`."""

from __future__ import annotations

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

from chalicelib.adapters.dynamodb.policies import from_document, to_document
from chalicelib.adapters.dynamodb.records import InstantAttribute, Record
from chalicelib.adapters.dynamodb.schema import KNOWN_ATTRIBUTES
from chalicelib.domain.shops import Shop, ShopState

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
    noted = JSONAttribute(null=True, attr_name="values")
    by_exporting = ExportingIndex()
    by_known = KnownIndex()


def item_of(model: type[ShopItem], shop: Shop) -> ShopItem:
    """A shop's record."""
    resume = shop.resume_state
    return model(
        shop.shop_id,
        RECORD,
        state=shop.state.value,
        cluster=shop.cluster,
        language=shop.language,
        token=shop.token,
        token_since=shop.token_since,
        licence=shop.licence,
        title=shop.title,
        domain=shop.domain,
        currency=shop.currency,
        country=shop.country,
        policy=to_document(shop.policy),
        source=shop.policy.source.value,
        installed_at=shop.installed_at,
        changed_at=shop.changed_at,
        swept_until=shop.swept_until,
        resume_state=None if resume is None else resume.value,
        version=shop.version,
        exporting=YES if shop.state.exports else None,
        known=YES,
    )


def shop_of(item: ShopItem) -> Shop:
    """The shop that a record holds; out of an index it has no secrets."""
    return Shop(
        shop_id=int(item.shop_id),
        state=ShopState(item.state),
        cluster=item.cluster or "",
        language=item.language or "",
        token=item.token,
        token_since=item.token_since,
        licence=item.licence,
        title=item.title or "",
        domain=item.domain or "",
        currency=item.currency or "",
        country=item.country or "",
        policy=from_document(item.policy or "{}"),
        installed_at=item.installed_at,
        changed_at=item.changed_at,
        swept_until=item.swept_until,
        resume_state=None if item.resume_state is None else ShopState(item.resume_state),
        version=int(item.version or 0),
    )
