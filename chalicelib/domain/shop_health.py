"""The health of a shop: what about it needs a person, how much, and since when.

Kept for shops alone that need somebody, and made of numbers, codes and instants only, so that a
list of all of them can be shown to anybody who operates the connector.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum

from chalicelib.domain.shop_records import Trouble
from chalicelib.domain.shops import Shop, ShopState, TroubleCause
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass

RANKS = 8
"""Over how many partitions of the index the shops are spread."""

NOT_EXPORTED_AFTER = timedelta(hours=26)
"""A night's run was missed, when the watch of that night looks: it comes two hours after it."""

_LOWEST = 99


class Severity(IntEnum):
    """How much a shop needs a person, the worst last. Stored: a value never changes."""

    FINE = 0  # nobody need look; such a shop is not stored
    LOOK = 20  # nothing is late or wrong
    LATE = 40  # invoices are late; it may pass by itself
    STUCK = 60  # nothing moves until somebody does something
    WRONG = 80  # the books are wrong, or may be

    @property
    def word(self) -> str:
        """The name as operators read and type it."""
        return self.name.lower()


class HealthCause(StrEnum):
    """What may be wrong with a shop. Stored: a value never changes."""

    DOUBLE_FILES = "double_files"  # documents are in Asperion twice
    WRONG_DAY = "wrong_day"  # the day's statement does not close
    DISCONNECTED = "disconnected"  # SEOshop refuses its token
    UNKNOWN_FILES = "unknown_files"  # it is not known whether they arrived
    NOT_EXPORTED = "not_exported"  # no run came to its end, for 26 hours
    TROUBLE = "trouble"  # something keeps its exports from ending well
    OVERDUE = "overdue"  # documents wait for longer than 36 hours
    LONG_LEAVING = "long_leaving"  # called removed for 14 days, and its token is good still
    QUIET = "quiet"  # it sells less than it is used to


