"""A time limit for several calls together."""

from __future__ import annotations

import time
from collections.abc import Callable


class Deadline:
    """A time limit for all calls of a job together, as for a page that somebody waits for: passes
    `seconds` after it is made. `monotonic` gives seconds and never goes back.
    """

    def __init__(self, seconds: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._until = monotonic() + seconds

    def seconds_left(self) -> float:
        """Seconds left; 0 once it has passed."""
        return max(self._until - self._monotonic(), 0.0)
