"""A rerun's ``dry_run``: read and judge, say what would happen, and write nothing at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain.causes import DropCause
from chalicelib.domain.days import local_day, start_of
from chalicelib.domain.holds import Hold
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.ledger import Entry, EntryState, Hint
from chalicelib.errors import ShopNotFound
from chalicelib.usecases.filing.run import Held, Skip
from chalicelib.usecases.intake.sweep import list_due
from chalicelib.usecases.judging.isolating import read_isolated
from chalicelib.usecases.operating.rerun_request import Found, Wish, find_obstacle
from chalicelib.usecases.workspace import ALL_OPEN, Workspace

WOULD_PLACE = "would be placed"


def rehearse_rerun(
    workspace: Workspace, wish: Wish, chosen: Sequence[Found] | None
) -> dict[str, Any]:
    """Read and judge, and write nothing at all."""
    placeable: list[str] = []
    held: list[Held] = []
    skipped: list[Skip] = []
    for entry in _list_candidates(workspace, wish, chosen):
        why_not = find_obstacle(entry, wish)
        if why_not:
            skipped.append(Skip(entry.number, why_not))
            continue
        try:
            verdict = read_isolated(workspace, entry).verdict
        except ShopNotFound:
            skipped.append(Skip(entry.number, DropCause.NOT_FOUND))
            continue
        if isinstance(verdict, Invoice):
            placeable.append(entry.number)
        elif isinstance(verdict, Hold):
            held.append(Held(entry.number, verdict.reason.value))
        else:
            skipped.append(Skip(entry.number, verdict.cause))
    size = workspace.connector.settings.orders_per_file
    return {
        "shop_id": workspace.shop_id,
        "dry_run": True,
        "files": [
            {"name": None, "orders": placeable[start : start + size], "state": WOULD_PLACE}
            for start in range(0, len(placeable), size)
        ],
        "held": as_pairs(held),
        "skipped": as_pairs(skipped),
        "waiting": workspace.count_waiting(),
    }


def _list_candidates(
    workspace: Workspace, wish: Wish, chosen: Sequence[Found] | None
) -> list[Entry]:
    shop_id, now = workspace.shop_id, workspace.now()
    if chosen is not None:
        return [entry or _imagine_entry(shop_id, hint, now) for hint, entry in chosen]
    entries = workspace.connector.entries
    listed = [entry.key for entry in entries.list_waiting(shop_id, limit=ALL_OPEN)]
    known = entries.get_all(shop_id, listed)
    waiting = [known[key] for key in listed if key in known and _waits(known[key])]
    since = wish.since or local_day(workspace.shop.swept_until or workspace.shop.installed_at)
    due = list_due_since(workspace, since)
    known |= entries.get_all(shop_id, due.keys() - known)
    found = [_imagine_entry(shop_id, hint, now) for key, hint in due.items() if key not in known]
    return [*waiting, *found]


def _waits(entry: Entry) -> bool:
    """A list of what waits shows documents in unfinished files as well."""
    return entry.state is EntryState.WAITING


def _imagine_entry(shop_id: int, hint: Hint, now: datetime) -> Entry:
    """An entry as it would be after recording the hint."""
    return Entry(
        shop_id=shop_id,
        kind=hint.kind,
        document_id=hint.document_id,
        number=hint.number,
        day=hint.day,
        state=EntryState.WAITING,
        since=now,
    )


def list_due_since(workspace: Workspace, since: date) -> dict[str, Hint]:
    """Every document due now that changed since that day, by its ledger key."""
    due = list_due(workspace, start_of(since).astimezone(UTC))
    return {hint.key: hint for hint in due}


def as_pairs(found: Sequence[Held | Skip]) -> list[dict[str, str]]:
    """Orders with their reasons, as the answer shows them."""
    return [each._asdict() for each in found]
