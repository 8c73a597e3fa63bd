"""Each of these small faults in closing periods is caught by the simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from operator import attrgetter

import pytest

from chalicelib.domain import period_locks
from chalicelib.domain.judgement import Terms
from chalicelib.domain.shops import Shop
from chalicelib.usecases.filing import last_look
from chalicelib.usecases.judging import freeing, reading
from tests.simulation.breaking import Break, find_wrong_schedule

DEED = "period closed"


def judges_as_if_open(patch: pytest.MonkeyPatch) -> None:
    """A closed period is judged by no document."""
    made = reading._terms_without_payment

    def forget(shop: Shop) -> Terms:
        return replace(made(shop), locked_until=None)

    patch.setattr(reading, "_terms_without_payment", forget)


def books_on_the_closed_day(patch: pytest.MonkeyPatch) -> None:
    """The last closed day counts as open."""
    latest = period_locks.find_locked_until
    made = reading._terms_without_payment

    def one_day_less(shop: Shop) -> Terms:
        until = latest(shop.locks)
        return replace(made(shop), locked_until=until and until - timedelta(days=1))

    patch.setattr(reading, "_terms_without_payment", one_day_less)


def checks_no_lock_before_sending(patch: pytest.MonkeyPatch) -> None:
    """A period that was closed while a file was made does not stop it."""
    bearing = attrgetter("token", "policy", "language", "currency", "country", "installed_at")
    patch.setattr(last_look, "_bearing", bearing)


def keeps_what_was_late_for_ever(patch: pytest.MonkeyPatch) -> None:
    """What was held as late never goes on by itself."""
    patch.setattr(freeing, "is_freed", lambda *_, **__: False)


OF_ONE_WORKER: tuple[Break, ...] = (
    judges_as_if_open,
    books_on_the_closed_day,
    keeps_what_was_late_for_ever,
)
OF_SEVERAL_WORKERS: tuple[Break, ...] = (checks_no_lock_before_sending,)
"""The lease keeps a period from being closed while a run is at work, unless it is lost."""


FIRST_SEEDS: Mapping[Break, int] = {checks_no_lock_before_sending: 1_890}
"""Where to begin to look: the moments that show it come once in some hundreds of schedules."""


@pytest.mark.parametrize(
    "mutant", [*OF_ONE_WORKER, *OF_SEVERAL_WORKERS], ids=lambda mutant: mutant.__name__
)
def test_the_simulation_catches(mutant: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    crowded, first = mutant in OF_SEVERAL_WORKERS, FIRST_SEEDS.get(mutant, 0)
    assert find_wrong_schedule(crowded=crowded, sure=DEED, first=first) is not None
