"""The health of shops, in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping

from chalicelib.domain.shop_health import Severity, ShopHealth


class MemoryHealths:
    """Port `Healths`."""

    def __init__(self) -> None:
        super().__init__()
        self.healths: dict[int, ShopHealth] = {}

    def find_health(self, shop_id: int) -> ShopHealth | None:
        return self.healths.get(shop_id)

    def find_healths(self, shop_ids: Collection[int]) -> dict[int, ShopHealth]:
        return {number: self.healths[number] for number in shop_ids if number in self.healths}

    def save_health(self, health: ShopHealth) -> None:
        self.healths[health.shop_id] = health

    def forget_health(self, shop_id: int) -> bool:
        return self.healths.pop(shop_id, None) is not None

    def list_worst(self, limit: int, *, after: str = "") -> list[ShopHealth]:
        ranked = sorted(self.healths.values(), key=lambda health: health.rank)
        return [health for health in ranked if health.rank > after][:limit]

    def count_ranked(self) -> Mapping[Severity, int]:
        return Counter(health.severity for health in self.healths.values())
