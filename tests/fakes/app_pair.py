"""Another shop, whose calls SEOshop answers: it does not refuse the app's own key and secret."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.domain.app_standing import AppStanding, Witness
from chalicelib.domain.shops import ShopState
from chalicelib.ports import Clock, Shops
from chalicelib.usecases.shop.app_proof import ALL_SHOPS
from tests.fakes.open_vault import SHOP_ID

NEIGHBOUR = 900_001


def add_neighbour(shops: Shops, clock: Clock) -> None:
    """A shop that can be asked about the app's own pair. It was not asked before."""
    first = shops.get(SHOP_ID)
    assert first is not None
    shops.add(replace(first, shop_id=NEIGHBOUR, state=ShopState.ACTIVE, version=0))
    shops.save(ALL_SHOPS, AppStanding(witnesses={NEIGHBOUR: Witness(answered_at=clock())}))
