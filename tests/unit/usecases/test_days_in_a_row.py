"""A day's statement goes on from the day before, whenever a run was made, killed or missed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.days import local_day, start_of
from chalicelib.domain.events import Event, FileStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import EntryState, FileEntry
from chalicelib.domain.shops import ShopState
from chalicelib.domain.statement import Verdict, statement_name
from chalicelib.usecases.operating.rerun import rerun
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.day_runs import (
    MORNING,
    NIGHT,
    TODAY,
    TOMORROW,
    Deed,
    check_statements,
    export,
    figures,
    key,
    open_stage,
    placements,
    run_and_send_again,
    run_none_only,
    run_refused_by_the_inbox,
    run_unanswered_by_the_inbox,
    run_unanswered_though_stored,
    run_whole,
    run_without_budget,
    run_without_licence,
    run_without_shop,
    sell,
    statement,
)
from tests.unit.usecases.stage import SHOP_ID, Stage

pytestmark = pytest.mark.slow


@pytest.fixture
def stage() -> Stage:
    return open_stage()


def killed_evening(writes: int, *, next_day: Deed) -> bool:
    """A day's only run is killed after so many writes, and the next day has this run."""
    stage = Stage()
    stage.now = MORNING
    for number in (1, 2, 3):
        sell(stage, number)
    with killed_after(stage, writes) as lifetime:
        export(stage)
    for _ in range(2):
        stage.now += timedelta(days=1)
        next_day(stage)
        stage.api.recover()
        stage.inbox.recover()
        if stage.shops.statements(SHOP_ID, 9):
            check_statements(stage)
    stage.now += timedelta(days=1)
    assert not export(stage).is_day_wrong
    check_statements(stage)
    assert all(stage.entry(key(number)).state is EntryState.PLACED for number in (1, 2, 3))
    return lifetime.is_over


@pytest.mark.parametrize(
    "next_day",
    [
        run_whole,
        run_none_only,
        run_without_shop,
        run_without_budget,
        run_without_licence,
        run_refused_by_the_inbox,
        run_unanswered_by_the_inbox,
        run_unanswered_though_stored,
    ],
)
def test_a_day_whose_only_run_is_killed_is_stated_by_later_days(next_day: Deed) -> None:
    lived = next(writes for writes in count(1) if not killed_evening(writes, next_day=next_day))
    assert lived > 10


def test_a_file_whose_outcome_is_learned_on_a_later_day_counts_on_that_day(stage: Stage) -> None:
    stage.inbox.mute = True
    sell(stage, 4)
    run_unanswered_though_stored(stage)
    assert figures(stage) == {"due": 4, "placed": 3, "waiting": 1}
    (unknown,) = statement(stage).unfinished

    stage.now = MORNING + NIGHT
    export(stage)
    assert figures(stage) == {"due": 4, "placed": 3, "waiting": 1}
    assert figures(stage, TOMORROW) == {"opened": 1, "waiting": 1}
    check_statements(stage)

    stage.inbox.mute = False
    stage.now += timedelta(hours=1)
    export(stage)
    assert figures(stage, TOMORROW) == {"opened": 1, "placed": 1}
    assert statement(stage, TOMORROW).files == {unknown: 1}
    for days in (1, 2):
        stage.now += timedelta(days=1)
        export(stage)
        check_statements(stage)
        assert figures(stage, TOMORROW) == {"opened": 1, "placed": 1}, f"{days} days later"
        assert statement(stage, TOMORROW).unfinished == ()


@pytest.mark.parametrize("verdict", ["confirm", "again"])
def test_a_file_that_a_person_decides_on_counts_on_the_day_of_the_decision(
    stage: Stage, verdict: str
) -> None:
    stage.inbox.mute = True
    sell(stage, 4)
    run_unanswered_by_the_inbox(stage)
    (unknown,) = statement(stage).unfinished
    stage.now = MORNING + NIGHT
    wish = {"shop_id": SHOP_ID, "file": unknown, "settle": verdict}
    rerun(stage.connector, wish, run="operator")
    export(stage)
    for _ in range(3):
        check_statements(stage)
        assert figures(stage, TOMORROW) == {"opened": 1, "placed": 1}
        assert (unknown in statement(stage, TOMORROW).files) is (verdict == "confirm")
        stage.now += timedelta(days=1)
        export(stage)


