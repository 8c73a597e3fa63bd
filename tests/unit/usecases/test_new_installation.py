"""A merchant who removed the connector and installs it anew: what the former installation knew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.events import Actor, OrderStep
from chalicelib.domain.holds import HoldReason
from chalicelib.domain.ledger import EntryState
from chalicelib.domain.policy import Policy
from chalicelib.domain.signatures import Callback
from chalicelib.errors import InboxUnknown, ShopRefused, ShopUnavailable
from chalicelib.usecases.shop import installing
from tests.fakes.documents_of_shop import order
from tests.unit.usecases.late import NUMBER, ORDER
from tests.unit.usecases.retrying import retry_order
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage

ORDER_ID = 301204417
TOKENS = iter(f"{n:032}" for n in range(10**6))


def install(stage: Stage) -> None:
    """The merchant installs the connector, and presses the button of its form a moment later."""
    callback = Callback(
        shop_id=SHOP_ID, language="nl", timestamp=stage.now, cluster="eu1", token=next(TOKENS)
    )
    installing.admit_shop(stage.connector, callback)
    stage.now += timedelta(minutes=5)
    installing.complete_installation(stage.workspace(), licence="ASP-1", policy=Policy())


def remove(stage: Stage) -> None:
    stage.uninstall()


def install_again(stage: Stage, *, after: timedelta = timedelta(days=3)) -> None:
    remove(stage)
    stage.now += after
    install(stage)


@pytest.fixture
def stage() -> Stage:
    """A shop that has just been installed for the first time."""
    stage = Stage()
    stage.shops.records.clear()
    stage.now = FIRST_NIGHT
    install(stage)
    stage.now += timedelta(days=1)
    return stage


def sell(stage: Stage, *, made_at: datetime | None = None, **facts: Any) -> None:
    """An order that was paid when it was made, whose webhook was lost."""
    made_at = made_at or stage.now
    made = order(**({"paid_at": made_at, "updated_at": stage.now} | facts))
    stage.api.put(replace(made, created_at=made_at))


def find_waiting(stage: Stage, **facts: Any) -> None:
    """An order that the sweep brought up, and that could not be read then."""
    sell(stage, **facts)
    stage.api.fail(ShopUnavailable("502"), "order")
    stage.night()
    stage.api.recover()
    entry = stage.entry(ORDER)
    assert (entry.state, entry.has_evidence) == (EntryState.WAITING, False)


def hold(stage: Stage, reason: HoldReason, **facts: Any) -> None:
    """An order that the sweep brought up, and that is held."""
    sell(stage, **facts)
    stage.night()
    entry = stage.entry(ORDER)
    assert (entry.hold, entry.has_evidence) == (reason, False)


def test_an_order_that_still_waited_is_booked_after_installing_again(stage: Stage) -> None:
    find_waiting(stage)
    install_again(stage)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_it_is_booked_however_often_the_connector_was_removed_meanwhile(stage: Stage) -> None:
    find_waiting(stage)
    for _ in range(3):
        install_again(stage)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_one_that_a_file_gave_back_is_booked_as_well(stage: Stage) -> None:
    sell(stage)
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.CLAIMED
    install_again(stage)
    stage.api.put(replace(stage.api.orders[ORDER_ID], email="another@example.nl"))
    for _ in range(2):
        stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED
    assert len(stage.booked()) == 1


@pytest.mark.parametrize("times", [1, 3])
def test_one_that_was_paid_before_the_first_installation_is_left_out_all_the_same(
    stage: Stage, times: int
) -> None:
    before = stage.now - timedelta(days=9)
    find_waiting(stage, made_at=before)
    for _ in range(times):
        install_again(stage)
    stage.night()
    assert stage.entry(ORDER).drop_cause is DropCause.BEFORE_START
    assert stage.booked() == []


def test_one_from_before_the_first_installation_that_was_paid_after_it_is_booked(
    stage: Stage,
) -> None:
    find_waiting(stage, made_at=stage.now - timedelta(days=9), paid_at=stage.now)
    install_again(stage)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_one_that_nobody_knew_before_it_counts_from_the_new_installation(stage: Stage) -> None:
    """What was sold while the connector was away is the migration's business."""
    remove(stage)
    stage.now += timedelta(days=1)
    sell(stage)
    stage.now += timedelta(days=1)
    install(stage)
    stage.api.put(replace(stage.api.orders[ORDER_ID], updated_at=stage.now))
    stage.night()
    assert stage.entry(ORDER).drop_cause is DropCause.BEFORE_START


