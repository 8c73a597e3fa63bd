"""The merchant ends the connection with Asperion: what is kept of it, and until when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.connection_changes import ConnectionStep
from chalicelib.domain.events import ShopStep
from chalicelib.domain.shops import TroubleCause
from chalicelib.domain.ways import Way
from chalicelib.usecases.filing.left_connection import CHOOSES_WITHIN, forget_left_connection
from chalicelib.usecases.operating.changing_connection import disconnect, turn_off
from chalicelib.usecases.shop.connect_obstacles import ConnectObstacle
from chalicelib.usecases.shop.trouble import note_trouble, read_trouble
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.memory_asperion import DE_WILG, TESTING
from tests.unit.usecases.asperion_visits import (
    ME,
    ConnectingStage,
    audit,
    changes,
    choose,
    connect,
    finish,
    leave_undecided,
    obstacle,
    turn,
    way,
)
from tests.unit.usecases.stage import SHOP_ID

DAY = timedelta(days=1)


@pytest.fixture
def stage() -> ConnectingStage:
    return ConnectingStage()


def test_ending_it_forgets_at_once_what_opened_the_account(stage: ConnectingStage) -> None:
    connect(stage)
    assert disconnect(stage.workspace(), by=ME)
    assert (stage.connection, stage.tokens, way(stage)) == (None, None, Way.FILE)
    assert audit(stage)[-1] == (ShopStep.DISCONNECT_ASPERION, DE_WILG.name)
    assert not disconnect(stage.workspace(), by=ME)


@pytest.mark.parametrize("end", [turn_off, disconnect])
def test_ending_it_ends_what_kept_orders_out_of_the_administration(
    stage: ConnectingStage, end: Callable[..., bool]
) -> None:
    """They need not wait for the merchant to connect again: they go by file."""
    connect(stage)
    note_trouble(stage.workspace(), TroubleCause.CONNECT_AGAIN)
    stage.queue.sent.clear()
    assert end(stage.workspace(), by=ME)
    assert read_trouble(stage.workspace()) is None
    assert len(stage.queue.sent) == 1


def test_ending_it_takes_no_licence_code(stage: ConnectingStage) -> None:
    """Whoever wants to end it can; his orders wait until there is a code."""
    connect(stage)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=None))
    assert disconnect(stage.workspace(), by=ME)


def test_while_a_delivery_is_undecided_what_opens_the_account_is_kept(
    stage: ConnectingStage,
) -> None:
    connect(stage)
    name = leave_undecided(stage)
    assert disconnect(stage.workspace(), by=ME)
    assert stage.connection is not None
    assert (stage.connection.left_at, way(stage)) == (stage.now, Way.FILE)
    assert stage.tokens is not None, "Asperion may have to be asked"
    assert obstacle(lambda: turn(stage)) is ConnectObstacle.NOT_CONNECTED
    assert obstacle(lambda: choose(stage, TESTING.id)) is ConnectObstacle.NOT_CONNECTED
    forget_left_connection(stage.workspace())
    assert stage.tokens is not None
    finish(stage, name)
    forget_left_connection(stage.workspace())
    assert stage.connection is None
    assert stage.tokens is None


def test_the_run_of_the_night_forgets_what_is_needed_no_more(stage: ConnectingStage) -> None:
    connect(stage)
    name = leave_undecided(stage)
    disconnect(stage.workspace(), by=ME)
    finish(stage, name)
    stage.night()
    assert stage.connection is None
    assert stage.tokens is None


def test_whoever_connects_again_meanwhile_has_it_back(stage: ConnectingStage) -> None:
    connect(stage)
    leave_undecided(stage)
    disconnect(stage.workspace(), by=ME)
    stage.now += timedelta(minutes=1)
    assert stage.sign_in().is_again
    assert stage.connection is not None
    assert (stage.connection.left_at, stage.connection.choices) == (None, CHOICES)
    assert changes(stage)[-1] is ConnectionStep.CONNECT
    assert way(stage) is Way.FILE, "turning on is a step of its own"


def test_another_account_waits_until_the_undecided_is_decided(stage: ConnectingStage) -> None:
    connect(stage)
    leave_undecided(stage)
    disconnect(stage.workspace(), by=ME)
    stage.asperion.administrations[TESTING.id].accounts.add("boekhouder")
    assert obstacle(lambda: stage.sign_in("boekhouder")) is ConnectObstacle.OTHER_ACCOUNT
    assert stage.tokens is not None


def test_who_signed_in_and_chose_nothing_is_forgotten_a_day_later(stage: ConnectingStage) -> None:
    stage.sign_in()
    forget_left_connection(stage.workspace())
    assert stage.tokens is not None
    stage.now += CHOOSES_WITHIN
    forget_left_connection(stage.workspace())
    assert stage.tokens is None


def test_who_signed_in_and_chose_nothing_can_end_it(stage: ConnectingStage) -> None:
    stage.sign_in()
    assert disconnect(stage.workspace(), by=ME)
    assert (stage.tokens, audit(stage)) == (None, [])
