"""What passes by itself is tried again the same night: the merchant has a file in the morning."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shop_records import FollowUp
from chalicelib.domain.shops import TroubleCause
from chalicelib.errors import (
    InboxBusy,
    InboxNotSent,
    InboxRefused,
    InboxUnknown,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopRateLimited,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
)
from chalicelib.ports import Task
from chalicelib.usecases.operating import fleet
from chalicelib.usecases.operating.overview import read_overview
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.asperion_faults import Fault
from tests.fakes.documents_of_shop import order
from tests.fakes.export_queue import Message
from tests.unit.usecases.api_stage import ApiStage, placed_once
from tests.unit.usecases.messages import Messages
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.receive(order(id=1, number="ORD1"))
    return stage


@pytest.fixture
def messages(stage: Stage) -> Messages:
    return Messages(stage)


def shown(stage: Stage) -> dict[str, Any]:
    return fleet.shops(stage.connector, {"shop_id": SHOP_ID})


def state(stage: Stage, key: str = "order-1") -> EntryState:
    return stage.entry(key).state


def test_a_list_that_fails_for_two_seconds_is_asked_for_after_a_quarter_of_an_hour(
    stage: Stage, messages: Messages
) -> None:
    stage.api.fail(ShopUnavailable("502"), "orders_updated_since", times=1)
    messages.deliver()
    assert state(stage) is EntryState.WAITING
    messages.play()
    assert state(stage) is EntryState.PLACED
    assert messages.minutes_at_work() == [0, 15]


@pytest.mark.parametrize("error", [InboxNotSent("no route"), InboxBusy("429")], ids=repr)
def test_an_inbox_that_takes_nothing_for_half_an_hour_has_the_file_after_an_hour(
    stage: Stage, messages: Messages, error: Exception
) -> None:
    stage.inbox.fail(error, times=2)
    messages.deliver()
    messages.play()
    assert state(stage) is EntryState.PLACED
    assert messages.minutes_at_work() == [0, 15, 60]
    assert read_overview(stage.workspace()).trouble is None


@pytest.mark.parametrize("fault", [Fault.BUSY, Fault.FORBIDDEN])
def test_an_administration_that_takes_nothing_for_half_an_hour_has_the_order_after_an_hour(
    fault: Fault,
) -> None:
    stage = ApiStage()
    messages = Messages(stage)
    stage.sell(1)
    until = stage.now + timedelta(minutes=1)
    stage.asperion.fail(fault, "add_invoice", times=2, until=until)
    messages.deliver()
    seen = read_overview(stage.workspace())
    assert seen.trouble is not None, "its merchant can read that orders wait for Asperion"
    assert seen.next_try == messages.began + timedelta(minutes=15)
    messages.play()
    assert placed_once(stage, 1)
    assert messages.minutes_at_work() == [0, 15, 60]
    assert read_overview(stage.workspace()).trouble is None


@pytest.mark.parametrize("twice", [False, True], ids=["once", "every message twice"])
def test_after_three_hours_it_is_given_up_until_the_next_night(
    stage: Stage, messages: Messages, *, twice: bool
) -> None:
    stage.api.fail(ShopUnavailable("502"))
    messages.deliver()
    messages.play(twice=twice)
    assert messages.minutes_at_work() == [0, 15, 60, 180]
    assert (shown(stage)["tries"], shown(stage)["next_try"]) == (3, None)

    stage.now = messages.began + timedelta(days=1)
    messages.deliver(Message(SHOP_ID, run="another night"))
    messages.play()
    assert len(messages.at_work()) == 8


def test_a_night_delivered_twice_has_one_chain_of_tries(stage: Stage, messages: Messages) -> None:
    stage.api.fail(ShopUnavailable("502"))
    messages.deliver()
    stage.now += timedelta(seconds=40)
    messages.deliver()
    assert len(stage.queue.sent) == 0
    assert [one.task for one in stage.queue.messages] == [Task.RETRY]
    messages.play(twice=True)
    assert len(messages.at_work()) == 5


def test_merchant_and_operator_see_how_often_it_was_tried_and_when_it_is_next(
    stage: Stage, messages: Messages
) -> None:
    stage.api.fail(ShopUnavailable("502"), times=2)
    messages.deliver()
    seen = read_overview(stage.workspace())
    assert (seen.tries, seen.next_try) == (0, stage.now + timedelta(minutes=15))
    (message,) = stage.queue.messages
    stage.now += timedelta(seconds=message.delay)
    messages.deliver(message)
    seen = read_overview(stage.workspace())
    assert (seen.tries, seen.next_try) == (1, messages.began + timedelta(hours=1))
    assert shown(stage)["tries"] == 1
    assert shown(stage)["next_try"] == (messages.began + timedelta(hours=1)).isoformat()
    messages.play()
    assert (shown(stage)["tries"], shown(stage)["next_try"]) == (0, None)


def test_a_try_that_comes_early_passes_itself_on_without_asking_anybody(
    stage: Stage, messages: Messages
) -> None:
    stage.api.fail(ShopUnavailable("502"))
    messages.deliver()
    (early,) = stage.queue.messages
    calls = stage.api.calls.copy()
    stage.now += timedelta(minutes=4)
    assert messages.deliver(early).lease is None
    assert stage.api.calls == calls
    assert [one.delay for one in stage.queue.messages[1:]] == [11 * 60 + 1]


def test_a_run_that_ends_well_in_between_ends_the_tries(stage: Stage, messages: Messages) -> None:
    stage.api.fail(ShopUnavailable("502"), times=1)
    messages.deliver()
    stage.now += timedelta(minutes=5)
    rerun(stage.connector, {"shop_id": SHOP_ID}, run="rerun/1")
    assert state(stage) is EntryState.PLACED
    messages.play()
    assert messages.minutes_at_work() == [0]
    assert stage.shops.load(SHOP_ID, FollowUp) == FollowUp()


def test_a_rerun_that_fails_is_tried_again_as_well(stage: Stage, messages: Messages) -> None:
    stage.inbox.fail(InboxNotSent("no route"), times=1)
    rerun(stage.connector, {"shop_id": SHOP_ID, "orders": ["ORD1"]}, run="rerun/1")
    messages.play()
    assert state(stage) is EntryState.PLACED


def test_a_lost_answer_that_the_inbox_does_not_clear_up_is_asked_about_again(
    stage: Stage, messages: Messages
) -> None:
    stage.inbox.fail(InboxUnknown("503"), times=1)
    stage.inbox.mute = True
    messages.deliver()
    (asks,) = stage.queue.messages  # as soon as an answer proves anything
    stage.now += timedelta(seconds=asks.delay)
    stage.queue.messages.clear()
    messages.deliver(asks)
    assert [one.task for one in stage.queue.messages] == [Task.RETRY]
    stage.inbox.mute = False
    messages.play()
    assert state(stage) is EntryState.PLACED


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (ShopForbidden("403", status=403), ""),
        (ShopUnauthorised("401", status=401), ""),
        (ShopLanguageUnknown("404", status=404), ""),
        (ShopRefused("400", status=400), ""),
        (InboxRefused("403"), "inbox"),
        (None, "licence"),
    ],
    ids=repr,
)
def test_what_does_not_pass_is_left_to_the_next_night(
    stage: Stage, messages: Messages, error: Any, name: str
) -> None:
    stage.have_others()
    if name == "licence":
        stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    elif name == "inbox":
        stage.inbox.fail(error)
    else:
        stage.api.fail(error, "orders_updated_since", "profile")
    messages.deliver()
    assert stage.queue.messages == []


def test_a_used_up_allowance_goes_on_by_itself_and_is_no_failure(
    stage: Stage, messages: Messages
) -> None:
    until = stage.now + timedelta(hours=2)
    stage.api.fail(ShopRateLimited("429", until=until), "order", times=1)
    messages.deliver()
    messages.play()
    assert state(stage) is EntryState.PLACED
    assert all(run.trouble is None for _, run in messages.runs)


def test_runs_that_never_get_to_their_end_are_a_trouble_after_a_day(
    stage: Stage, messages: Messages
) -> None:
    stage.api.fail(ShopRateLimited("429", until=stage.now + timedelta(hours=26)), "order")
    first = messages.deliver()
    stage.now += timedelta(hours=23)
    assert (first.trouble, messages.deliver().trouble) == (None, None)
    stage.now += timedelta(hours=1)
    assert messages.deliver().trouble is TroubleCause.UNFINISHED
    assert shown(stage)["attention"]
    stage.api.recover()
    stage.now += timedelta(hours=3)
    assert messages.deliver().trouble is None
    assert shown(stage)["trouble"] is None