_SEVERITY = {
    HealthCause.DOUBLE_FILES: Severity.WRONG,
    HealthCause.WRONG_DAY: Severity.WRONG,
    HealthCause.DISCONNECTED: Severity.STUCK,
    HealthCause.UNKNOWN_FILES: Severity.STUCK,
    HealthCause.NOT_EXPORTED: Severity.STUCK,
    HealthCause.OVERDUE: Severity.LATE,
    HealthCause.LONG_LEAVING: Severity.LATE,
    HealthCause.QUIET: Severity.LOOK,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCause:
    """One thing that is wrong since `since`: `count` files, documents or days, where they can be
    counted. `trouble` says which, of the cause of that name.
    """

    cause: HealthCause
    since: datetime
    count: int = 1
    trouble: TroubleCause | None = None

    @property
    def severity(self) -> Severity:
        """How much a person is needed because of it."""
        if self.trouble is not None:
            return Severity.LATE if self.trouble.passes else Severity.STUCK
        return _SEVERITY.get(self.cause, Severity.STUCK)

    @property
    def code(self) -> str:
        """What is wrong, as one word: the trouble's own where it is one."""
        return self.cause.value if self.trouble is None else self.trouble.value


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopHealth:
    """What is wrong with a shop: `causes`, at least one, the worst first."""

    shop_id: int
    state: ShopState
    cluster: str
    way: Way
    causes: tuple[FoundCause, ...]

    @property
    def severity(self) -> Severity:
        """That of the worst cause."""
        return max((found.severity for found in self.causes), default=Severity.FINE)

    @property
    def since(self) -> datetime:
        """Since when it is as bad as it is."""
        worst = self.severity
        return min(found.since for found in self.causes if found.severity is worst)

    @property
    def rank(self) -> str:
        """By which shops are sorted: the worst first, then those that are so the longest."""
        return f"{_LOWEST - self.severity}#{_write_instant(self.since)}#{self.shop_id:019d}"


def name_partition(shop_id: int) -> str:
    """The partition of the index in which a shop is."""
    return f"rank-{shop_id % RANKS}"


def list_partitions() -> list[str]:
    """All partitions of the index."""
    return [name_partition(number) for number in range(RANKS)]


def read_severity(rank: str) -> Severity:
    """The severity that a rank begins with. Raises `ValueError`."""
    return Severity(_LOWEST - int(rank.partition("#")[0]))


def _write_instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFacts:
    """What is known of a shop at the moment `now`. `ran_at` is when a run last came to its end,
    or the shop began to export; None when that is not known. `quiet_days` as in `WatchFindings`.
    `is_long_leaving`: it is called removed for longer than leaving takes.
    """

    shop: Shop
    now: datetime
    trouble: Trouble | None = None
    unknown_files: int = 0
    double_files: int = 0
    is_day_wrong: bool = False
    overdue: int = 0
    quiet_days: int | None = None
    is_long_leaving: bool = False
    ran_at: datetime | None = None


def judge_health(facts: HealthFacts, kept: ShopHealth | None = None) -> ShopHealth | None:
    """What is wrong with a shop; None when it is fine. A cause that was `kept` from an earlier
    judgement goes on since then, one with an instant of its own since that.

    Of a shop that does not export, only what was begun before can be wrong: files whose outcome is
    not known, documents that are in Asperion twice, leaving. One that was left is always fine.
    """
    shop = facts.shop
    if shop.state in (ShopState.UNINSTALLED, ShopState.INSTALLING):
        return None
    found = [_go_on(cause, kept) for cause in _list_causes(facts)]
    if not found:
        return None
    return ShopHealth(
        shop_id=shop.shop_id,
        state=shop.state,
        cluster=shop.cluster,
        way=shop.way,
        causes=tuple(sorted(found, key=lambda each: (-each.severity, each.since, each.code))),
    )


def _list_causes(facts: HealthFacts) -> Iterator[FoundCause]:
    shop, now, trouble = facts.shop, facts.now, facts.trouble
    for cause, count in (
        (HealthCause.DOUBLE_FILES, facts.double_files),
        (HealthCause.UNKNOWN_FILES, facts.unknown_files),
    ):
        if count:
            yield FoundCause(cause=cause, since=now, count=count)
    if facts.is_long_leaving:
        since = shop.leaving_since or now
        yield FoundCause(cause=HealthCause.LONG_LEAVING, since=since)
    is_lost = shop.state is ShopState.DISCONNECTED
    if is_lost:
        yield FoundCause(cause=HealthCause.DISCONNECTED, since=shop.changed_at)
    if trouble is not None and trouble.cause is not None and (is_lost or shop.state.exports):
        since = trouble.since or now
        yield FoundCause(cause=HealthCause.TROUBLE, since=since, trouble=trouble.cause)
    if shop.state.exports:
        yield from _list_of_exports(facts)


def _list_of_exports(facts: HealthFacts) -> Iterator[FoundCause]:
    """What can be wrong with a shop that exports alone."""
    now, ran_at = facts.now, facts.ran_at
    if facts.is_day_wrong:
        yield FoundCause(cause=HealthCause.WRONG_DAY, since=now)
    if ran_at is not None and now - ran_at > NOT_EXPORTED_AFTER:
        yield FoundCause(cause=HealthCause.NOT_EXPORTED, since=ran_at)
    if facts.overdue:
        yield FoundCause(cause=HealthCause.OVERDUE, since=now, count=facts.overdue)
    if facts.quiet_days:
        since = now - timedelta(days=facts.quiet_days)
        yield FoundCause(cause=HealthCause.QUIET, since=since, count=facts.quiet_days)


def _go_on(found: FoundCause, kept: ShopHealth | None) -> FoundCause:
    """The cause as it goes on since it was first found."""
    former = () if kept is None else kept.causes
    alike = (each for each in former if (each.cause, each.trouble) == (found.cause, found.trouble))
    since = min((each.since for each in alike), default=found.since)
    return FoundCause(
        cause=found.cause, since=min(since, found.since), count=found.count, trouble=found.trouble
    )
