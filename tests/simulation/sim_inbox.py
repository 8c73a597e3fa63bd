"""Asperion's inbox, simulated."""

from __future__ import annotations

from random import Random

from chalicelib.errors import InboxNotSent, InboxRefused, InboxUnknown
from chalicelib.ports import Presence, Receipt
from tests.fakes.asperion_inbox import MemoryInbox
from tests.simulation.machine import Machine, Process
from tests.simulation.weather import Weather

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
        self.machine.at(self.machine.time + wait, lambda: self.arrive(name))

    def arrive(self, name: str) -> None:
        """The end of an upload."""
        content = self.on_its_way.pop(name, None)
        if content is not None:
            self.store(name, content)


class SimInboxDoor:
    """Port `Inbox` for one process."""

    def __init__(self, server: SimInbox, process: Process) -> None:
        self._server = server
        self._process = process

    def place(self, name: str, content: bytes) -> Receipt:
        return self._process.effect(f"PUT {name}", lambda: self._place(name, content))

    def _place(self, name: str, content: bytes) -> Receipt:
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
        return Receipt.TRUSTED if server.mute else Receipt.SHOWN

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        return self._process.effect(f"HEAD {name}", lambda: self._ask(name, sha256, size))

    def _ask(self, name: str, sha256: str, size: int) -> Presence:
        server = self._server
        if server.mute:
            server.weather.counts["inbox cannot be asked"] += 1
        elif server.weather.strikes("inbox silent when asked"):
            return Presence.CANNOT_TELL
        return server.ask(name, sha256=sha256, size=size)
