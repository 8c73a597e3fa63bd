"""A function that delivers by API is killed: nothing is lost, and nothing is there twice."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.fakes.memory_asperion import MemoryAsperionApi
from tests.unit.usecases.api_stage import ApiStage, covered, placed_once
from tests.unit.usecases.crashes import Killed, killed_after

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
