"""A merchant who installs again while a run meets the refusal of his former token."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.signatures import Callback
from chalicelib.errors import ShopUnauthorised
from chalicelib.usecases.shop.installing import admit_shop
from tests.fakes.documents_of_shop import order
from tests.fakes.memory_ledger import MemoryShops
from tests.fakes.open_vault import seal_token
from tests.unit.usecases.late import ORDER
from tests.unit.usecases.stage import SHOP_ID, Stage


class _ComesInBetween(MemoryShops):
    """Before the next change of the shop is written, another token is."""

    is_coming = False

    def update(self, shop_id: int, change: Callable[[Shop], Shop]) -> Shop:
        if self.is_coming:
            self.is_coming = False
            super().update(shop_id, lambda stored: replace(stored, token=seal_token("n" * 32)))
        return super().update(shop_id, change)


def test_he_is_exported_the_same_night() -> None:
    stage = Stage()
    shops = _ComesInBetween()
    shops.records = stage.shops.records
    stage.connector = replace(stage.connector, shops=shops)
    stage.have_others()
    stage.receive(order())
    stage.api.fail(ShopUnauthorised("refused", status=401), times=2)
    shops.is_coming = True
    run = stage.night()
    assert (run.trouble, run.stopped_by) == (None, ReleaseCause.REINSTALLED)
    assert stage.queue.sent == [(SHOP_ID, 1)]
    assert shops.records[SHOP_ID].state is ShopState.ACTIVE
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_he_is_exported_soon_when_the_run_disconnected_him_just_before() -> None:
    stage = Stage()
    shops = _DisconnectsInBetween()
    shops.records = stage.shops.records
    stage.connector = replace(stage.connector, shops=shops)
    shops.is_coming = True
    call = Callback(
        shop_id=SHOP_ID, language="nl", timestamp=stage.now, cluster="eu1", token="n" * 32
    )
    assert admit_shop(stage.connector, call).state is ShopState.ACTIVE
    assert stage.queue.sent == [(SHOP_ID, 0)]


class _DisconnectsInBetween(_ComesInBetween):
    """Before the next change of the shop is written, a run disconnects it."""

    def update(self, shop_id: int, change: Callable[[Shop], Shop]) -> Shop:
        if self.is_coming:
            self.is_coming = False
            lost = ShopState.DISCONNECTED
            super().update(shop_id, lambda stored: replace(stored, state=lost))
        return super().update(shop_id, change)
