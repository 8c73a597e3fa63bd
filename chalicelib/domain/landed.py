"""What Asperion showed of the deliveries by API, as it was last read back: counts, numbers of the
documents that are otherwise, and totals by VAT code.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar

from chalicelib.domain.code_totals import add_up_codes
from chalicelib.domain.concepts import CodeTotal
from chalicelib.domain.connection import ChosenCode
from chalicelib.lazy_dataclass import dataclass

LANDINGS = "landing-"
ANOTHER_NIGHT = timedelta(hours=12)
"""So long after a list lacked an invoice another one is another night's."""

MOST_NAMED = 50
"""How many documents a part names of each kind that is otherwise; a delivery has no more."""


def landing_name(file: str) -> str:
    """Under which name it is kept what Asperion shows of a delivery."""
    return f"{LANDINGS}{file}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LandedPart:
    """What Asperion showed at `at` of a delivery's documents with one invoice date.

    Of `delivered` documents it showed `landed` as they were delivered, `definitive` of them no
    longer as concepts; `uncompared` are there, and what was delivered is not known any more.
    `gone`, `changed` and `twice` are the numbers of those that are deleted, changed or there twice;
    `twice` may be among the landed ones. `doubtful` are missing in the list, and were not looked
    for twice yet. `moved` were sent again since, and are in another delivery or wait for one.

    `codes` is what those that are there add up to by VAT code, together with other invoices of the
    same sales: doubles, and earlier bookings. None when the merchant wants no totals kept.
    """

    at: datetime
    delivered: int = 0
    landed: int = 0
    definitive: int = 0
    uncompared: int = 0
    moved: int = 0
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    codes: Mapping[str, CodeTotal] | None = None

    @property
    def is_final_there(self) -> bool:
        """Whether nothing of it changes any more in Asperion's own course of things."""
        return self.definitive + self.moved == self.delivered and not self.twice

    @property
    def is_right(self) -> bool:
        """Whether Asperion shows every document as it was delivered."""
        there = self.landed + self.uncompared + self.moved
        return there == self.delivered and not self.twice


def add_up_parts(parts: Iterable[LandedPart]) -> LandedPart | None:
    """Several parts together, as of the earliest moment; None of none. Without totals when those of
    one are not kept.
    """
    given = list(parts)
    if not given:
        return None
    codes = [part.codes for part in given]
    kept = [each for each in codes if each is not None]
    return LandedPart(
        at=min(part.at for part in given),
        delivered=sum(part.delivered for part in given),
        landed=sum(part.landed for part in given),
        definitive=sum(part.definitive for part in given),
        uncompared=sum(part.uncompared for part in given),
        moved=sum(part.moved for part in given),
        gone=tuple(number for part in given for number in part.gone),
        changed=tuple(number for part in given for number in part.changed),
        twice=tuple(number for part in given for number in part.twice),
        doubtful=tuple(number for part in given for number in part.doubtful),
        codes=add_up_codes(kept) if len(kept) == len(codes) else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LandedDelivery:
    """What Asperion showed of one delivery, by the invoice dates of its documents. `at` is when any
    of it was last read, `documents` how many the delivery has; `vat_codes` are those that were
    chosen for what it holds when it was read first.
    """

    NAME: ClassVar[str] = ""

    at: datetime
    documents: int
    parts: Mapping[date, LandedPart] = field(default_factory=dict)
    vat_codes: tuple[ChosenCode, ...] = ()

    @property
    def whole(self) -> LandedPart | None:
        """All of it; None while a part was never read."""
        found = add_up_parts(self.parts.values())
        return found if found is not None and found.delivered == self.documents else None

    @property
    def is_final_there(self) -> bool:
        """Whether it need not be read again."""
        return self.whole is not None and all(part.is_final_there for part in self.parts.values())

    def renew(
        self, parts: Mapping[date, LandedPart], days: Collection[date], *, at: datetime
    ) -> LandedDelivery:
        """With these parts as they were read last; `days` are the invoice dates that it has now."""
        kept = {day: part for day, part in {**self.parts, **parts}.items() if day in days}
        return replace(self, at=at, parts=dict(sorted(kept.items())))

    def forget_totals(self) -> LandedDelivery:
        """Without what it adds up to."""
        parts = {day: replace(part, codes=None) for day, part in self.parts.items()}
        return replace(self, parts=parts)


class UnreadCause(StrEnum):
    """Why Asperion could not be read back. Stored: a value never changes."""

    UNAVAILABLE = "unavailable"  # no answer, none that can be used, or half a list
    REFUSED = "refused"  # the merchant has to connect again
    CLOSED = "closed"  # the administration is closed, or taken away
    VAULT = "vault"  # the token cannot be opened


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadBack:
    """How far reading back has come. Everything that was delivered by `until` was read at `at`;
    None before the first time. `unread_since` is since when that fails, for `cause`; None when the
    last time went well. `missing` are the keys of documents that a list lacked, and since when.
    `next_day` is the invoice date with which the next night begins, when there were too many.
    """

    NAME: ClassVar[str] = "read-back"

    at: datetime | None = None
    until: datetime | None = None
    unread_since: datetime | None = None
    cause: UnreadCause | None = None
    missing: Mapping[str, datetime] = field(default_factory=dict)
    next_day: date | None = None

    @property
    def has_doubt(self) -> bool:
        """Whether something was missing that is looked for once more before it counts as gone."""
        since = max(self.missing.values(), default=None)
        return since is not None and (self.at is None or self.at - since < ANOTHER_NIGHT)

    def has_seen(self, delivered_at: datetime) -> bool:
        """Whether a delivery of that moment was read since."""
        return self.until is not None and delivered_at <= self.until
