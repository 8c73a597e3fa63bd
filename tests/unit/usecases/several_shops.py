"""Several shops of one connector, each with a SEOshop of its own; a night is one call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.app_standing import AppStanding
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.errors import ShopUnauthorised
from chalicelib.usecases.afterwards.watch import Watched, watch_shop
from chalicelib.usecases.filing.export import Job, export_shop
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.shop.app_proof import ALL_SHOPS
from chalicelib.usecases.shop.trouble import read_trouble
from chalicelib.usecases.workspace import Workspace, open_workspace
from tests.fakes.documents_of_shop import order
from tests.fakes.open_vault import seal_licence, seal_token
from tests.fakes.seoshop import MemorySeoshop
from tests.unit.usecases.stage import SHOP_ID, Stage

REFUSED = ShopUnauthorised("SEOshop refuses the shop's token.", status=401)


class Fleet(Stage):
    """So many shops, numbered from `SHOP_ID` on; the first is that of a `Stage`."""

    def __init__(self, count: int) -> None:
        super().__init__()
        first = self.connector.find_shop(SHOP_ID)
        self.shop_ids = list(range(SHOP_ID, SHOP_ID + count))
        self.apis = {SHOP_ID: self.api}
        for shop_id in self.shop_ids[1:]:
            self.apis[shop_id] = MemorySeoshop(clock=lambda: self.now)
            token, licence = seal_token("t" * 32, shop_id), seal_licence("ASP-1", shop_id)
            self.shops.add(replace(first, shop_id=shop_id, version=0, token=token, licence=licence))
        self.connector = replace(self.connector, open_shop=self._open, open_for_page=self._open)

    def _open(self, shop: Shop) -> MemorySeoshop:
        return self.apis[shop.shop_id]

    def sell(self) -> None:
        """Each shop has a paid order."""
        for shop_id, api in self.apis.items():
            api.put(replace(order(id=shop_id, number=f"ORD{shop_id}"), created_at=self.now))

    def refuse(self, shop_ids: Iterable[int] | None = None) -> None:
        """SEOshop refuses these tokens, or the app's own pair and so all of them."""
        for shop_id in self.shop_ids if shop_ids is None else shop_ids:
            self.apis[shop_id].fail(REFUSED)

    def accept(self) -> None:
        """SEOshop accepts every token again."""
        for api in self.apis.values():
            api.recover()

    def export(self, shop_id: int) -> Run:
        return export_shop(self.connector, Job(shop_id=shop_id, run=f"run-{shop_id}-{self.now}"))

    def export_all(self, *, seconds: float = 2.0) -> dict[int, TroubleCause | None]:
        """A night: one shop after the other, each taking so long. What troubled each of them."""
        troubles = {}
        for shop_id in self.shop_ids:
            troubles[shop_id] = self.export(shop_id).trouble
            self.now += timedelta(seconds=seconds)
        return troubles

    def watch_one(self, shop_id: int) -> Watched | None:
        return watch_shop(self.connector, shop_id)

    def at(self, shop_id: int) -> Workspace:
        return open_workspace(self.connector, shop_id)

    def states(self) -> set[ShopState]:
        return {shop.state for shop in self.shops.records.values()}

    def state(self, shop_id: int) -> ShopState:
        return self.connector.find_shop(shop_id).state

    def trouble(self, shop_id: int) -> TroubleCause | None:
        kept = read_trouble(self.at(shop_id))
        return None if kept is None else kept.cause

    def standing(self) -> AppStanding:
        return self.shops.load(ALL_SHOPS, AppStanding) or AppStanding()

    def count_calls(self) -> int:
        """All calls of SEOshop so far."""
        return sum(api.calls.total() for api in self.apis.values())
