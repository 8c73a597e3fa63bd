"""What passes by itself is tried again the same night: the merchant has a file in the morning."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shop_records import FollowUp
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.domain.signatures import Callback
from chalicelib.errors import (
    InboxBusy,
    InboxNotSent,
    InboxRefused,
    InboxUnknown,
    QueueError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopNotFound,
    ShopRateLimited,
    ShopRefused,
    ShopUnauthorised,
    ShopUnavailable,
)
from chalicelib.ports import Task
from chalicelib.usecases.operating import fleet
from chalicelib.usecases.operating.overview import read_overview
from chalicelib.usecases.operating.rerun import rerun
from chalicelib.usecases.shop import leaving
from chalicelib.usecases.shop.installing import admit_shop
from tests.fakes.documents_of_shop import order
from tests.fakes.export_queue import Message
from tests.fakes.seoshop import Call
from tests.unit.usecases.messages import Messages
from tests.unit.usecases.stage import SHOP_ID, Stage

TRIES = [timedelta(minutes=15), timedelta(hours=1), timedelta(hours=3)]


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.receive(order(id=1, number="ORD1"))
    return stage


@pytest.fixture
def messages(stage: Stage) -> Messages:
    return Messages(stage)


def rounded(moments: list[timedelta]) -> list[timedelta]:
    """To whole minutes: each hop of a message is a second longer."""
    return [timedelta(minutes=round(each.total_seconds() / 60)) for each in moments]


def shown(stage: Stage) -> dict[str, Any]:
    (line,) = fleet.shops(stage.connector, {})["shops"]
    return dict(line)


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
    assert rounded(messages.at_work()) == [timedelta(0), TRIES[0]]


@pytest.mark.parametrize("error", [InboxNotSent("no route"), InboxBusy("429")], ids=repr)
def test_an_inbox_that_takes_nothing_for_half_an_hour_has_the_file_after_an_hour(
    stage: Stage, messages: Messages, error: Exception
) -> None:
    stage.inbox.fail(error, times=2)
    messages.deliver()
    messages.play()
    assert state(stage) is EntryState.PLACED
    assert rounded(messages.at_work()) == [timedelta(0), *TRIES[:2]]
    assert read_overview(stage.workspace()).trouble is None


@pytest.mark.parametrize("twice", [False, True], ids=["once", "every message twice"])
def test_after_three_hours_it_is_given_up_until_the_next_night(
    stage: Stage, messages: Messages, *, twice: bool
) -> None:
    stage.api.fail(ShopUnavailable("502"))
    messages.deliver()
    messages.play(twice=twice)
    assert rounded(messages.at_work()) == [timedelta(0), *TRIES]
    assert (shown(stage)["tries"], shown(stage)["next_try"]) == (3, None)

    stage.now = messages.began + timedelta(days=1)
    messages.deliver(Message(SHOP_ID, run="another night"))
    messages.play()
    assert len(messages.at_work()) == 2 * (1 + len(TRIES))


def test_a_night_delivered_twice_has_one_chain_of_tries(stage: Stage, messages: Messages) -> None:
    stage.api.fail(ShopUnavailable("502"))
    messages.deliver()
    stage.now += timedelta(seconds=40)
    messages.deliver()
    assert len(stage.queue.sent) == 0
    assert [one.task for one in stage.queue.messages] == [Task.RETRY]
    messages.play(twice=True)
    assert len(messages.at_work()) == 2 + len(TRIES)


def test_merchant_and_operator_see_how_often_it_was_tried_and_when_it_is_next(
    stage: Stage, messages: Messages
) -> None:
    stage.api.fail(ShopUnavailable("502"), times=2)
    messages.deliver()
    seen = read_overview(stage.workspace())
    assert (seen.tries, seen.next_try) == (0, stage.now + TRIES[0])
    (message,) = stage.queue.messages
    stage.now += timedelta(seconds=message.delay)
    messages.deliver(message)
    seen = read_overview(stage.workspace())
    assert (seen.tries, seen.next_try) == (1, messages.began + TRIES[1])
    assert shown(stage)["tries"] == 1
    assert shown(stage)["next_try"] == (messages.began + TRIES[1]).isoformat()
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
    assert rounded(messages.at_work()) == [timedelta(0)]
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
    if name == "licence":
        stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    elif name == "inbox":
        stage.inbox.fail(error)
    else:
        stage.api.fail(error, "orders_updated_since")
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


# ---- Single orders ---------------------------------------------------------------------------


@pytest.mark.parametrize("error", [ShopNotFound("404", status=404), ShopUnavailable("500")])
def test_an_order_that_fails_once_is_asked_for_at_the_end_and_in_the_same_file(
    stage: Stage, messages: Messages, error: Exception
) -> None:
    stage.receive(order(id=2, number="ORD2"))
    stage.api.fail(error, "order", about=(1,), times=1)
    run = messages.deliver()
    assert [(file.orders, file.state) for file in run.files] == [(2, "placed")]
    assert run.skipped == []
    assert run.left == set()
    assert stage.api.calls["order"] == 3
    assert stage.queue.messages == []
    assert [one.number for one in stage.booked()] == ["ORD1", "ORD2"]


@pytest.mark.parametrize(
    ("error", "times", "tries"),
    [
        (ShopNotFound("404", status=404), 3, 1),
        (ShopUnavailable("500"), 5, 2),
        (ShopNotFound("404", status=404), 7, 3),
    ],
)
def test_one_that_fails_more_often_is_asked_for_in_the_nights_later_tries(
    stage: Stage, messages: Messages, error: Exception, times: int, tries: int
) -> None:
    stage.receive(order(id=2, number="ORD2"))
    stage.api.fail(error, "order", about=(1,), times=times)
    messages.deliver()
    assert (state(stage, "order-1"), state(stage, "order-2")) == (
        EntryState.WAITING,
        EntryState.PLACED,
    )
    assert read_overview(stage.workspace()).trouble is None
    messages.play()
    assert state(stage) is EntryState.PLACED
    assert rounded(messages.at_work()) == [timedelta(0), *TRIES[:tries]]


def test_one_that_stays_away_is_left_out_after_a_day_as_ever(
    stage: Stage, messages: Messages
) -> None:
    del stage.api.orders[1]
    messages.deliver()
    messages.play()
    assert state(stage) is EntryState.WAITING
    assert len(messages.at_work()) == 1 + len(TRIES)
    stage.now = messages.began + timedelta(hours=25)
    messages.deliver(Message(SHOP_ID, run="another night"))
    assert state(stage) is EntryState.DROPPED
    assert stage.queue.messages == []


def test_asking_again_respects_the_allowance(stage: Stage, messages: Messages) -> None:
    stage.receive(order(id=2, number="ORD2"))
    stage.api.fail(ShopNotFound("404", status=404), "order", about=(1,), times=1)
    until = stage.now + timedelta(minutes=5)
    stage.api.fail(ShopRateLimited("429", until=until), "order", about=(1,), times=1)
    run = messages.deliver()
    assert run.stopped_by == "budget"
    assert state(stage, "order-2") is EntryState.PLACED
    messages.play()
    assert state(stage) is EntryState.PLACED


def test_a_shop_that_is_down_is_not_asked_for_each_order_again(
    stage: Stage, messages: Messages
) -> None:
    for number in range(2, 30):
        stage.receive(order(id=number, number=f"ORD{number}"))
    stage.api.fail(ShopUnavailable("502"), "order", "profile")
    messages.deliver()
    assert stage.api.calls["order"] == 3


# ---- Reinstalled meanwhile -------------------------------------------------------------------


def come_again(stage: Stage, token: str = "n" * 32, language: str = "nl") -> None:
    """The merchant installs the app anew."""
    callback = Callback(
        shop_id=SHOP_ID, language=language, timestamp=stage.now, cluster="eu1", token=token
    )
    admit_shop(stage.connector, callback)


@pytest.mark.parametrize(
    "error",
    [
        ShopUnauthorised("401", status=401),
        ShopForbidden("403", status=403),
        ShopLanguageUnknown("404", status=404),
    ],
    ids=repr,
)
def test_a_merchant_who_reinstalls_during_the_run_has_the_file_at_once(
    stage: Stage, messages: Messages, error: Exception
) -> None:
    def reinstall(call: Call) -> None:
        if call.name == "order" and not stage.shops.audit(SHOP_ID):
            come_again(stage)

    stage.api.before_call = reinstall
    stage.api.fail(error, "order", times=1)
    run = messages.deliver()
    assert run.trouble is None
    assert stage.connector.find_shop(SHOP_ID).state is ShopState.ACTIVE
    messages.play()
    assert state(stage) is EntryState.PLACED
    assert messages.at_work()[-1] < timedelta(minutes=1)


def test_one_who_opens_the_app_with_the_same_token_changes_nothing_about_its_refusal(
    stage: Stage, messages: Messages
) -> None:
    stage.api.fail(ShopUnauthorised("401", status=401), "orders_updated_since")
    assert messages.deliver().trouble is TroubleCause.SHOP_UNAUTHORISED
    assert stage.connector.find_shop(SHOP_ID).state is ShopState.DISCONNECTED


def test_coming_back_to_a_disconnected_shop_starts_its_export(
    stage: Stage, messages: Messages
) -> None:
    stage.api.fail(ShopUnauthorised("401", status=401), "orders_updated_since", times=1)
    messages.deliver()
    stage.now += timedelta(hours=7)
    come_again(stage)
    assert stage.queue.sent == [(SHOP_ID, 0)]
    messages.play()
    assert state(stage) is EntryState.PLACED


def test_opening_the_app_of_a_shop_that_is_fine_starts_nothing(stage: Stage) -> None:
    come_again(stage, token="t" * 32)
    come_again(stage)
    assert stage.queue.messages == []


def test_a_queue_that_fails_does_not_keep_a_merchant_from_coming_back(
    stage: Stage, messages: Messages
) -> None:
    stage.api.fail(ShopUnauthorised("401", status=401), "orders_updated_since", times=1)
    messages.deliver()
    stage.queue.error = QueueError("no answer")
    come_again(stage)
    assert stage.connector.find_shop(SHOP_ID).state is ShopState.ACTIVE


# ---- Without end ------------------------------------------------------------------------------


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


def test_one_whom_the_watch_disconnected_is_exported_when_he_opens_the_app(
    stage: Stage, messages: Messages
) -> None:
    leaving.disconnect_shop(stage.workspace())
    come_again(stage, token="t" * 32)
    messages.play()
    assert state(stage) is EntryState.PLACED


def test_who_installs_anew_with_the_permission_that_lacked_is_exported(
    stage: Stage, messages: Messages
) -> None:
    stage.api.fail(ShopForbidden("403", status=403), "orders_updated_since", times=1)
    messages.deliver()
    come_again(stage)
    messages.play()
    assert state(stage) is EntryState.PLACED
