"""What courses of events on two ledgers are drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from chalicelib.domain.causes import DropCause
from chalicelib.domain.events import Cause
from chalicelib.domain.transitions import Transition
from tests.fakes.memory_ledger import MemoryEntries, MemoryFiles, MemoryShops
from tests.tables.conftest import Ledger

DAYS = (date(2026, 1, 22), date(2026, 1, 23))
COURSE = 20  # steps

small = st.integers(0, 3)
courses = settings(
    max_examples=15,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # shrinking would take minutes on tables
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def memory() -> Ledger:
    return Ledger(MemoryShops(), MemoryEntries(), MemoryFiles())


def mostly(*usual: Any, seldom: Sequence[Any]) -> st.SearchStrategy[Any]:
    """One of `usual` in nine cases of ten; else one of `seldom`, which is often a mistake."""
    often = st.sampled_from(usual)
    return st.integers(0, 9).flatmap(lambda die: often if die else st.sampled_from(seldom))


def causes_of(transition: Transition[Any], likely: Cause | None) -> st.SearchStrategy[Any]:
    known: list[Any] = [cause for codes in transition.causes for cause in codes] or [None]
    seldom = [*known, None, DropCause.BY_HAND]
    return mostly(*(known if likely is None else [likely]), seldom=seldom)
