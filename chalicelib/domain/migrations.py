"""Migrations of orders from before the connector: what is asked for, and how far it has come."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from chalicelib.domain.days import local_day
from chalicelib.domain.orders import OrderSummary
from chalicelib.lazy_dataclass import dataclass


def is_excepted(number: str, excepted: frozenset[str]) -> bool:
    """Whether an order is among those that are left out, however its number is written there."""
    return not excepted.isdisjoint(list_spellings(number))


def list_spellings(number: str) -> frozenset[str]:
    """The ways in which people write an order's number down: as it is, in small letters or in
    capitals, and as the digits at its end, with and without zeros before them: ``ORD000042``,
    ``ord000042``, ``000042``, ``42``.
    """
    digits = number[len(number.rstrip("0123456789")) :]
    spellings = (number, number.lower(), number.upper(), digits, digits.lstrip("0"))
    return frozenset(filter(None, spellings))


class MigrationState(StrEnum):
    """Where a migration is. Stored: a value never changes."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """The migration of the orders made from `first` until `last` (exclusive), except these numbers.

    All up to the id `after_id` were seen: `orders` of them, of which `taken` wait for a file; the
    id of the first that was seen is `first_id`, the newest of them was made at `seen_until`.
    `skipped` rows among them had no usable id: those orders are missing. `expected` is how many
    orders were counted in the period before it began, `started_at` when it began; records from
    before these were kept do not have them.
    """

    NAME: ClassVar[str] = "backfill"

    state: MigrationState
    first: datetime
    last: datetime
    after_id: int = 0
    orders: int = 0
    taken: int = 0
    skipped: int = 0
    excepted: frozenset[str] = frozenset()
    at: datetime
    started_at: datetime | None = None
    expected: int | None = None
    first_id: int = 0
    seen_until: datetime | None = None

    @property
    def last_day(self) -> date:
        """The last day of the period (Europe/Amsterdam), which is a part of it."""
        return local_day(self.last - timedelta(microseconds=1))

    def asks_as(self, other: Migration) -> bool:
        """Whether both are of the same orders."""
        asks = [(each.first, each.last, each.excepted) for each in (self, other)]
        return asks[0] == asks[1]

    def has_taken(self, order: OrderSummary) -> bool:
        """Whether the migration has come past this order and was not told to leave it out."""
        is_past = self.state is MigrationState.DONE or order.id <= self.after_id
        is_within = self.first <= order.created_at < self.last
        return is_past and is_within and not is_excepted(order.number, self.excepted)
