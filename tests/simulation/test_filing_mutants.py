"""Each of these small faults in claiming, filing and recovering is caught by the simulation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.domain import life
from chalicelib.domain.causes import ReleaseCause
from chalicelib.domain.events import Actor, Event, FileStep, OrderStep
from chalicelib.domain.ledger import FileState
from chalicelib.errors import InboxRefused, InboxUnknown, LedgerError
from chalicelib.ports import Inbox, Presence, Receipt, StepTaken
from chalicelib.settings import Settings
from chalicelib.usecases.filing import export, file_making, placing, recovery
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.operating import file_verdicts, rerun
from tests.fakes.memory_ledger import MemoryFiles
from tests.simulation import sim_world
from tests.simulation.breaking import Break, find_wrong_schedule, grant_every_lease


def places_again_without_asking(patch: pytest.MonkeyPatch) -> None:
    """An unknown file is taken for absent."""
    patch.setattr(recovery, "_ask", lambda run, file: placing.void_file(run, file, FileStep.MISS))


def asks_too_early(patch: pytest.MonkeyPatch) -> None:
    """An inbox's no counts as proof at once, while the upload is on its way."""
    patch.setattr(sim_world, "Settings", partial(Settings, proof_delay=timedelta(0)))


def takes_a_lost_answer_for_a_no(patch: pytest.MonkeyPatch) -> None:
    """Try again and hope."""
    send = placing.send_file

    def send_hopefully(run: Run, file: Any, content: bytes) -> None:
        run.inbox = _Hopeful(run.inbox)
        send(run, file, content)

    patch.setattr(placing, "send_file", send_hopefully)


class _Hopeful:
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.ask = inbox.ask

    def place(self, name: str, content: bytes) -> Receipt:
        try:
            return self._inbox.place(name, content)
        except InboxUnknown as error:
            raise InboxRefused(str(error)) from error


def records_orders_before_the_file_is_placed(patch: pytest.MonkeyPatch) -> None:
    """Documents are recorded as placed before the first byte is sent."""
    send = placing.send_file

    def send_afterwards(run: Run, file: Any, content: bytes) -> None:
        event = Event(at=run.now(), step=OrderStep.PLACE, by=run.by, file=file.name)
        for key, fingerprint in file.keys.items():
            taken = StepTaken(key=key, event=event, fingerprint=fingerprint)
            run.connector.entries.record(run.shop_id, taken)
        send(run, file, content)

    patch.setattr(placing, "send_file", send_afterwards)


def believes_any_file_of_that_name(patch: pytest.MonkeyPatch) -> None:
    """What cannot be asked is taken for placed."""
    ask = recovery._ask

    def ask_trustingly(run: Run, file: Any) -> None:
        run.inbox = _Trusting(run.inbox)
        ask(run, file)

    patch.setattr(recovery, "_ask", ask_trustingly)


class _Trusting:
    def __init__(self, inbox: Inbox) -> None:
        self.place = inbox.place

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        return Presence.SAME


def forgets_void_files(patch: pytest.MonkeyPatch) -> None:
    """A refused file's orders stay claimed."""

    def finish(workspace: Any, file: Any, by: Actor = Actor.EXPORT) -> None:
        placing._finish(workspace, file, by)

    patch.setattr(placing, "finish_void", finish)
    patch.setattr(placing, "_reclaim", lambda run, entry: False)


def does_not_recover(patch: pytest.MonkeyPatch) -> None:
    """What an earlier run left behind stays so."""
    patch.setattr(export, "recover_files", lambda run: None)
    patch.setattr(export, "finish_files", lambda run: None)


def moves_files_without_condition(patch: pytest.MonkeyPatch) -> None:
    """A placed file can be moved to void by a worker that is late."""
    patch.setattr(MemoryFiles, "_as_read", lambda self, file: self.get(file.shop_id, file.name))
    everywhere = tuple(FileState)
    table = tuple(
        t if t.step in (FileStep.CREATE, FileStep.FINISH) else replace(t, sources=everywhere)
        for t in life.FILE_LIFE
    )
    patch.setattr(life, "FILE_LIFE", table)
    grant_every_lease(patch)


def fills_what_another_run_began(patch: pytest.MonkeyPatch) -> None:
    """A claimed file that is found is carried on with, as if its run were surely dead."""
    resume = recovery._resume

    def carry_on(run: Run, stale: Any) -> None:
        file = run.connector.files.get(run.shop_id, stale.name)
        if file is None or file.is_finished or file.state is not FileState.CLAIMED:
            resume(run, stale)
            return
        listed = [entry.key for entry in run.connector.entries.list_waiting(run.shop_id)]
        entries = run.connector.entries.get_all(run.shop_id, listed).values()
        file_making.fill_file(run, file, [one for one in entries if one.file == file.name])

    patch.setattr(recovery, "_resume", carry_on)


