"""Files as version 1.0.0 stored them: read as it read them, and carried on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.adapters.dynamodb import Tables
from chalicelib.domain.events import Actor, Event, FileStep
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.life import FILE_LIFE
from tests.fakes.memory_ledger import MemoryFiles
from tests.tables.conftest import new_shop_id
from tests.tables.former_items import (
    as_text,
    cases_of,
    move_case,
    parametrize_cases,
    put_case,
)
from tests.tables.stepping import CONTENT

LATE = datetime.fromisoformat("2027-01-01T00:00:00+00:00")
every_file = parametrize_cases("files")


def read_file(tables: Tables, case: dict[str, Any]) -> tuple[FileEntry, dict[str, Any]]:
    """The file of a case, in a shop of its own, and how version 1.0.0 read it."""
    shop_id = new_shop_id()
    moved = move_case(case, shop_id)
    file = tables.files.get(shop_id, put_case(tables, moved))
    assert file is not None
    return file, moved["read"]


@every_file
def test_every_file_is_read_as_it_was(tables: Tables, case: dict[str, Any]) -> None:
    file, read = read_file(tables, case)
    history, read["is_finished"] = read.pop("history"), read.pop("settled")
    assert {name: as_text(getattr(file, name)) for name in read} == read

    state: FileState | None = None
    for event, former in zip(file.history, history, strict=True):
        assert (as_text(event.at), event.by) == (former["at"], former["by"])
        (transition,) = [t for t in FILE_LIFE if t.step is event.step and state in t.sources]
        assert event.by in transition.by
        assert transition.to == former["what"]
        assert event.note in ("", former["detail"])
        state = transition.to
    if read["is_finished"] == "false" or state is not FileState.CLAIMED:
        assert state is file.state  # version 1.0.0 wrote no event of a discarded file


FILE_STEPS = {
    "accepted": FileStep.DELIVER,
    "found in the inbox": FileStep.FIND,
    "proven absent, placed again": FileStep.RESEND,
    "proven absent; to be made anew": FileStep.MISS,
    "confirm": FileStep.CONFIRM,
    "again": FileStep.GIVE_UP,
    "inbox: cannot tell": FileStep.CONTRADICT,
    "inbox: different": FileStep.CONTRADICT,
}


@every_file
def test_what_version_1_0_0_said_of_a_file_is_its_step(
    tables: Tables, case: dict[str, Any]
) -> None:
    file, read = read_file(tables, case)
    for event, former in zip(file.history, read["history"], strict=True):
        if former["detail"] in FILE_STEPS:
            assert event.step is FILE_STEPS[former["detail"]]
            assert event.note == ""
        else:
            assert event.note == former["detail"]


@every_file
def test_every_step_of_a_file_goes_on_from_there_as_in_memory(
    tables: Tables, case: dict[str, Any]
) -> None:
    for transition in FILE_LIFE:
        before, _ = read_file(tables, case)
        if before.state not in transition.sources:
            continue
        twin = MemoryFiles()
        twin.items[before.shop_id] = {before.name: before}
        event = Event(at=LATE, step=transition.step, by=min(transition.by), note="n")
        content = CONTENT if transition.step is FileStep.FIX else None
        answers = []
        for files in (tables.files, twin):
            answer = files.record(before, event, content)
            assert answer is not None
            assert answer == files.get(before.shop_id, before.name)
            unfinished = files.list_unfinished(before.shop_id)
            answers.append((answer, unfinished, files.list_recent(before.shop_id, 5)))
        assert answers[0] == answers[1], transition.step


def test_files_of_version_1_0_0_are_listed_and_numbered_on(tables: Tables) -> None:
    shop_id, kept = new_shop_id(), []
    for case in cases_of():
        if case["table"] == "files" and case["read"]["shop_id"] == "184521":
            moved = move_case(case, shop_id)
            put_case(tables, moved)
            kept.append(moved["read"])
    files = tables.files
    names = [read["name"] for read in kept if read["settled"] == "false"]
    assert [file.name for file in files.list_unfinished(shop_id)] == sorted(names)
    day = datetime.fromisoformat("2026-03-01").date()
    assert len(files.list_since(shop_id, day)) == 2
    new = files.create(shop_id, day, at=LATE, by=Actor.EXPORT)
    assert new.name.endswith("-003.xml")
