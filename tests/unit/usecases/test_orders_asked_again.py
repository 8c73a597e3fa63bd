"""An order that SEOshop does not give is asked for again in the same run, and in later tries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.errors import (
    ShopNotFound,
    ShopRateLimited,
    ShopUnavailable,
)
from chalicelib.usecases.operating.overview import read_overview
from tests.fakes.documents_of_shop import order
from tests.fakes.export_queue import Message
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


def state(stage: Stage, key: str = "order-1") -> EntryState:
    return stage.entry(key).state


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
    assert messages.minutes_at_work() == [0, 15, 60, 180][: tries + 1]


def test_one_that_stays_away_is_left_out_after_a_day_as_ever(
    stage: Stage, messages: Messages
) -> None:
    del stage.api.orders[1]
    messages.deliver()
    messages.play()
    assert state(stage) is EntryState.WAITING
    assert len(messages.at_work()) == 4
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
