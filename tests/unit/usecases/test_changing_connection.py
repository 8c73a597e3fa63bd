"""The merchant chooses an administration, confirms, turns on and off, and ends the connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.connection_changes import ConnectionStep
from chalicelib.domain.events import ShopStep
from chalicelib.domain.shops import ShopState
from chalicelib.domain.ways import Way
from chalicelib.errors import AsperionUnavailable, ShopBusy
from chalicelib.usecases.operating.changing_connection import (
    choose_administration,
    confirm_choices,
    disconnect,
    turn_off,
    turn_on,
)
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle
from tests.fakes.asperion_faults import Fault
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_asperion import DE_WILG, TESTING
from tests.unit.usecases.asperion_visits import (
    ME,
    ConnectingStage,
    audit,
    changes,
    choose,
    confirm,
    connect,
    obstacle,
    turn,
    way,
)
from tests.unit.usecases.stage import SHOP_ID

DAY = timedelta(days=1)


@pytest.fixture
def stage() -> ConnectingStage:
    return ConnectingStage()


def test_the_path_leads_straight_into_the_administration(stage: ConnectingStage) -> None:
    connect(stage)
    assert way(stage) is Way.API
    assert audit(stage) == [
        (ShopStep.CONNECT, DE_WILG.name),
        (ShopStep.CONFIRM_API_CHOICES, ""),
        (ShopStep.TURN_ON_API, DE_WILG.name),
    ]
    assert changes(stage) == [ConnectionStep.CONNECT, ConnectionStep.TURN_ON]


def test_each_step_taken_twice_is_taken_once(stage: ConnectingStage) -> None:
    connect(stage)
    stale = "of-the-page-before"
    workspace = stage.workspace
    choose_administration(workspace(), DE_WILG.id, by=ME, seen=stale)
    assert not turn_on(workspace(), by=ME, seen=stale)
    assert not confirm_choices(workspace(), CHOICES, by=ME, seen=stale)
    assert len(audit(stage)) == 3


def test_an_administration_that_the_account_does_not_open_is_not_chosen(
    stage: ConnectingStage,
) -> None:
    stage.sign_in()
    assert obstacle(lambda: choose(stage, 4711)) is ConnectObstacle.UNKNOWN_ADMINISTRATION
    assert stage.connection is None


def test_without_a_confirmed_proposal_nothing_is_turned_on(stage: ConnectingStage) -> None:
    stage.sign_in()
    choose(stage)
    assert obstacle(lambda: turn(stage)) is ConnectObstacle.NO_CHOICES
    assert way(stage) is Way.FILE


def test_a_form_for_another_state_of_the_connection_changes_nothing(
    stage: ConnectingStage,
) -> None:
    """Two tabs: in the other one another administration was chosen meanwhile."""
    stage.sign_in()
    seen = choose(stage).version
    stage.now += timedelta(minutes=1)
    choose(stage, TESTING.id)
    workspace = stage.workspace
    for call in (
        lambda: confirm_choices(workspace(), CHOICES, by=ME, seen=seen),
        lambda: turn_on(workspace(), by=ME, seen=seen),
        lambda: choose_administration(workspace(), DE_WILG.id, by=ME, seen=seen),
    ):
        assert obstacle(call) is ConnectObstacle.STALE
    assert stage.connection is not None
    assert stage.connection.administration == TESTING


def test_another_administration_is_confirmed_anew(stage: ConnectingStage) -> None:
    """What was confirmed are codes of the former one; until then invoices go by file."""
    connect(stage)
    stage.now += timedelta(minutes=1)
    choose(stage, TESTING.id)
    assert stage.connection is not None
    assert (stage.connection.choices, way(stage)) == (None, Way.FILE)
    assert audit(stage)[-1] == (
        ShopStep.CHANGE_ADMINISTRATION,
        f"{DE_WILG.name} → {TESTING.name}",
    )


def test_back_to_files_takes_a_licence_code(stage: ConnectingStage) -> None:
    connect(stage)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    assert obstacle(lambda: turn_off(stage.workspace(), by=ME)) is ConnectObstacle.NO_LICENCE
    assert way(stage) is Way.API


def test_back_to_files_keeps_what_was_confirmed(stage: ConnectingStage) -> None:
    connect(stage)
    assert turn_off(stage.workspace(), by=ME)
    assert not turn_off(stage.workspace(), by=ME)
    assert (way(stage), audit(stage)[-1][0]) == (Way.FILE, ShopStep.TURN_OFF_API)
    stage.now += timedelta(minutes=1)
    assert turn(stage)
    assert way(stage) is Way.API


@pytest.mark.parametrize("call", [turn, choose, confirm])
def test_when_asperion_does_not_answer_nothing_changes(
    stage: ConnectingStage, call: Callable[[ConnectingStage], object]
) -> None:
    stage.sign_in()
    choose(stage)
    confirm(stage)
    before = stage.connection
    stage.asperion.fail(Fault.UNAVAILABLE)
    with pytest.raises(AsperionUnavailable):
        call(stage)
    assert stage.connection == before


def test_nothing_changes_while_a_run_is_at_work(stage: ConnectingStage) -> None:
    connect(stage)
    before, workspace = stage.connection, stage.workspace
    stage.shops.lease(SHOP_ID, "a-run", now=stage.now, until=stage.now + timedelta(minutes=1))
    other = replace(CHOICES, debtor_kind="ANDERS")
    for call in (
        lambda: turn_off(workspace(), by=ME),
        lambda: disconnect(workspace(), by=ME),
        lambda: choose(stage, TESTING.id),
        lambda: confirm(stage, other),
    ):
        with pytest.raises(ShopBusy):
            call()
    assert stage.connection == before
    stage.now += timedelta(minutes=1)
    assert disconnect(workspace(), by=ME)


def test_a_shop_that_is_not_installed_has_no_connection(stage: ConnectingStage) -> None:
    connect(stage)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.INSTALLING))
    assert obstacle(lambda: turn(stage)) is ConnectObstacle.NOT_INSTALLED
