"""What one night could not see whole is seen by another; all were found by the simulation."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.orders import OrderStatus, PaymentStatus
from chalicelib.domain.statement import Verdict
from chalicelib.errors import InboxUnknown, ShopNotFound
from tests.fakes.documents_of_shop import HOME, order
from tests.unit.usecases.late import NUMBER, ORDER, booked_order, change
from tests.unit.usecases.stage import SHOP_ID, Stage


def test_an_edit_of_an_order_that_was_not_found_is_seen_once_it_is() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, shipping=replace(HOME, country="BE"), updated_at=stage.now)
    stage.now += timedelta(hours=2)
    stage.api.fail(ShopNotFound("not now", status=404), "order", times=1)
    assert stage.watch().edited == ()
    stage.now += timedelta(days=1)
    assert stage.watch().edited == (NUMBER,)


def test_a_sweep_kept_back_by_a_file_begins_with_the_first_page_each_night(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An order on the first page changed after the sweep that saw it."""
    monkeypatch.setattr("chalicelib.usecases.intake.sweep.PAGE", 2)
    stage = Stage()
    booked_order(stage)
    stage.api.page = 2
    stage.inbox.mute = True
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    claimed = [order(id=400_000_000 + one, number=f"ORD9{one}") for one in range(3)]
    for one in claimed:
        stage.receive(replace(one, created_at=stage.now))
    stage.night()
    for one in claimed:
        stage.api.put(replace(one, created_at=stage.now, updated_at=stage.now))
    for _ in range(2):
        stage.night()
    change(stage, status=OrderStatus.CANCELLED, updated_at=stage.now)
    stage.night()
    assert stage.entry(ORDER).change is LateChange.CANCELLED
    assert stage.shops.statements(SHOP_ID, 1)[0].verdict is Verdict.RIGHT


def test_an_edit_behind_another_change_is_seen_once_that_has_gone_by() -> None:
    stage = Stage()
    booked_order(stage)
    change(
        stage,
        shipping=replace(HOME, country="BE"),
        payment_status=PaymentStatus.NOT_PAID,
        updated_at=stage.now,
    )
    stage.night()
    assert stage.entry(ORDER).change is LateChange.UNPAID
    assert stage.watch().edited == ()
    change(stage, payment_status=PaymentStatus.PAID, updated_at=stage.now)
    stage.now += timedelta(hours=2)
    assert stage.watch().edited == (), "nobody has withdrawn it yet"
    stage.night()
    assert stage.watch().edited == (NUMBER,)
