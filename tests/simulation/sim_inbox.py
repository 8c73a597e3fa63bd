"""Asperion's inbox, simulated: what it holds, what it says, and when it says what is not so."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from random import Random

from chalicelib.adapters.inbox.addressed_inbox import AddressedInbox, Said
from chalicelib.adapters.inbox.inbox_address import InboxAddress, make_inbox_address
from chalicelib.adapters.inbox.outcomes import read_status
from chalicelib.errors import InboxError
from chalicelib.ports import Presence, Receipt
from tests.fakes.asperion_inbox import MemoryInbox
from tests.simulation.machine import Machine, Process
from tests.simulation.sim_sending import check_period, check_sending, list_days
from tests.simulation.standings import Standings
from tests.simulation.weather import Weather

INBOX_URL = "https://inbox.example/{licence}/{file}"
LATEST_STORING = 285.0  # seconds; the proof delay is 300
LATEST_REPAIR = 3000.0  # seconds, until a torn upload is whole after all
STORED, REFUSED, TAKEN, NOT_NOW, BROKEN, FULL = 201, 403, 412, 429, 502, 507


class SimInbox(MemoryInbox):
    """The server's side of all licence codes. `files` came whole, `torn` are beginnings of files,
    `codes` the licence codes under which they came. `full`: it takes nothing for a while; `down`:
    nor does it answer.

    `denied` are names of files that it held and said it did not; `pretended` those that it took
    with a friendly answer, and did not keep, `signs_in` those of them that it answered with a page
    for people. `frozen` may have come from somebody taken for dead, `late` did so when they had
    been given up.
    """

    def __init__(self, machine: Machine, weather: Weather, rng: Random, *, mute: bool) -> None:
        super().__init__(mute=mute)
        self.machine = machine
        self.weather = weather
        self.rng = rng
        self.full = self.down = False
        self.torn: dict[str, bytes] = {}
        self.codes: dict[str, str] = {}
        self.overwritten: list[str] = []
        self.on_its_way: dict[str, bytes] = {}
        self.denied: set[str] = set()
        self.pretended: set[str] = set()
        self.signs_in: set[str] = set()
        self.frozen: set[str] = set()
        self.late: set[str] = set()
        self.is_given_up: Callable[[str], bool] = lambda name: False
        self.lies = True

    def put_late(self, name: str, content: bytes, latest: float = LATEST_STORING) -> None:
        """The upload is still on its way, often for as long as there can be."""
        wait = self.rng.choice((self.rng.random(), 1.0)) * latest
        self.on_its_way[name] = content
        self.machine.at(self.machine.time + wait, lambda: self.arrive(name))

    def arrive(self, name: str) -> None:
        """The end of an upload."""
        content = self.on_its_way.pop(name, None)
        if content is not None:
            self.torn.pop(name, None)
            self.store(name, content)
            if name in self.frozen and self.is_given_up(name):
                self.late.add(name)

    def tear(self, name: str, content: bytes) -> None:
        """The line breaks during an upload: its beginning is kept, and sometimes a proxy on the way
        has all of it and tries once more.
        """
        self.torn[name] = content[: self.rng.randrange(1, len(content))]
        if self.rng.random() < 0.3:
            self.put_late(name, content, LATEST_REPAIR)

    def pretend(self, name: str) -> int:
        """Answer as if the file was kept: as an inbox would, or with a page to sign in (always so
        where it cannot be asked).
        """
        if self.mute or self.rng.random() < 0.5:
            self.signs_in.add(name)
        self.pretended.add(name)
        return STORED

    def holds(self, name: str) -> bool:
        """Whether the name is taken."""
        return name in self.files or name in self.torn

    def keep(self, name: str, content: bytes) -> int:
        """Keep a file under a name that is free. The status of the answer."""
        if self.holds(name):
            if self.files.get(name, content) != content:
                self.overwritten.append(name)
            return TAKEN
        self.store(name, content)
        if self.is_given_up(name):
            self.late.add(name)
        return STORED

    def says_no(self, name: str) -> bool:
        """Whether it denies a file that it holds: most often every time once it did."""
        if name not in self.files:
            return False
        if name in self.denied and self.lies and self.rng.random() < 0.8:
            return True
        if not self.weather.strikes("inbox denies"):
            return False
        self.denied.add(name)
        return True


class SimInboxDoor(AddressedInbox):
    """Port `Inbox` for one process and one licence code, as the connector's own adapter makes it of
    the answers to a PUT and to a HEAD.
    """

    def __init__(
        self, server: SimInbox, process: Process, licence: str, standings: Standings
    ) -> None:
        super().__init__(_address(licence))
        self._server = server
        self._process = process
        self._licence = licence
        self._standings = standings

    def place(self, name: str, content: bytes) -> Receipt:
        receipt = super().place(name, content)
        self._process.placed.add(name)
        return receipt

    def _put(self, name: str, content: bytes) -> Said:
        status = self._process.effect(f"PUT {name}", lambda: self._receive(name, content))
        is_page = name in self._server.signs_in
        if status in (STORED, TAKEN) and not is_page:
            self._process.received.add(name)
        return Said(read_status(status, is_page=is_page), f"HTTP {status}")

    def _receive(self, name: str, content: bytes) -> int:
        """The status of the answer. Raises `InboxError` when there is none."""
        self._begin(name, content)
        server, strikes = self._server, self._server.weather.strikes
        if server.full:
            server.weather.counts["inbox full"] += 1
            return FULL
        if strikes("inbox refused"):
            return REFUSED
        server.codes.setdefault(name, self._licence)
        self._lose_way(name, content)
        if not server.holds(name) and strikes("inbox pretends"):
            return server.pretend(name)
        server.signs_in.discard(name)
        status = server.keep(name, content)
        if strikes("inbox lost after storing"):
            raise self._lose(name)
        if strikes("inbox breaks after storing"):
            return BROKEN
        return server.rng.choice((TAKEN, NOT_NOW)) if strikes("inbox hears twice") else status

    def _begin(self, name: str, content: bytes) -> None:
        """The first byte goes out, sometimes of a process that stood still for long before it."""
        if self._server.down or self._server.weather.strikes("inbox not reached"):
            raise self._make_no_answer_error(name, "ConnectTimeout", is_sent=False)
        if self._server.weather.strikes("frozen before sending"):
            self._process.is_frozen = True
            self._server.frozen.add(name)
            self._process.sleep(LATEST_STORING + self._server.rng.random() * 500)
        if not self._process.is_frozen:
            check_sending(self._standings, self._process, self._licence, name)
        counts = self._server.weather.counts
        check_period(
            self._standings,
            self._process,
            name,
            list_days(content),
            is_leased=not (counts["lease lost"] or counts["clock jump"]),
        )

    def _lose_way(self, name: str, content: bytes) -> None:
        """What goes wrong before all of a file has come. Raises `InboxUnknown` for that."""
        server, strikes = self._server, self._server.weather.strikes
        if strikes("inbox lost before storing"):
            raise self._lose(name)
        if strikes("killed while sending"):
            server.put_late(name, content)
            self._process.die("while sending")
        if strikes("inbox stores late"):
            server.put_late(name, content)
            raise self._lose(name)
        if not server.holds(name) and strikes("inbox torn upload"):
            server.tear(name, content)
            raise self._lose(name)

    def _lose(self, name: str) -> InboxError:
        return self._make_no_answer_error(name, "ReadTimeout", is_sent=True)

    def ask(self, name: str, *, sha256: str, size: int) -> Presence:
        return self._process.effect(f"HEAD {name}", lambda: self._ask(name, sha256, size))

    def _ask(self, name: str, sha256: str, size: int) -> Presence:
        server = self._server
        sent_to = server.codes.get(name, self._licence)
        if sent_to != self._licence:
            self._standings.blame(f"{name}, sent to {sent_to}, is asked about at {self._licence}")
        if sent_to != self._standings.now.licence:
            server.weather.counts["asked at a former licence code"] += 1
        if server.mute:
            server.weather.counts["inbox cannot be asked"] += 1
            return Presence.CANNOT_TELL
        if server.down or server.weather.strikes("inbox silent when asked"):
            return Presence.NO_ANSWER
        if server.codes.get(name) != self._licence or server.says_no(name):
            return Presence.ABSENT
        if name in server.torn:
            return Presence.DIFFERENT
        return server.ask(name, sha256=sha256, size=size)


@cache
def _address(licence: str) -> InboxAddress:
    return make_inbox_address(INBOX_URL, licence)
