"""An invoice of which nobody knows whether it is in Asperion is asked for, never sent on hope."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import FileState
from chalicelib.domain.shops import TroubleCause
from chalicelib.usecases.operating.first_invoices import FirstInvoice
from chalicelib.usecases.operating.repair import send_order_again
from tests.fakes.asperion_faults import Fault
from tests.fakes.memory_asperion import MemoryAsperionApi
from tests.unit.usecases.api_stage import ApiStage, covered, placed_once
from tests.unit.usecases.arrivals import decide


@pytest.fixture
def stage() -> ApiStage:
    return ApiStage()


@pytest.mark.parametrize("fault", [Fault.LOST_BEFORE, Fault.LOST_AFTER])
def test_a_lost_answer_puts_exactly_one_order_in_doubt(stage: ApiStage, fault: Fault) -> None:
    stage.sell(1, 2, 3)
    stage.asperion.fail(fault, "add_invoice", after=1, times=1)
    run = stage.export_later()
    assert stage.states(1, 2, 3) == ["placed", "claimed", "waiting"]
    assert stage.deliveries() == [("placed", 1), ("unknown", 1)]
    assert run.resume_at is not None

    stage.export_later(minutes=6)
    assert placed_once(stage, 1, 2, 3)
    assert covered(stage.files()) == Decimal("72.60")


def test_a_lost_answer_proves_nothing_before_the_proof_delay(stage: ApiStage) -> None:
    stage.sell(1)
    stage.asperion.fail(Fault.LATE, "add_invoice", times=1)
    stage.export_later()
    stage.export_later(minutes=4)
    assert stage.deliveries() == [("unknown", 1)]
    stage.export_later(minutes=2)
    assert placed_once(stage, 1)


def test_an_invoice_that_shows_another_amount_is_for_a_person(
    stage: ApiStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.sell(1, 2)
    add = MemoryAsperionApi.add_invoice

    def add_otherwise(api: MemoryAsperionApi, *args: Any, **kwargs: Any) -> Any:
        shown = add(api, *args, **kwargs)
        assert shown is not None
        return stage.asperion.books.change_amount(shown.id)

    with monkeypatch.context() as patch:
        patch.setattr(MemoryAsperionApi, "add_invoice", add_otherwise)
        stage.export_later()
    assert stage.states(1, 2) == ["claimed", "waiting"]
    (doubtful,) = stage.files()
    assert (doubtful.state, doubtful.acknowledged_at is None) == (FileState.UNKNOWN, False)
    stage.export_later(minutes=6)
    assert stage.states(1, 2) == ["claimed", "placed"]
    decide(stage, doubtful.name, "confirm")
    assert stage.order(1).asperion_id == stage.shown()[0].id


def test_an_invoice_that_is_there_twice_is_for_a_person(stage: ApiStage) -> None:
    stage.sell(1)
    stage.asperion.fail(Fault.TWICE_LOST, "add_invoice", times=1)
    stage.export_later()
    stage.export_later(minutes=6)
    (doubtful,) = stage.files()
    assert (doubtful.state, stage.states(1)) == (FileState.UNKNOWN, ["claimed"])
    stage.asperion.books.delete(stage.shown()[0].id)
    stage.export_later(minutes=6)
    assert placed_once(stage, 1), "one is left"


@pytest.mark.parametrize("name", ["list_invoices"])
@pytest.mark.parametrize("fault", [Fault.HALF_LIST, Fault.UNAVAILABLE, Fault.NOT_SENT])
def test_a_list_that_cannot_be_had_proves_nothing(stage: ApiStage, name: str, fault: Fault) -> None:
    stage.sell(1)
    stage.asperion.fail(Fault.LOST_AFTER, "add_invoice", times=1)
    stage.export_later()
    stage.asperion.fail(fault, name)
    run = stage.export_later(minutes=6)
    assert stage.deliveries() == [("unknown", 1)]
    assert run.trouble is TroubleCause.INBOX_UNKNOWN
    stage.asperion.recover()
    stage.export_later(minutes=20)
    assert placed_once(stage, 1)


def test_what_somebody_changed_meanwhile_is_found_all_the_same(stage: ApiStage) -> None:
    stage.sell(1)
    stage.asperion.fail(Fault.LOST_AFTER, "add_invoice", times=1)
    stage.export_later()
    (shown,) = stage.shown()
    stage.asperion.books.edit(shown.id, day=shown.day + timedelta(days=1))
    stage.export_later(minutes=6)
    assert stage.deliveries() == [("unknown", 1)], "for a person, and never sent again"
    assert len(stage.shown()) == 1


def test_what_somebody_gave_to_another_debtor_meanwhile_is_found_all_the_same(
    stage: ApiStage,
) -> None:
    stage.sell(1)
    stage.asperion.fail(Fault.LOST_AFTER, "add_invoice", times=1)
    stage.export_later()
    (stored,) = stage.asperion.books.invoices.values()
    other = stage.asperion.books.know_debtor("ander@voorbeeld.example")
    stored.shown = replace(stored.shown, debtor_id=other)
    stage.export_later(minutes=6)
    assert stage.deliveries() == [("unknown", 1)], "for a person, and never sent again"
    assert len(stage.shown()) == 1


@pytest.mark.parametrize("is_again", [False, True])
def test_what_was_given_up_wrongly_is_found_before_it_is_sent_again(
    stage: ApiStage, is_again: bool
) -> None:
    stage.sell(1)
    if is_again:
        stage.export_later()
        send_order_again(
            stage.workspace(),
            stage.order(1).number,
            reason="kwijt",
            by=Actor.MERCHANT,
            confirmed=[*FirstInvoice],
        )
    stage.asperion.fail(Fault.LOST_AFTER, "add_invoice", times=1)
    stage.export_later(minutes=1)
    stage.now += timedelta(minutes=10)
    [doubtful] = [file for file in stage.files() if file.state is FileState.UNKNOWN]
    assert decide(stage, doubtful.name, "again") is FileState.VOID

    stage.export_later()
    stage.export_later(minutes=6)
    assert stage.states(1) == ["placed"]
    assert len(stage.shown()) == 1 + is_again
    assert stage.order(1).asperion_id == stage.shown()[-1].id


def test_what_a_person_saw_to_be_wrong_is_sent_again_all_the_same(stage: ApiStage) -> None:
    stage.sell(1)
    stage.asperion.fail(Fault.LOST_AFTER, "add_invoice", times=1)
    stage.export_later()
    (wrong,) = stage.shown()
    stage.asperion.books.edit(wrong.id, day=wrong.day + timedelta(days=1))
    stage.export_later(minutes=6)
    (doubtful,) = stage.files()
    stage.now += timedelta(minutes=10)
    decide(stage, doubtful.name, "again")
    stage.export_later()
    assert stage.states(1) == ["placed"]
    assert len(stage.shown()) == 2, "the wrong one is for that person"
