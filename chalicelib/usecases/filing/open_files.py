"""The files whose outcome not every document knows, known by name: a page reads them by key, and
not by an index that costs a query and may lag behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from chalicelib.domain.days import local_day
from chalicelib.domain.file_names import read_day
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.open_records import OpenFiles
from chalicelib.usecases.workspace import Workspace

READ_AT_ONCE = 10
"""Files, each of some 250 documents."""


def note_open_file(workspace: Workspace, name: str) -> None:
    """Put a file's name down, before it holds a document, or is opened once more. No file is read:
    a day has many.
    """
    files, shop_id = workspace.connector.files, workspace.shop_id

    def add(kept: OpenFiles | None) -> OpenFiles:
        known = (
            [file.name for file in files.list_unfinished(shop_id)] if kept is None else kept.names
        )
        return _put_down([*known, name])

    workspace.connector.shops.change(shop_id, OpenFiles, add)


def renew_open_files(workspace: Workspace, unfinished: Iterable[FileEntry]) -> None:
    """Put the names of these down, which an index found, and forget those that are done with since
    before yesterday: what is younger may be in no statement yet. A version before 1.4.0 put no name
    down.
    """
    found = [file.name for file in unfinished]

    def renew(kept: OpenFiles | None) -> OpenFiles:
        known = () if kept is None else kept.names
        return _put_down([*found, *_leave_out_done(workspace, known)])

    workspace.connector.shops.change(workspace.shop_id, OpenFiles, renew)


def read_noted_files(workspace: Workspace) -> list[FileEntry]:
    """The files whose names are put down, finished ones among them, oldest first; the unfinished
    ones alone while nothing was ever put down.
    """
    files, shop_id = workspace.connector.files, workspace.shop_id
    kept = workspace.connector.shops.load(shop_id, OpenFiles)
    return files.list_unfinished(shop_id) if kept is None else files.get_all(shop_id, kept.names)


def _leave_out_done(workspace: Workspace, names: Sequence[str]) -> list[str]:
    """Those of these files that are of yesterday or later, or unfinished."""
    yesterday = local_day(workspace.now()) - timedelta(days=1)
    older = [name for name in names if (read_day(name) or date.min) < yesterday]
    left = [name for name in names if name not in older]
    for start in range(0, len(older), READ_AT_ONCE):
        some = older[start : start + READ_AT_ONCE]
        found = workspace.connector.files.get_all(workspace.shop_id, some)
        left += [file.name for file in found if not file.is_finished]
    return left


def _put_down(names: Iterable[str]) -> OpenFiles:
    return OpenFiles(names=tuple(sorted({*names})))
