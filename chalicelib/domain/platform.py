"""The profile of a shop, our webhook subscriptions in it, and what its lists show amiss."""

from __future__ import annotations

from datetime import datetime

from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopProfile:
    """A shop: title for people, base currency (ISO 4217), country (alpha-2, upper case), and
    its name in the addresses of the platform (``de-wilg``), empty when it has none.
    """

    title: str
    currency: str
    country: str
    domain: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook subscription; `topic` is group and action, ``orders/paid``. Without an `id` it
    cannot be removed.
    """

    id: int | None
    topic: str
    address: str
    is_active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedRow:
    """A row of a list of SEOshop's that has no usable id, so that nobody can tell what it is of.

    `listed` is the list's name (``orders``). It is the `place`-th such row behind the one of
    `after_id` (0: at the list's beginning). `number` and `changed_at` are what it says all the
    same: empty and None when it does not.
    """

    listed: str
    after_id: int
    place: int = 1
    number: str = ""
    changed_at: datetime | None = None

    @property
    def name(self) -> str:
        """What people know it by."""
        return self.number or f"{self.listed} after {self.after_id}, no. {self.place}"
