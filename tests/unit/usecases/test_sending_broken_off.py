"""A function that delivers by API is killed: nothing is lost, and nothing is there twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.connection import AsperionTokens
from chalicelib.domain.events import OrderStep
from chalicelib.domain.ledger import Entry, FileState
from chalicelib.domain.sending_progress import SendingProgress
from chalicelib.errors import RequestError
from chalicelib.ports import StepTaken
from chalicelib.usecases.shop.erasing import forget_notes
from tests.fakes.asperion_faults import Fault
from tests.fakes.memory_asperion import MemoryAsperionApi
from tests.unit.usecases.api_stage import ApiStage, covered, placed_once
from tests.unit.usecases.arrivals import decide
from tests.unit.usecases.crashes import Killed, killed_after
from tests.unit.usecases.stage import SHOP_ID

MOST_WRITES = 60


def go_on(stage: ApiStage) -> None:
    """The runs of the next hour, one after another."""
    for _ in range(3):
        stage.export_later(minutes=20)


def ends_well(stage: ApiStage, *numbers: int) -> None:
    assert placed_once(stage, *numbers), (stage.states(*numbers), stage.descriptions())
    assert covered(stage.files()) == Decimal("24.20") * len(numbers)
    assert all(file.is_finished for file in stage.files(with_empty=True))
    delivered = sorted(key for file in stage.files() for key in file.keys)
    assert delivered == [f"order-{number}" for number in numbers]
    assert stage.progress() == {}


def test_a_run_that_is_killed_after_any_write_loses_and_doubles_nothing() -> None:
    for writes in range(1, MOST_WRITES):
        stage = ApiStage()
        stage.sell(1, 2, 3)
        with killed_after(stage, writes) as lifetime:
            stage.export_later()
        go_on(stage)
        ends_well(stage, 1, 2, 3)
        if not lifetime.is_over:
            return
    pytest.fail("the run has more writes than were tried")


def test_a_shop_that_left_after_a_killed_run_and_came_back_loses_and_doubles_nothing() -> None:
    for writes in range(1, MOST_WRITES):
        stage = ApiStage()
        stage.sell(1, 2, 3)
        with killed_after(stage, writes) as lifetime:
            stage.export_later()
        tokens = stage.shops.load(SHOP_ID, AsperionTokens)
        assert tokens is not None
        forget_notes(stage.workspace())
        stage.shops.save(SHOP_ID, tokens)  # connected again
        go_on(stage)
        ends_well(stage, 1, 2, 3)
        if not lifetime.is_over:
            return
    pytest.fail("the run has more writes than were tried")


@pytest.mark.parametrize("is_stored", [True, False])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_run_that_is_killed_while_it_sends(
    monkeypatch: pytest.MonkeyPatch, at: int, is_stored: bool
) -> None:
    stage = ApiStage()
    stage.sell(1, 2, 3)
    calls = iter(range(1, 99))
    add = MemoryAsperionApi.add_invoice

    def add_or_die(api: MemoryAsperionApi, *args: Any, **kwargs: Any) -> Any:
        if next(calls) != at:
            return add(api, *args, **kwargs)
        if is_stored:
            add(api, *args, **kwargs)
        raise Killed

    monkeypatch.setattr(MemoryAsperionApi, "add_invoice", add_or_die)
    with pytest.raises(Killed):
        stage.export_later()
    go_on(stage)
    ends_well(stage, 1, 2, 3)


def test_a_recovery_that_is_killed_after_any_write_is_taken_up_by_the_next() -> None:
    for writes in range(1, MOST_WRITES):
        stage = ApiStage()
        stage.sell(1, 2, 3)
        die_at_second(stage)
        with killed_after(stage, writes) as lifetime:
            stage.export_later(minutes=20)
        stage.asperion.before_call = lambda call: None
        go_on(stage)
        ends_well(stage, 1, 2, 3)
        if not lifetime.is_over:
            return
    pytest.fail("the recovery has more writes than were tried")


def die_at_second(stage: ApiStage) -> None:
    """A run is killed when the second order is in Asperion, and nobody knows of it."""
    add = MemoryAsperionApi.add_invoice
    calls = iter(range(99))

    def add_or_die(api: MemoryAsperionApi, *args: Any, **kwargs: Any) -> Any:
        shown = add(api, *args, **kwargs)
        if next(calls) == 1:
            raise Killed
        return shown

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemoryAsperionApi, "add_invoice", add_or_die)
        with pytest.raises(Killed):
            stage.export_later()


def test_what_waits_is_counted_while_a_delivery_is_broken_off() -> None:
    """What of it is placed waits no more, and what it still holds is in hand."""
    stage = ApiStage()
    stage.sell(1, 2, 3)
    die_at_second(stage)
    stage.sell(4)
    assert stage.workspace().count_waiting() == 1
    assert stage.workspace().claimed_keys() == {"order-2", "order-3"}


def test_an_order_that_is_moved_late_learns_what_its_delivery_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The recovery is killed before it moves the order; the next run sees the new delivery alone,
    since its list lags behind, and finds the invoice.
    """
    stage = ApiStage()
    stage.sell(1, 2)
    die_at_second(stage)
    record, listed = stage.entries.record, stage.connector.files.list_unfinished

    def die_at_move(shop_id: int, taken: StepTaken) -> Entry | None:
        if taken.event.step is OrderStep.MOVE:
            raise Killed
        return record(shop_id, taken)

    with monkeypatch.context() as patch:
        patch.setattr(stage.entries, "record", die_at_move)
        with pytest.raises(Killed):
            stage.export_later(minutes=20)
    first = min(file.name for file in stage.files())
    with monkeypatch.context() as patch:
        patch.setattr(
            stage.connector.files,
            "list_unfinished",
            lambda shop_id: [file for file in listed(shop_id) if file.name != first],
        )
        stage.export_later(minutes=20)
    assert stage.states(2) == ["claimed"]
    made = len(stage.files(with_empty=True))
    go_on(stage)
    ends_well(stage, 1, 2)
    assert len(stage.files(with_empty=True)) == made, "none was needed to tell it"


def test_without_a_record_of_its_way_only_a_person_can_say_what_is_in_asperion() -> None:
    stage = ApiStage()
    stage.sell(1, 2)
    die_at_second(stage)
    for name in stage.progress():
        stage.shops.forget_if(SHOP_ID, SendingProgress, lambda kept: True, name)
    go_on(stage)
    assert stage.deliveries() == [("unknown", 2)]
    assert stage.states(1, 2) == ["placed", "claimed"]
    decide(stage, stage.files()[0].name, "confirm")
    assert stage.states(1, 2) == ["placed", "placed"]


def test_of_a_delivery_that_came_to_nothing_nobody_can_say_that_it_is_there() -> None:
    stage = ApiStage()
    stage.sell(1, 2)
    stage.asperion.fail(Fault.NOT_SENT, "find_debtors")
    stage.export_later()
    (void,) = stage.files(with_empty=True)
    assert void.state is FileState.VOID
    with pytest.raises(RequestError, match="cannot be said of it"):
        decide(stage, void.name, "confirm")
