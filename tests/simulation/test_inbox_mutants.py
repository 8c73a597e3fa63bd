"""Each of these small faults in weighing what an inbox says is caught by the simulation: answers
that are not so, torn uploads, and what arrives after it was given up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.adapters.inbox.outcomes import OUTCOMES, Answer, Outcome, read_status
from chalicelib.ports import Inbox, Presence, Receipt
from chalicelib.usecases.filing import placing, recovery
from chalicelib.usecases.filing.run import Run
from tests.fakes.memory_ledger import MemoryFiles
from tests.simulation import sim_inbox
from tests.simulation.breaking import Break, find_wrong_schedule


def _weigh(patch: pytest.MonkeyPatch, answer: Answer, found: Presence, outcome: Outcome) -> None:
    row = {**OUTCOMES[answer], found: outcome}
    patch.setitem(OUTCOMES, answer, row)


def believes_every_friendly_answer(patch: pytest.MonkeyPatch) -> None:
    """What the inbox says it took is placed, though it does not show it."""
    _weigh(patch, Answer.STORED, Presence.ABSENT, Outcome.TRUSTED)


def takes_a_repeated_no_for_a_no(patch: pytest.MonkeyPatch) -> None:
    """A name that is taken, by a file that is not shown, is free of this one."""
    _weigh(patch, Answer.TAKEN, Presence.ABSENT, Outcome.ABSENT)


def believes_a_page_to_sign_in(patch: pytest.MonkeyPatch) -> None:
    """Whatever comes with a good status, it was the inbox that answered."""
    patch.setattr(sim_inbox, "read_status", lambda status, **_: read_status(status))


def takes_a_part_for_the_whole(patch: pytest.MonkeyPatch) -> None:
    """A file of that name is there: that will be it."""
    ask = recovery._ask

    def ask_easily(run: Run, file: Any) -> None:
        run.inbox = _Easy(run.inbox)
        ask(run, file)

    patch.setattr(recovery, "_ask", ask_easily)


class _Easy:
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox

    def place(self, name: str, content: bytes) -> Receipt:
        return self._inbox.place(name, content)

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        found = self._inbox.ask(name, sha256=sha256, size=size)
        return Presence.SAME if found is Presence.DIFFERENT else found


def takes_a_torn_file_for_none(patch: pytest.MonkeyPatch) -> None:
    """What lies there is not this file, and so its orders go into another."""
    ask = recovery._ask

    def ask_boldly(run: Run, file: Any) -> None:
        run.inbox = _Bold(run.inbox)
        ask(run, file)

    patch.setattr(recovery, "_ask", ask_boldly)


class _Bold(_Easy):
    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        found = self._inbox.ask(name, sha256=sha256, size=size)
        return Presence.ABSENT if found is Presence.DIFFERENT else found


def forgets_what_the_inbox_said(patch: pytest.MonkeyPatch) -> None:
    """The next run believes the inbox that a file is not there which it had said to have."""
    get = MemoryFiles.get

    def get_forgetfully(self: MemoryFiles, shop_id: int, name: str) -> Any:
        file = get(self, shop_id, name)
        return None if file is None else replace(file, acknowledged_at=None)

    patch.setattr(MemoryFiles, "get", get_forgetfully)


def keeps_quiet_about_late_arrivals(patch: pytest.MonkeyPatch) -> None:
    """A file that was given up and is taken after all is nobody's business."""
    patch.setattr(placing, "_place_moved", lambda run, stale: None)


MUTANTS: tuple[tuple[Break, str], ...] = (
    (believes_every_friendly_answer, "lies"),
    (takes_a_repeated_no_for_a_no, "lies"),
    (believes_a_page_to_sign_in, "lies"),
    (takes_a_part_for_the_whole, "lies"),
    (takes_a_torn_file_for_none, "edited meanwhile"),
    (forgets_what_the_inbox_said, "lies"),
    (keeps_quiet_about_late_arrivals, "freeze"),
)

FIRST_SEEDS: Mapping[Break, int] = {
    takes_a_torn_file_for_none: 100,
    believes_every_friendly_answer: 80,
    keeps_quiet_about_late_arrivals: 110,
}
"""Where to begin to look: the moments that show these come once in some hundreds of schedules."""


@pytest.mark.parametrize(("mutant", "sure"), MUTANTS, ids=[one.__name__ for one, _ in MUTANTS])
def test_the_simulation_catches(mutant: Break, sure: str, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    assert find_wrong_schedule(sure=sure, first=FIRST_SEEDS.get(mutant, 0)) is not None
