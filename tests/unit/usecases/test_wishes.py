"""A message that meets its shop at work is noted with the lease; who lets go sends one message."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.errors import InboxNotSent, LedgerThrottled, QueueError, ShopBusy
from chalicelib.ports import Task
from chalicelib.usecases.operating.rerun import rerun
from tests.fakes.documents_of_shop import order
from tests.fakes.export_queue import Message
from tests.fakes.seoshop import Call
from tests.unit.usecases.messages import NIGHT, Messages
from tests.unit.usecases.stage import SHOP_ID, Stage

LEASE = Stage().connector.settings.run_lease


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.receive(order(id=1, number="ORD1"))
    return stage


@pytest.fixture
def messages(stage: Stage) -> Messages:
    return Messages(stage)


def is_at_work(stage: Stage, owner: str = "other/m/x") -> None:
    assert stage.shops.lease(SHOP_ID, owner, now=stage.now, until=stage.now + LEASE)


def lets_go(stage: Stage, owner: str = "other/m/x") -> str:
    return stage.shops.release(SHOP_ID, owner)


def meet(stage: Stage, deliver: Message, messages: Messages) -> None:
    """A message comes while a run reads its first order; then that run goes on."""

    def come(call: Call) -> None:
        if call.name == "order":
            stage.api.before_call = lambda _: None
            messages.deliver(deliver)

    stage.api.before_call = come


def test_a_busy_shop_is_no_failure_and_the_message_is_done_with(
    stage: Stage, messages: Messages
) -> None:
    is_at_work(stage)
    for _ in range(3):
        (skipped,) = messages.deliver().skipped
        assert skipped.order == "shop"
        assert "another run" in skipped.reason
        stage.now += timedelta(minutes=1)
    assert stage.shops.find_lease(SHOP_ID).wish == "night+m1"
    assert [one.task for one in stage.queue.messages] == [Task.WISH]


def test_whoever_lets_go_sends_one_message_for_many_wishes(
    stage: Stage, messages: Messages
) -> None:
    def come(call: Call) -> None:
        if call.name == "order":
            stage.api.before_call = lambda _: None
            for _ in range(4):
                messages.deliver()

    stage.api.before_call = come
    messages.deliver(Message(SHOP_ID, run="earlier"))
    stage.receive(order(id=2, number="ORD2"))
    at_once = [one for one in stage.queue.messages if one.delay == 0]
    assert [(one.task, one.run) for one in at_once] == [(Task.WISH, "night+m2")]
    messages.play()
    assert stage.entry("order-2").state is EntryState.PLACED
    assert len(messages.at_work()) == 2
    assert not stage.shops.find_lease(SHOP_ID).wish


def test_its_messages_delivered_twice_do_not_multiply(stage: Stage, messages: Messages) -> None:
    meet(stage, NIGHT, messages)
    messages.deliver(Message(SHOP_ID, run="earlier"))
    messages.play(twice=True)
    assert len(messages.at_work()) == 2


def test_when_the_run_at_work_is_killed_the_wish_is_served_at_the_end_of_its_lease(
    stage: Stage, messages: Messages
) -> None:
    is_at_work(stage, "rerun/1")  # an operator's: it has no message that comes back
    messages.deliver()
    messages.play()
    assert stage.entry("order-1").state is EntryState.PLACED
    assert LEASE <= messages.at_work()[-1] <= LEASE + timedelta(seconds=2)


def test_a_lease_that_is_renewed_meanwhile_is_waited_for(stage: Stage, messages: Messages) -> None:
    is_at_work(stage)
    messages.deliver()
    (waiting,) = stage.queue.messages
    stage.queue.messages.clear()
    stage.now += timedelta(seconds=waiting.delay)
    assert stage.shops.renew(SHOP_ID, "other/m/x", until=stage.now + LEASE)
    assert messages.deliver(waiting).lease is None
    assert stage.queue.messages == [replace(waiting, delay=int(LEASE.total_seconds()) + 1)]


def test_a_wish_that_was_served_is_done_with(stage: Stage, messages: Messages) -> None:
    is_at_work(stage)
    messages.deliver()
    (waiting,) = stage.queue.messages
    assert lets_go(stage) == "night+m1"
    messages.deliver(replace(waiting, delay=0), receipt="r")
    assert stage.entry("order-1").state is EntryState.PLACED
    calls = stage.api.calls.copy()
    stage.now += LEASE
    assert messages.deliver(waiting).lease is None
    assert stage.api.calls == calls


def test_a_run_that_serves_a_wish_and_is_killed_comes_back_and_serves_it(
    stage: Stage, messages: Messages
) -> None:
    stage.shops.wishes[SHOP_ID] = "night+m1"
    wish = Message(SHOP_ID, run="night+m1", task=Task.WISH)

    class Killed(BaseException):
        pass

    def die(*_: object) -> str:
        raise Killed

    release = stage.shops.release
    stage.shops.release = die  # type: ignore[method-assign, assignment]
    stage.api.fail(Killed(), "orders_updated_since", times=1)
    with pytest.raises(Killed):
        messages.deliver(wish, receipt="r")
    stage.shops.release = release  # type: ignore[method-assign]
    assert not stage.shops.find_lease(SHOP_ID).wish
    stage.now += LEASE
    messages.deliver(wish, receipt="r")
    assert stage.entry("order-1").state is EntryState.PLACED


def test_a_wish_noted_while_another_is_being_served_is_served_too(
    stage: Stage, messages: Messages
) -> None:
    stage.shops.wishes[SHOP_ID] = "night+m7"
    meet(stage, NIGHT, messages)
    messages.deliver(Message(SHOP_ID, run="night+m7", task=Task.WISH), receipt="r")
    messages.play()
    assert len(messages.at_work()) == 2


def test_an_operators_rerun_that_meets_a_run_says_so_and_its_orders_go_along_after_it(
    stage: Stage, messages: Messages
) -> None:
    stage.night()
    is_at_work(stage)
    wish = {"shop_id": SHOP_ID, "orders": ["ORD1"], "reason": "deleted in Asperion"}
    answer = rerun(stage.connector, wish, run="rerun/7")
    assert answer["files"] == []
    assert "another run" in answer["skipped"][0]["reason"]
    assert lets_go(stage) == "rerun+7"
    stage.queue.send(SHOP_ID, run="rerun+7", task=Task.WISH)
    messages.play()
    assert len(stage.inbox.files) == 2


def test_a_run_that_fails_lets_the_next_one_begin_as_well(stage: Stage, messages: Messages) -> None:
    meet(stage, NIGHT, messages)
    stage.api.fail(LedgerThrottled("busy"), "order", times=1)
    with pytest.raises(LedgerThrottled):
        messages.deliver(Message(SHOP_ID, run="earlier"))
    messages.play()
    assert stage.entry("order-1").state is EntryState.PLACED


def test_a_message_that_cannot_be_sent_leaves_the_wish_to_the_one_that_waits(
    stage: Stage, messages: Messages
) -> None:
    def break_queue(call: Call) -> None:
        if call.name == "order":
            stage.api.before_call = lambda _: None
            messages.deliver()
            stage.queue.error = QueueError("no answer")

    stage.api.before_call = break_queue
    messages.deliver(Message(SHOP_ID, run="earlier"))
    stage.queue.error = None
    assert [one.task for one in stage.queue.messages] == [Task.WISH]
    messages.play()
    assert len(messages.at_work()) == 2


def test_a_lease_that_is_free_once_the_wish_is_to_be_noted_is_taken(
    stage: Stage, messages: Messages
) -> None:
    is_at_work(stage)
    note = stage.shops.note_wish

    def late(*args: object, **kwargs: object) -> object:
        lets_go(stage)
        return note(*args, **kwargs)  # type: ignore[arg-type]

    stage.shops.note_wish = late  # type: ignore[method-assign, assignment]
    assert messages.deliver().lease is not None
    assert stage.entry("order-1").state is EntryState.PLACED


def test_a_lease_that_goes_from_hand_to_hand_sends_the_message_back(
    stage: Stage, messages: Messages
) -> None:
    is_at_work(stage)
    stage.shops.note_wish = lambda *_, **__: None  # type: ignore[method-assign]
    with pytest.raises(ShopBusy):
        messages.deliver()


def test_a_later_try_that_meets_a_run_comes_after_it(stage: Stage, messages: Messages) -> None:
    stage.inbox.fail(InboxNotSent("no route"), times=1)
    messages.deliver()
    (retry,) = stage.queue.messages
    stage.queue.messages.clear()
    stage.now += timedelta(seconds=retry.delay)
    is_at_work(stage, "rerun/1")
    assert messages.deliver(retry).lease is None
    assert not stage.shops.find_lease(SHOP_ID).wish
    messages.play()
    assert stage.entry("order-1").state is EntryState.PLACED
