"""A person closes a period, so that nothing is booked in it any more, or opens it again.

Closing has the shop's lease meanwhile, so that no file is under way that was made before: a run
that has lost the lease looks at the shop once more before it sends anything, and a file is sent
within that look's time or not at all. Opening needs no lease; a file that was made by the closed
period has later dates, and is made anew when it was not sent yet.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from chalicelib.domain import bounds
from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.life import UNSURE
from chalicelib.domain.period_locks import (
    LockHolder,
    Locks,
    add_lock,
    find_locked_until,
    lift_lock,
    list_own,
    list_standing,
    was_lifted,
)
from chalicelib.domain.periods import Period
from chalicelib.domain.shops import Shop
from chalicelib.errors import RequestError
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.filing.leased_deeds import lease_shop
from chalicelib.usecases.filing.open_files import read_noted_files
from chalicelib.usecases.shop.locks_of_shop import change_locks, read_seats
from chalicelib.usecases.workspace import Workspace


class Unconfirmed(Exception):
    """A period with `files` in it, of which nobody knows yet whether they arrived: they may still
    come in, and a person has to say that this is known.
    """

    def __init__(self, files: Collection[FileEntry]) -> None:
        super().__init__(", ".join(file.name for file in files))
        self.files = tuple(files)


class NoReason(RequestError):
    """A period is opened again for a reason that a person gives, in one line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedPeriods:
    """How a shop's books are closed, for one who looks: `standing` are the locks, the latest day
    first, `own` those of them that are his, of which the first may be taken back, `lifted` those
    that were taken back lately, newest first.
    """

    standing: Locks
    own: Locks
    lifted: Locks

    @property
    def until(self) -> date | None:
        """The last closed day."""
        return self.standing[0].until if self.standing else None

    @property
    def remains(self) -> date | None:
        """The last closed day once the holder's latest lock is taken back."""
        rest = [lock for lock in self.standing if not self.own or lock != self.own[0]]
        return rest[0].until if rest else None


def read_closed_periods(workspace: Workspace, holder: LockHolder) -> ClosedPeriods:
    """The shop's locks as one holder sees them. A query where a bookkeeper's lock stands."""
    locks = workspace.shop.locks
    lifted = sorted(
        ((one.lifted.at, one) for one in locks if one.lifted is not None),
        key=lambda pair: pair[0],
        reverse=True,
    )
    return ClosedPeriods(
        standing=list_standing(locks),
        own=list_own(locks, holder, read_seats(workspace)),
        lifted=tuple(one for _, one in lifted),
    )


def list_unsure_files(workspace: Workspace, until: date) -> list[FileEntry]:
    """The files that may be in Asperion, or may yet come in, with a document dated `until` or
    before. Of one that does not say which days its documents are booked on, that is not known.
    """
    noted = read_noted_files(workspace)
    return [
        file
        for file in noted
        if file.state in UNSURE and (not file.days or min(file.days.values()) <= until)
    ]


def find_new_days(shop: Shop, until: date) -> Period:
    """The days that closing the books up to `until` closes beside those that are closed already:
    of a shop that never closed any, those of this year and the last.
    """
    former = find_locked_until(lock for lock in shop.locks if lock.until < until)
    if former is not None:
        return Period(former + timedelta(days=1), until)
    return Period(date(until.year - 1, 1, 1), until)


def check_closing(workspace: Workspace, until: date, holder: LockHolder) -> bool:
    """Whether closing the books up to that day changes anything, as far as the shop alone tells:
    that a seat is no more, `close_period` looks up. Raises `LockRefused`.
    """
    locks = workspace.shop.locks
    seats = {lock.seat for lock in locks}
    return add_lock(locks, holder, until, at=workspace.now(), seats=seats) != locks


def close_period(
    workspace: Workspace, until: date, holder: LockHolder, *, confirmed: Collection[str] = ()
) -> bool:
    """Close the books up to and including a day. Whether that changed anything.

    Raises `LockRefused`; `ShopBusy` while a run is at work; `Unconfirmed` for files whose fate is
    not known and whose names are not `confirmed`; `RequestError` as `change_locks`.
    """
    if not check_closing(workspace, until, holder):
        return False
    now = workspace.now()
    owner = f"close/{until.isoformat()}/{now.isoformat()}/{holder.seat}"
    with lease_shop(workspace, owner, otherwise="no period is closed meanwhile"):
        unsure = list_unsure_files(workspace, until)
        if any(file.name not in confirmed for file in unsure):
            raise Unconfirmed(unsure)
        return change_locks(
            workspace,
            lambda locks, seats: add_lock(locks, holder, until, at=now, seats=seats),
        )


def open_period(workspace: Workspace, name: str, holder: LockHolder, *, reason: str) -> bool:
    """Take back the lock of that `PeriodLock.name`, for a reason of one line. Whether this call did
    it; the same holder's second one is no error. Raises `LockRefused`,
    `NoReason`, `RequestError` as `change_locks`.
    """
    why = " ".join(reason.split())
    if not bounds.is_line(why, bounds.LONGEST_REASON):
        raise NoReason(
            f"Opening a period again takes a reason of at most {bounds.LONGEST_REASON} visible "
            "characters."
        )
    now = workspace.now()

    def lift(locks: Locks, seats: Collection[str]) -> Locks:
        if was_lifted(locks, name, holder):
            return locks
        return lift_lock(locks, holder, name, at=now, reason=why, seats=seats)

    return change_locks(workspace, lift)
