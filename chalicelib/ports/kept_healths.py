"""The health of the shops that need somebody: an item of the shops table beside each of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from chalicelib.domain.shop_health import Severity, ShopHealth


class Healths(Protocol):
    """The part of the shops table that is about health. A shop that is fine has none.

    What is read by a shop's number is consistent. The lists come from an index that lags behind a
    little.
    """

    def find_health(self, shop_id: int) -> ShopHealth | None:
        """What is wrong with a shop, as it was kept last; None when nothing is."""

    def find_healths(self, shop_ids: Collection[int]) -> dict[int, ShopHealth]:
        """Likewise of these shops, by number; those that are fine are left out."""

    def save_health(self, health: ShopHealth) -> None:
        """Keep what is wrong with a shop; replaces what was kept of it."""

    def forget_health(self, shop_id: int) -> bool:
        """The shop is fine, or gone; whether something was kept of it."""

    def list_worst(self, limit: int, *, after: str = "") -> list[ShopHealth]:
        """At most so many of all shops that need somebody, by `ShopHealth.rank`: the worst first,
        from the one after the rank `after` on. A call for each partition, whatever the fleet.
        """

    def count_ranked(self) -> Mapping[Severity, int]:
        """How many shops need somebody, by how much. Reads the index once, and no shop that is
        fine.
        """
