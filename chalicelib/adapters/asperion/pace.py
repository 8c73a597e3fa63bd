"""How fast Asperion's API is called. Its own limits are not known: a modest pace is kept, and what
it says with 429 and ``Retry-After`` is obeyed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Lock

from chalicelib.ports import Clock


class Pace:
    """The pace of one client: at most `per_second` calls a second, also of several threads. `sleep`
    takes seconds.
    """

    def __init__(self, *, clock: Clock, sleep: Callable[[float], None], per_second: int) -> None:
        self._clock = clock
        self._sleep = sleep
        self._spacing = timedelta(seconds=1) / per_second
        self._turn = Lock()
        self._next = self._busy_until = datetime.min.replace(tzinfo=UTC)

    def take_turn(self, seconds_left: float) -> datetime | None:
        """Wait for the turn of a call. Returns when it can be made, without waiting, if that is
        later than in `seconds_left`, or Asperion wants no call before; None when it is its turn.
        """
        with self._turn:
            now = self._clock()
            if now < self._busy_until:
                return self._busy_until
            # The clock may have been set back: no wait is longer than the spacing.
            wait = max(min(self._next - now, self._spacing), timedelta(0))
            if wait.total_seconds() > seconds_left:
                return now + wait
            if wait:
                self._sleep(wait.total_seconds())
            self._next = max(self._clock(), now + wait) + self._spacing
            return None

    def rest_until(self, moment: datetime) -> None:
        """Asperion wants no call before this moment."""
        with self._turn:
            self._busy_until = moment
