"""Whom an invoice in Asperion is for: the debtor with the customer's e-mail address."""

from __future__ import annotations

import pytest

from chalicelib.domain.causes import PlaceCause
from tests.fakes.asperion_faults import Fault
from tests.unit.usecases.api_stage import ApiStage, placed_once


@pytest.fixture
def stage() -> ApiStage:
    return ApiStage()


def test_an_address_is_asked_for_once_in_a_run(stage: ApiStage) -> None:
    stage.sell(1, 2, 3, email="Markt@Voorbeeld.example")
    stage.export_later()
    names = [call.name for call in stage.asperion.calls]
    assert (names.count("find_debtors"), names.count("add_debtor")) == (1, 1)
    assert len({each.debtor_id for each in stage.shown()}) == 1


def test_a_known_debtor_is_taken_whatever_its_capitals(stage: ApiStage) -> None:
    known = stage.asperion.books.know_debtor("KLANT1@voorbeeld.example")
    stage.sell(1)
    stage.export_later()
    assert [each.debtor_id for each in stage.shown()] == [known]


def test_of_several_the_oldest_that_is_not_blocked_is_taken_and_that_is_said(
    stage: ApiStage,
) -> None:
    know = stage.asperion.books.know_debtor
    know("klant1@voorbeeld.example", is_blocked=True)
    second, _ = know("klant1@voorbeeld.example"), know("klant1@voorbeeld.example")
    stage.sell(1)
    run = stage.export_later()
    assert [each.debtor_id for each in stage.shown()] == [second]
    assert run.shared_debtors == {second}
    assert stage.order(1).history[-1].cause is PlaceCause.SEVERAL_DEBTORS


def test_an_order_whose_debtors_are_all_blocked_is_held(stage: ApiStage) -> None:
    stage.asperion.books.know_debtor("klant1@voorbeeld.example", is_blocked=True)
    stage.sell(1, 2)
    stage.export_later()
    assert stage.states(1, 2) == ["held", "placed"]
    assert (stage.order(1).hold, stage.order(1).hold_detail) == ("asperion_refused", "debtor")


def test_a_debtor_whose_answer_was_lost_is_not_made_twice(stage: ApiStage) -> None:
    stage.sell(1)
    stage.asperion.fail(Fault.LOST_AFTER, "add_debtor", times=1)
    stage.export_later()
    assert stage.states(1) == ["waiting"]
    stage.export_later(minutes=20)
    assert placed_once(stage, 1)
    assert len(stage.asperion.books.debtors) == 1
