"""The export's queue, simulated."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from chalicelib.domain.nights import Slice
from chalicelib.domain.slots import EVERY_SLOT, slot_of
from chalicelib.errors import QueueError
from chalicelib.ports import Task
from tests.fakes.export_queue import MemoryQueue, Message
from tests.simulation.booked import SHOP_ID
from tests.simulation.machine import Machine, Process
from tests.simulation.weather import Weather

SLOT = slot_of(SHOP_ID)


class SimQueue(MemoryQueue):
    """SQS: messages come at least once, about in time, and go to the dead letters at the third
    failure.
    """

    VISIBILITY = 5400.0
    RECEIVES = 3

    def __init__(self, machine: Machine, weather: Weather, rng: Random) -> None:
        super().__init__()
        self.machine = machine
        self.weather = weather
        self.rng = rng
        self.under_way = 0  # messages that will still be delivered
        self.last_delivery = 0.0  # when one of them was
        self.deliver: Callable[[str, Message | Slice, Callable[[bool], None]], None]
        self.dead_slices: list[Slice] = []
        self._ids = 0
        self.receives: dict[str, int] = {}  # how often a message was delivered, by its receipt
        self._visible: dict[str, float] = {}  # when a message under work comes back, by its receipt

    def put(self, message: Message) -> None:
        """Deliver a message after its delay, or later, or twice."""
        assert message.task is not Task.WATCH, "watches are started by the world"
        self._deliver_later(message, message.delay)

    def put_slice(self, one: Slice, delay: int) -> None:
        """Likewise a slice."""
        self._deliver_later(one, delay)

    def _deliver_later(self, message: Message | Slice, delay: float) -> None:
        self._ids += 1
        number = f"m{self._ids}"
        late = self.rng.random() * 1200 if self.weather.strikes("message late") else 0.0
        self._receive(number, message, delay + self.rng.random() * 0.2 + late, 1)
        if self.weather.strikes("message twice"):
            again = self.rng.choice((0.01, 1.0, 30.0, 600.0)) * self.rng.random()
            self._receive(number, message, delay + again, 1)

    def keep(self, receipt: str, seconds: int) -> None:
        """The message comes back so many seconds from now."""
        self._visible[receipt] = self.machine.time + seconds

    def _receive(self, number: str, message: Message | Slice, delay: float, receives: int) -> None:
        def done(fine: bool) -> None:
            if fine:
                return
            if receives >= self.RECEIVES:
                self.weather.counts["dead letter"] += 1
                self._give_up(message)
                return
            self.weather.counts["message redelivered"] += 1
            left = self._visible[number] - self.machine.time
            self._receive(number, message, max(left, 0.0), receives + 1)

        self.under_way += 1

        def act() -> None:
            self.under_way -= 1
            self.last_delivery = self.machine.time
            self._visible[number] = self.machine.time + self.VISIBILITY
            self.receives[number] = receives
            self.deliver(number, message, done)

        self.machine.at(self.machine.time + delay, act)

    def _give_up(self, message: Message | Slice) -> None:
        if isinstance(message, Slice):
            self.dead_slices.append(message)
        else:
            self.dead.append(message)

    def redrive(self) -> int:
        slices, self.dead_slices = self.dead_slices, []
        for one in slices:
            self.put_slice(one, 0)
        return len(slices) + super().redrive()


class SimQueueDoor(MemoryQueue):
    """Port `ExportQueue` for one process."""

    def __init__(self, server: SimQueue, process: Process) -> None:
        super().__init__()
        self._server = server
        self._process = process

    def put(self, message: Message) -> None:
        self._process.effect(f"send (in {message.delay} s)", lambda: self._put(message))

    def _put(self, message: Message) -> None:
        if self._server.weather.strikes("message not sent"):
            raise QueueError("the queue did not answer")
        self._server.put(message)
        self._process.sent_on = True

    def send_slices(self, slices: Sequence[Slice], *, now: datetime) -> None:
        """No shop is played in any slot but one."""
        first = EVERY_SLOT.index(SLOT)
        own = [
            replace(one, slot=SLOT, further=0)
            for one in slices
            if 0 <= first - EVERY_SLOT.index(one.slot) <= one.further
        ]
        super().send_slices(own, now=now)

    def put_slice(self, one: Slice, delay: int) -> None:
        self._process.effect(f"send slice (in {delay} s)", lambda: self._put_slice(one, delay))

    def _put_slice(self, one: Slice, delay: int) -> None:
        if self._server.weather.strikes("message not sent"):
            raise QueueError("the queue did not answer")
        self._server.put_slice(one, delay)

    def keep(self, receipt: str, seconds: int) -> None:
        self._process.effect("keep message", lambda: self._keep(receipt, seconds))

    def _keep(self, receipt: str, seconds: int) -> None:
        if self._server.weather.strikes("message not kept"):
            raise QueueError("the queue did not answer")
        self._server.keep(receipt, seconds)

    def redrive(self) -> int:
        return self._process.effect("redrive", self._server.redrive)
