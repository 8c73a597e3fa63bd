"""A fleet of very many shops, and a queue on a simulated clock that works on its slices.

Everything that can go wrong with a slice goes wrong here by chance: a page cannot be read, a batch
is sent in part, a worker is killed between any two steps, its time is up, its message is delivered
twice: one after the other, or to two workers at once.
"""

from __future__ import annotations

import heapq
import itertools
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from chalicelib.domain.nights import Slice, SliceProgress
from chalicelib.domain.shops import ShopState
from chalicelib.domain.slots import slot_of
from chalicelib.domain.tasks import Task
from chalicelib.errors import LedgerThrottled, QueueError
from chalicelib.usecases.filing.night_start import start_night
from chalicelib.usecases.filing.sending_out import send_slice
from tests.fakes.export_queue import MemoryQueue
from tests.fakes.memory_ledger import MemoryShops
from tests.unit.usecases.stage import FIRST_NIGHT, SHOP_ID, Stage

COMES_BACK = (900, 2700, 7200)
RECEIVES = 4
PAGE_TIME = timedelta(seconds=2)


class Killed(BaseException):
    """The worker is gone in the middle."""


class Fleet:
    """`count` shops of which every tenth is paused, and the nights that send them out.

    `sent` counts the messages of each night's shops, `minutes` when a shop's first one was sent,
    since the start of its night; `repeated` counts how often work on a slot did not end well.
    """

    def __init__(self, count: int, rng: Random, *, chance: float, window: int) -> None:
        self.rng, self.chance, self._window = rng, chance, window
        self.now = FIRST_NIGHT
        stage = Stage()
        first = stage.shops.records[SHOP_ID]
        self.numbers = sorted(rng.sample(range(1000, 20 * count), count))
        self.paused = {*self.numbers[::10]}
        states = {True: ShopState.PAUSED, False: ShopState.ACTIVE}
        self.shops = _FleetShops(self)
        for number in self.numbers:
            shop = replace(first, shop_id=number, state=states[number in self.paused])
            self.shops.put(number, is_exporting=shop.state.exports)
        self.queue = _FleetQueue(self)
        self.connector = replace(
            stage.connector,
            shops=self.shops,
            queue=self.queue,
            clock=lambda: self.now,
        )
        self.sent: dict[str, Counter[int]] = defaultdict(Counter)
        self.minutes: dict[str, dict[int, float]] = defaultdict(dict)
        self.repeated: dict[str, Counter[str]] = defaultdict(Counter)
        self.happened: Counter[str] = Counter()
        self._began: dict[str, datetime] = {}

    def strikes(self, what: str, times: float = 1.0) -> bool:
        """Whether that goes wrong now."""
        if self.rng.random() >= self.chance * times:
            return False
        self.happened[what] += 1
        return True

    def play_night(self, run: str, task: Task = Task.EXPORT) -> None:
        """Start a night and work on its slices until none is under way; the operator then gives
        those another chance that failed too often.
        """
        self._began[run] = self.now
        start_night(self.connector, task, run=run, window=self._window)
        while self.queue.due:
            self.queue.deliver_next()
            if not self.queue.due:
                self.happened["dead letter"] += len(self.queue.dead_slices)
                self.queue.redrive()

    def note(self, run: str, shop_ids: Sequence[int]) -> None:
        """These shops have a message."""
        self.sent[run].update(shop_ids)
        since = (self.now - self._began[run]).total_seconds() / 60
        for shop_id in shop_ids:
            self.minutes[run].setdefault(shop_id, since)

    def progress(self) -> list[SliceProgress]:
        """How far the slices are."""
        return [*self.shops.load_each(0, SliceProgress).values()]


