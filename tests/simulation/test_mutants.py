"""Deliberate breakage: each of these small faults in the claim and file code is caught.

A mutant is put in place for some schedules, and at least one of them must end with wrong books.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.domain.ledger import Entry, EntryState, Outcome
from chalicelib.errors import InboxRefused, InboxUnknown
from chalicelib.ports import Inbox, Presence
from chalicelib.settings import Settings
from chalicelib.usecases import placing, recovery, sweep
from chalicelib.usecases.run import Run
from tests.fakes.ledger import MemoryEntries, MemoryFiles, MemoryShops
from tests.simulation import world
from tests.simulation.schedule import play

MOST_SEEDS = 5000
Break = Callable[[pytest.MonkeyPatch], None]


def claims_without_condition(patch: pytest.MonkeyPatch) -> None:
    """Two workers may claim the same order."""

    def claim(
        self: MemoryEntries, entry: Entry, file: str, *, at: Any, by: str = "export"
    ) -> Entry | None:
        stored = self.get(entry.shop_id, entry.key)
        if stored is None:
            return None
        self._into(replace(stored, file=file), EntryState.CLAIMED, at, by, file)
        return self.get(entry.shop_id, entry.key)

    patch.setattr(MemoryEntries, "claim", claim)
    lease_for_everybody(patch)


def lease_for_everybody(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MemoryShops, "lease", lambda *_, **__: True)


def places_again_without_asking(patch: pytest.MonkeyPatch) -> None:
    """An unknown file is taken for absent."""
    patch.setattr(recovery, "_ask", lambda run, file: placing.void(run, file, "surely not there"))


def asks_too_early(patch: pytest.MonkeyPatch) -> None:
    """An inbox's no counts as proof at once, while the upload is on its way."""
    patch.setattr(world, "Settings", partial(Settings, proof_delay=timedelta(0)))


def takes_a_lost_answer_for_a_no(patch: pytest.MonkeyPatch) -> None:
    """Try again and hope."""
    send = placing.send

    def hopeful(run: Run, file: Any, content: bytes) -> None:
        run.inbox = _Hopeful(run.inbox)
        send(run, file, content)

    patch.setattr(placing, "send", hopeful)


class _Hopeful:
    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self.ask = inbox.ask

    def place(self, name: str, content: bytes) -> None:
        try:
            self._inbox.place(name, content)
        except InboxUnknown as error:
            raise InboxRefused(str(error)) from error


def tells_orders_before_the_file_is_placed(patch: pytest.MonkeyPatch) -> None:
    """Documents are marked placed before the first byte is sent."""
    send = placing.send

    def early(run: Run, file: Any, content: bytes) -> None:
        for key, print_ in file.keys.items():
            run.connector.entries.settle(
                run.shop_id,
                key,
                file=file.name,
                to=EntryState.PLACED,
                outcome=Outcome(fingerprint=print_),
                at=run.now(),
            )
        send(run, file, content)

    patch.setattr(placing, "send", early)


def believes_any_file_of_that_name(patch: pytest.MonkeyPatch) -> None:
    """What cannot be asked is taken for placed."""
    ask = recovery._ask

    def trusting(run: Run, file: Any) -> None:
        run.inbox = _Trusting()
        ask(run, file)

    patch.setattr(recovery, "_ask", trusting)


class _Trusting:
    def place(self, name: str, content: bytes) -> None:
        raise AssertionError("not asked for")

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        return Presence.SAME


def forgets_void_files(patch: pytest.MonkeyPatch) -> None:
    """A refused file's orders stay claimed."""
    patch.setattr(placing, "settle_void", lambda run, file: run.connector.files.settle(file))
    patch.setattr(recovery, "_reclaim", lambda run, entry: None)


def does_not_recover(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recovery, "recover", lambda run: None)


def looks_at_nothing(patch: pytest.MonkeyPatch) -> None:
    """The sweep sees no order: lost webhooks stay lost."""
    patch.setattr(sweep, "_look_at", lambda *_: None)


def does_not_wait_for_unsettled_files(patch: pytest.MonkeyPatch) -> None:
    """The mark moves past what changed while its file was unfinished."""
    look_at = sweep._look_at

    def forgetful(connector: Any, shop: Any, summary: Any, seen: Any) -> None:
        look_at(connector, shop, summary, seen)
        seen.unsettled = None

    patch.setattr(sweep, "_look_at", forgetful)


def moves_files_without_condition(patch: pytest.MonkeyPatch) -> None:
    """A placed file can be moved to void by a worker that is late."""
    patch.setattr(MemoryFiles, "_as_read", lambda self, file: self.get(file.shop_id, file.name))
    lease_for_everybody(patch)


MUTANTS: tuple[Break, ...] = (
    claims_without_condition,
    places_again_without_asking,
    asks_too_early,
    takes_a_lost_answer_for_a_no,
    tells_orders_before_the_file_is_placed,
    believes_any_file_of_that_name,
    forgets_void_files,
    does_not_recover,
    looks_at_nothing,
    does_not_wait_for_unsettled_files,
    moves_files_without_condition,
)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.__name__)
def test_the_simulation_catches(mutant: Break, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant(monkeypatch)
    caught = next((seed for seed in range(MOST_SEEDS) if play(seed).wrong), None)
    assert caught is not None, f"{mutant.__name__} survives {MOST_SEEDS} schedules"