def _as_recovery_sees_placing(patch: pytest.MonkeyPatch, begins_within: timedelta) -> None:
    seen = SimpleNamespace(**{**vars(placing), "BEGINS_WITHIN": begins_within})
    patch.setattr(recovery, "placing", seen)


def sends_however_late(patch: pytest.MonkeyPatch) -> None:
    """A run that was held up sends what others have given up meanwhile."""
    begins_within = placing.BEGINS_WITHIN
    patch.setattr(placing, "BEGINS_WITHIN", timedelta(days=1))
    _as_recovery_sees_placing(patch, begins_within)


def asks_before_sending_must_have_begun(patch: pytest.MonkeyPatch) -> None:
    """A run may begin to send a while after it fixed the file."""
    _as_recovery_sees_placing(patch, timedelta(0))


def fixes_without_condition(patch: pytest.MonkeyPatch) -> None:
    """A file given up by one run is fixed and sent by another."""
    record = MemoryFiles.record

    def record_anyhow(self: MemoryFiles, file: Any, event: Any, content: Any = None) -> Any:
        if event.step is FileStep.FIX:
            stored = self.get(file.shop_id, file.name)
            assert stored is not None
            claimed = replace(stored, state=FileState.CLAIMED, is_finished=False)
            file = self._store(claimed)
        return record(self, file, event, content)

    patch.setattr(MemoryFiles, "record", record_anyhow)


def gives_everything_back_when_sending_fails(patch: pytest.MonkeyPatch) -> None:
    """An error after the file was sent puts its orders back, as one before it does."""
    fill = file_making.fill_file

    def fill_nervously(run: Run, file: Any, claimed: Any) -> None:
        try:
            fill(run, file, claimed)
        except LedgerError:
            file_making._release_all(run, file, claimed, ReleaseCause.RUN_FAILED)
            raise

    patch.setattr(file_making, "fill_file", fill_nervously)


def never_hands_itself_on(patch: pytest.MonkeyPatch) -> None:
    """What a run could not finish waits for another night."""
    patch.setattr(export, "continue_later", lambda run: None)


def drops_its_message_when_the_shop_is_busy(patch: pytest.MonkeyPatch) -> None:
    """Another run at work is taken for a reason to do nothing, ever."""
    patch.setattr(export, "note_wish", lambda run: True)


def lets_a_person_send_again_what_may_still_arrive(patch: pytest.MonkeyPatch) -> None:
    """An operator's word counts at once."""
    decide = file_verdicts.decide_file

    def decide_hastily(workspace: Any, *rest: Any, **kwargs: Any) -> None:
        connector = workspace.connector
        at_once = replace(connector.settings, proof_delay=timedelta(0))
        workspace.connector = replace(connector, settings=at_once)
        decide(workspace, *rest, **kwargs)

    patch.setattr(rerun, "decide_file", decide_hastily)


MUTANTS: tuple[Break, ...] = (
    never_hands_itself_on,
    drops_its_message_when_the_shop_is_busy,
    lets_a_person_send_again_what_may_still_arrive,
    gives_everything_back_when_sending_fails,
    places_again_without_asking,
    asks_too_early,
    takes_a_lost_answer_for_a_no,
    records_orders_before_the_file_is_placed,
    believes_any_file_of_that_name,
    forgets_void_files,
    does_not_recover,
)
OF_SEVERAL_WORKERS: tuple[Break, ...] = (
    fills_what_another_run_began,
    fixes_without_condition,
    moves_files_without_condition,
)
"""These need several workers at once, which most schedules do not have."""

WITH_DEEDS: tuple[Break, ...] = (asks_before_sending_must_have_begun, sends_however_late)
"""A file that is sent again under its own name harms nobody: its orders must change as well while
it is on its way.
"""

FIRST_SEEDS: Mapping[Break, int] = {
    asks_before_sending_must_have_begun: 30,
    asks_too_early: 985,
    sends_however_late: 65,
    fixes_without_condition: 50,
    gives_everything_back_when_sending_fails: 135,
}
"""Where to begin to look: the moments that show these come once in some hundreds of schedules."""


@pytest.mark.parametrize(
    "mutant", [*MUTANTS, *OF_SEVERAL_WORKERS, *WITH_DEEDS], ids=lambda mutant: mutant.__name__
)
def test_the_simulation_catches(mutant: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    crowded, first = mutant in OF_SEVERAL_WORKERS, FIRST_SEEDS.get(mutant, 0)
    sure = "edited meanwhile" if mutant in WITH_DEEDS else ""
    assert find_wrong_schedule(crowded=crowded, sure=sure, first=first) is not None
