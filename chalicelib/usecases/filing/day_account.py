"""Out of what a day's account is drawn up: every document that was open in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import Entry, FileEntry
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


def documents_since(
    workspace: Workspace, day: date, files: Iterable[FileEntry], known: Iterable[str]
) -> Iterator[Entry]:
    """Every document that was open on a day or later: those that are open now, those in one of the
    files since, those dropped since. `known` are keys of such that the lists, which may lag behind,
    need not show.
    """
    entries, shop_id = workspace.connector.entries, workspace.shop_id
    listed = (
        # In this order: what a person releases meanwhile is on one of the two, if not on both.
        *entries.list_held(shop_id, limit=ALL_OPEN),
        *entries.list_waiting(shop_id, limit=ALL_OPEN),
    )
    keys = {*known, *(entry.key for entry in listed)}
    for file in files:
        keys.update(file.keys)
    days = (local_day(workspace.now()) - day).days + 1
    for dropped_on in (day + timedelta(days=n) for n in range(days)):
        keys.update(entry.key for entry in entries.list_dropped(shop_id, dropped_on))
    ordered = sorted(keys)
    for start in range(0, len(ordered), PAGE):
        yield from entries.get_all(shop_id, ordered[start : start + PAGE]).values()


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
