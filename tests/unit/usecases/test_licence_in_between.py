"""The licence code changes while a file is under way: nothing more goes to the old code, nothing is
lost, and the old inbox is asked about what went there.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.events import Actor, Event, FileStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import EntryState, FileEntry, FileState
from chalicelib.domain.shops import Shop, ShopState
from chalicelib.errors import InboxUnknown
from chalicelib.ports import Presence
from chalicelib.usecases.filing.destinations import KEPT_AT_LEAST
from chalicelib.usecases.filing.file_making import make_file
from chalicelib.usecases.filing.run import Run
from chalicelib.usecases.shop.licence_change import change_licence, propose_licence
from tests.fakes.asperion_inbox import MemoryInbox
from tests.fakes.documents_of_shop import order
from tests.fakes.open_vault import look_into, seal_licence, seal_token
from tests.fakes.seoshop import Call
from tests.unit.usecases.crashes import Killed
from tests.unit.usecases.stage import SHOP_ID, Stage

KEY = "order-301204417"
OLD, NEW, THIRD = "LICENTIE-0042", "LICENTIE-0017", "LICENTIE-0099"


class Inboxes(defaultdict[str, MemoryInbox]):
    """An inbox for each code; `asked` are the codes whose inbox was asked about a file."""

    def __init__(self) -> None:
        super().__init__(MemoryInbox)
        self.asked: list[str] = []

    def open(self, shop: Shop) -> _Watched:
        return _Watched(self, look_into(shop.licence) or "")

    def names(self, code: str) -> list[str]:
        return sorted(self[code].files)


class _Watched:
    def __init__(self, inboxes: Inboxes, code: str) -> None:
        self.place = inboxes[code].place
        self._inboxes, self._code = inboxes, code

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        self._inboxes.asked.append(self._code)
        return self._inboxes[self._code].ask(name, sha256=sha256, size=size)


@pytest.fixture
def inboxes() -> Inboxes:
    return Inboxes()


@pytest.fixture
def stage(inboxes: Inboxes) -> Stage:
    stage = Stage()
    stage.connector = replace(stage.connector, open_inbox=inboxes.open)
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=seal_licence(OLD)))
    stage.receive(order())
    return stage


def change(stage: Stage, code: str = NEW) -> None:
    workspace = stage.workspace()
    seen = propose_licence(workspace, code).former_mark
    assert change_licence(workspace, code, by=Actor.MERCHANT, former_mark=seen) is not None


def states(stage: Stage) -> list[FileState]:
    files = stage.connector.files.list_since(SHOP_ID, stage.now.date() - timedelta(days=9))
    return [file.state for file in files]


def lose_answer(inboxes: Inboxes, code: str = OLD, *, stored: bool) -> None:
    inboxes[code].fail(InboxUnknown("no answer"), times=1, though_stored=stored)


def test_a_file_being_made_goes_to_the_new_code_alone(stage: Stage, inboxes: Inboxes) -> None:
    def interrupt(call: Call) -> None:
        if call.name == "order":
            stage.api.before_call = lambda call: None
            change(stage)

    stage.api.before_call = interrupt
    stage.export_later()
    assert states(stage) == [FileState.VOID]
    stage.export_later()

    assert (inboxes.names(OLD), len(inboxes.names(NEW))) == ([], 1)
    assert stage.entry(KEY).state is EntryState.PLACED


def test_a_file_that_was_fixed_before_the_change_is_not_sent_after_it(
    stage: Stage, inboxes: Inboxes
) -> None:
    """Killed in the moment before the first byte, it is found by a later run."""
    inboxes[OLD].fail(Killed(), times=1)
    with pytest.raises(Killed):
        stage.export_later()
    assert states(stage) == [FileState.PLACING]
    change(stage)
    stage.export_later(minutes=10)

    assert inboxes.names(OLD) == []
    assert len(inboxes.names(NEW)) == 1
    assert stage.entry(KEY).state is EntryState.PLACED


def test_a_file_proven_absent_at_the_old_code_frees_its_orders_for_the_new_one(
    stage: Stage, inboxes: Inboxes
) -> None:
    lose_answer(inboxes, stored=False)
    stage.export_later()
    change(stage)
    inboxes.asked.clear()
    stage.export_later(minutes=6)

    assert inboxes.asked[0] == OLD
    assert inboxes.names(OLD) == []
    [name] = inboxes.names(NEW)
    entry = stage.entry(KEY)
    assert (entry.state, entry.file) == (EntryState.PLACED, name)
    assert states(stage) == [FileState.VOID, FileState.PLACED]


def test_a_file_that_did_arrive_at_the_old_code_stays_there_and_is_not_booked_again(
    stage: Stage, inboxes: Inboxes
) -> None:
    lose_answer(inboxes, stored=True)
    stage.export_later()
    change(stage)
    inboxes.asked.clear()
    stage.export_later(minutes=6)

    assert inboxes.asked == [OLD]
    assert len(inboxes.names(OLD)) == 1
    assert inboxes.names(NEW) == []
    assert states(stage) == [FileState.PLACED]


def test_each_file_is_asked_about_where_it_went_after_several_changes(
    stage: Stage, inboxes: Inboxes
) -> None:
    lose_answer(inboxes, stored=True)
    stage.export_later()
    inboxes[OLD].mute = True
    change(stage)
    stage.receive(order(id=301204418, number="ORD00413"))
    lose_answer(inboxes, NEW, stored=False)
    stage.export_later(minutes=6)
    change(stage, THIRD)
    inboxes[OLD].mute = False
    inboxes.asked.clear()
    stage.export_later(minutes=12)

    assert inboxes.asked[:2] == [OLD, NEW]
    assert len(inboxes.names(OLD)) == 1
    assert inboxes.names(NEW) == []
    assert len(inboxes.names(THIRD)) == 1


def test_going_back_to_the_old_code_sends_the_same_file_there_again(
    stage: Stage, inboxes: Inboxes
) -> None:
    lose_answer(inboxes, stored=False)
    stage.export_later()
    change(stage)
    change(stage, OLD)
    stage.export_later(minutes=6)

    assert len(inboxes.names(OLD)) == 1
    assert inboxes.names(NEW) == []


def test_what_the_old_inbox_cannot_tell_stays_unknown_whatever_the_new_one_says(
    stage: Stage, inboxes: Inboxes
) -> None:
    lose_answer(inboxes, stored=False)
    stage.export_later()
    inboxes[OLD].mute = True
    change(stage)
    inboxes.asked.clear()
    for _ in range(3):
        stage.export_later(days=1)

    assert set(inboxes.asked) == {OLD}
    assert states(stage) == [FileState.UNKNOWN]
    assert inboxes.names(NEW) == []
    inboxes[OLD].mute = False
    stage.export_later(days=1)
    assert states(stage) == [FileState.VOID, FileState.PLACED]
    assert len(inboxes.names(NEW)) == 1


def test_the_old_code_is_kept_only_while_a_file_may_be_asked_about_there(
    stage: Stage, inboxes: Inboxes
) -> None:
    def codes() -> list[str | None]:
        return [look_into(one.code) for one in stage.connector.find_shop(SHOP_ID).licence_changes]

    lose_answer(inboxes, stored=True)
    stage.export_later()
    inboxes[OLD].mute = True
    change(stage)
    stage.export_later(hours=2)
    assert codes() == [OLD]

    inboxes[OLD].mute = False
    stage.export_later(hours=2)
    assert codes() == [None]
    assert stage.connector.find_shop(SHOP_ID).licence_changes[0].former == "••42"


def test_the_old_code_is_kept_while_a_slow_run_may_still_leave_a_file(stage: Stage) -> None:
    change(stage)
    stage.export_later()
    stage.now += KEPT_AT_LEAST - timedelta(seconds=1)
    stage.export_later()
    assert stage.connector.find_shop(SHOP_ID).licence_changes[0].code == seal_licence(OLD)
    stage.export_later(seconds=1)
    assert stage.connector.find_shop(SHOP_ID).licence_changes[0].code is None


def test_an_old_inbox_whose_code_is_erased_proves_nothing(stage: Stage, inboxes: Inboxes) -> None:
    """The app was removed and installed again with another code."""
    lose_answer(inboxes, stored=False)
    stage.export_later()
    stage.uninstall()
    stage.shops.update(
        SHOP_ID,
        lambda shop: replace(
            shop, state=ShopState.ACTIVE, token=seal_token("t" * 32), licence=seal_licence(NEW)
        ),
    )
    inboxes.asked.clear()
    stage.export_later(minutes=6)

    assert inboxes.asked == []
    assert states(stage) == [FileState.UNKNOWN]
    assert inboxes.names(NEW) == []


def test_a_file_of_which_no_inbox_is_recorded_is_asked_about_by_the_code_of_its_time(
    stage: Stage, inboxes: Inboxes
) -> None:
    """Version 1.0.0 did not record it."""
    lose_answer(inboxes, stored=False)
    stage.export_later()
    [file] = stage.connector.files.list_unfinished(SHOP_ID)
    files: Any = stage.connector.files
    files.items[SHOP_ID][file.name] = replace(file, inbox=None)
    stage.now += timedelta(minutes=1)
    change(stage)
    inboxes.asked.clear()
    stage.export_later(minutes=6)

    assert inboxes.asked[0] == OLD
    assert inboxes.names(OLD) == []
    assert len(inboxes.names(NEW)) == 1


def test_a_file_is_never_sent_to_an_inbox_it_was_not_made_for(
    stage: Stage, inboxes: Inboxes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that read the shop anew after it fixed a file would see nothing changed."""
    files: Any = stage.connector.files
    record = files.record

    def fix(file: FileEntry, event: Event, content: FileContent | None = None) -> Any:
        recorded = record(file, event, content)
        if event.step is FileStep.FIX:
            change(stage)
            run.shop = stage.connector.find_shop(SHOP_ID)
        return recorded

    run = Run(
        stage.connector,
        stage.connector.find_shop(SHOP_ID),
        name="run",
        by=Actor.EXPORT,
        stop_at=stage.now + timedelta(minutes=10),
    )
    monkeypatch.setattr(files, "record", fix)
    make_file(run, [stage.entry(KEY)])

    assert (inboxes.names(OLD), inboxes.names(NEW)) == ([], [])
    assert states(stage) == [FileState.VOID]
    assert stage.entry(KEY).state is EntryState.WAITING
