"""The files of a shop: one by its name, and all of them, page by page and day by day, so that no
number of a file is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from chalicelib.domain.cover_sheet import CoverSheet, add_up
from chalicelib.domain.file_names import read_day_digits, read_sequence
from chalicelib.domain.ledger import Entry, FileEntry, FileState
from chalicelib.domain.statement import DayStatement, statement_name
from chalicelib.errors import UnknownFile
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.workspace import Workspace

FILES_A_PAGE = 20
"""A file of 250 documents is some 35 KB in its table, which gives at most 1 MB a query."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FilesOfDay:
    """The files made on a day, newest first, as far as one page shows them. `is_whole`: all of the
    day are among them. `missing` are numbers that no file has any more, in ascending order. `cover`
    is what the delivered ones add up to; None when that is not known, or the day is not whole.
    """

    day: date
    files: tuple[FileEntry, ...]
    is_whole: bool
    is_stated: bool
    missing: tuple[int, ...] = ()
    cover: CoverSheet | None = None

    @property
    def delivered(self) -> int:
        """How many of these files were delivered."""
        return sum(file.state is FileState.PLACED for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePage:
    """One page of the list, the newest day first. `older` and `newer` are the names of files by
    which the pages before and after it are found; empty where there is none.
    """

    days: tuple[FilesOfDay, ...]
    older: str = ""
    newer: str = ""


def read_file(workspace: Workspace, name: str) -> tuple[FileEntry, list[Entry]]:
    """One file and its documents. Raises `UnknownFile`."""
    connector, shop_id = workspace.connector, workspace.shop_id
    file = connector.files.get(shop_id, name)
    if file is None:
        raise UnknownFile(f"File {name} is not known here.")
    entries = connector.entries.get_all(shop_id, file.keys)
    return file, [entries[key] for key in file.keys if key in entries]


def list_files(workspace: Workspace, *, before: str = "", after: str = "") -> FilePage:
    """The newest files of a shop, those older than the file named `before`, or those next newer
    than the one named `after`. One query.
    """
    found = workspace.connector.files.list_page(
        workspace.shop_id, limit=FILES_A_PAGE + 1, before=before, after=after
    )
    is_cut = len(found) > FILES_A_PAGE
    beyond = found[0 if after else -1] if is_cut else None
    shown = [file for file in found if file is not beyond]
    if not shown:
        return FilePage(days=())
    further = "" if beyond is None else beyond.name
    newer, older = (further, after) if after else (before, further)
    cut = {read_day_digits(name) for name in (newer, older)}
    days = [
        _gather_day(workspace, day, tuple(files), is_whole=f"{day:%Y%m%d}" not in cut)
        for day, files in groupby(shown, key=lambda file: file.day)
    ]
    return FilePage(
        days=tuple(days),
        older=shown[-1].name if older else "",
        newer=shown[0].name if newer else "",
    )


def _gather_day(
    workspace: Workspace, day: date, files: tuple[FileEntry, ...], *, is_whole: bool
) -> FilesOfDay:
    numbers = [read_sequence(file.name) for file in files]
    lowest = 1 if is_whole else min(numbers)
    missing = sorted({*range(lowest, max(numbers))} - {*numbers})
    statement = workspace.connector.shops.load(workspace.shop_id, DayStatement, statement_name(day))
    return FilesOfDay(
        day=day,
        files=files,
        is_whole=is_whole,
        is_stated=statement is not None,
        missing=tuple(missing),
        cover=_add_up_delivered(workspace, files) if is_whole else None,
    )


def _add_up_delivered(workspace: Workspace, files: Sequence[FileEntry]) -> CoverSheet | None:
    """What the delivered files of a day add up to. Of one that surfaced after it was given up, only
    a part may count: then nobody knows.
    """
    if not workspace.shop.policy.keep_totals:
        return None
    delivered = [file for file in files if file.state is FileState.PLACED]
    if not delivered:
        return None
    covers = (None if file.has_surfaced else file.cover for file in delivered)
    return add_up(covers, workspace.shop.currency)
