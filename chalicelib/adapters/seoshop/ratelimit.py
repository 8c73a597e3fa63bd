"""SEOshop's rate limit for one shop: three windows, and 20 calls a second.

Every answer carries ``X-RateLimit-Limit``, ``-Remaining`` and ``-Reset`` with one number a window
(five minutes, hour, day), divided by slashes; an empty window says 0 or -1. A share of each window
is reserved for health checks and the merchant's pages; once only that remains, nothing is called
and the job continues after the reset. Source: API reference, 4.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from threading import Lock

from chalicelib.adapters.retry_after import read_retry_after
from chalicelib.adapters.seoshop.last_second import LastSecond
from chalicelib.errors import ShopRateLimited
from chalicelib.lazy_dataclass import dataclass
from chalicelib.ports import Clock

SPACING = timedelta(milliseconds=60)
"""Between two calls: a little under 20 a second, because the network may bunch them up."""

ONE_WINDOW = timedelta(seconds=2)
"""How far apart the ends of one window may seem to be."""

UNKNOWN_WAIT = timedelta(minutes=5)
"""How long to wait after a 429 that does not say: the shortest window."""

_LONGEST = 86_400  # seconds; no window is longer than a day
_NUMBERS = r"\s*-?[0-9]{1,9}(\s*/\s*-?[0-9]{1,9})*\s*"


@dataclass(slots=True)
class _Window:
    limit: int
    remaining: int
    resets_at: datetime

    def is_same(self, other: _Window) -> bool:
        """Whether both are one window, seen twice: SEOshop names its end in whole seconds."""
        return self.limit == other.limit and abs(self.resets_at - other.resets_at) <= ONE_WINDOW

    def spare(self, reserve: float, now: datetime) -> int:
        """Calls left above the reserve; the whole window when it has been reset since."""
        count = self.limit if now >= self.resets_at else self.remaining
        return count - int(self.limit * reserve)


class RateLimit:
    """The rate limit of one key and shop, by the last answer's headers.

    `reserve` is the fraction of every window that is not used (0 for pages and health checks).
    `sleep` takes seconds and is only used for the tens of milliseconds between two calls.
    """

    def __init__(self, *, clock: Clock, reserve: float, sleep: Callable[[float], None]) -> None:
        self._clock = clock
        self._reserve = reserve
        self._sleep = sleep
        self._turn = Lock()  # of the next call; whoever has it may sleep
        self._counts = Lock()
        self._second = LastSecond(clock)
        self._windows: list[_Window] = []
        self._refused_until = self._last_call = datetime.min.replace(tzinfo=UTC)

    @contextmanager
    def make_call(self) -> Iterator[None]:
        """Reserve a call, which is made within this context. Raises `ShopRateLimited`."""
        with ExitStack() as call:
            with self._turn:
                self._reserve_call()
                call.enter_context(self._second.watch_call())
            yield

    def reserve_call(self) -> None:
        """Count one call and space it from the last, also from those of other threads. Raises
        `ShopRateLimited` when our share is used up, or until the time that SEOshop's last refusal
        named.
        """
        with self._turn:
            self._reserve_call()

    def _reserve_call(self) -> None:
        self._require_share()
        self._wait_for_pace()
        with self._counts:
            self._require_share()  # another call may have been refused meanwhile
            for window in self._windows:
                window.remaining -= 1

    def _require_share(self) -> None:
        now = self._clock()
        if now < self._refused_until:
            raise self._make_error("SEOshop refused more calls", self._refused_until)
        resets = [w.resets_at for w in self._windows if w.spare(self._reserve, now) <= 0]
        if resets:
            raise self._make_error("Our share of SEOshop's calls is used up", max(resets))

    def _wait_for_pace(self) -> None:
        now = self._clock()
        wait = min(self._last_call + SPACING - now, SPACING)  # the clock may have been set back
        wait = max(wait, self._second.find_wait(), timedelta(0))
        if wait > timedelta(0):
            self._sleep(wait.total_seconds())
        self._last_call = now + wait  # and not when the sleep ended: it always takes a little more

    def record_headers(self, headers: Mapping[str, str]) -> None:
        """Record the headers of an answer; answers without them change nothing. Of calls that were
        made at once an earlier one may be answered last: within a window no call is ever given
        back, so what is left is the least that was counted.
        """
        limits, counts, resets = (
            _parse_numbers(headers.get(f"X-RateLimit-{name}", ""))
            for name in ("Limit", "Remaining", "Reset")
        )
        if limits and len(limits) == len(counts) == len(resets):
            with self._counts:
                now, known = self._clock(), self._windows
                self._windows = [
                    _Window(limit, count, now + _clamp_seconds(reset))
                    for limit, count, reset in zip(limits, counts, resets, strict=True)
                    if limit > 0
                ]
                for window, before in zip(self._windows, known, strict=False):
                    if window.is_same(before) and now < before.resets_at:
                        window.remaining = min(window.remaining, before.remaining)

    def record_refusal(self, headers: Mapping[str, str], said: str) -> ShopRateLimited:
        """Record a 429, after its headers, so that further calls wait; returns its error. `said` is
        the status and the known message that came with it.
        """
        now = self._clock()
        exhausted = [w.resets_at for w in self._windows if w.remaining <= 0 and w.resets_at > now]
        if exhausted and _parse_numbers(headers.get("X-RateLimit-Reset", "")):
            until = max(exhausted)
        else:
            until = read_retry_after(headers.get("Retry-After", ""), now) or now + UNKNOWN_WAIT
        self._refused_until = max(until, now + timedelta(seconds=1))
        reason = f"SEOshop refuses more calls ({said})"
        return self._make_error(reason, self._refused_until, status=429)

    def remaining(self) -> int | None:
        """Calls left above the reserve in the tightest window; None before the first answer."""
        now = self._clock()
        if now < self._refused_until:
            return 0
        spare = [window.spare(self._reserve, now) for window in self._windows]
        return max(0, min(spare)) if spare else None

    def when_allowed(self, calls: int) -> datetime | None:
        """When so many calls may be made above the reserve, as far as the last answer tells; None
        when no window allows so many.
        """
        now = self._clock()
        if any(
            window.limit - int(window.limit * self._reserve) < calls for window in self._windows
        ):
            return None
        resets = [w.resets_at for w in self._windows if w.spare(self._reserve, now) < calls]
        return max([*resets, self._refused_until, now])

    @staticmethod
    def _make_error(reason: str, until: datetime, status: int | None = None) -> ShopRateLimited:
        return ShopRateLimited(
            f"{reason} until {until:%Y-%m-%d %H:%M:%S} UTC; the work goes on from then.",
            until=until,
            status=status,
        )


def _parse_numbers(header: str) -> list[int]:
    return [int(part) for part in header.split("/")] if re.fullmatch(_NUMBERS, header) else []


def _clamp_seconds(number: int) -> timedelta:
    return timedelta(seconds=min(max(number, 0), _LONGEST))
