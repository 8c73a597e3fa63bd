"""A merchant who comes again does not wait for the night."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.ledger import EntryState
from chalicelib.domain.shops import ShopState, TroubleCause
from chalicelib.domain.signatures import Callback
from chalicelib.errors import (
    QueueError,
    ShopForbidden,
    ShopLanguageUnknown,
    ShopUnauthorised,
)
from chalicelib.usecases.shop import leaving
from chalicelib.usecases.shop.installing import admit_shop
from tests.fakes.documents_of_shop import order
from tests.fakes.seoshop import Call
from tests.unit.usecases.messages import Messages
from tests.unit.usecases.stage import SHOP_ID, Stage


@pytest.fixture
def stage() -> Stage:
    stage = Stage()
    stage.have_others()
    stage.receive(order(id=1, number="ORD1"))
    return stage


@pytest.fixture
def messages(stage: Stage) -> Messages:
    return Messages(stage)


def state(stage: Stage, key: str = "order-1") -> EntryState:
    return stage.entry(key).state


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
    stage.api.fail(ShopUnauthorised("401", status=401))
    assert messages.deliver().trouble is TroubleCause.SHOP_UNAUTHORISED
    assert stage.connector.find_shop(SHOP_ID).state is ShopState.DISCONNECTED


def test_coming_back_to_a_disconnected_shop_starts_its_export(
    stage: Stage, messages: Messages
) -> None:
    stage.api.fail(ShopUnauthorised("401", status=401))
    messages.deliver()
    stage.api.recover()
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
    stage.api.fail(ShopUnauthorised("401", status=401))
    messages.deliver()
    stage.api.recover()
    stage.queue.error = QueueError("no answer")
    come_again(stage)
    assert stage.connector.find_shop(SHOP_ID).state is ShopState.ACTIVE


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
