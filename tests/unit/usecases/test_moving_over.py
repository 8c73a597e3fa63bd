"""From files to the API and back, in the middle of a day with a delivery of which nobody knows
whether it arrived: nothing is lost, and nothing is there twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import EntryState
from chalicelib.errors import InboxUnknown, SealBroken
from chalicelib.usecases.operating.changing_connection import (
    choose_administration,
    confirm_choices,
    disconnect,
    turn_off,
    turn_on,
)
from tests.fakes.asperion_faults import Fault
from tests.fakes.asperion_lists import CHOICES
from tests.fakes.documents_of_shop import order
from tests.fakes.memory_asperion import DE_WILG, TESTING, MemoryAsperionApi
from tests.unit.usecases.asperion_visits import ConnectingStage
from tests.unit.usecases.stage import SHOP_ID

ME = Actor.MERCHANT


@pytest.fixture
def stage() -> ConnectingStage:
    stage = ConnectingStage()
    stage.receive(order())
    return stage


def connect(stage: ConnectingStage, *, is_on: bool) -> None:
    stage.asperion.connect(stage.shops, is_on=is_on)


def turn(stage: ConnectingStage) -> None:
    assert stage.connection is not None
    assert turn_on(stage.workspace(), by=ME, seen=stage.connection.version)


def deliver(stage: ConnectingStage) -> None:
    """The nights until everything is decided."""
    for _ in range(3):
        stage.night()
    [entry] = stage.entries.items[SHOP_ID].values()
    assert entry.state is EntryState.PLACED


def count_places(stage: ConnectingStage) -> tuple[int, int]:
    """How often the order lies in the inbox, and in the administrations."""
    in_files = sum(len(stage.read(name)) for name in stage.inbox.files)
    administrations = stage.asperion.administrations.values()
    return in_files, sum(len(each.invoices) for each in administrations)


@pytest.mark.parametrize("is_stored", [True, False])
def test_a_file_that_is_unknown_is_asked_for_in_the_inbox_after_turning_on(
    stage: ConnectingStage, is_stored: bool
) -> None:
    connect(stage, is_on=False)
    stage.inbox.fail(InboxUnknown("no answer"), times=1, though_stored=is_stored)
    stage.night()
    turn(stage)
    deliver(stage)
    assert count_places(stage) == ((1, 0) if is_stored else (0, 1))


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE])
@pytest.mark.parametrize("ends", [turn_off, disconnect])
def test_a_delivery_that_is_unknown_is_asked_for_in_asperion_after_going_back_to_files(
    stage: ConnectingStage, fault: Fault, ends: Callable[..., bool]
) -> None:
    connect(stage, is_on=True)
    stage.asperion.fail(fault, "add_invoice", times=1)
    stage.night()
    assert ends(stage.workspace(), by=ME)
    assert stage.tokens is not None, "Asperion has to be asked"
    deliver(stage)
    assert count_places(stage) == ((0, 1) if fault is Fault.LOST_AFTER else (1, 0))
    assert (stage.tokens is None) is (ends is disconnect)


def test_an_access_that_cannot_be_unsealed_any_more_does_not_keep_the_files_back(
    stage: ConnectingStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(stage, is_on=True)
    stage.asperion.fail(Fault.LOST_AFTER, "add_invoice", times=1)
    stage.night()
    assert turn_off(stage.workspace(), by=ME)

    def break_seal(*_: object, **__: object) -> None:
        raise SealBroken("it was sealed with a key that is gone")

    monkeypatch.setattr(MemoryAsperionApi, "list_invoices", break_seal)
    stage.receive(order(id=301204999, number="ORD00999"))
    stage.night()
    assert stage.entry("order-301204999").state is EntryState.PLACED
    assert stage.entry("order-301204417").state is EntryState.CLAIMED, "for a person"


@pytest.mark.parametrize("fault", [Fault.LOST_AFTER, Fault.LOST_BEFORE])
def test_a_delivery_that_is_unknown_is_asked_for_in_the_former_administration(
    stage: ConnectingStage, fault: Fault
) -> None:
    connect(stage, is_on=True)
    stage.asperion.fail(fault, "add_invoice", times=1)
    stage.night()
    assert stage.connection is not None
    choose_administration(stage.workspace(), TESTING.id, by=ME, seen=stage.connection.version)
    ended = {code.id for code in stage.asperion.books.lists.vat_codes if code.valid_until}
    codes = tuple(one for one in CHOICES.vat_codes if one.code not in ended)
    assert stage.connection is not None
    confirm_choices(
        stage.workspace(),
        replace(CHOICES, vat_codes=codes),
        by=ME,
        seen=stage.connection.version,
    )
    turn(stage)
    deliver(stage)
    administrations = stage.asperion.administrations
    there = DE_WILG if fault is Fault.LOST_AFTER else TESTING
    assert count_places(stage) == (0, 1)
    assert len(administrations[there.id].invoices) == 1


def test_there_and_back_in_one_day_delivers_once(stage: ConnectingStage) -> None:
    connect(stage, is_on=True)
    stage.asperion.fail(Fault.LOST_AFTER, "add_invoice", times=1)
    stage.night()
    for _ in range(2):
        stage.now += timedelta(minutes=1)
        turn_off(stage.workspace(), by=ME)
        stage.now += timedelta(minutes=1)
        turn(stage)
    turn_off(stage.workspace(), by=ME)
    deliver(stage)
    assert count_places(stage) == (0, 1)
