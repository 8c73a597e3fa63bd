"""Faults that are switched on, each for a number of requests, in the order of switching on."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

ALWAYS = -1


@dataclass(frozen=True)
class SwitchedFault:
    """A fault that will hit `count` more requests (`ALWAYS`: all)."""

    kind: str
    count: int = 1


F = TypeVar("F", bound=SwitchedFault)


class SwitchedFaults(Generic[F]):
    """The faults that are on."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[F] = []
        self.stopping = threading.Event()
        """Set when the server stops, so that slow answers end."""

    def add(self, fault: F) -> None:
        """Switch a fault on, after those that are on already."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Switch all faults off."""
        with self._lock:
            self._faults.clear()

    def active(self) -> list[F]:
        """Faults that have requests left to hit."""
        with self._lock:
            return list(self._faults)

    def take_first(self, hits: Callable[[F], bool]) -> F | None:
        """The first fault that hits a request, one use less; None if it may pass."""
        with self._lock:
            for place, fault in enumerate(self._faults):
                if not hits(fault):
                    continue
                if fault.count != ALWAYS:
                    left = replace(fault, count=fault.count - 1)
                    self._faults[place : place + 1] = [left] if left.count else []
                return fault
        return None
