"""The audit has one line for one change, and none for what changed nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.events import Actor, ShopStep
from chalicelib.domain.policy import Policy, Source
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.domain.signatures import Callback
from chalicelib.errors import ShopUnavailable
from chalicelib.usecases.shop import leaving
from chalicelib.usecases.shop.installing import admit_shop, complete_installation
from tests.unit.usecases.stage import SHOP_ID, Stage

Act = Callable[[Stage], Any]


def pause(stage: Stage) -> bool:
    return leaving.pause_shop(stage.workspace(), by=Actor.MERCHANT)


def resume(stage: Stage) -> bool:
    return leaving.resume_shop(stage.workspace(), by=Actor.OPERATOR)


def cancel(stage: Stage) -> None:
    leaving.cancel_shop(stage.workspace(), called_at=stage.now)


def uninstall(stage: Stage) -> None:
    stage.uninstall()


def disconnect(stage: Stage) -> None:
    leaving.disconnect_shop(stage.workspace())


def save(stage: Stage) -> None:
    policy = Policy(source=Source.INVOICES)
    complete_installation(stage.workspace(), licence="ASP-1", policy=policy)


def install(stage: Stage) -> None:
    complete_installation(stage.workspace(), licence="ASP-1", policy=Policy())


def come(stage: Stage, token: str) -> None:
    callback = Callback(
        shop_id=SHOP_ID, language="nl", timestamp=stage.now, cluster="eu1", token=token
    )
    admit_shop(stage.connector, callback)


def reinstall(stage: Stage) -> None:
    come(stage, "n" * 32)


def open_app(stage: Stage) -> None:
    come(stage, "t" * 32)


CHANGES = [
    (ShopState.ACTIVE, pause, ShopStep.PAUSE),
    (ShopState.PAUSED, resume, ShopStep.RESUME),
    (ShopState.ACTIVE, cancel, ShopStep.CANCEL),
    (ShopState.PAUSED, cancel, ShopStep.CANCEL),
    (ShopState.ACTIVE, uninstall, ShopStep.UNINSTALL),
    (ShopState.ACTIVE, disconnect, ShopStep.DISCONNECT),
    (ShopState.ACTIVE, save, ShopStep.CHANGE_SETTINGS),
    (ShopState.INSTALLING, install, ShopStep.COMPLETE),
    (ShopState.ACTIVE, reinstall, ShopStep.REINSTALL),
    (ShopState.DISCONNECTED, open_app, ShopStep.OPEN),
]
each_change = pytest.mark.parametrize(
    ("state", "act", "step"), CHANGES, ids=[f"{step} when {state}" for state, _, step in CHANGES]
)


def be(stage: Stage, state: ShopState) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=state))


def audit(stage: Stage) -> list[ShopStep]:
    return [event.step for event in stage.shops.audit(SHOP_ID)]


@each_change
def test_what_is_done_twice_is_audited_once(state: ShopState, act: Act, step: ShopStep) -> None:
    stage = Stage()
    be(stage, state)
    act(stage)
    assert audit(stage) == [step]
    act(stage)
    assert audit(stage) == [step]


@each_change
def test_of_two_at_once_the_one_that_changed_the_shop_tells_of_it(
    state: ShopState, act: Act, step: ShopStep
) -> None:
    stage = Stage()
    be(stage, state)
    update = stage.shops.update

    def come_second(shop_id: int, change: Callable[[Shop], Shop]) -> Shop:
        stage.shops.update = update  # type: ignore[method-assign]
        act(stage)
        return update(shop_id, change)

    stage.shops.update = come_second  # type: ignore[method-assign]
    act(stage)
    assert audit(stage) == [step]


@pytest.mark.parametrize(
    ("state", "act"),
    [
        (ShopState.UNINSTALLED, pause),
        (ShopState.DISCONNECTED, pause),
        (ShopState.ACTIVE, resume),
        (ShopState.UNINSTALLED, cancel),
        (ShopState.CANCELLED, cancel),
        (ShopState.UNINSTALLED, uninstall),
        (ShopState.PAUSED, disconnect),
        (ShopState.ACTIVE, install),
        (ShopState.ACTIVE, open_app),
    ],
)
def test_a_step_that_the_state_does_not_allow_is_not_audited(state: ShopState, act: Act) -> None:
    stage = Stage()
    be(stage, state)
    assert not act(stage)
    assert audit(stage) == []


def test_pausing_and_resuming_say_whether_they_did_anything() -> None:
    stage = Stage()
    assert [pause(stage), pause(stage), resume(stage), resume(stage)] == [True, False, True, False]


def test_what_was_stored_is_audited_even_when_the_shop_does_not_answer_then() -> None:
    stage = Stage()
    stage.api.fail(ShopUnavailable("SEOshop gave no usable answer."), times=1)
    with pytest.raises(ShopUnavailable):
        save(stage)
    save(stage)
    assert audit(stage) == [ShopStep.CHANGE_SETTINGS]
