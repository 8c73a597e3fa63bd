"""How much of what was delivered by API Asperion shows, for the sentence that matters and for the
sheet of a period: two reads by key.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.concepts import CodeTotal
from chalicelib.domain.file_names import read_way
from chalicelib.domain.file_returns import DeclaredDay
from chalicelib.domain.landed import (
    LandedDelivery,
    LandedPart,
    ReadBack,
    UnreadCause,
    add_up_parts,
    landing_name,
)
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.money import total
from chalicelib.domain.period_files import CountedFile
from chalicelib.domain.periods import Period
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.workspace import Workspace


class Sight(StrEnum):
    """Whether Asperion shows what was delivered last."""

    NOT_ASKED = "not asked"  # the shop delivers by files
    SEEN = "seen"
    TO_BE_SEEN = "to be seen"  # it is read with the next night
    UNREAD = "unread"  # that fails


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How far reading back has come: `at` it was last read, `unread_since` since when that fails,
    for `cause`.
    """

    sight: Sight = Sight.NOT_ASKED
    at: datetime | None = None
    unread_since: datetime | None = None
    cause: UnreadCause | None = None


def find_sight(workspace: Workspace, files: Iterable[FileEntry]) -> Seen:
    """Whether Asperion shows the newest delivery among these files of a shop that delivers by
    API.
    """
    if workspace.shop.way is not Way.API:
        return Seen()
    kept = workspace.connector.shops.load(workspace.shop_id, ReadBack) or ReadBack()
    placed = (each for each in files if each.state is FileState.PLACED and each.way is Way.API)
    newest = max((each.since for each in placed), default=None)
    is_seen = (newest is None or kept.has_seen(newest)) and not kept.has_doubt
    sight = Sight.SEEN if is_seen else Sight.TO_BE_SEEN
    if kept.unread_since is not None:
        sight = Sight.UNREAD
    return Seen(sight=sight, at=kept.at, unread_since=kept.unread_since, cause=kept.cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOfPeriod:
    """Of `delivered` documents that went to Asperion by API and are dated in a period, it showed
    `landed`, `definitive` of them as definitive; `unread` are those that were not read yet. `gone`
    and `changed` are the numbers of those that are deleted or changed there. `difference` is how
    much more Asperion has than was delivered; None when that is not known.
    """

    delivered: int
    landed: int
    definitive: int
    unread: int = 0
    gone: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    difference: CodeTotal | None = None

    @property
    def differs(self) -> bool:
        """Whether Asperion is known to have more or less than was delivered."""
        return self.difference is not None and bool(self.difference.excl or self.difference.vat)

    @property
    def is_whole(self) -> bool:
        """Whether it shows all of them, and nothing else."""
        return self.landed == self.delivered and not (self.unread or self.differs)


def count_seen(
    workspace: Workspace, period: Period, files: Iterable[CountedFile]
) -> SeenOfPeriod | None:
    """What Asperion showed of these deliveries in a period; None when none of it was read."""
    by_api = [file for file in files if read_way(file.name) is Way.API]
    if not by_api:
        return None
    names = [landing_name(file.name) for file in by_api]
    kept = workspace.connector.shops.load_all(workspace.shop_id, LandedDelivery, names)
    parts = [part for each in kept.values() for day, part in each.parts.items() if day in period]
    whole = add_up_parts(parts)
    if whole is None:
        return None
    days = [day for file in by_api for day in file.list_days(period)]
    unread = sum(day.documents for day in days) - whole.delivered
    return SeenOfPeriod(
        delivered=whole.delivered - whole.moved,
        landed=whole.landed + whole.uncompared,
        definitive=whole.definitive,
        unread=unread,
        gone=whole.gone,
        changed=whole.changed,
        difference=None if unread else _compare(days, whole),
    )


def _compare(days: Iterable[DeclaredDay], shown: LandedPart) -> CodeTotal | None:
    if shown.codes is None:
        return None
    there, declared = shown.codes.values(), [each for day in days for each in day.totals]
    return CodeTotal(
        excl=total(each.excl for each in there) - total(each.excl for each in declared),
        vat=total(each.vat for each in there) - total(each.vat for each in declared),
    )
