"""The names of files that may be unfinished are put down without reading any file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.events import Actor
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.open_records import OpenFiles
from chalicelib.usecases.filing.open_files import note_open_file, renew_open_files
from tests.fakes.memory_ledger import MemoryFiles
from tests.unit.usecases.stage import SHOP_ID, Stage


def make(stage: Stage) -> FileEntry:
    file = stage.connector.files.create(SHOP_ID, stage.now.date(), at=stage.now, by=Actor.EXPORT)
    note_open_file(stage.workspace(), file.name)
    return file


def noted(stage: Stage) -> tuple[str, ...]:
    kept = stage.connector.shops.load(SHOP_ID, OpenFiles)
    return () if kept is None else kept.names


def test_a_name_is_put_down_beside_those_before_and_no_file_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stage, read = Stage(), list[str]()
    get_all = stage.connector.files.get_all

    def note_and_get(shop_id: int, names: Collection[str]) -> list[FileEntry]:
        read.extend(names)
        return get_all(shop_id, names)

    monkeypatch.setattr(stage.connector.files, "get_all", note_and_get)
    made = [make(stage).name for _ in range(3)]
    assert noted(stage) == tuple(made)
    renew_open_files(stage.workspace(), [])
    assert noted(stage) == tuple(made)
    assert not read


def test_what_is_older_than_yesterday_is_forgotten_once_it_is_finished() -> None:
    stage = Stage()
    finished, open_ = make(stage), make(stage)
    files = stage.connector.files
    assert isinstance(files, MemoryFiles)
    files.items[SHOP_ID][finished.name] = replace(finished, is_finished=True)
    stage.now += timedelta(days=1)
    renew_open_files(stage.workspace(), [])
    assert noted(stage) == (finished.name, open_.name)
    stage.now += timedelta(days=1)
    renew_open_files(stage.workspace(), [])
    assert noted(stage) == (open_.name,)