def test_of_several_installations_the_one_that_knew_it_first_counts(stage: Stage) -> None:
    remove(stage)
    stage.now += timedelta(days=1)
    sold_at = stage.now
    stage.now += timedelta(days=1)
    install(stage)
    find_waiting(stage, made_at=sold_at)
    install_again(stage)
    stage.night()
    assert stage.entry(ORDER).drop_cause is DropCause.BEFORE_START


def test_what_was_held_is_read_again_and_says_who_asked_for_it(stage: Stage) -> None:
    hold(stage, HoldReason.EMAIL_MISSING, email="")
    remove(stage)
    stage.api.put(replace(stage.api.orders[ORDER_ID], email="s.devries@example.nl"))
    stage.now += timedelta(days=3)
    install(stage)
    entry = stage.entry(ORDER)
    assert entry.state is EntryState.WAITING
    assert (entry.history[-1].step, entry.history[-1].by) == (OrderStep.RETRY, Actor.MERCHANT)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_what_is_as_it_was_is_held_again_for_the_same_reason(stage: Stage) -> None:
    hold(stage, HoldReason.EMAIL_MISSING, email="")
    install_again(stage)
    stage.night()
    assert stage.entry(ORDER).hold == HoldReason.EMAIL_MISSING


def test_what_was_perhaps_paid_before_the_connector_came_waits_for_the_merchant(
    stage: Stage,
) -> None:
    hold(stage, HoldReason.MAYBE_BEFORE_START, made_at=stage.now - timedelta(days=9), paid_at=None)
    install_again(stage)
    stage.night()
    assert stage.entry(ORDER).hold == HoldReason.MAYBE_BEFORE_START
    assert retry_order(stage.workspace(), NUMBER) == 1
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def hold_unreadable(stage: Stage, made_at: datetime) -> None:
    stage.api.fail(ShopRefused("wrong", status=422), "order")
    hold(stage, HoldReason.UNREADABLE, made_at=made_at)
    stage.api.recover()


@pytest.mark.parametrize("is_retried", [False, True], ids=["by itself", "by the merchant"])
def test_one_that_could_not_be_read_and_was_made_before_it_waits_for_the_merchant(
    stage: Stage, is_retried: bool
) -> None:
    """Nobody has seen yet whether it was paid before the connector came, and is in the books."""
    hold_unreadable(stage, stage.now - timedelta(days=9))
    install_again(stage)
    if is_retried:
        assert retry_order(stage.workspace(), NUMBER) == 1
    stage.night()
    assert stage.entry(ORDER).hold == (None if is_retried else HoldReason.UNREADABLE)
    assert len(stage.booked()) == is_retried


def test_one_that_could_not_be_read_and_was_made_after_it_is_read_again(stage: Stage) -> None:
    hold_unreadable(stage, stage.now)
    install_again(stage)
    stage.night()
    assert stage.entry(ORDER).state is EntryState.PLACED


def test_pressing_the_button_again_asks_for_nothing(stage: Stage) -> None:
    hold(stage, HoldReason.EMAIL_MISSING, email="")
    held = stage.entry(ORDER)
    installing.complete_installation(stage.workspace(), licence="ASP-1", policy=Policy())
    assert stage.entry(ORDER) == held


def test_a_first_installation_has_nothing_to_ask_for(stage: Stage) -> None:
    assert stage.entries.items == {}
    assert stage.queue.messages == []
