"""A shop that changes between paid orders and invoices: no order falls between the two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import Policy, Source
from chalicelib.domain.shop_records import SourceChange
from chalicelib.domain.shops import ShopState
from chalicelib.errors import LedgerThrottled
from chalicelib.usecases.shop.installing import complete_installation
from tests.fakes.documents_of_shop import invoice, order
from tests.unit.usecases.late import INVOICE, ORDER
from tests.unit.usecases.stage import SHOP_ID, Stage

ORDERS, INVOICES = Source.ORDERS, Source.INVOICES


def choose(stage: Stage, source: Source) -> None:
    """The merchant saves the settings."""
    complete_installation(stage.workspace(), licence="ASP-1", policy=Policy(source=source))


def sell(stage: Stage, *, has_invoice: bool = False, **facts: Any) -> None:
    """A paid order, of which no webhook is heard."""
    bill = invoice(created_at=stage.now, updated_at=stage.now)
    sold = replace(order(**facts), created_at=stage.now, updated_at=stage.now)
    stage.api.put(replace(sold, invoices=(bill,) if has_invoice else ()))


@pytest.mark.parametrize("is_known", [True, False], ids=["change noted", "of an earlier version"])
def test_an_order_without_an_invoice_is_booked_once_the_shop_exports_orders_again(
    is_known: bool,
) -> None:
    stage = Stage(source=ORDERS if is_known else INVOICES)
    choose(stage, INVOICES)
    stage.now += timedelta(hours=1)
    sell(stage)
    stage.night()
    stage.night()
    assert stage.booked() == []
    choose(stage, ORDERS)
    stage.night()
    assert len(stage.booked()) == 1
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_the_sweep_goes_back_no_further_than_to_the_last_change_to_invoices() -> None:
    stage = Stage()
    stage.night()
    mark = stage.connector.find_shop(SHOP_ID).swept_until
    choose(stage, INVOICES)
    for _ in range(3):
        stage.night()
    assert stage.connector.find_shop(SHOP_ID).swept_until != mark
    choose(stage, ORDERS)
    assert stage.connector.find_shop(SHOP_ID).swept_until == mark


def test_nor_further_than_to_the_installation() -> None:
    stage = Stage(source=INVOICES)
    installed_at = stage.now - timedelta(days=3)
    long_ago = SourceChange(at=installed_at - timedelta(days=9), swept_until=stage.now)
    stage.shops.save(SHOP_ID, long_ago)  # of an earlier installation
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, installed_at=installed_at))
    choose(stage, ORDERS)
    assert stage.connector.find_shop(SHOP_ID).swept_until == installed_at


def test_what_was_booked_by_its_invoice_is_not_booked_by_its_order_as_well() -> None:
    stage = Stage()
    choose(stage, INVOICES)
    stage.now += timedelta(hours=1)
    sell(stage, has_invoice=True)
    stage.night()
    assert stage.entry(INVOICE).state is EntryState.PLACED
    choose(stage, ORDERS)
    stage.night()
    assert len(stage.booked()) == 1
    assert stage.entry(ORDER).drop_cause is DropCause.BOOKED_AS_INVOICE


def test_an_order_that_was_not_seen_before_the_change_to_invoices_is_booked_all_the_same() -> None:
    stage = Stage()
    sell(stage)
    choose(stage, INVOICES)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_an_order_that_was_held_before_the_change_is_read_again_once_it_is_mended() -> None:
    stage = Stage()
    sell(stage, email="")
    stage.night()
    assert stage.entry(ORDER).state is EntryState.HELD
    choose(stage, INVOICES)
    held = stage.api.orders[301204417]
    stage.api.put(replace(held, email="s.devries@example.nl", updated_at=stage.now))
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_an_order_from_after_the_change_is_left_to_its_invoice() -> None:
    stage = Stage()
    choose(stage, INVOICES)
    stage.now += timedelta(hours=1)
    sell(stage)
    stage.night()
    assert stage.entries.get(SHOP_ID, ORDER) is None


def test_a_shop_that_exports_invoices_from_its_installation_on_has_no_orders_of_before() -> None:
    stage = Stage()
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.INSTALLING))
    sell(stage)
    stage.now += timedelta(hours=1)
    choose(stage, INVOICES)
    stage.night()
    assert stage.entries.get(SHOP_ID, ORDER) is None


def test_saving_the_same_choice_again_moves_nothing() -> None:
    stage = Stage()
    choose(stage, INVOICES)
    noted = stage.shops.load(SHOP_ID, SourceChange)
    stage.now += timedelta(hours=1)
    choose(stage, INVOICES)
    assert stage.shops.load(SHOP_ID, SourceChange) == noted
    stage.night()
    mark = stage.connector.find_shop(SHOP_ID).swept_until
    choose(stage, INVOICES)
    assert stage.connector.find_shop(SHOP_ID).swept_until == mark


def test_a_change_that_is_not_stored_in_the_end_moves_nothing_later(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage = Stage()

    def fail(*_: object) -> None:
        raise LedgerThrottled("busy")

    with monkeypatch.context() as patch:
        patch.setattr(stage.shops, "update", fail)
        with pytest.raises(LedgerThrottled):
            choose(stage, INVOICES)
    stage.night()
    mark = stage.connector.find_shop(SHOP_ID).swept_until
    choose(stage, ORDERS)
    assert stage.connector.find_shop(SHOP_ID).swept_until == mark
