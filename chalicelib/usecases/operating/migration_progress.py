"""How far a migration is: seen, taken, and what became of what it took."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from chalicelib.domain.cover_sheet import CoverSheet, add_up
from chalicelib.domain.days import local_day
from chalicelib.domain.ledger import DocumentKind, FileEntry, FileState
from chalicelib.domain.migrations import Migration, MigrationState
from chalicelib.domain.money import EURO
from chalicelib.domain.shop_records import UsedUpBudget
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.intake.migrating import find_last_migration
from chalicelib.usecases.operating.overview_lists import read_files_since
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

SHOWN_FOR = timedelta(days=31)
"""How long after its last page a migration's files are still looked up."""

_ARRIVED = frozenset({FileState.PLACED, FileState.DOUBLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class MigratedOrders:
    """Where the orders are that a migration took: `placed` of them in so many `files`, for `incl`
    including VAT where the totals of those files are kept and hold nothing else; `held`; and the
    `rest`, which waits, is being processed, or was left out after all.
    """

    placed: int
    files: int
    held: int
    rest: int
    incl: Decimal | None = None
    currency: str = EURO


@dataclass(frozen=True, slots=True, kw_only=True)
class MigrationProgress:
    """A migration as a page shows it. `percent` of the period's orders were seen; `is_exact` by
    their count, else by their dates; None where neither is known. `orders` is None for one of long
    ago. While SEOshop's calls are used up it goes on by itself at `resumes_at`.
    """

    migration: Migration
    percent: int | None
    is_exact: bool
    orders: MigratedOrders | None
    resumes_at: datetime | None = None


def read_migration_progress(workspace: Workspace) -> MigrationProgress | None:
    """How far the shop's last migration is; None when there never was one. One query."""
    migration = find_last_migration(workspace)
    if migration is None:
        return None
    percent, is_exact = _find_percent(migration)
    return MigrationProgress(
        migration=migration,
        percent=percent,
        is_exact=is_exact,
        orders=_find_orders(workspace, migration),
        resumes_at=_find_resumption(workspace, migration),
    )


def _find_percent(migration: Migration) -> tuple[int | None, bool]:
    """Below 100 until it is done; more orders than were counted may have come since."""
    if migration.state is MigrationState.DONE:
        return 100, True
    if migration.expected:
        return min(migration.orders * 100 // migration.expected, 99), True
    if migration.seen_until is None:
        return (None if migration.orders else 0), False
    share = (migration.seen_until - migration.first) / (migration.last - migration.first)
    return max(0, min(int(share * 100), 99)), False


def _find_orders(workspace: Workspace, migration: Migration) -> MigratedOrders | None:
    started = migration.started_at
    if started is None or workspace.now() - migration.at > SHOWN_FOR:
        return None
    if not migration.taken:
        return MigratedOrders(placed=0, files=0, held=0, rest=0)
    connector, shop_id = workspace.connector, workspace.shop_id
    held = sum(
        _is_of_it(migration, entry.key)
        for entry in connector.entries.list_held(shop_id, limit=ALL_OPEN)
    )
    files = [
        file
        for file in read_files_since(workspace, local_day(started))
        if file.state in _ARRIVED and file.since >= started and _list_keys(migration, file)
    ]
    found = sum(len(_list_keys(migration, file)) for file in files)
    # An order of the period that came by another way is no more than was taken.
    held = min(held, migration.taken)
    placed = min(found, migration.taken - held)
    cover = _add_up(workspace, migration, files)
    return MigratedOrders(
        placed=placed,
        files=len(files),
        held=held,
        rest=migration.taken - held - placed,
        incl=None if cover is None or placed != found else cover.incl,
        currency=workspace.shop.currency,
    )


def _list_keys(migration: Migration, file: FileEntry) -> list[str]:
    return [key for key in file.keys if _is_of_it(migration, key)]


def _is_of_it(migration: Migration, key: str) -> bool:
    """Whether a document is an order of those that the migration has seen: by its id, which grows
    with the time at which orders are made.
    """
    kind, _, document_id = key.partition("-")
    if kind != DocumentKind.ORDER.value or not document_id.isdigit():
        return False
    return migration.first_id <= int(document_id) <= migration.after_id


def _add_up(
    workspace: Workspace, migration: Migration, files: list[FileEntry]
) -> CoverSheet | None:
    is_alone = all(len(_list_keys(migration, file)) == len(file.keys) for file in files)
    if not files or not is_alone:
        return None
    return add_up((file.cover for file in files), workspace.shop.currency)


def _find_resumption(workspace: Workspace, migration: Migration) -> datetime | None:
    if migration.state is not MigrationState.RUNNING:
        return None
    budget = workspace.connector.shops.load(workspace.shop_id, UsedUpBudget)
    is_used_up = budget is not None and budget.next_at > workspace.now()
    return budget.next_at if budget is not None and is_used_up else None
