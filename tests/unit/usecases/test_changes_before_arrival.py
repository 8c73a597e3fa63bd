"""The documents of a file that is in the inbox after all are compared with the shop again: what
changed while they seemed to be in no file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.causes import LateChange
from chalicelib.domain.ledger import EntryState, FileState
from chalicelib.domain.orders import OrderStatus
from tests.fakes.seoshop import Call
from tests.unit.usecases.arrivals import decide, give_up, pass_days
from tests.unit.usecases.crashes import killed_after
from tests.unit.usecases.day_runs import export, key, sell
from tests.unit.usecases.stage import Stage

D = Decimal


@pytest.fixture
def stage() -> Stage:
    return Stage()


def edits(stage: Stage) -> None:
    order = stage.api.orders[2]
    stage.api.put(replace(order, price_incl=D("99.00"), updated_at=stage.now))


def cancels(stage: Stage) -> None:
    order = stage.api.orders[2]
    stage.api.put(replace(order, status=OrderStatus.CANCELLED, updated_at=stage.now))


@pytest.mark.parametrize("elsewhere", [(), (1,)], ids=["placed", "double"])
@pytest.mark.parametrize(("deed", "change"), [(edits, "edited"), (cancels, "cancelled")])
def test_what_changed_while_it_seemed_given_up_is_seen_the_night_after(
    stage: Stage, elsewhere: tuple[int, ...], deed: Callable[[Stage], None], change: str
) -> None:
    name = give_up(stage)
    if elsewhere:
        export(stage, only=[key(number) for number in elsewhere])
    stage.now += timedelta(hours=2)
    deed(stage)
    pass_days(stage, 3)
    decide(stage, name, "confirm")
    assert (stage.entry(key(2)).file, stage.entry(key(2)).change) == (name, None)
    export(stage)
    assert (stage.entry(key(2)).state, stage.entry(key(2)).change) == (EntryState.PLACED, change)


def moves(stage: Stage) -> None:
    stage.api.put(replace(stage.api.orders[2], email="ander@example.nl"))


@pytest.mark.parametrize("elsewhere", [(), (1,)], ids=["placed", "double"])
@pytest.mark.parametrize("watched", [0, 1, 2], ids=["never watched", "watched", "watched twice"])
def test_other_details_from_while_it_seemed_given_up_are_read_the_night_after(
    stage: Stage, elsewhere: tuple[int, ...], watched: int
) -> None:
    name = give_up(stage)
    if elsewhere:
        export(stage, only=[key(number) for number in elsewhere])
    stage.now += timedelta(hours=2)
    moves(stage)
    for _ in range(watched):
        stage.now += timedelta(hours=2)
        assert stage.watch().edited == ()
    pass_days(stage, 3)
    decide(stage, name, "confirm")
    export(stage)
    assert (stage.entry(key(2)).file, stage.entry(key(2)).change) == (name, None)
    assert stage.watch().edited == ("ORD2",)
    assert stage.entry(key(2)).change is LateChange.DETAILS
    assert stage.entry(key(1)).change is None


@pytest.mark.parametrize("is_first", [True, False])
def test_it_may_arrive_while_details_are_read(stage: Stage, is_first: bool) -> None:
    name = give_up(stage)
    sell(stage, 3)
    export(stage, only=[key(3)])
    stage.now += timedelta(hours=2)
    moves(stage)
    stage.now += timedelta(hours=2)
    if not is_first:
        stage.watch()
    stage.api.put(stage.api.orders[3])

    def arrive(call: Call) -> None:
        if call.name == "order":
            stage.api.before_call = lambda call: None
            assert decide(stage, name, "confirm") is FileState.PLACED

    stage.api.before_call = arrive
    assert stage.watch().edited == ()
    assert stage.entry(key(2)).file == name
    stage.now += timedelta(days=1)
    assert stage.watch().edited == ("ORD2",)


@pytest.mark.parametrize("writes", range(1, 9))
def test_it_is_compared_even_when_whoever_saw_it_was_killed(stage: Stage, writes: int) -> None:
    name = give_up(stage)
    stage.now += timedelta(hours=2)
    cancels(stage)
    pass_days(stage, 3)
    with killed_after(stage, writes):
        decide(stage, name, "confirm")
    stage.now += timedelta(hours=2)
    decide(stage, name, "confirm")
    for _ in range(2):
        stage.now += timedelta(days=1)
        export(stage)
    assert (stage.entry(key(2)).file, stage.entry(key(2)).change) == (name, "cancelled")
