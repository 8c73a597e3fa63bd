"""How much of a shop a page may read: within API Gateway's time, and the allowance of calls."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from chalicelib.errors import ShopRateLimited, ShopUnavailable
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.read_once import OF_ONE_DOCUMENT
from chalicelib.usecases.workspace import Workspace

T = TypeVar("T")

READING_TIME = timedelta(seconds=16)
"""After it no further document is begun. API Gateway gives a page up after 29 seconds, of which a
cold start takes some, and writing a page of fifty invoices two or three."""

CALLS_TIME = timedelta(seconds=19)
"""No call outlasts it."""

LEFT_ALONE = 10
"""Calls of each window that the merchant's other pages may still make."""

FAILURES_IN_A_ROW = 2  # then the shop is considered down


class Stop(StrEnum):
    """Why a page stopped reading before its end."""

    TIME = "time"
    ALLOWANCE = "allowance"  # of SEOshop's calls
    SHOP = "shop"  # it answers no longer


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How far a page came: of `asked` documents those of the numbers in `unread` were not read, and
    why. `missing` are numbers that the shop does not know, `unbilled` those of orders without an
    invoice in a shop that exports invoices. `resumes_at` is when SEOshop allows further calls.
    """

    asked: int
    unread: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    unbilled: tuple[str, ...] = ()
    stopped_by: Stop | None = None
    resumes_at: datetime | None = None

    @property
    def read(self) -> int:
        """How many documents were read."""
        return self.asked - len(self.unread)


class PageReading:
    """Reads until the time is up, or SEOshop allows no more."""

    def __init__(self, workspace: Workspace) -> None:
        self._now, self._api = workspace.now, workspace.api
        self._stop_at = workspace.now() + READING_TIME
        self._has_read = False
        self._failures = 0
        self.stopped_by: Stop | None = None
        self.resumes_at: datetime | None = None
        self._api.limit_time(CALLS_TIME)

    def start(self, read: Callable[[], T]) -> T:
        """What there is to read at all. Raises `ShopError`."""
        found = read()
        self._has_read = True
        return found

    def read(self, read: Callable[[], T], *, unusable: T) -> T | None:
        """What was read; `unusable` instead of what is wrong by itself alone; None when it was not
        read. Once something stops the reading, nothing more is read.

        Raises `ShopError` for what concerns the whole shop, and when nothing was read before.
        """
        if not self._may_go_on():
            return None
        try:
            found = read()
        except OF_ONE_DOCUMENT:
            found = unusable
        except (ShopRateLimited, ShopUnavailable) as error:
            if not self._has_read:
                raise
            self._note_failure(error)
            return None
        self._has_read, self._failures = True, 0
        return found

    def has_room(self, calls: int) -> bool:
        """Whether so many calls may be made at once."""
        left = self._api.remaining_calls()
        return self._may_go_on() and (left is None or left - LEFT_ALONE >= calls)

    def _may_go_on(self) -> bool:
        if self.stopped_by is None and self._now() >= self._stop_at:
            self.stopped_by = Stop.TIME
        left = self._api.remaining_calls()
        if self.stopped_by is None and self._has_read and left is not None and left <= LEFT_ALONE:
            self.stopped_by = Stop.ALLOWANCE
        return self.stopped_by is None

    def _note_failure(self, error: ShopRateLimited | ShopUnavailable) -> None:
        self._failures += 1
        if isinstance(error, ShopRateLimited):
            self.stopped_by, self.resumes_at = Stop.ALLOWANCE, error.until
        elif self._now() >= self._stop_at:
            self.stopped_by = Stop.TIME
        elif self._failures >= FAILURES_IN_A_ROW:
            self.stopped_by = Stop.SHOP
