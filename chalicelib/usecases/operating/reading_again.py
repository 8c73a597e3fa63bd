"""The documents of a file, read again within one answer: by what SEOshop allows, and in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from chalicelib.domain.ledger import Entry
from chalicelib.errors import (
    ShopError,
    ShopNotFound,
    ShopRateLimited,
    ShopRefused,
    ShopUnavailable,
    ShopUnreadable,
)
from chalicelib.usecases.judging.booked_again import Change, Source, count_calls, fetch_source
from chalicelib.usecases.operating.rebuilt_files import MOST_PARTS, NotNow, Obstacle
from chalicelib.usecases.workspace import Workspace

READING_TIME = timedelta(seconds=20)
"""API Gateway gives up after 29; the rest is for the tables, for rendering and for a cold start."""

KEPT_FREE = 20
"""Calls of SEOshop's that are left alone, for other pages of the merchant's."""

CALLS_A_PART = 100

MOMENT = timedelta(minutes=1)

Sources = list[Source | Change]


def read_sources(workspace: Workspace, entries: Sequence[Entry]) -> Sources | NotNow:
    """What the shop says of each of these documents, or why that cannot be had. Raises `ShopError`
    for what concerns the whole shop.
    """
    stop_at = workspace.now() + READING_TIME
    workspace.api.limit_time(READING_TIME)
    reads = [partial(fetch_source, workspace, one.kind, one.document_id) for one in entries]
    sources: Sources = []
    # The first alone: its answer tells how many calls there are.
    for some in (reads[:1], reads[1:]):
        stopped = _check_allowance(workspace, entries, read=len(sources))
        if stopped is not None:
            return stopped
        for answer in workspace.api.read_many(some):
            source = (
                _explain(workspace, answer, entries, len(sources), stop_at)
                if isinstance(answer, ShopError)
                else answer
            )
            if isinstance(source, NotNow):
                return source
            sources.append(source)
            if workspace.now() >= stop_at and len(sources) < len(entries):
                return _stop(workspace, Obstacle.TIME, entries, len(sources))
    return sources


def count_parts(workspace: Workspace, entries: Sequence[Entry]) -> int:
    """In how many parts documents can be read that cannot be read at once; 1 for a single one."""
    calls = _count_calls(workspace, entries)
    return min(max(-(-calls // CALLS_A_PART), 2), len(entries), MOST_PARTS)


def _count_calls(workspace: Workspace, entries: Sequence[Entry]) -> int:
    return sum(count_calls(workspace, entry.kind) for entry in entries)


def _check_allowance(workspace: Workspace, entries: Sequence[Entry], *, read: int) -> NotNow | None:
    """Whether the rest may be read at once, as far as SEOshop has told by now."""
    left, rest = workspace.api.remaining_calls(), entries[read:]
    if left is None or not rest:
        return None
    wanted = _count_calls(workspace, rest)
    if wanted + KEPT_FREE <= left:
        return None
    possible = read + max(left - KEPT_FREE, 0) * len(rest) // wanted
    again_at = workspace.api.when_allowed(_count_calls(workspace, entries) + KEPT_FREE)
    return _stop(workspace, Obstacle.ALLOWANCE, entries, possible, until=again_at)


def _explain(
    workspace: Workspace,
    error: ShopError,
    entries: Sequence[Entry],
    read: int,
    stop_at: datetime,
) -> Change | NotNow:
    """What an error means for one document, or for all that are still to be read."""
    if isinstance(error, ShopNotFound):
        return Change.GONE
    if isinstance(error, ShopRefused | ShopUnreadable):
        return Change.UNREADABLE
    if isinstance(error, ShopRateLimited):
        return _stop(workspace, Obstacle.ALLOWANCE, entries, read, until=error.until)
    if isinstance(error, ShopUnavailable):
        is_late = workspace.now() >= stop_at - timedelta(seconds=1)
        return _stop(workspace, Obstacle.TIME if is_late else Obstacle.SHOP, entries, read)
    raise error


def _stop(
    workspace: Workspace,
    obstacle: Obstacle,
    entries: Sequence[Entry],
    readable: int,
    *,
    until: datetime | None = None,
) -> NotNow:
    # A shop that does not answer gives no part either; an allowance comes back by itself.
    in_parts = obstacle is not Obstacle.SHOP and until is None
    return NotNow(
        obstacle=obstacle,
        readable=readable,
        documents=len(entries),
        until=None if until is None else _round_up(until),
        parts=count_parts(workspace, entries) if in_parts else 1,
    )


def _round_up(moment: datetime) -> datetime:
    """To the whole minute, as it is shown: never too early."""
    begun = moment.replace(second=0, microsecond=0)
    return begun if begun == moment else begun + MOMENT
