"""The documents of a day for its page: two queries at most, for what is open now, and none for a
day whose statement is final. All others are read by the keys that the statement and its files name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import chain, islice

from chalicelib.domain.days import local_day
from chalicelib.domain.file_names import begin_names
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.open_records import RecentDrops
from chalicelib.domain.statement import DayAccount, DayStatement, Figure, statement_name
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.filing.day_account import list_file_names, open_account
from chalicelib.usecases.filing.open_files import read_noted_files
from chalicelib.usecases.operating.overview_lists import MOST_ASKING, MOST_WAITING, read_lists
from chalicelib.usecases.workspace import Workspace

MOST_READ = 4_000
"""Documents that a page reads: more take longer than a page may."""

LISTED_SINCE = timedelta(days=1)
"""For so long finished files and drops are noted (`open_files`, `recent_drops`)."""


DAYS_AFTER = 14
FILES_AFTER = 20
"""How far the documents of a statement are looked for that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayDocuments:
    """The documents behind a statement's figures. `account` has those that were read, `files` the
    files that they went into, by name.

    `is_of_now`: the account is whole, and has what happened since the statement as well. If not, it
    is that of the statement, and may lack documents that the statement counts.
    """

    statement: DayStatement
    account: DayAccount
    files: Mapping[str, FileEntry]
    is_of_now: bool

    def count(self, figure: Figure) -> int:
        """How many documents stand under a figure, listed or not."""
        return self.account.count(figure) if self.is_of_now else self.statement.count(figure)

    def count_placed(self) -> dict[str, int]:
        """How many documents were placed with each file of the day, by the files' names."""
        found = {name: len(keys) for name, keys in self.account.placed_by_file.items()}
        if self.is_of_now:
            return found
        return {name: count for name, count in {**found, **self.statement.files}.items() if count}

    @property
    def has_moved_on(self) -> bool:
        """Whether more happened in the day than its statement says, which is not final."""
        return not self.statement.is_final and any(
            self.count(figure) != self.statement.count(figure) for figure in Figure
        )

    @property
    def is_behind(self) -> bool:
        """Whether the lists lack what happened after a statement that is not final."""
        return not self.statement.is_final and not self.is_of_now


def read_day(workspace: Workspace, statement: DayStatement) -> DayDocuments:
    """The documents of a day that has this statement."""
    if statement.unfiled is None:
        return _read_unnamed(workspace, statement)
    if not statement.is_final:
        documents = _read_moving(workspace, statement)
        if documents is not None:
            return documents
    return _read_stated(
        workspace, statement, statement.unfiled, _read_files(workspace, statement.files)
    )


def _read_unnamed(workspace: Workspace, statement: DayStatement) -> DayDocuments:
    """The account of a statement of a version before 1.4.0, which names no documents. Most are in
    its files, and in those of the weeks after it; what was dropped later is counted, not listed.
    """
    connector, shop_id = workspace.connector, workspace.shop_id
    later = [statement_name(statement.day + timedelta(days=n)) for n in range(1, DAYS_AFTER + 1)]
    stated = connector.shops.load_all(shop_id, DayStatement, later)
    files = _read_files(workspace, list_file_names((statement, *stated.values())))
    found = {entry.key for entry in connector.entries.list_dropped(shop_id, statement.day)}
    if statement.files or not statement.placed:
        asking = connector.entries.list_asking(shop_id, limit=MOST_ASKING)
        found.update(entry.key for entry in asking)
    else:  # version 1.0.0 named no files either
        since = connector.files.list_page(
            shop_id, limit=FILES_AFTER, after=begin_names(statement.day)
        )
        files.update((file.name, file) for file in since)
    return _read_stated(workspace, statement, sorted(found), files)


def _read_stated(
    workspace: Workspace,
    statement: DayStatement,
    unfiled: Iterable[str],
    files: Mapping[str, FileEntry],
) -> DayDocuments:
    """The account of the statement, as far as a page reads it."""
    account = open_account(workspace, statement.day)
    if not statement.is_final:
        account = replace(account, until=statement.at)
    keys = chain(unfiled, *(files[name].keys for name in sorted(files)))
    _enter(workspace, account, list(islice(dict.fromkeys(keys), MOST_READ)))
    return DayDocuments(statement=statement, account=account, files=files, is_of_now=False)


def _read_moving(workspace: Workspace, statement: DayStatement) -> DayDocuments | None:
    """The account as it is now, of a day that may still change; None when that cannot be told
    whole: it is too long ago, or there are too many documents.
    """
    is_recent = statement.day >= local_day(workspace.now()) - LISTED_SINCE
    if not is_recent or statement.more_unfiled:
        return None
    # In this order: what is placed or dropped meanwhile was open, if it is not noted yet.
    waiting, asking = read_lists(workspace)
    drops = workspace.connector.shops.load(workspace.shop_id, RecentDrops) or RecentDrops()
    files = _read_files(workspace, (*statement.files, *statement.unfinished))
    files.update((file.name, file) for file in read_noted_files(workspace))
    keys = dict.fromkeys(
        (
            *(statement.unfiled or ()),
            *drops.days,
            *(entry.key for entry in (*asking, *waiting)),
            *(key for file in files.values() for key in file.keys),
        )
    )
    lacks_drops = drops.incomplete_on is not None and drops.incomplete_on >= statement.day
    is_cut = len(asking) > MOST_ASKING or len(waiting) > MOST_WAITING or lacks_drops
    if is_cut or len(keys) > MOST_READ:
        return None
    account = open_account(workspace, statement.day)
    _enter(workspace, account, list(keys))
    return DayDocuments(statement=statement, account=account, files=files, is_of_now=True)


def _enter(workspace: Workspace, account: DayAccount, keys: list[str]) -> None:
    found = workspace.connector.entries.get_all(workspace.shop_id, keys) if keys else {}
    for entry in found.values():
        account.add(entry)


def _read_files(workspace: Workspace, names: Iterable[str]) -> dict[str, FileEntry]:
    wanted = sorted({name for name in names if name})
    found = workspace.connector.files.get_all(workspace.shop_id, wanted) if wanted else []
    return {file.name: file for file in found}
