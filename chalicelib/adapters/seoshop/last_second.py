"""How many calls SEOshop may count within one second, where several are under way at once.

Calls that were sent apart may arrive together: after a pause of the network or of SEOshop itself,
all that wait are counted at once. A call is counted at some time between its sending and its
answer, and what both ways take at least, as the quickest of the last calls shows, is in that time
too: two calls that are counted within a second are no further apart than a second from the answer
of the first, less that least, to the sending of the other.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Lock

from chalicelib.ports import Clock

MOST_CALLS = 19
"""Within one second. SEOshop allows 20; one is left to a page that somebody opens meanwhile."""

SECOND = timedelta(seconds=1)


class LastSecond:
    """The calls that SEOshop may have counted within the last second."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = Lock()
        self._under_way = 0
        self._ended: deque[tuple[datetime, timedelta]] = deque(maxlen=MOST_CALLS)  # when, took

    def find_wait(self) -> timedelta:
        """How long to wait until one more call leaves no second with more than `MOST_CALLS`, if
        none is begun meanwhile.
        """
        with self._lock:
            quickest = min((took for _, took in self._ended), default=SECOND)
            now, since = self._clock(), SECOND - quickest
            # What ended in the future did so before the clock was set back.
            recent = [end for end, _ in self._ended if timedelta(0) <= now - end < since]
            room = max(MOST_CALLS - 1 - self._under_way, 0)
            if len(recent) <= room:
                return timedelta(0)
            return recent[len(recent) - room - 1] + since - now

    @contextmanager
    def watch_call(self) -> Iterator[None]:
        """The time in which one call is under way, whatever comes of it."""
        with self._lock:
            began = self._clock()
            self._under_way += 1
        try:
            yield
        finally:
            with self._lock:
                ended = self._clock()
                self._under_way -= 1
                self._ended.append((ended, max(ended - began, timedelta(0))))
