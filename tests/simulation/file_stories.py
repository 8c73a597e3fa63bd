"""Short stories of one import file that tell what the table of life must say of files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain.events import Actor, Contradiction, Event, FileStep
from chalicelib.domain.ledger import (
    EntryState,
    FileContent,
    FileEntry,
    FileState,
)
from chalicelib.errors import InboxUnknown
from tests.fakes.documents_of_shop import order, order_line
from tests.unit.usecases.late import ORDER
from tests.unit.usecases.stage import SHOP_ID, Stage

SOME_DAY = date(2026, 3, 14)


def _file_in(stage: Stage, state: FileState) -> FileEntry:
    """A file in a state, with one document."""
    made = stage.connector.files.create(SHOP_ID, SOME_DAY, at=stage.now, by=Actor.EXPORT)
    if state is FileState.CLAIMED:
        return made
    content = FileContent(keys={ORDER: "print"}, sha256="00", size=1, inbox="inbox")
    stage.now += timedelta(seconds=1)
    fixed = _move(stage, made, FileStep.FIX, content)
    steps = {
        FileState.PLACED: FileStep.DELIVER,
        FileState.UNKNOWN: FileStep.LOSE,
        FileState.VOID: FileStep.REFUSE,
    }
    assert fixed is not None
    stage.now += timedelta(seconds=1)
    assert (fixed.keys, fixed.sha256, fixed.size) == (content.keys, content.sha256, content.size)
    moved = _move(stage, fixed, steps[state]) if state in steps else fixed
    assert moved is not None
    return moved


def _move(
    stage: Stage,
    file: FileEntry,
    step: FileStep,
    content: FileContent | None = None,
    cause: Contradiction | None = None,
) -> FileEntry | None:
    event = Event(at=stage.now, step=step, by=Actor.EXPORT, cause=cause)
    return stage.connector.files.record(file, event, content)


def a_file_moves_only_from_where_it_may() -> None:
    for state, steps in (
        (FileState.VOID, (FileStep.FIX, FileStep.FIND, FileStep.DELIVER)),
        (FileState.UNKNOWN, (FileStep.DELIVER,)),
        (FileState.PLACED, (FileStep.REFUSE,)),
        (FileState.PLACING, (FileStep.FINISH, FileStep.DISCARD)),
    ):
        for step in steps:
            stage = Stage()
            file = _file_in(stage, state)
            assert file.since == stage.now - timedelta(seconds=state is FileState.PLACING)
            assert _move(stage, file, step) is None, (state, step)


def a_given_up_file_that_arrives_is_placed_or_double() -> None:
    for step, state in (
        (FileStep.TAKE_BACK, FileState.PLACED),
        (FileStep.SURFACE, FileState.DOUBLE),
    ):
        stage = Stage()
        moved = _move(stage, _file_in(stage, FileState.VOID), step)
        assert moved is not None
        assert moved.state is state


def what_an_inbox_only_said_is_told_apart() -> None:
    for step, is_unasked in ((FileStep.TRUST, True), (FileStep.DELIVER, False)):
        stage = Stage()
        moved = _move(stage, _file_in(stage, FileState.PLACING), step)
        assert moved is not None
        assert moved.is_unasked is is_unasked


def what_an_inbox_said_of_a_file_is_remembered() -> None:
    for cause in Contradiction:
        stage = Stage()
        placing = _file_in(stage, FileState.PLACING)
        moved = _move(stage, placing, FileStep.CONTRADICT, cause=cause)
        is_said = cause in (Contradiction.DIFFERENT, Contradiction.NOT_SHOWN)
        assert moved is not None
        assert moved.acknowledged_at == (stage.now if is_said else None)


def another_inbox_cannot_prove_that_a_file_is_not_there() -> None:
    stage = Stage()
    stage.receive(order())
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    stage.night()
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence="ASP-2"))
    stage.night()
    (file,) = stage.connector.files.list_unfinished(SHOP_ID)
    assert file.state is FileState.UNKNOWN


def a_file_that_is_not_there_is_sent_again() -> None:
    stage = Stage()
    stage.receive(order())
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    stage.night()
    stage.night()
    (name,) = stage.inbox.files
    entry = stage.entry(ORDER)
    assert (entry.state, entry.file) == (EntryState.PLACED, name)
    assert name.endswith("-001.xml")


def a_file_that_is_not_there_gives_back_an_order_that_changed() -> None:
    stage = Stage()
    stage.receive(order())
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    stage.night()
    (unknown,) = stage.connector.files.list_unfinished(SHOP_ID)
    stage.api.put(order(order_line("12.10")))
    stage.night()
    (name,) = stage.inbox.files
    entry = stage.entry(ORDER)
    assert (entry.state, entry.file) == (EntryState.PLACED, name)
    assert name != unknown.name


FILE_STORIES: tuple[Callable[[], None], ...] = (
    a_file_moves_only_from_where_it_may,
    a_given_up_file_that_arrives_is_placed_or_double,
    what_an_inbox_only_said_is_told_apart,
    what_an_inbox_said_of_a_file_is_remembered,
    another_inbox_cannot_prove_that_a_file_is_not_there,
    a_file_that_is_not_there_is_sent_again,
    a_file_that_is_not_there_gives_back_an_order_that_changed,
)
