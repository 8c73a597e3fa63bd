"""How long somebody waits for all calls together, as for a page."""

from __future__ import annotations

import time
from collections.abc import Callable


class Deadline:
    """Begins to run when it is made; `seconds` from then on it is over. `monotonic` tells seconds
    and never goes back.
    """

    def __init__(self, seconds: float, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._until = monotonic() + seconds

    def left(self) -> float:
        """Seconds left; 0 when it is over."""
        return max(self._until - self._monotonic(), 0.0)
