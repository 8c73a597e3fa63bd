"""The profile of a shop and our webhook subscriptions in it."""

from __future__ import annotations

from dataclasses import dataclass


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
    """A webhook subscription; `topic` is group and action, ``orders/paid``."""

    id: int
    topic: str
    address: str
    is_active: bool
