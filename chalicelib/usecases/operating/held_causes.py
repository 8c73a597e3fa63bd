"""What is held, by what holds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from chalicelib.domain.ledger import Entry
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.workspace import ALL_OPEN, Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGroup:
    """Held documents with one root cause: mend it once and all are free."""

    reason: str
    detail: str
    entries: tuple[Entry, ...]


def list_held_for(workspace: Workspace, hold: str, detail: str) -> list[Entry]:
    """The documents that are held for that cause and detail at this moment, oldest first."""
    return list_held_for_reason(workspace, hold, detail)


def list_held_for_reason(workspace: Workspace, hold: str, detail: str | None) -> list[Entry]:
    """Likewise those that are held for that cause, with that detail, or with any."""
    held = workspace.connector.entries.list_held(workspace.shop_id, limit=ALL_OPEN)
    return [each for each in held if each.hold == hold and detail in (None, each.hold_detail)]


def group_held(held: Sequence[Entry]) -> tuple[HeldGroup, ...]:
    """Held entries by root cause, the largest group first."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in held:
        groups[entry.hold or "", entry.hold_detail].append(entry)
    return tuple(
        HeldGroup(reason=reason, detail=detail, entries=tuple(entries))
        for (reason, detail), entries in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
    )
