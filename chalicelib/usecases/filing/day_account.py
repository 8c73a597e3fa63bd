"""Out of what a day's account is drawn up: every document that was open in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from typing import NamedTuple

from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.days import local_day
from chalicelib.domain.events import FileStep
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.open_records import RecentDrops
from chalicelib.domain.statement import DayAccount, DayStatement
from chalicelib.ports import PAGE
from chalicelib.usecases.filing.made_files import list_files_since
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

_PLACING = (
    FileStep.DELIVER,
    FileStep.TRUST,
    FileStep.FIND,
    FileStep.CONFIRM,
    FileStep.TAKE_BACK,
)


class StatedFile(NamedTuple):
    """What a statement tells of a file, or compares: a day has many, and a file's record holds
    more. `placed_on` are the days on which something said that it is placed.
    """

    name: str
    keys: tuple[str, ...]
    is_finished: bool
    has_surfaced: bool
    placed_on: frozenset[date]
    cover: CoverSheet | None
    sha256: str | None

    @classmethod
    def of(cls, file: FileEntry) -> StatedFile:
        """What is needed of this file."""
        placings = (event for event in file.history if event.step in _PLACING)
        return cls(
            name=file.name,
            keys=tuple(file.keys),
            is_finished=file.is_finished,
            has_surfaced=file.has_surfaced,
            placed_on=frozenset(local_day(event.at) for event in placings),
            cover=file.cover,
            sha256=file.sha256,
        )


def open_account(workspace: Workspace, day: date) -> DayAccount:
    """The account of a day without any document."""
    is_over = day < local_day(workspace.now())
    return DayAccount(day, workspace.shop.policy.source, is_over)


def list_file_names(statements: Iterable[DayStatement]) -> set[str]:
    """The files that statements speak of: some are older than their day."""
    return {name for one in statements for name in (*one.unfinished, *one.files)}


def list_keys_since(workspace: Workspace, day: date) -> set[str]:
    """The keys of what is open now, and of what was dropped on a day or later, as lists show them,
    which may lag behind.
    """
    entries, shop_id = workspace.connector.entries, workspace.shop_id
    days = (local_day(workspace.now()) - day).days + 1
    # In this order: what comes back meanwhile, and what a person or another run moves from one list
    # to the other, is on one of them.
    listed = (
        *chain.from_iterable(
            entries.list_dropped(shop_id, day + timedelta(days=n)) for n in range(days)
        ),
        *entries.list_held(shop_id, limit=ALL_OPEN),
        *entries.list_waiting(shop_id, limit=ALL_OPEN),
        *entries.list_held(shop_id, limit=ALL_OPEN),
    )
    return {entry.key for entry in listed}


def documents_since(
    workspace: Workspace, files: Iterable[StatedFile], listed: Iterable[str]
) -> Iterator[Entry]:
    """Every document that was open on a day or later. `listed` are the keys of what was on a list
    (see `list_keys_since`), `files` the files since, read after the lists: what left them meanwhile
    is in one of these, or noted as dropped.
    """
    shop_id = workspace.shop_id
    drops = workspace.connector.shops.load(shop_id, RecentDrops) or RecentDrops()
    ordered = sorted({*listed, *drops.days, *(key for file in files for key in file.keys)})
    for start in range(0, len(ordered), PAGE):
        found = workspace.connector.entries.get_all(shop_id, ordered[start : start + PAGE])
        yield from found.values()


def files_since(workspace: Workspace, day: date, names: Collection[str]) -> Iterator[StatedFile]:
    """The files made on a day or later, and those of these names."""
    found = set[str]()
    for file in list_files_since(workspace, day):
        found.add(file.name)
        yield StatedFile.of(file)
    for name in set(names) - found:
        earlier = workspace.connector.files.get(workspace.shop_id, name)
        if earlier is not None:
            yield StatedFile.of(earlier)
