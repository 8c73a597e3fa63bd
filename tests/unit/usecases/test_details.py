"""What a list does not show of an edit is found by reading the order once more, by night."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.events import Actor, Event, OrderStep
from chalicelib.domain.policy import Policy
from chalicelib.errors import ShopNotFound, ShopRateLimited, ShopUnavailable
from chalicelib.ports import StepTaken
from chalicelib.usecases.afterwards import rereading
from chalicelib.usecases.afterwards.changed_orders import REACHES_BACK, see_changed_orders
from chalicelib.usecases.afterwards.corrections import (
    Correction,
    propose_correction,
    request_correction,
)
from chalicelib.usecases.afterwards.note_moments import NoteMoments
from chalicelib.usecases.operating import repair
from tests.fakes.documents_of_shop import HOME, invoice, order, order_line
from tests.unit.usecases.late import (
    NUMBER,
    ORDER,
    booked_order,
    change,
    refund,
)
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.mark.parametrize(
    "changes",
    [
        {"shipping": replace(HOME, country="BE")},
        {"company_vat_number": "NL004495445B01"},
        {"lines": (order_line("24.20", article_code="ANDER"),)},
        {"lines": (order_line("14.20"), order_line("10.00", "0.09"))},
    ],
    ids=["address", "VAT number", "article", "rates"],
)
def test_an_edit_that_keeps_the_total_is_found_by_night(changes: dict[str, Any]) -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, **changes)
    stage.night()
    assert stage.entry(ORDER).change is None

    assert stage.watch().edited == (NUMBER,)

    assert stage.entry(ORDER).change == LateChange.DETAILS
    assert propose_correction(stage.entry(ORDER)) is Correction.SEND_AGAIN
    stage.night()
    assert stage.entry(ORDER).change == LateChange.DETAILS, "the sweep knows nothing of it"
    assert len(stage.booked()) == 1


def test_what_has_been_dealt_with_is_not_brought_up_again_by_shipping() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, email="ander@example.nl")
    stage.watch()
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    stage.now += timedelta(days=1)
    change(stage, status="completed_shipped")
    assert stage.watch().edited == ()

    change(stage, email="nog.een@example.nl")
    assert stage.watch().edited == (NUMBER,)


@pytest.mark.parametrize("change_reported", ["details", "refunded"])
def test_what_another_change_hid_for_a_while_is_shown_again(change_reported: str) -> None:
    stage = Stage()
    booked_order(stage)
    if change_reported == "details":
        change(stage, email="ander@example.nl")
    else:
        refund(stage)
    stage.watch()
    change(stage, payment_status="not_paid")
    stage.night()
    assert stage.entry(ORDER).change == "unpaid"
    change(stage, payment_status="paid")
    stage.night()
    assert stage.entry(ORDER).change == change_reported

    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    change(stage, status="completed_shipped")
    stage.night()
    stage.watch()
    assert stage.entry(ORDER).change is None


def test_the_content_that_was_booked_is_what_a_correction_is_proven_by() -> None:
    stage = Stage()
    booked_order(stage)
    change(stage, email="ander@example.nl")
    stage.watch()
    change(stage, status="cancelled")
    stage.night()
    request_correction(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    stage.night()
    assert stage.entry("reversal-301204417").hold == "reversal_differs"


def test_what_does_not_matter_to_the_books_is_read_once_and_no_change() -> None:
    stage = Stage()
    booked_order(stage)
    stage.watch()
    stage.now += timedelta(hours=2)
    change(stage, invoices=(invoice(),))
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, policy=Policy(one_stop_shop=True)))
    stage.now += timedelta(hours=2)
    calls = stage.api.calls["order"]

    assert stage.watch().edited == ()
    assert stage.api.calls["order"] == calls + 1
    stage.now += timedelta(hours=24)
    stage.watch()
    assert stage.api.calls["order"] == calls + 1, "not read twice for one change"


def test_an_order_that_did_not_move_costs_no_call() -> None:
    stage = Stage()
    booked_order(stage)
    calls = stage.api.calls["order"]
    stage.watch()
    assert stage.api.calls["order"] == calls


def shop_of(orders: int) -> Stage:
    """A shop whose orders were all booked and then edited, the first first."""
    stage = Stage()
    for number in range(1, orders + 1):
        stage.receive(replace(order(id=number, number=f"ORD{number}"), created_at=stage.now))
    stage.night()
    stage.watch()
    stage.now += timedelta(hours=2)
    for number in range(1, orders + 1):
        stage.now += timedelta(hours=1)
        stage.api.put(replace(stage.api.orders[number], email="ander@example.nl"))
    stage.now += timedelta(hours=2)
    return stage


def test_half_of_the_allowance_is_left_alone_and_the_rest_comes_the_next_night() -> None:
    stage = shop_of(5)
    stage.api.remaining = 5
    assert stage.watch().edited == ("ORD1", "ORD2")
    stage.now += timedelta(days=1)
    assert stage.watch().edited == ("ORD3", "ORD4")
    stage.now += timedelta(days=1)
    assert stage.watch().edited == ("ORD5",)


@pytest.mark.parametrize(
    "error", [ShopUnavailable("502"), ShopRateLimited("later", until=Stage().now)]
)
def test_what_could_not_be_read_is_read_the_next_night(error: Exception) -> None:
    stage = shop_of(5)
    stage.api.fail(error, "order")
    assert stage.watch().edited == ()
    stage.api.recover()
    stage.now += timedelta(days=1)
    assert len(stage.watch().edited) == 5


def test_one_order_that_cannot_be_read_is_no_obstacle_to_the_others() -> None:
    stage = shop_of(3)
    stage.api.fail(ShopNotFound("gone", status=404), "order", about=(1,))
    stage.api.fail(ShopUnavailable("502"), "order", about=(2,))
    assert stage.watch().edited == ("ORD3",)


def test_what_has_to_wait_does_not_hold_up_what_comes_after_it() -> None:
    """Else all that moved since would be read again each night, and the newest never."""
    stage = shop_of(3)
    stage.api.fail(ShopUnavailable("502"), "order", about=(1,))
    assert stage.watch().edited == ("ORD2", "ORD3")
    stage.now += timedelta(days=1)
    calls = stage.api.calls["order"]
    assert stage.watch().edited == ()
    assert stage.api.calls["order"] == calls + 1
    stage.api.recover()
    assert stage.watch().edited == ("ORD1",)
    assert stage.watch().edited == ()


def test_what_a_refund_hides_is_reported_when_that_is_dealt_with() -> None:
    stage = Stage()
    booked_order(stage)
    refund(stage)
    change(stage, email="ander@example.nl")
    for _ in range(3):
        assert stage.watch().edited == ()
        stage.now += timedelta(days=1)
    assert stage.entry(ORDER).change == "refunded"
    repair.accept_changes(stage.workspace(), NUMBER, by=Actor.MERCHANT)
    assert stage.watch().edited == (NUMBER,)


def test_no_order_is_read_when_the_time_is_up() -> None:
    stage = shop_of(2)
    search = see_changed_orders(stage.workspace(), stop_at=stage.now)
    assert rereading.flag_edits(search, NoteMoments()) == ()
    assert len(stage.watch().edited) == 2


def test_what_is_a_fortnight_behind_is_let_go() -> None:
    stage = shop_of(2)
    stage.now += REACHES_BACK + timedelta(hours=1)
    assert stage.watch().edited == ()


def test_an_order_booked_again_meanwhile_is_not_reported_by_an_old_reading() -> None:
    stage = Stage()
    booked_order(stage)
    old = stage.entry(ORDER)
    report = Event(at=stage.now, step=OrderStep.REPORT, by=Actor.WATCH, cause=LateChange.DETAILS)
    assert not stage.entries.record(
        SHOP_ID,
        StepTaken(key=ORDER, event=report, fingerprint="new", read_fingerprint="other"),
    )
    assert stage.entry(ORDER) == old
