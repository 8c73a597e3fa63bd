"""Out of what a day's account is drawn up: every document that was open in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import chain

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.open_records import RecentDrops
from chalicelib.domain.statement import DayAccount, DayStatement
from chalicelib.ports import PAGE
from chalicelib.usecases.workspace import ALL_OPEN, Workspace


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
    workspace: Workspace, files: Iterable[FileEntry], listed: Iterable[str]
) -> Iterator[Entry]:
    """Every document that was open on a day or later. `listed` are the keys of what was on a list
    (see `list_keys_since`), `files` the files since, read after the lists: what left them meanwhile
    is in one of these, or noted as dropped.
    """
    shop_id = workspace.shop_id
    drops = workspace.connector.shops.load(shop_id, RecentDrops) or RecentDrops()
    keys = {*listed, *drops.days, *(key for file in files for key in file.keys)}
    ordered = sorted(keys)
    for start in range(0, len(ordered), PAGE):
        found = workspace.connector.entries.get_all(shop_id, ordered[start : start + PAGE])
        yield from found.values()


def files_since(workspace: Workspace, day: date, names: Collection[str]) -> Iterator[FileEntry]:
    """The files made on a day or later, and those of these names."""
    files, found = workspace.connector.files, set[str]()
    for file in files.list_since(workspace.shop_id, day):
        found.add(file.name)
        yield file
    for name in set(names) - found:
        earlier = files.get(workspace.shop_id, name)
        if earlier is not None:
            yield earlier
