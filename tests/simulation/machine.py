"""A clock, a heap of things to come, and processes that take turns at every effect.

A process is a greenlet. Each effect (a call of a table, of SEOshop, of the inbox, of the queue)
takes simulated time, during which all others run; then it happens, or the process dies: before the
effect, or after it and before it could hear of it. A dead process has no further effect whatever
its ``finally`` blocks try, as in a killed Lambda.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from greenlet import getcurrent, greenlet

T = TypeVar("T")


class Killed(BaseException):
    """The process is dead."""


class Machine:
    """Simulated time (seconds since `start`) and what is to come."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.time = 0.0
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._hub = getcurrent()

    def now(self) -> datetime:
        """The clock that all of the connector sees."""
        return self.start + timedelta(seconds=self.time)

    def at(self, time: float, act: Callable[[], None]) -> None:
        """Let something happen at a time (at once when that is past)."""
        self._count += 1
        heapq.heappush(self._heap, (max(time, self.time), self._count, act))

    def run(self, most: int = 200_000) -> bool:
        """Let everything happen; False when it never ends."""
        for _ in range(most):
            if not self._heap:
                return True
            time, _, act = heapq.heappop(self._heap)
            self.time = max(self.time, time)
            act()
        return False

    def jump(self, seconds: float) -> None:
        """The clock leaps: all that was to happen meanwhile is late."""
        self.time += seconds

    def wait(self, seconds: float) -> None:
        """Called by a process: let time pass, and others run."""
        wake = self.time + seconds
        if self._heap and self._heap[0][0] <= wake:
            me = getcurrent()
            self.at(wake, lambda: _switch(me))
            self._hub.switch()
        else:
            self.time = wake

    def spawn(self, act: Callable[[], None]) -> None:
        """Run `act` as a process of its own, from now on."""
        self.at(self.time, lambda: _switch(greenlet(act, self._hub)))


def _switch(to: Any) -> None:
    to.switch()


class Process:
    """One invocation: a worker, a webhook, a merchant's click.

    `kind` names the use case, which may not write when it `reads_only`. `limit` is the function's
    time in seconds; `crash` the number of the effect at which it dies, and whether before it
    happens. `pace` gives the seconds that an effect takes, and for how long the process then stands
    still.
    """

    def __init__(
        self,
        machine: Machine,
        name: str,
        *,
        kind: str,
        reads_only: bool,
        limit: float,
        pace: Callable[[str], tuple[float, float]],
        crash: tuple[int, bool] | None = None,
        on_crash: Callable[[str], None] = lambda where: None,
    ) -> None:
        self.machine = machine
        self.name = name
        self.kind = kind
        self.reads_only = reads_only
        self.dead = False
        self.had_lease = False
        self.is_noted = False  # its wish is noted with another's lease
        self.sent_on = False
        self.skew = timedelta(0)  # how far its clock is ahead
        self.finished_before: Counter[date] = Counter()  # documents, when it began to state days
        self.received: set[str] = set()  # files that the inbox told it to have, or to have taken
        self.placed: set[str] = set()  # files that the inbox confirmed to it
        self.sending = ("", "")  # the delivery by API that it is at, and the document of it
        self.answered: set[str] = set()  # documents of which Asperion said that it took them
        self.was_throttled = False  # by a table
        self.is_frozen = False  # for so long that others took it for dead
        self.is_barred = False  # a list of SEOshop could not be had
        self.read_at = 0.0  # when it last read the shop's record
        self.policies: dict[str, Any] = {}  # how the shop stood until it began a file, by name
        self.started = machine.time
        self.steps = 0
        self._ends = machine.time + limit
        self._pace = pace
        self._crash = crash
        self._on_crash = on_crash

    @property
    def left(self) -> float:
        """Seconds until the function's limit."""
        return self._ends - self.machine.time

    def effect(self, name: str, act: Callable[[], T]) -> T:
        """Do one thing to the world, unless death comes first, or right after."""
        if self.dead:
            raise Killed
        self.steps += 1
        takes, stalls = self._pace(name)
        self.sleep(takes)
        dies_before, dies_after = False, False
        if self._crash is not None and self.steps >= self._crash[0]:
            dies_before, dies_after = self._crash[1], not self._crash[1]
        if dies_before:
            self.die(f"before {name}")
        if not dies_after:
            return self._then_stall(act, stalls)
        try:
            act()
        finally:
            self.die(f"after {name}")
        raise Killed  # never reached

    def _then_stall(self, act: Callable[[], T], seconds: float) -> T:
        """The world hears of the effect at once; the process may go on much later."""
        try:
            return act()
        finally:
            if seconds and not self.dead:
                self.sleep(seconds)

    def sleep(self, seconds: float) -> None:
        """Let time pass; at the function's limit the process is killed."""
        if seconds >= self.left:
            self.machine.wait(max(self.left, 0.0))
            self.die("at its time limit")
        self.machine.wait(seconds)
        if self.machine.time > self._ends:
            self.die("at its time limit")

    def die(self, where: str) -> None:
        """Be killed here."""
        self.dead = True
        self._on_crash(where)
        raise Killed
