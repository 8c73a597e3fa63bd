"""Each of these small faults in closing periods is caught by the simulation."""

from __future__ import annotations

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


MUTANTS: tuple[tuple[Break, str], ...] = (
    (judges_as_if_open, "period closed"),
    (books_on_the_closed_day, "period closed"),
    (keeps_what_was_late_for_ever, "period closed"),
    (checks_no_lock_before_sending, "closed meanwhile"),
)
"""The last one needs runs that lost the lease: it keeps a period from being closed while a run is
at work.
"""


@pytest.mark.parametrize(("mutant", "sure"), MUTANTS, ids=[one.__name__ for one, _ in MUTANTS])
def test_the_simulation_catches(mutant: Break, sure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    assert find_wrong_schedule(sure=sure) is not None
