"""How much of what was delivered by API Asperion shows, for the sentence that matters and for the
sheet of a period: two reads by key.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.file_names import read_way
from chalicelib.domain.landed import LandedDelivery, ReadBack, UnreadCause, landing_name
from chalicelib.domain.ledger import FileEntry, FileState
from chalicelib.domain.periods import Period
from chalicelib.domain.ways import Way
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
    if newest is None or kept.has_seen(newest):
        sight = Sight.SEEN if kept.unread_since is None else Sight.UNREAD
    else:
        sight = Sight.TO_BE_SEEN if kept.unread_since is None else Sight.UNREAD
    return Seen(sight=sight, at=kept.at, unread_since=kept.unread_since, cause=kept.cause)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenOfPeriod:
    """Of `delivered` documents that went to Asperion by API and are dated in a period, it showed
    `landed` as they were delivered, `definitive` of them as definitive; `unread` were not read.
    """

    delivered: int
    landed: int
    definitive: int

    @property
    def is_whole(self) -> bool:
        """Whether it shows all of them."""
        return self.landed == self.delivered


def count_seen(workspace: Workspace, period: Period, names: Collection[str]) -> SeenOfPeriod | None:
    """What Asperion showed of these deliveries in a period; None when none of it was read."""
    by_api = [landing_name(name) for name in sorted(names) if read_way(name) is Way.API]
    if not by_api:
        return None
    kept = workspace.connector.shops.load_all(workspace.shop_id, LandedDelivery, by_api)
    parts = [part for each in kept.values() for day, part in each.parts.items() if day in period]
    if not parts:
        return None
    return SeenOfPeriod(
        delivered=sum(part.delivered - part.moved for part in parts),
        landed=sum(part.landed + part.uncompared for part in parts),
        definitive=sum(part.definitive for part in parts),
    )
