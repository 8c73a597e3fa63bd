"""The connector's parts, put together once by `chalicelib.bootstrap`, handed to every use case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.ledger import Entry
from chalicelib.domain.shops import AuditEvent, Shop
from chalicelib.errors import UnknownOrder, UnknownShop
from chalicelib.ports import Clock, Entries, ExportQueue, Files, Inbox, ShopApi, Shops
from chalicelib.settings import Settings

if TYPE_CHECKING:  # the webhook function starts without Jinja2
    from chalicelib.axml import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """Everything a use case may reach.

    `open_shop` gives SEOshop's API for a shop, leaving a share of the allowance alone;
    `open_for_page` that for a person who waits for a page, who may use that share too. `open_inbox`
    gives the Asperion inbox of a licence code, `profile` the aXML profile.
    """

    settings: Settings
    clock: Clock
    shops: Shops
    entries: Entries
    files: Files
    queue: ExportQueue
    open_shop: Callable[[Shop], ShopApi]
    open_for_page: Callable[[Shop], ShopApi]
    open_inbox: Callable[[Shop], Inbox]
    profile: Callable[[], Profile]

    def page_api(self, shop: Shop) -> ShopApi:
        """SEOshop's API for a person who waits for a page."""
        return self.open_for_page(shop)

    def shop(self, shop_id: int) -> Shop:
        """The shop of that number. Raises `UnknownShop`."""
        shop = self.shops.get(shop_id)
        if shop is None:
            raise UnknownShop(f"Shop {shop_id} is not installed.")
        return shop

    def entries_of(self, shop_id: int, number: str) -> list[Entry]:
        """All documents of an order or invoice number, at least one. Raises `UnknownOrder`."""
        entries = self.entries.by_number(shop_id, number)
        if not entries:
            raise UnknownOrder(f"Order {number} is not known here.")
        return entries

    def audit(self, shop_id: int, what: str, by: str, detail: str = "") -> None:
        """Append to the shop's audit what somebody (an `Actor`) did just now."""
        event = AuditEvent(at=self.clock(), what=what, by=by, detail=detail)
        self.shops.record(shop_id, event)
