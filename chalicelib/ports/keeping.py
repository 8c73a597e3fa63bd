"""What every table of ours can say and do about all that it keeps of one shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports.shop import PAGE

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptItem:
    """An item as it is stored, its key among a shop's items apart: every attribute that it has, as
    JSON has it, by the name it is stored under.
    """

    key: str
    values: Mapping[str, object]


class Keeping(Protocol):
    """What the three tables have in common. Items go by their keys, which are not empty."""

    def extract(self, shop_id: int, *, after: str = "", limit: int = PAGE) -> list[KeptItem]:
        """At most so many items of a shop above the key `after`, by key, read consistently."""

    def extract_some(self, shop_id: int, keys: Collection[str]) -> list[KeptItem]:
        """Those items of these keys that exist, by key."""

    def erase(self, shop_id: int, *, limit: int) -> int:
        """Delete at most so many items of a shop; how many there were. A shop's own record stays:
        see `Shops.remove`.
        """

    def renew_lifetimes(
        self, shop_id: int, *, left_at: datetime | None, after: str, limit: int
    ) -> str:
        """Let at most so many items above the key `after` end when they are to, or not at all; see
        `domain.lifetimes`. `left_at` is when the shop left, None while it is installed. Gives the
        last one's key, or an empty text when that was all. Every write does so for its own item:
        this is for what an earlier version wrote, and for a shop that leaves or comes back.
        """
