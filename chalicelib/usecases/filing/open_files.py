"""The files whose outcome not every document knows, known by name: a page reads them by key, and
not by an index that costs a query and may lag behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.open_records import OpenFiles
from chalicelib.usecases.workspace import Workspace


def note_open_file(workspace: Workspace, name: str) -> None:
    """Put a file's name down, before it holds a document, or is opened once more."""
    _change_names(workspace, [name])


def renew_open_files(workspace: Workspace, unfinished: Iterable[FileEntry]) -> None:
    """Put the names of these down, which an index found, and forget those that are done with since
    before yesterday: what is younger may be in no statement yet. A version before 1.4.0 put no name
    down.
    """
    _change_names(workspace, [file.name for file in unfinished])


def read_noted_files(workspace: Workspace) -> list[FileEntry]:
    """The files whose names are put down, finished ones among them, oldest first; the unfinished
    ones alone while nothing was ever put down.
    """
    files, shop_id = workspace.connector.files, workspace.shop_id
    kept = workspace.connector.shops.load(shop_id, OpenFiles)
    return files.list_unfinished(shop_id) if kept is None else files.get_all(shop_id, kept.names)


def _change_names(workspace: Workspace, added: Collection[str]) -> None:
    files, shop_id = workspace.connector.files, workspace.shop_id
    yesterday = local_day(workspace.now()) - timedelta(days=1)

    def renew(kept: OpenFiles | None) -> OpenFiles:
        if kept is None:
            open_files = files.list_unfinished(shop_id)
        else:
            noted = files.get_all(shop_id, kept.names)
            open_files = [file for file in noted if not file.is_finished or file.day >= yesterday]
        names = {*added, *(file.name for file in open_files)}
        return OpenFiles(names=tuple(sorted(names)))

    workspace.connector.shops.change(shop_id, OpenFiles, renew)
