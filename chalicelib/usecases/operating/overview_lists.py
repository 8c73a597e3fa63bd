"""The lists behind the overview: what is open in two queries, days and files by key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, FileEntry, FileState
from chalicelib.domain.shop_records import SharedAddresses
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.usecases.filing.former_lists import are_lists_joined
from chalicelib.usecases.filing.open_files import read_noted_files
from chalicelib.usecases.workspace import Workspace

FILES_SHOWN = 5
DAYS_READ = 35
"""Enough for a month, and for the last thirty days."""

MOST_ASKING = 1000
"""More documents that are held or changed are not counted."""

MOST_WAITING = 2000


def read_lists(workspace: Workspace) -> tuple[list[Entry], list[Entry]]:
    """What waits or is claimed, and what is held or changed since, one more of each than counts."""
    entries, shop_id = workspace.connector.entries, workspace.shop_id
    is_joined = are_lists_joined(workspace)
    if is_joined:
        asking = entries.list_asking(shop_id, limit=MOST_ASKING + 1)
    else:
        held = entries.list_held(shop_id, limit=MOST_ASKING + 1)
        asking = [*held, *entries.list_changed(shop_id, limit=MOST_ASKING + 1)]
    # In this order: what is released meanwhile is on one of the two lists, if not on both.
    waiting = entries.list_waiting(shop_id, limit=MOST_WAITING + 1, is_joined=is_joined)
    listed = {entry.key for entry in asking}
    return [entry for entry in waiting if entry.key not in listed], asking


def read_days(workspace: Workspace) -> tuple[DayStatement, ...]:
    """The statements of the last weeks, newest first."""
    return _read_days(workspace, DAYS_READ)


def _read_days(workspace: Workspace, count: int) -> tuple[DayStatement, ...]:
    today = local_day(workspace.now())
    names = [statement_name(today - timedelta(days=n)) for n in range(count)]
    found = workspace.connector.shops.load_all(workspace.shop_id, DayStatement, names)
    return tuple(found[name] for name in names if name in found)


def read_files_since(workspace: Workspace, day: date) -> list[FileEntry]:
    """The files that the statements of a day and of those after it speak of, and those whose names
    are put down; all by key, since a query gives no more than a megabyte of files.
    """
    days = (local_day(workspace.now()) - day).days + 1
    stated = _read_days(workspace, max(days, 1))
    names = {name for each in stated for name in (*each.files, *each.unfinished)}
    noted = read_noted_files(workspace)
    names -= {file.name for file in noted}
    found = workspace.connector.files.get_all(workspace.shop_id, names) if names else []
    return sorted([*noted, *found], key=lambda file: file.name)


def read_files(
    workspace: Workspace, noted: Sequence[FileEntry], days: Sequence[DayStatement]
) -> list[FileEntry]:
    """The newest files, newest first, without those that never arrived: those whose names are put
    down, and those that the last statements speak of.
    """
    names = {file.name for file in noted}
    stated = sorted({name for day in days for name in (*day.files, *day.unfinished)}, reverse=True)
    wanted = [name for name in stated[: FILES_SHOWN + len(names)] if name not in names]
    earlier: Collection[FileEntry] = ()
    if wanted:
        earlier = workspace.connector.files.get_all(workspace.shop_id, wanted)
    found = [file for file in (*noted, *earlier) if file.state is not FileState.VOID]
    return sorted(found, key=lambda file: file.name, reverse=True)


def read_shared(workspace: Workspace) -> dict[str, tuple[Entry, ...]]:
    """Documents of companies that have one e-mail address, by its keyed hash."""
    kept = workspace.connector.shops.load(workspace.shop_id, SharedAddresses)
    shown = {} if kept is None else kept.shown
    keys = {key for each in shown.values() for key in each}
    entries = workspace.connector.entries.get_all(workspace.shop_id, keys) if keys else {}
    return {
        address: tuple(entries[key] for key in each if key in entries)
        for address, each in shown.items()
    }