class _FleetShops(MemoryShops):
    """The table of shops, which finds those of a slot without looking at all."""

    def __init__(self, fleet: Fleet) -> None:
        super().__init__()
        self._fleet = fleet
        self._known: dict[str, list[int]] = defaultdict(list)
        self._exporting: dict[str, list[int]] = defaultdict(list)

    def put(self, shop_id: int, *, is_exporting: bool) -> None:
        """Add a shop; in the order of their numbers."""
        self._known[slot_of(shop_id)].append(shop_id)
        if is_exporting:
            self._exporting[slot_of(shop_id)].append(shop_id)

    def exporting(self, slot: str, *, after: int, limit: int) -> list[int]:
        return self._page(self._exporting[slot], after, limit)

    def numbers(self, slot: str, *, after: int, limit: int) -> list[int]:
        return self._page(self._known[slot], after, limit)

    def _page(self, found: list[int], after: int, limit: int) -> list[int]:
        self._fleet.now += PAGE_TIME
        if self._fleet.strikes("page not read"):
            raise LedgerThrottled("the index is busy")
        self._fleet.queue.let_another_worker_in()
        start = bisect_right(found, after)
        return found[start : start + limit]

    def change(self, *given: Any, **more: Any) -> Any:
        if self._fleet.strikes("killed before it was noted"):
            raise Killed
        changed = super().change(*given, **more)
        if self._fleet.strikes("killed after it was noted"):
            raise Killed
        return changed


class _FleetQueue(MemoryQueue):
    """SQS on a simulated clock, of slices; what a shop's message would do is not played."""

    def __init__(self, fleet: Fleet) -> None:
        super().__init__()
        self._fleet = fleet
        self._count = itertools.count()
        self._kept_for = 5400
        self._at_work: list[Slice] = []
        self.due: list[tuple[datetime, int, Slice, int]] = []
        self.dead_slices: list[Slice] = []

    def put_slice(self, one: Slice, delay: int) -> None:
        fleet = self._fleet
        late = fleet.rng.randrange(600) if fleet.strikes("message late") else 0
        self._push(one, delay + late, 1)
        if fleet.strikes("message twice"):
            fleet.repeated[one.run][one.slot] += 1
            self._push(one, delay + fleet.rng.randrange(600), 1)

    def _push(self, one: Slice, delay: int, receives: int) -> None:
        at = self._fleet.now + timedelta(seconds=delay)
        heapq.heappush(self.due, (at, next(self._count), one, receives))

    def send_many(self, shop_ids: Sequence[int], *, run: str, task: Task = Task.EXPORT) -> int:
        fleet = self._fleet
        if fleet.strikes("batch sent in part"):
            fleet.note(run, [each for each in shop_ids if fleet.rng.random() < 0.5])
            raise QueueError("some shops could not be queued")
        fleet.note(run, shop_ids)
        if fleet.strikes("killed after a page"):
            raise Killed
        return len(shop_ids)

    def keep(self, receipt: str, seconds: int) -> None:
        self._kept_for = seconds

    def redrive(self) -> int:
        dead, self.dead_slices = self.dead_slices, []
        for one in dead:
            self._push(one, 0, 1)
        return len(dead)

    def deliver_next(self) -> None:
        """Let one worker have the next slice."""
        at, _, one, receives = heapq.heappop(self.due)
        fleet = self._fleet
        fleet.now, self._kept_for = max(fleet.now, at), 5400
        self._at_work = [one]
        try:
            self._work(one)
        except (LedgerThrottled, QueueError):
            self._come_back(one, receives, COMES_BACK[min(receives, 3) - 1])
        except Killed:
            self._come_back(one, receives, self._kept_for)

    def _work(self, one: Slice) -> None:
        fleet = self._fleet
        minutes = 0 if fleet.strikes("time is up", 5) else 13
        send_slice(
            fleet.connector, one, stop_at=fleet.now + timedelta(minutes=minutes), receipt="r"
        )

    def let_another_worker_in(self) -> None:
        """The same message was delivered to another worker, who is quicker."""
        fleet = self._fleet
        if len(self._at_work) != 1 or not fleet.strikes("two workers at once"):
            return
        (one,) = self._at_work
        fleet.repeated[one.run][one.slot] += 1
        self._at_work.append(one)
        try:
            self._work(one)
        except (LedgerThrottled, QueueError, Killed):
            fleet.repeated[one.run][one.slot] += 1
        finally:
            self._at_work.pop()

    def _come_back(self, one: Slice, receives: int, seconds: int) -> None:
        self._fleet.repeated[one.run][one.slot] += 1
        if receives >= RECEIVES:
            self.dead_slices.append(one)
        else:
            self._push(one, seconds, receives + 1)
