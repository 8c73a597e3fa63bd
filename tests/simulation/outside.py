"""The other simulated parts: Asperion's inbox, the queue, and the doors to the tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random
from typing import Any

from chalicelib.domain.ledger import Entry
from chalicelib.errors import (
    InboxNotSent,
    InboxRefused,
    InboxUnknown,
    LedgerThrottled,
    QueueError,
)
from chalicelib.ports import Presence, Task
from tests.fakes.asperion_inbox import MemoryInbox
from tests.fakes.export_queue import MemoryQueue, Message
from tests.fakes.memory_ledger import MemoryEntries, MemoryFiles
from tests.simulation.machine import Machine, Process
from tests.simulation.weather import WRITES, Weather

NOT_STORED = {
    "inbox refused": InboxRefused,
    "inbox not reached": InboxNotSent,
    "inbox lost before storing": InboxUnknown,
}
LATEST_STORING = 285.0  # seconds; the proof delay is 300


class SimInbox(MemoryInbox):
    """The server's side. `full`: it takes nothing for a while."""

    def __init__(self, machine: Machine, weather: Weather, rng: Random, *, mute: bool) -> None:
        super().__init__(mute=mute)
        self.machine = machine
        self.weather = weather
        self.rng = rng
        self.full = False
        self.overwritten: list[str] = []
        self.on_its_way: dict[str, bytes] = {}

    def put_late(self, name: str, content: bytes) -> None:
        """The upload is still on its way, often for as long as there can be."""
        wait = self.rng.choice((self.rng.random(), 1.0)) * LATEST_STORING
        self.on_its_way[name] = content
        self.machine.at(self.machine.time + wait, lambda: self.arrives(name))

    def arrives(self, name: str) -> None:
        """The end of an upload."""
        content = self.on_its_way.pop(name, None)
        if content is not None:
            self.store(name, content)


class SimInboxDoor:
    """Port `Inbox` for one process."""

    def __init__(self, server: SimInbox, process: Process) -> None:
        self._server = server
        self._process = process

    def place(self, name: str, content: bytes) -> None:
        self._process.effect(f"PUT {name}", lambda: self._place(name, content))

    def _place(self, name: str, content: bytes) -> None:
        server, weather = self._server, self._server.weather
        if server.full:
            weather.counts["inbox full"] += 1
            raise InboxRefused("the inbox is full")
        for kind, error in NOT_STORED.items():
            if weather.strikes(kind):
                raise error(kind)
        if weather.strikes("killed while sending"):
            server.put_late(name, content)
            self._process.die("while sending")
        if weather.strikes("inbox stores late"):
            server.put_late(name, content)
            raise InboxUnknown("no answer")
        if not server.store(name, content):
            server.overwritten.append(name)
            raise InboxRefused("the name is taken")
        if weather.strikes("inbox lost after storing"):
            raise InboxUnknown("no answer")

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        return self._process.effect(f"HEAD {name}", lambda: self._ask(name, sha256, size))

    def _ask(self, name: str, sha256: str, size: int) -> Presence:
        server = self._server
        if server.mute:
            server.weather.counts["inbox cannot be asked"] += 1
        elif server.weather.strikes("inbox silent when asked"):
            return Presence.CANNOT_TELL
        return server.ask(name, sha256=sha256, size=size)


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
        self.deliver: Callable[[str, str, Callable[[bool], None]], None]
        self._ids = 0

    def put(self, message: Message) -> None:
        """Deliver a message after its delay, or later, or twice."""
        assert message.task is Task.EXPORT, "watches are started by the world"
        self._ids += 1
        number = f"m{self._ids}"
        late = self.rng.random() * 1200 if self.weather.strikes("message late") else 0.0
        self._receive(number, message, message.delay + self.rng.random() * 0.2 + late, 1)
        if self.weather.strikes("message twice"):
            again = self.rng.choice((0.01, 1.0, 30.0, 600.0)) * self.rng.random()
            self._receive(number, message, message.delay + again, 1)

    def _receive(self, number: str, message: Message, delay: float, receives: int) -> None:
        def done(fine: bool) -> None:
            if fine:
                return
            if receives >= self.RECEIVES:
                self.weather.counts["dead letter"] += 1
                self.dead.append(message)
                return
            self.weather.counts["message redelivered"] += 1
            left = self.VISIBILITY - (self.machine.time - taken[0])
            self._receive(number, message, max(left, 0.0), receives + 1)

        taken = [0.0]
        self.under_way += 1

        def act() -> None:
            self.under_way -= 1
            taken[0] = self.last_delivery = self.machine.time
            self.deliver(number, message.run, done)

        self.machine.at(self.machine.time + delay, act)


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

    def redrive(self) -> int:
        return self._process.effect("redrive", self._server.redrive)


class Door:
    """A table as one process sees it: every call takes time, may be throttled, or be carried out
    without the caller hearing of it. `watch` is told of every write that happened.
    """

    def __init__(
        self,
        process: Process,
        weather: Weather,
        table: str,
        target: Any,
        watch: Callable[[Process, str, tuple[Any, ...], dict[str, Any], Any], None],
    ) -> None:
        self._process = process
        self._weather = weather
        self._table = table
        self._target = target
        self._watch = watch

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._target, name)
        writes = name in WRITES

        def act(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            if self._weather.strikes("table throttled"):
                raise LedgerThrottled(f"table {self._table} is busy")
            result = method(*args, **kwargs)
            self._watch(self._process, name, args, kwargs, result)
            if writes and self._weather.strikes("table ambiguous"):
                raise LedgerThrottled(f"table {self._table} did not answer")
            return result

        def call(*args: Any, **kwargs: Any) -> Any:
            label = f"{self._table}.{name}"
            return self._process.effect(label, lambda: act(args, kwargs))

        setattr(self, name, call)
        return call


class Indexes:
    """Secondary indexes that show every change `lag` seconds after it was made."""

    def __init__(
        self, machine: Machine, entries: MemoryEntries, files: MemoryFiles, shop_id: int, lag: float
    ) -> None:
        self.machine, self.entries, self.files = machine, entries, files
        self.shop_id, self.lag = shop_id, lag
        self._entries: dict[str, Entry] = {}
        self._open: list[str] = []
        if lag:
            entries._index = {shop_id: self._entries}
            files._index = {shop_id: self._open}

    def changed(self) -> None:
        """After a write: the indexes will show the tables as they are now, a while later."""
        if not self.lag:
            return
        seen = dict(self.entries.items.get(self.shop_id, {}))
        names = self.files._open_names(self.shop_id)

        def show() -> None:
            if self.lag:
                self._entries.clear()
                self._entries.update(seen)
                self._open[:] = names

        self.machine.at(self.machine.time + self.lag, show)

    def catch_up(self) -> None:
        """No more lagging."""
        self.lag = 0.0
        self.entries._index = None
        self.files._index = None


def stamp(moment: datetime) -> str:
    """For the event log."""
    return f"{moment:%m-%d %H:%M:%S.%f}"[:-3]
