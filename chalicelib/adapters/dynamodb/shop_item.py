"""How all that is under a shop's number lies in the shops table, and its indexes; see `schema`."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

import msgspec
from pynamodb.attributes import (
    JSONAttribute,
    MapAttribute,
    NumberAttribute,
    UnicodeAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection

from chalicelib.adapters.dynamodb.policies import from_document, to_document
from chalicelib.adapters.dynamodb.records import InstantAttribute, Record, read_fields
from chalicelib.adapters.dynamodb.schema import KNOWN_ATTRIBUTES, RANKED_ATTRIBUTES
from chalicelib.domain.behaviours import FIRST
from chalicelib.domain.connection import Connection
from chalicelib.domain.connection_changes import ConnectionChange
from chalicelib.domain.licence_changes import LicenceChange
from chalicelib.domain.marks import as_plain
from chalicelib.domain.period_locks import Locks
from chalicelib.domain.sealed import OF_A_SHOP, Sealed, SecretKind
from chalicelib.domain.shops import Shop
from chalicelib.domain.slots import slot_of

RECORD = "shop"
_ONCE_PLAIN = (SecretKind.TOKEN, SecretKind.LICENCE)
FORMER = "yes"
"""The hash key of both indexes of shops in items of before 1.7.0, in place of the shop's slot."""


class ExportingIndex(GlobalSecondaryIndex["ShopItem"]):  # type: ignore[no-untyped-call]
    """Shops that the daily run takes along, by their slots."""

    class Meta:
        """See `schema`."""

        index_name = "exporting"
        projection = KeysOnlyProjection()

    exporting = UnicodeAttribute(hash_key=True)
    shop_id = NumberAttribute(range_key=True)


class KnownIndex(GlobalSecondaryIndex["ShopItem"]):  # type: ignore[no-untyped-call]
    """All shops, without secrets, by their slots."""

    class Meta:
        """See `schema`."""

        index_name = "known"
        projection = IncludeProjection(list(KNOWN_ATTRIBUTES))

    known = UnicodeAttribute(hash_key=True)
    shop_id = NumberAttribute(range_key=True)


class HolderIndex(GlobalSecondaryIndex["ShopItem"]):  # type: ignore[no-untyped-call]
    """The seats of each bookkeeper."""

    class Meta:
        """See `schema`."""

        index_name = "by_holder"
        projection = KeysOnlyProjection()

    holder = UnicodeAttribute(hash_key=True)
    shop_id = NumberAttribute(range_key=True)


class RankIndex(GlobalSecondaryIndex["ShopItem"]):  # type: ignore[no-untyped-call]
    """The shops that need somebody, the worst first."""

    class Meta:
        """See `schema`."""

        index_name = "by_rank"
        projection = IncludeProjection(list(RANKED_ATTRIBUTES))

    ranked = UnicodeAttribute(hash_key=True)
    rank = UnicodeAttribute(range_key=True)


class SealedMap(MapAttribute[str, Any]):
    """A secret that is sealed; see `domain.sealed.Sealed`."""

    mark = UnicodeAttribute()
    content = UnicodeAttribute()
    key = UnicodeAttribute()
    shown = UnicodeAttribute(null=True)


class ShopItem(Record):
    """What is kept under one shop's number; `part` says which. `source` repeats the policy's.

    `token` and `licence` are those of versions before 1.3.0, in plain. They are read, and written
    again only where nothing sealed takes their place yet.
    """

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
    sealed_token = SealedMap(null=True)  # type: ignore[no-untyped-call]
    sealed_licence = SealedMap(null=True)  # type: ignore[no-untyped-call]
    sealed_mail_address = SealedMap(null=True)  # type: ignore[no-untyped-call]
    licence_changes = JSONAttribute(null=True)
    locks = JSONAttribute(null=True)
    connection = JSONAttribute(null=True)
    connection_changes = JSONAttribute(null=True)
    title = UnicodeAttribute(null=True)
    domain = UnicodeAttribute(null=True)
    currency = UnicodeAttribute(null=True)
    country = UnicodeAttribute(null=True)
    policy = UnicodeAttribute(null=True)
    behaviour = UnicodeAttribute(null=True)
    source = UnicodeAttribute(null=True)
    installed_at = InstantAttribute(null=True)
    changed_at = InstantAttribute(null=True)
    exports_since = InstantAttribute(null=True)
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
    holder = UnicodeAttribute(null=True)
    ranked = UnicodeAttribute(null=True)
    rank = UnicodeAttribute(null=True)
    by_exporting = ExportingIndex()
    by_known = KnownIndex()
    by_holder = HolderIndex()
    by_rank = RankIndex()


def item_of(model: type[ShopItem], shop: Shop) -> ShopItem:
    """A shop's record."""
    stored: dict[str, Any] = {each.name: getattr(shop, each.name) for each in fields(shop)}
    stored |= {
        "state": shop.state.value,
        "resume_state": shop.resume_state and shop.resume_state.value,
        "policy": to_document(shop.policy),
        "source": shop.policy.source.value,
        "behaviour": None if shop.behaviour == FIRST.version else shop.behaviour,
        "licence_changes": msgspec.to_builtins(shop.licence_changes) or None,
        "locks": msgspec.to_builtins(shop.locks) or None,
        "connection": shop.connection and msgspec.to_builtins(shop.connection),
        "connection_changes": msgspec.to_builtins(shop.connection_changes) or None,
        "exporting": slot_of(shop.shop_id) if shop.state.exports else None,
    }
    for what in OF_A_SHOP:
        stored |= _list_forms(what, stored.pop(what))
    return model(stored.pop("shop_id"), RECORD, known=slot_of(shop.shop_id), **stored)


def shop_of(item: ShopItem) -> Shop:
    """The shop that a record holds; out of an index it has no secrets."""
    return read_fields(
        item,
        Shop,
        policy=from_document(item.policy or "{}"),
        token=_read_secret(item, SecretKind.TOKEN),
        licence=_read_secret(item, SecretKind.LICENCE),
        mail_address=_read_secret(item, SecretKind.MAIL_ADDRESS),
        licence_changes=msgspec.convert(item.licence_changes or (), tuple[LicenceChange, ...]),
        locks=msgspec.convert(item.locks or (), Locks),
        connection=msgspec.convert(item.connection, Connection | None),
        connection_changes=msgspec.convert(
            item.connection_changes or (), tuple[ConnectionChange, ...]
        ),
    )


def _list_forms(what: SecretKind, sealed: Sealed | None) -> dict[str, Any]:
    """A secret's attributes: the sealed one, and the plain one."""
    if sealed is not None and sealed.is_plain:
        return {f"sealed_{what}": None, what.value: sealed.content}
    form = sealed and SealedMap(**asdict(sealed) | {"shown": sealed.shown or None})  # type: ignore[no-untyped-call]
    return {f"sealed_{what}": form}


def _read_secret(item: ShopItem, what: SecretKind) -> Sealed | None:
    form: SealedMap | None = getattr(item, f"sealed_{what}")
    if form is not None:
        return Sealed(mark=form.mark, content=form.content, key=form.key, shown=form.shown or "")
    plain: str | None = getattr(item, what.value) if what in _ONCE_PLAIN else None
    return None if plain is None else as_plain(what, plain)
