"""A credit note on a booked order is reported, however many nights the search failed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.events import Actor
from chalicelib.errors import ShopUnavailable
from chalicelib.usecases.operating import repair
from tests.unit.usecases.late import (
    NUMBER,
    ORDER,
    D,
    booked_order,
    change,
    refund,
)
from tests.unit.usecases.stage import Stage


@pytest.mark.parametrize("nights", [0, 1, 5])
def test_a_refund_is_found_however_many_nights_the_watch_failed(nights: int) -> None:
    stage = Stage()
    booked_order(stage)
    stage.watch()
    stage.now += timedelta(hours=1)
    refund(stage)
    stage.api.fail(ShopUnavailable("down"))
    for _ in range(nights):
        stage.now += timedelta(days=1)
        with pytest.raises(ShopUnavailable):
            stage.watch()
    stage.api.recover()
    stage.now += timedelta(days=1)

    assert stage.watch().refunded == (NUMBER,)
    assert stage.watch().refunded == ()


def test_the_first_watch_reaches_back_to_the_installation() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    stage.now += timedelta(days=5)
    assert stage.watch().refunded == (NUMBER,)


def test_a_refund_waits_until_another_change_is_dealt_with() -> None:
    stage = Stage()
    booked_order(stage)
    stage.watch()
    change(stage, price_incl=D("99.00"))
    stage.night()
    refund(stage)
    for _ in range(3):
        stage.now += timedelta(days=1)
        assert stage.watch().refunded == ()
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    assert stage.watch().refunded == (NUMBER,)


def test_a_refund_of_an_order_that_was_sent_again_is_reported_with_that_booking() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    stage.watch()
    repair.send_order_again(stage.workspace(), NUMBER, reason="lost", by=Actor.MERCHANT)
    stage.now += timedelta(days=2)
    stage.night()
    assert stage.entry(ORDER).change == "refunded"
    assert stage.watch().refunded == ()


def test_an_edit_hides_a_refund_only_until_it_is_dealt_with() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    stage.watch()
    change(stage, price_incl=D("99.00"))
    stage.night()
    assert stage.entry(ORDER).change == "edited"

    stage.now += timedelta(days=5)
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    assert stage.watch().refunded == (NUMBER,)
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    stage.now += timedelta(days=1)
    assert stage.watch().refunded == ()


def test_a_refund_says_why_an_order_is_paid_in_part() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, payment_status="partially_paid")
    stage.night()
    refund(stage)
    assert stage.watch().refunded == (NUMBER,)
    stage.night()
    assert stage.entry(ORDER).change == "refunded"
