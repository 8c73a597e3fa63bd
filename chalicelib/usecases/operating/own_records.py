"""What is kept of a shop's orders, files and days, in parts that fit one answer: for a merchant who
takes it along.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from chalicelib.domain.events import AuditEvent
from chalicelib.domain.ledger import Entry, FileEntry
from chalicelib.domain.statement import DayStatement
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.workspace import Workspace

READING_TIME = timedelta(seconds=15)
"""How long one part may be read: a page is to answer within the 29 seconds of API Gateway."""

MOST_ORDERS, ORDERS_AT_ONCE = 10_000, 500
"""Orders of one part, and of one query. A part of ten thousand is some 2 MB; Lambda answers 6."""

MOST_FILES, FILES_AT_ONCE = 2_000, 25
"""Files likewise; a file of 250 documents is some 35 KB in its table."""

ALL_DAYS = 4_000
"""More days than anything is kept."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part(Generic[T]):
    """A part of a shop's records; `following` is what the next part begins after, empty after the
    last.
    """

    records: tuple[T, ...]
    following: str = ""


def read_orders(workspace: Workspace, *, after: str = "") -> Part[Entry]:
    """The shop's documents above the key `after`, in whatever state."""
    entries, shop_id = workspace.connector.entries, workspace.shop_id

    def read_more(last: str) -> list[tuple[str, Entry]]:
        found = entries.list_all(shop_id, after=last, limit=ORDERS_AT_ONCE)
        return [(entry.key, entry) for entry in found]

    return _gather(workspace, read_more, after, at_once=ORDERS_AT_ONCE, most=MOST_ORDERS)


def read_files(workspace: Workspace, *, after: str = "") -> Part[FileEntry]:
    """The shop's files, the newest first, those that were never sent among them; from the one that
    comes after the name `after`.
    """
    files, shop_id = workspace.connector.files, workspace.shop_id

    def read_more(last: str) -> list[tuple[str, FileEntry]]:
        found = files.list_page(shop_id, limit=FILES_AT_ONCE, before=last)
        return [(file.name, file) for file in found]

    return _gather(workspace, read_more, after, at_once=FILES_AT_ONCE, most=MOST_FILES)


def read_statements(workspace: Workspace) -> list[DayStatement]:
    """The statements of all days, the newest first."""
    return workspace.connector.shops.statements(workspace.shop_id, ALL_DAYS)


def read_audit(workspace: Workspace) -> list[AuditEvent]:
    """What was done to the shop, the oldest first."""
    return workspace.connector.shops.audit(workspace.shop_id)


def _gather(
    workspace: Workspace,
    read_more: Callable[[str], list[tuple[str, T]]],
    after: str,
    *,
    at_once: int,
    most: int,
) -> Part[T]:
    until: datetime = workspace.now() + READING_TIME
    records: list[T] = []
    while len(records) < most and workspace.now() < until:
        found = read_more(after)
        records += [record for _, record in found]
        after = found[-1][0] if found else after
        if len(found) < at_once:
            return Part(records=tuple(records))
    return Part(records=tuple(records), following=after)