@pytest.mark.parametrize("step", [FileStep.FIX, FileStep.DELIVER, FileStep.FINISH])
def test_midnight_between_a_file_and_its_documents(step: FileStep) -> None:
    stage = Stage()
    stage.now = datetime(2026, 3, 16, 22, 59, 50, tzinfo=UTC)  # ten seconds before midnight
    for number in (1, 2, 3):
        sell(stage, number)
    files: Any = stage.connector.files
    record = files.record

    def slow(file: FileEntry, event: Event, content: FileContent | None = None) -> Any:
        recorded = record(file, event, content)
        if event.step is step:
            stage.now += timedelta(seconds=20)
        return recorded

    files.record = slow
    assert not export(stage).is_day_wrong
    files.record = record
    for _ in range(3):
        check_statements(stage)
        stage.now += timedelta(days=1)
        assert not export(stage).is_day_wrong
    placed_on = TOMORROW if step is FileStep.FIX else TODAY
    assert placements(stage, placed_on) == 3
    assert statement(stage, placed_on).placed == 3
    assert figures(stage)["due"] == 3


def test_midnight_while_the_statement_is_drawn(stage: Stage) -> None:
    sell(stage, 4)
    stage.now = datetime(2026, 3, 16, 22, 59, 59, tzinfo=UTC)
    list_held = stage.entries.list_held

    def slow(*args: Any, **kwargs: Any) -> Any:
        stage.now += timedelta(seconds=2)
        return list_held(*args, **kwargs)

    stage.entries.list_held = slow  # type: ignore[method-assign]
    assert not export(stage).is_day_wrong
    stage.entries.list_held = list_held  # type: ignore[method-assign]
    stage.now += timedelta(hours=2)
    export(stage)
    check_statements(stage)
    assert figures(stage) == {"due": 4, "placed": 4}


def test_two_days_without_any_run_are_made_up_for(stage: Stage) -> None:
    sell(stage, 4)
    stage.now += timedelta(days=1)
    sell(stage, 5)
    stage.now += timedelta(days=2)
    sell(stage, 6)
    export(stage)
    days = [TODAY + timedelta(days=n) for n in range(4)]
    assert [one.day for one in reversed(stage.shops.statements(SHOP_ID, 9))] == days
    assert [figures(stage, day) for day in days] == [
        {"due": 4, "placed": 3, "waiting": 1},
        {"opened": 1, "due": 1, "waiting": 2},
        {"opened": 2, "waiting": 2},
        {"opened": 2, "due": 1, "placed": 3},
    ]
    check_statements(stage)


def test_whoever_was_away_for_long_begins_anew(stage: Stage) -> None:
    sell(stage, 4)
    stage.now += timedelta(days=20)
    for number in (5, 6):
        assert not export(stage).is_day_wrong
        stage.now += timedelta(days=1)
        sell(stage, number)
    kept = [one for one in stage.shops.statements(SHOP_ID, 99) if one.day > TOMORROW]
    assert all(one.verdict is not Verdict.WRONG for one in kept)
    assert sum(one.placed for one in kept) == 2


def test_a_paused_shop_makes_up_for_its_pause(stage: Stage) -> None:
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.PAUSED))
    sell(stage, 4)
    stage.now += timedelta(days=2)
    export(stage)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, state=ShopState.ACTIVE))
    export(stage)
    check_statements(stage)
    assert figures(stage) == {"due": 4, "placed": 3, "waiting": 1}


@pytest.mark.parametrize("finder", ["run", "operator"])
def test_a_file_from_before_rows_named_files_is_found_all_the_same(
    stage: Stage, finder: str
) -> None:
    """Version 1.0.0 kept a day's figures alone."""
    stage.inbox.mute = True
    sell(stage, 4)
    run_unanswered_though_stored(stage)
    (unknown,) = statement(stage).unfinished
    for _ in range(2):
        stage.now += timedelta(days=1)
        export(stage)
    for one in stage.shops.statements(SHOP_ID, 9):
        former = replace(one, files={}, unfinished=(), at=start_of(one.day) + timedelta(hours=3))
        stage.shops.kept[SHOP_ID][statement_name(one.day)] = former
    stage.now += timedelta(days=1)
    if finder == "operator":
        run_without_budget(stage)  # before it can ask the inbox
        stage.api.recover()
        stage.now += timedelta(days=1)
        wish = {"shop_id": SHOP_ID, "file": unknown, "settle": "confirm"}
        rerun(stage.connector, wish, run="operator")
    found_on = local_day(stage.now)
    stage.inbox.mute = False
    for _ in range(3):
        assert not export(stage).is_day_wrong
        assert figures(stage, found_on) == {"opened": 1, "placed": 1}
        assert statement(stage, found_on).files == {unknown: 1}
        stage.now += timedelta(days=1)


def test_sent_again_on_another_day_it_is_that_days(stage: Stage) -> None:
    stage.now = MORNING + NIGHT
    run_and_send_again(stage)
    assert figures(stage) == {"due": 3, "placed": 3}
    assert figures(stage, TOMORROW) == {"corrections": 1, "placed": 1}
    stage.now += timedelta(days=1)
    export(stage)
    check_statements(stage)
