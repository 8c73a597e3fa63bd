"""Short stories of one import file that tell what the table of life must say of files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain.events import Actor, Contradiction, Event, FileStep
from chalicelib.domain.file_content import FileContent
from chalicelib.domain.ledger import (
    EntryState,
    FileEntry,
    FileState,
)
from chalicelib.errors import InboxUnknown
from tests.fakes.documents_of_shop import order, order_line
from tests.fakes.open_vault import seal_licence
from tests.unit.usecases.late import ORDER
from tests.unit.usecases.stage import SHOP_ID, Stage

SOME_DAY = date(2026, 3, 14)


def _file_in(stage: Stage, state: FileState) -> FileEntry:
    """A file in a state, with one document."""
    made = stage.connector.files.create(SHOP_ID, SOME_DAY, at=stage.now, by=Actor.EXPORT)
    if state is FileState.CLAIMED:
        return made
    content = FileContent(
        keys={ORDER: "print"},
        sha256="00",
        size=1,
        inbox="inbox",
        profile="mark",
        terms="choices",
        locked_until=SOME_DAY,
    )
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
    assert (fixed.profile, fixed.terms) == (content.profile, content.terms)
    assert fixed.locked_until == content.locked_until
    moved = _move(stage, fixed, steps[state]) if state in steps else fixed
    assert moved is not None
    return moved


def _move(
    stage: Stage, file: FileEntry, step: FileStep, content: FileContent | None = None
) -> FileEntry | None:
    event = Event(at=stage.now, step=step, by=Actor.EXPORT)
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


def another_inbox_cannot_prove_that_a_file_is_not_there() -> None:
    stage = Stage()
    stage.receive(order())
    stage.inbox.fail(InboxUnknown("no answer"), times=1)
    stage.night()
    stage.shops.update(SHOP_ID, lambda shop: replace(shop, licence=seal_licence("ASP-2")))
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


def what_an_inbox_only_says_is_remembered() -> None:
    stage = Stage()
    file = _move(stage, _file_in(stage, FileState.PLACING), FileStep.TRUST)
    assert file is not None
    assert (file.state, file.is_unasked, file.since) == (FileState.PLACED, True, stage.now)


def what_an_inbox_contradicts_is_remembered_since_the_first_time() -> None:
    for cause in Contradiction:
        stage = Stage()
        file = _contradict(stage, _file_in(stage, FileState.PLACING), cause)
        spoke_of_it = cause in (Contradiction.DIFFERENT, Contradiction.NOT_SHOWN)
        first = stage.now if spoke_of_it else None
        assert (file.acknowledged_at, file.since) == (first, stage.now), cause
        stage.now += timedelta(seconds=1)
        for later in (Contradiction.DIFFERENT, Contradiction.NOT_SHOWN):
            again = _contradict(stage, file, later)
            assert again.acknowledged_at == first or first is None, cause
            file = again


def _contradict(stage: Stage, file: FileEntry, cause: Contradiction) -> FileEntry:
    event = Event(at=stage.now, step=FileStep.CONTRADICT, by=Actor.EXPORT, cause=cause)
    moved = stage.connector.files.record(file, event)
    assert moved is not None
    assert moved.state is FileState.UNKNOWN
    return moved


def a_file_that_arrives_after_all_is_named_until_a_person_dealt_with_it() -> None:
    for step, state in (
        (FileStep.TAKE_BACK, FileState.PLACED),
        (FileStep.SURFACE, FileState.DOUBLE),
    ):
        stage, arrived = _arrive(step)
        assert (arrived.state, arrived.since) == (state, stage.now)
        surfaced_at = stage.now if state is FileState.DOUBLE else None
        assert arrived.surfaced_at == surfaced_at
        unfinished = stage.connector.files.list_unfinished(SHOP_ID)
        assert unfinished == ([arrived] if state is FileState.DOUBLE else [])
    for by in (Actor.MERCHANT, Actor.OPERATOR):
        stage, double = _arrive(FileStep.SURFACE)
        assert _move(stage, double, FileStep.FINISH) is None
        event = Event(at=stage.now, step=FileStep.RESOLVE, by=by)
        resolved = stage.connector.files.record(double, event)
        assert resolved is not None
        assert (resolved.state, resolved.is_finished) == (FileState.PLACED, True)


def _arrive(step: FileStep) -> tuple[Stage, FileEntry]:
    """A file that was given up, and all that follows from it done, arrives."""
    stage = Stage()
    void = _move(stage, _file_in(stage, FileState.VOID), FileStep.FINISH)
    assert void is not None
    stage.now += timedelta(seconds=1)
    arrived = _move(stage, void, step)
    assert arrived is not None
    return stage, arrived


FILE_STORIES: tuple[Callable[[], None], ...] = (
    a_file_moves_only_from_where_it_may,
    another_inbox_cannot_prove_that_a_file_is_not_there,
    a_file_that_is_not_there_is_sent_again,
    a_file_that_is_not_there_gives_back_an_order_that_changed,
    what_an_inbox_only_says_is_remembered,
    what_an_inbox_contradicts_is_remembered_since_the_first_time,
    a_file_that_arrives_after_all_is_named_until_a_person_dealt_with_it,
)
