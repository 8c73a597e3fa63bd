"""A rerun's ``dry_run``: read and judge, say what would happen, and write nothing at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day, start_of
from chalicelib.domain.holds import Hold
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Entry, EntryState, Hint
from chalicelib.errors import ShopNotFound
from chalicelib.usecases.filing.delivery_size import find_delivery_size
from chalicelib.usecases.filing.run import NotBooked
from chalicelib.usecases.intake.sweep import list_due
from chalicelib.usecases.judging.isolating import read_isolated
from chalicelib.usecases.operating.repeats import Found
from chalicelib.usecases.operating.rerun_obstacles import look_for_obstacle
from chalicelib.usecases.operating.rerun_request import RerunRequest
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

WOULD_PLACE = "would be placed"


def rehearse_rerun(
    workspace: Workspace, asked: RerunRequest, chosen: Sequence[Found] | None
) -> dict[str, Any]:
    """Read and judge, and write nothing at all."""
    placeable: list[str] = []
    held: list[NotBooked] = []
    skipped: list[NotBooked] = []
    for entry in _list_candidates(workspace, asked, chosen):
        why_not, _ = look_for_obstacle(workspace, entry, asked)
        if why_not:
            skipped.append(NotBooked(entry.number, why_not))
            continue
        try:
            verdict = read_isolated(workspace, entry).verdict
        except ShopNotFound:
            skipped.append(NotBooked(entry.number, DropCause.NOT_FOUND))
            continue
        if isinstance(verdict, Invoice):
            placeable.append(entry.number)
        elif isinstance(verdict, Hold):
            held.append(NotBooked(entry.number, verdict.reason.value))
        else:
            skipped.append(NotBooked(entry.number, verdict.cause))
    size = find_delivery_size(workspace)
    files = [
        {"name": None, "orders": placeable[start : start + size], "state": WOULD_PLACE}
        for start in range(0, len(placeable), size)
    ]
    return describe_outcome(workspace, files, held, skipped, dry_run=True)


def _list_candidates(
    workspace: Workspace, asked: RerunRequest, chosen: Sequence[Found] | None
) -> list[Entry]:
    shop_id, now = workspace.shop_id, workspace.now()
    if chosen is not None:
        named = (entry or _imagine_entry(shop_id, hint, now) for hint, entry in chosen)
        return [replace(entry, has_evidence=True) for entry in named]
    entries = workspace.connector.entries
    listed = [entry.key for entry in entries.list_waiting(shop_id, limit=ALL_OPEN)]
    known = entries.get_all(shop_id, listed)
    # A list of what waits shows documents in unfinished files as well.
    waiting = [
        known[key] for key in listed if key in known and known[key].state is EntryState.WAITING
    ]
    since = asked.since or local_day(workspace.shop.swept_until or workspace.shop.installed_at)
    due = list_due_since(workspace, since)
    known |= entries.get_all(shop_id, due.keys() - known)
    found = [_imagine_entry(shop_id, hint, now) for key, hint in due.items() if key not in known]
    is_asked = asked.since is not None  # by the operator, whose word is evidence
    return [*waiting, *(replace(entry, has_evidence=is_asked) for entry in found)]


def _imagine_entry(shop_id: int, hint: Hint, now: datetime) -> Entry:
    """An entry as it would be after recording the hint."""
    return Entry(shop_id=shop_id, state=EntryState.WAITING, since=now, **asdict(hint))


def list_due_since(workspace: Workspace, since: date) -> dict[str, Hint]:
    """Every document due now that changed since that day, by its ledger key."""
    due = list_due(workspace, start_of(since).astimezone(UTC))
    return {hint.key: hint for hint, _ in due}


def describe_outcome(
    workspace: Workspace,
    files: Sequence[Mapping[str, Any]],
    held: Sequence[NotBooked],
    skipped: Sequence[NotBooked],
    *,
    dry_run: bool,
) -> dict[str, Any]:
    """The answer of a rerun and of its rehearsal."""
    return {
        "shop_id": workspace.shop_id,
        "dry_run": dry_run,
        "files": list(files),
        "held": [each._asdict() for each in held],
        "skipped": [each._asdict() for each in skipped],
        "waiting": workspace.count_waiting(),
    }
