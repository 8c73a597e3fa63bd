"""What is held, by what holds it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.ledger import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGroup:
    """Held documents with one root cause: mend it once and all are free."""

    reason: str
    detail: str
    entries: tuple[Entry, ...]


def group_held(held: Sequence[Entry]) -> tuple[HeldGroup, ...]:
    """Held entries by root cause, the largest group first."""
    groups: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in held:
        groups[entry.hold or "", entry.hold_detail].append(entry)
    return tuple(
        HeldGroup(reason=reason, detail=detail, entries=tuple(entries))
        for (reason, detail), entries in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))
    )
