"""A file that is in the inbox after all, days after it was given up: on the statement of the day it
arrived.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.discrepancies import DiscrepancyKind
from chalicelib.domain.ledger import FileState
from chalicelib.domain.statement import Verdict
from chalicelib.errors import ShopUnavailable
from chalicelib.usecases.operating.overview import read_overview
from tests.unit.usecases.arrivals import decide, give_up, pass_days
from tests.unit.usecases.day_runs import (
    MORNING,
    NIGHT,
    TODAY,
    check_statements,
    export,
    figures,
    key,
    statement,
)
from tests.unit.usecases.stage import Stage

D = Decimal
ARRIVAL = TODAY + timedelta(days=3)
"""The day the file arrives: since it was given up two days went by without any file."""


def take_back(stage: Stage, *numbers: int) -> str:
    """It arrives when the `numbers` among its orders, none to all, went into another file."""
    name = give_up(stage)
    if numbers:
        export(stage, only=[key(number) for number in numbers])
    stage.now = MORNING + NIGHT - timedelta(days=1)
    pass_days(stage, 2)
    expected = FileState.DOUBLE if numbers else FileState.PLACED
    assert decide(stage, name, "confirm") is expected
    return name


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_it_counts_on_the_day_it_arrived(stage: Stage) -> None:
    name = take_back(stage)
    assert not export(stage).is_day_wrong
    for _ in range(3):
        assert figures(stage, ARRIVAL) == {"opened": 2, "placed": 2}
        assert statement(stage, ARRIVAL).files == {name: 2}
        assert figures(stage) == {"due": 2, "waiting": 2}
        check_statements(stage)
        stage.now += timedelta(days=1)
        export(stage)
    cover = statement(stage, ARRIVAL).cover
    assert cover is not None
    assert (cover.excl, cover.vat) == (D("40.00"), D("8.40"))


def test_it_counts_on_that_day_when_that_days_run_was_over_already(stage: Stage) -> None:
    name = give_up(stage)
    pass_days(stage, 2)
    stage.api.fail(ShopUnavailable("502"), "order")
    export(stage)
    stage.api.recover()
    stage.now += timedelta(hours=1)
    assert decide(stage, name, "confirm") is FileState.PLACED
    stage.now += timedelta(days=1)
    assert not export(stage).is_day_wrong
    assert figures(stage, ARRIVAL) == {"opened": 2, "placed": 2}
    assert statement(stage, ARRIVAL).files == {name: 2}
    check_statements(stage)


def test_of_one_that_is_double_the_documents_count_that_went_nowhere_else(stage: Stage) -> None:
    name = take_back(stage, 1)
    assert export(stage).is_day_wrong
    assert figures(stage, ARRIVAL) == {"opened": 1, "placed": 1}
    today = statement(stage, ARRIVAL)
    assert (today.files, today.cover) == ({name: 1}, None), "what one document is of it, none knows"
    assert [(one.kind, one.names) for one in today.discrepancies] == [
        (DiscrepancyKind.DOUBLES, (name,))
    ]
    assert stage.entry(key(2)).file == name
    assert stage.entry(key(1)).file != name


@pytest.mark.parametrize(("elsewhere", "counted"), [((1,), 1), ((1, 2), 0)])
def test_the_days_are_right_once_a_person_has_dealt_with_it(
    stage: Stage, elsewhere: tuple[int, ...], counted: int
) -> None:
    name = take_back(stage, *elsewhere)
    assert export(stage).is_day_wrong
    stage.now += timedelta(hours=1)
    assert decide(stage, name, "resolved") is FileState.PLACED
    assert read_overview(stage.workspace()).doubles == ()
    stage.now += timedelta(hours=1)
    assert not export(stage).is_day_wrong
    for _ in range(2):
        arrival = statement(stage, ARRIVAL)
        assert arrival.verdict is Verdict.RIGHT
        assert arrival.files == ({name: counted} if counted else {})
        assert (arrival.cover is None) is bool(counted)
        check_statements(stage)
        stage.now += timedelta(days=1)
        export(stage)


def test_a_double_is_no_fault_of_the_days_before_it_arrived(stage: Stage) -> None:
    take_back(stage, 1)
    export(stage)
    for days in (1, 2):
        assert statement(stage, ARRIVAL - timedelta(days=days)).verdict is Verdict.RIGHT
    stage.now += timedelta(days=1)
    assert export(stage).is_day_wrong
    assert statement(stage, ARRIVAL).verdict is Verdict.WRONG
