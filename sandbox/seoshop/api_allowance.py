"""The API allowance: three clock-aligned windows and a limit a second, for each key of a shop."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from sandbox.seoshop.jsonout import iso
from sandbox.seoshop.webshop import Limits, Shop
from sandbox.serving import Clock

Key = tuple[int, str]


@dataclass(frozen=True)
class Allowance:
    """The allowance at one call: whether it is allowed, and what remains in each window."""

    allowed: bool
    limits: tuple[int, ...]
    remaining: tuple[int, ...]
    resets: tuple[int, ...]
    wait: int

    def headers(self) -> dict[str, str]:
        """Return the three ``X-RateLimit-*`` headers; resets are seconds from now."""
        return {
            "X-RateLimit-Limit": _join(self.limits),
            "X-RateLimit-Remaining": _join(self.remaining),
            "X-RateLimit-Reset": _join(self.resets),
        }


class RateLimiter:
    """Counts calls. Refused calls are not counted."""

    def __init__(self, clock: Clock) -> None:
        """Count by the given clock."""
        self._clock = clock
        self._used: dict[tuple[Key, int], tuple[int, int]] = {}
        self._second: dict[Key, tuple[int, int]] = {}
        self._lock = Lock()

    def reset(self) -> None:
        """Forget all counts."""
        with self._lock:
            self._used.clear()
            self._second.clear()

    def take(self, shop: Shop, kind: str) -> Allowance:
        """Count one call with a shop's key of this kind, unless a window is used up."""
        return self._account(shop, kind, 1)

    def peek(self, shop: Shop, kind: str) -> Allowance:
        """Return the allowance without counting a call."""
        return self._account(shop, kind, 0)

    def report(self, shop: Shop, kind: str) -> dict[str, Any]:
        """Return the body of ``account/ratelimit``."""
        seen, now = self.peek(shop, kind), self._clock().timestamp()
        names = ("limit5Min", "limitHour", "limitDay")
        return {
            name: {
                "limit": limit,
                "remaining": left,
                "reset": reset,
                "resetTime": iso(datetime.fromtimestamp(now + reset, UTC)),
            }
            for name, limit, left, reset in zip(
                names, seen.limits, seen.remaining, seen.resets, strict=True
            )
        }

    def _account(self, shop: Shop, kind: str, calls: int) -> Allowance:
        now, key, rules = self._clock().timestamp(), (shop.id, kind), shop.limits
        with self._lock:
            used = [self._in_window(key, length, now) for length in rules.windows]
            second, in_second = self._second.get(key, (0, 0))
            in_second = in_second if second == int(now) else 0
            full = [count >= limit for count, limit in zip(used, rules.limits, strict=True)]
            crowded = in_second >= rules.per_second
            allowed = not calls or not (any(full) or crowded)
            if calls and allowed:
                used = [count + 1 for count in used]
                for length, count in zip(rules.windows, used, strict=True):
                    self._used[key, length] = (math.floor(now / length), count)
                self._second[key] = (int(now), in_second + 1)
        return _allowance(
            allowed, rules, used, full, now=now, empty=shop.switches["exhausted_remaining"]
        )

    def _in_window(self, key: Key, length: int, now: float) -> int:
        window, count = self._used.get((key, length), (0, 0))
        return count if window == math.floor(now / length) else 0


def _allowance(
    allowed: bool,
    rules: Limits,
    used: Sequence[int],
    full: Sequence[bool],
    *,
    now: float,
    empty: int,
) -> Allowance:
    resets = tuple(math.ceil(length - now % length) for length in rules.windows)
    left = tuple(
        limit - count if count < limit else (0 if allowed else empty)
        for limit, count in zip(rules.limits, used, strict=True)
    )
    waits = [reset for reset, is_full in zip(resets, full, strict=True) if is_full]
    return Allowance(allowed, rules.limits, left, resets, max(waits, default=1))


def _join(numbers: Sequence[int]) -> str:
    return "/".join(str(number) for number in numbers)
