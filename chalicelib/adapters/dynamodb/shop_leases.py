"""The lease of a shop, with the wish that is noted with it: one item of the shops table."""

from __future__ import annotations

from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb.kept_items import KeptItems
from chalicelib.adapters.dynamodb.shop_item import ShopItem
from chalicelib.adapters.dynamodb.table_errors import Refused, translate_errors
from chalicelib.ports.kept_shops import Lease

LEASE = "lease"


class ShopLeases(KeptItems[ShopItem]):
    """The part of the port `Shops` that is about leases."""

    def lease(
        self,
        shop_id: int,
        owner: str,
        *,
        now: datetime,
        until: datetime,
        serves_wish: bool = False,
    ) -> bool:
        m = self._model
        free = m.owner.does_not_exist() | (m.until <= now) | (m.owner == owner)
        actions: list[Action] = [m.owner.set(owner), m.until.set(until), m.expires.remove()]
        if serves_wish:
            actions.append(m.wish.remove())
        return self._table.change(shop_id, LEASE, actions, free) is not None

    def renew(self, shop_id: int, owner: str, *, until: datetime) -> bool:
        m = self._model
        return (
            self._table.change(shop_id, LEASE, [m.until.set(until)], m.owner == owner) is not None
        )

    def find_lease(self, shop_id: int) -> Lease:
        return _lease_of(self._table.read(shop_id, LEASE))

    def note_wish(self, shop_id: int, wish: str, *, now: datetime) -> Lease | None:
        m = self._model
        free_of_wishes = m.wish.does_not_exist() | (m.wish == wish)
        noted = self._table.change(
            shop_id, LEASE, [m.wish.set(wish)], (m.until > now) & free_of_wishes
        )
        lease = _lease_of(noted) if noted is not None else self.find_lease(shop_id)
        return lease if lease.is_held(now) and lease.wish else None

    def release(self, shop_id: int, owner: str) -> str:
        """See the port: the item goes, unless a wish is noted in it."""
        m = self._model
        is_ours = m.owner == owner
        try:
            with translate_errors(self._table.name, f"shop {shop_id}, {LEASE}"):
                m(shop_id, LEASE).delete(is_ours & m.wish.does_not_exist())
        except Refused:  # a wish is noted; or somebody else has the lease by now, or nobody
            actions = [m.owner.remove(), m.until.remove()]
            return _lease_of(self._table.change(shop_id, LEASE, actions, is_ours)).wish
        return ""


def _lease_of(item: ShopItem | None) -> Lease:
    if item is None:
        return Lease()
    return Lease(owner=item.owner or "", until=item.until, wish=item.wish or "")
