"""Each of these small faults in a night that does not go as it should is caught by the simulation:
troubles that pass or last, refusals of one order or of all, deadlines.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.errors import ShopForbidden, ShopRefused, ShopUnavailable
from chalicelib.usecases.filing import (
    claimed_documents,
    export,
    file_making,
    following_up,
    last_look,
    run_trouble,
)
from chalicelib.usecases.judging import isolating
from tests.simulation.breaking import Break, find_wrong_schedule


def tries_nothing_again(patch: pytest.MonkeyPatch) -> None:
    """What failed waits for another night."""
    patch.setattr(following_up, "TRIES_AFTER", ())


def tries_once_again(patch: pytest.MonkeyPatch) -> None:
    """What failed a quarter of an hour later as well waits for another night."""
    patch.setattr(following_up, "TRIES_AFTER", (timedelta(minutes=15),))


def keeps_no_trouble(patch: pytest.MonkeyPatch) -> None:
    """Nobody is told why there was no file."""
    patch.setattr(run_trouble, "note_trouble", lambda *_: None)


def stops_for_one_refused_order(patch: pytest.MonkeyPatch) -> None:
    """What SEOshop refuses of one order, it is taken to refuse of the shop."""

    class Never(Exception):
        pass

    patch.setattr(isolating, "ShopRefused", Never)


def holds_an_order_for_a_permission(patch: pytest.MonkeyPatch) -> None:
    """What SEOshop does not permit the app is held against the order."""
    patch.setattr(isolating, "ShopRefused", (ShopRefused, ShopForbidden))


def ends_at_its_deadline(patch: pytest.MonkeyPatch) -> None:
    """A run whose time is up, in the middle of a list, has done its work."""
    meet = run_trouble.meet_refusal

    def meet_late(run: Any, error: Any) -> None:
        if not (isinstance(error, ShopUnavailable) and run.now() >= run.stop_at):
            meet(run, error)

    patch.setattr(export, "meet_refusal", meet_late)


def asks_for_a_missing_order_once(patch: pytest.MonkeyPatch) -> None:
    """An order that was not to be had is left to another night."""
    judge = claimed_documents.judge_documents

    def judge_and_forget(run: Any, *rest: Any) -> Any:
        readings = judge(run, *rest)
        run.left.clear()
        return readings

    patch.setattr(file_making, "judge_documents", judge_and_forget)


def goes_on_when_halted(patch: pytest.MonkeyPatch) -> None:
    """A run at work learns of no halt that comes meanwhile."""
    patch.setattr(last_look, "meets_halt", lambda run: False)


MUTANTS: tuple[tuple[Break, str], ...] = (
    (tries_nothing_again, "one trouble"),
    (tries_once_again, "one trouble"),
    (keeps_no_trouble, "one trouble"),
    (stops_for_one_refused_order, "access"),
    (holds_an_order_for_a_permission, "access"),
    (ends_at_its_deadline, "slowness"),
    (asks_for_a_missing_order_once, "one trouble"),
    (goes_on_when_halted, "halted meanwhile"),
)


FIRST_SEEDS: Mapping[Break, int] = {ends_at_its_deadline: 165}
"""Where to begin to look: the moments that show it come once in some hundreds of schedules."""


@pytest.mark.parametrize(("mutant", "sure"), MUTANTS, ids=[one.__name__ for one, _ in MUTANTS])
def test_the_simulation_catches(mutant: Break, sure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    assert find_wrong_schedule(sure=sure, first=FIRST_SEEDS.get(mutant, 0)) is not None
