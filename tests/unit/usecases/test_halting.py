"""The operator halts all shops, or a part of them, and lets them go on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor, AuditEvent, OrderStep, ShopStep
from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.domain.nights import TOGETHER
from chalicelib.domain.orders import Order
from chalicelib.domain.slots import SLOTS
from chalicelib.domain.statement import Verdict
from chalicelib.domain.tasks import Task
from chalicelib.ports import Receipt
from chalicelib.usecases.filing.halts import HALTED
from chalicelib.usecases.operating.halting import halt_fleet, resume_fleet
from chalicelib.usecases.shop.app_proof import ALL_SHOPS
from tests.fakes.documents_of_shop import order
from tests.fakes.seoshop import Call
from tests.unit.usecases.night_of_slices import work_slices
from tests.unit.usecases.stage import SHOP_ID, Stage

OTHER = SHOP_ID + 1


@pytest.fixture
def stage() -> Stage:
    return Stage()


def sold(number: int) -> Order:
    return order(id=number, number=f"ORD{number:06d}")


def halt(stage: Stage, part: FleetPart = FleetPart.ALL) -> dict[str, Any]:
    return halt_fleet(stage.connector, part, reason="wrong VAT in 1.7.0")


def resume(stage: Stage, part: FleetPart = FleetPart.ALL) -> dict[str, Any]:
    answer = resume_fleet(stage.connector, part, reason="mended")
    work_slices(stage.connector)
    return answer


def state(stage: Stage, number: int = 1) -> EntryState:
    return stage.entry(f"order-{number}").state


def test_a_halted_shop_is_not_exported_and_what_it_sold_waits(stage: Stage) -> None:
    stage.receive(sold(1))
    assert halt(stage)["changed"]
    run = stage.night()
    assert run.skipped == [HALTED]
    assert (run.files, run.trouble, run.resume_at) == ([], None, None)
    assert state(stage) is EntryState.WAITING
    assert stage.inbox.files == {}
    assert not stage.api.calls, "SEOshop is left alone"
    assert stage.queue.messages == [], "the message is done with"


def test_webhooks_are_taken_in_meanwhile_and_go_along_afterwards(stage: Stage) -> None:
    halt(stage)
    stage.receive(sold(1))
    assert resume(stage)["slices"] == SLOTS // TOGETHER
    assert [message.shop_id for message in stage.queue.messages] == [SHOP_ID]
    stage.night()
    assert state(stage) is EntryState.PLACED


def test_the_statement_of_a_day_that_was_halted_is_right_afterwards(stage: Stage) -> None:
    stage.receive(sold(1))
    halt(stage)
    stage.night()
    stage.now += timedelta(hours=12)
    stage.receive(sold(2))
    stage.night()
    resume(stage)
    run = stage.night()
    statements = stage.shops.statements(SHOP_ID, 9)
    assert not run.is_day_wrong
    assert all(each.verdict is not Verdict.WRONG for each in statements)
    assert sum(each.placed for each in statements) == 2


def test_a_run_at_work_stops_between_two_files(stage: Stage) -> None:
    stage.connector = replace(
        stage.connector, settings=replace(stage.connector.settings, orders_per_file=1)
    )
    for number in (1, 2):
        stage.receive(sold(number))
    place = stage.inbox.place

    def halt_after(name: str, content: bytes) -> Receipt:
        receipt = place(name, content)
        halt(stage)
        return receipt

    stage.inbox.place = halt_after  # type: ignore[method-assign]
    run = stage.night()
    assert [file.state for file in run.files] == [FileState.PLACED]
    assert run.skipped == [HALTED]
    assert run.stopped_by is ReleaseCause.HALTED
    assert (state(stage, 1), state(stage, 2)) == (EntryState.PLACED, EntryState.WAITING)
    assert not run.is_day_wrong


def test_a_halt_is_seen_before_the_first_byte(stage: Stage) -> None:
    stage.receive(sold(1))

    def halt_while_reading(call: Call) -> None:
        if call.name == "order":
            stage.api.before_call = lambda call: None
            halt(stage)

    stage.api.before_call = halt_while_reading
    run = stage.night()
    assert stage.inbox.files == {}
    assert [file.state for file in run.files] == [FileState.VOID]
    last = stage.entry("order-1").history[-1]
    assert (last.step, last.cause) == (OrderStep.RELEASE, ReleaseCause.HALTED)
    assert state(stage) is EntryState.WAITING


@pytest.mark.parametrize(("part", "is_halted"), [(FleetPart.EU1, True), (FleetPart.US1, False)])
def test_a_part_is_halted_and_the_others_go_on(
    stage: Stage, part: FleetPart, *, is_halted: bool
) -> None:
    stage.receive(sold(1))
    halt(stage, part)
    run = stage.night()
    assert (HALTED in run.skipped) == is_halted
    assert (state(stage) is EntryState.WAITING) == is_halted


def test_resuming_a_part_sends_its_shops_alone(stage: Stage) -> None:
    stage.shops.add(replace(stage.shops.records[SHOP_ID], shop_id=OTHER, cluster="us1"))
    halt(stage, FleetPart.US1)
    halt(stage, FleetPart.API)
    answer = resume(stage, FleetPart.US1)
    assert answer["halted"].keys() == {"api"}
    assert [message.shop_id for message in stage.queue.messages] == [OTHER]
    assert {message.task for message in stage.queue.messages} == {Task.EXPORT}


def test_a_part_is_not_sent_out_while_all_are_halted(stage: Stage) -> None:
    halt(stage, FleetPart.EU1)
    halt(stage)
    answer = resume(stage, FleetPart.EU1)
    assert (answer["changed"], answer["slices"]) == (True, 0)
    assert answer["halted"].keys() == {"all"}
    assert stage.queue.messages == []
    assert resume(stage)["halted"] == {}


def test_halting_and_resuming_can_be_repeated(stage: Stage) -> None:
    since = stage.now.isoformat()
    halted = {"all": {"since": since, "reason": "wrong VAT in 1.7.0"}}
    assert halt(stage) == {"changed": True, "halted": halted}
    stage.now += timedelta(minutes=1)
    assert halt(stage) == {"changed": False, "halted": halted}
    assert resume(stage)["changed"]
    again = resume(stage)
    assert (again["changed"], again["slices"]) == (False, SLOTS // TOGETHER)
    assert len(stage.queue.messages) == 2, "whoever repeats it wants the shops sent out"


def test_who_halted_what_and_why_is_kept(stage: Stage) -> None:
    at = stage.now
    halt(stage, FleetPart.EU1)
    resume(stage, FleetPart.EU1)
    assert stage.shops.audit(ALL_SHOPS) == [
        AuditEvent(at=at, step=ShopStep.HALT, by=Actor.OPERATOR, note="eu1: wrong VAT in 1.7.0"),
        AuditEvent(at=at, step=ShopStep.END_HALT, by=Actor.OPERATOR, note="eu1: mended"),
    ]
