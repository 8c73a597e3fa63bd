"""Halting the exports of all shops, or of a part of them.

While a part is halted no run of its shops begins a file. What they sold waits, and goes along once
the part is resumed; webhooks are taken in and the nightly watch goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chalicelib.domain.shops import Shop
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass


class FleetPart(StrEnum):
    """A part of all shops. Stored: a value never changes."""

    ALL = "all"
    EU1 = "eu1"  # the shops on that cluster of SEOshop
    US1 = "us1"
    FILE = "file"  # those that deliver so
    API = "api"

    def covers(self, shop: Shop) -> bool:
        """Whether this shop is of the part."""
        if self is FleetPart.ALL:
            return True
        if self in (FleetPart.FILE, FleetPart.API):
            return shop.way is Way(self.value)
        return shop.cluster == self.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Halt:
    """Since when a part is halted, and the operator's reason."""

    since: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetHalt:
    """The parts that are halted now. Kept under no shop's number, for all of them."""

    NAME: ClassVar[str] = "halt"

    parts: Mapping[FleetPart, Halt] = field(default_factory=dict)

    def find(self, shop: Shop) -> Halt | None:
        """The longest of the halts that this shop is under, or None."""
        of_shop = [halt for part, halt in self.parts.items() if part.covers(shop)]
        return min(of_shop, key=lambda halt: halt.since, default=None)


def halt_part(kept: FleetHalt, part: FleetPart, halt: Halt) -> FleetHalt:
    """With that part halted. One that is halted already stays so since then, for the new reason."""
    former = kept.parts.get(part)
    since = halt.since if former is None else former.since
    return FleetHalt(parts={**kept.parts, part: replace(halt, since=since)})


def resume_part(kept: FleetHalt, part: FleetPart) -> FleetHalt:
    """Without that part's halt; with all of them gone when the part is all shops."""
    if part is FleetPart.ALL:
        return FleetHalt()
    return FleetHalt(parts={each: halt for each, halt in kept.parts.items() if each is not part})
