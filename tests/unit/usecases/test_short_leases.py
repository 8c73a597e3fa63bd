"""A run has its shop for a few minutes, and for longer only as long as it works."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shops import TroubleCause
from chalicelib.errors import QueueError, ShopUnavailable
from chalicelib.usecases.filing import placing
from chalicelib.usecases.filing.export import FUNCTION_TIME, TIME_TO_FINISH
from tests.fakes.documents_of_shop import order
from tests.fakes.export_queue import Message
from tests.fakes.seoshop import Call
from tests.unit.usecases.messages import Messages
from tests.unit.usecases.stage import SHOP_ID, Stage

LEASE = Stage().connector.settings.run_lease
NIGHT = Message(SHOP_ID, run="night")


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    for number in range(1, 6):
        stage.receive(order(id=number, number=f"ORD{number}"))
    return stage


@pytest.fixture
def messages(stage: Stage) -> Messages:
    return Messages(stage)


def takes(stage: Stage, each: timedelta) -> None:
    """Every order takes so long."""

    def pass_time(call: Call) -> None:
        if call.name == "order":
            stage.now += each

    stage.api.before_call = pass_time


def test_a_lease_is_a_matter_of_minutes() -> None:
    assert timedelta(minutes=2) <= LEASE <= timedelta(minutes=5)


def test_a_run_that_works_for_longer_than_its_lease_keeps_its_shop(
    stage: Stage, messages: Messages
) -> None:
    held: list[bool] = []

    def check_lease(call: Call) -> None:
        if call.name == "order":
            stage.now += LEASE * 0.4
            held.append(stage.shops.find_lease(SHOP_ID).is_held(stage.now))

    stage.api.before_call = check_lease
    messages.deliver(receipt="r1")
    assert held == [True] * 5
    assert len(stage.inbox.files) == 1


def test_its_message_is_kept_for_as_long_and_comes_back_soon_after(
    stage: Stage, messages: Messages
) -> None:
    takes(stage, LEASE * 0.4)
    messages.deliver(receipt="r1")
    assert {receipt for receipt, _ in stage.queue.kept} == {"r1"}
    assert len(stage.queue.kept) >= 3
    for _, seconds in stage.queue.kept:
        assert LEASE < timedelta(seconds=seconds) <= LEASE + timedelta(minutes=1)


def test_a_queue_that_keeps_no_message_does_not_stop_the_run(
    stage: Stage, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(receipt: str, seconds: int) -> None:
        raise QueueError("AccessDenied")

    monkeypatch.setattr(stage.queue, "keep", keep)
    messages.deliver(receipt="r1")
    assert len(stage.inbox.files) == 1


def test_a_rerun_has_no_message_to_keep(stage: Stage, messages: Messages) -> None:
    messages.deliver()
    assert stage.queue.kept == []


@pytest.mark.parametrize("about", [2, 5], ids=["while reading", "before it is fixed"])
def test_a_run_that_has_lost_its_lease_sends_nothing_and_gives_all_back(
    stage: Stage, messages: Messages, about: int
) -> None:
    def lose(call: Call) -> None:
        if (call.name, call.about) == ("order", about):
            stage.now += LEASE
            assert stage.shops.lease(SHOP_ID, "other/m/x", now=stage.now, until=stage.now + LEASE)
            stage.api.before_call = lambda _: None

    stage.api.before_call = lose
    run = messages.deliver()
    assert run.stopped_by == "lease lost"
    assert stage.inbox.files == {}
    states = {stage.entry(f"order-{number}").state for number in range(1, 6)}
    assert states == {EntryState.WAITING}
    assert stage.shops.find_lease(SHOP_ID).owner == "other/m/x"
    messages.play()  # what it gave back, the other run may not have seen
    assert len(stage.inbox.files) == 1


def test_a_killed_runs_shop_goes_on_once_its_lease_has_ended(
    stage: Stage, messages: Messages
) -> None:
    stage.shops.lease(SHOP_ID, "killed/m/x", now=stage.now, until=stage.now + LEASE)
    stage.now += LEASE
    messages.deliver(NIGHT, receipt="r1")
    assert len(stage.inbox.files) == 1


# ---- The run's own time ----------------------------------------------------------------------


def test_no_call_may_last_beyond_the_time_at_which_the_run_has_to_stop(
    stage: Stage, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[timedelta] = []
    monkeypatch.setattr(stage.api, "limit_time", left.append)
    messages.deliver()
    assert left == [FUNCTION_TIME - TIME_TO_FINISH]


@pytest.mark.parametrize("name", ["orders_updated_since", "order"])
def test_a_call_that_is_cut_off_when_the_time_is_up_is_no_trouble_of_the_shop(
    stage: Stage, messages: Messages, name: str
) -> None:
    def cut_off(call: Call) -> None:
        if call.name == name and call.about in (5, stage.api.orders[5].id, call.about):
            stage.now = max(stage.now, messages.began + FUNCTION_TIME - TIME_TO_FINISH)
            stage.api.before_call = lambda _: None
            raise ShopUnavailable("SEOshop's answer takes too long.")

    stage.api.before_call = cut_off
    run = messages.deliver()
    assert (run.trouble, run.stopped_by) == (None, "time")
    assert stage.queue.sent == [(SHOP_ID, 1)]
    messages.play()
    assert {stage.entry(f"order-{number}").state for number in range(1, 6)} == {EntryState.PLACED}


def test_silence_before_that_is(stage: Stage, messages: Messages) -> None:
    stage.api.fail(ShopUnavailable("no answer"), "orders_updated_since")
    assert messages.deliver().trouble is TroubleCause.SHOP_UNAVAILABLE


def test_reading_to_the_last_moment_leaves_time_to_place_the_file(
    stage: Stage, messages: Messages
) -> None:
    takes(stage, timedelta(minutes=4))
    run = messages.deliver(receipt="r1")
    assert stage.now - messages.began <= FUNCTION_TIME + timedelta(minutes=1)
    assert [file.state for file in run.files] == ["placed"]
    assert placing.BEGINS_WITHIN < TIME_TO_FINISH
    messages.play()
    assert {stage.entry(f"order-{number}").state for number in range(1, 6)} == {EntryState.PLACED}
