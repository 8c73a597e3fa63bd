"""Asperion's REST API and identity server, simulated: what they store, and what is lost on the way
there and back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple, cast

from chalicelib.domain.concepts import Concept, ShownInvoice
from chalicelib.errors import AsperionBusy, AsperionNotSent, AsperionUnavailable
from chalicelib.ports import AccessTokens, AsperionApi
from chalicelib.ports.asperion_api import TokenGrant
from chalicelib.usecases.connector import FrontDoor
from tests.fakes.asperion_faults import IS_UNKNOWN, ApiCall, Fault
from tests.fakes.memory_administration import MemoryAdministration
from tests.fakes.memory_asperion import MemoryAsperion, MemoryAsperionApi
from tests.fakes.memory_identity import MemoryIdentity
from tests.simulation.machine import Machine, Process
from tests.simulation.sim_sending import check_posting
from tests.simulation.standings import Standings
from tests.simulation.weather import Weather

LATEST_STORING = 280.0  # seconds until lists show what was sent; the proof delay is 300
WRITES = ("add_invoice", "add_debtor", "delete_invoice")
_FAULTS_OF_WRITES = {
    "asperion lost before storing": Fault.LOST_BEFORE,
    "asperion breaks before storing": Fault.UNAVAILABLE,
    "asperion lost after storing": Fault.LOST_AFTER,
    "asperion stores late": Fault.LATE,
}
_FAULTS_OF_READS = {
    "asperion silent when asked": Fault.UNAVAILABLE,
    "asperion half list": Fault.HALF_LIST,
}
_FAULTS_OF_POSTS = {
    "asperion stores twice": Fault.TWICE,
    "asperion stores twice unheard": Fault.TWICE_LOST,
}


class Posting(NamedTuple):
    """An invoice that came in: the delivery that sent it, and the document; when it was stored
    (seconds). `is_own`: Asperion made it by itself, of one that was sent once.
    """

    delivery: str
    key: str
    concept: Concept
    at: float
    administration_id: int
    is_own: bool = False


@dataclass
class SimAsperion(MemoryAsperion):
    """The server's side. `postings` are all invoices that ever came in, by Asperion's ids.
    `unheard` are refresh tokens that were spent for a grant which did not arrive. `down`: nobody
    reaches it; `busy`: it asks everybody to wait. `on_its_way` counts by document
    what will be stored yet. `frozen` are sendings (a delivery and a document) of somebody who stood
    still for so long before it that he was taken for dead, `orphaned` those of them that he did not
    live to hear of.
    """

    def __init__(self, machine: Machine, weather: Weather, rng: Random) -> None:
        super().__init__(machine.now)
        self.machine = machine
        self.weather = weather
        self.rng = rng
        self.down = self.busy = False
        self.postings: dict[int, Posting] = {}
        self.spent: dict[str, tuple[Process, float]] = {}
        self.unheard: set[str] = set()
        self.frozen: set[tuple[str, str]] = set()
        self.orphaned: set[tuple[str, str]] = set()
        self.on_its_way: Counter[str] = Counter()
        self.identity.rotates = rng.random() < 0.6
        self.identity.forgives = rng.random() < 0.3
        self.identity.lifetime = timedelta(seconds=rng.choice((300, 1200, 3600, 3600)))

    def set_trouble(self, name: str, *, is_on: bool) -> None:
        """One of the troubles that `outages` has of it begins, or ends."""
        if name == "administration closed":
            for books in self.administrations.values():
                books.is_closed = is_on
        elif name == "asperion busy":
            self.busy = is_on
        else:
            self.down = is_on

    def revoke(self) -> None:
        """Whatever was granted counts no more."""
        self.unheard.update(self.identity.refresh_tokens)
        self.identity.revoke()

    def draw_fault(self, faults: dict[str, Fault]) -> Fault | None:
        """What goes wrong, if anything."""
        strikes = self.weather.strikes
        return next((fault for kind, fault in faults.items() if strikes(kind)), None)

    def draw_delay(self) -> float:
        """For how long something is on its way, often for as long as can be."""
        return self.rng.choice((self.rng.random(), 1.0)) * LATEST_STORING

    def open_door(self, process: Process, standings: Standings) -> FrontDoor:
        """The way in, as one process sees it."""

        def open_api(tokens: AccessTokens, administration_id: int | None) -> AsperionApi:
            api = SimAsperionApi(self, tokens, administration_id, process, standings)
            return cast("AsperionApi", _Door(process, "asperion", api))

        identity: Any = _Door(process, "identity", SimIdentity(self, process))
        return FrontDoor(identity=identity, open_api=open_api)


class _Door:
    """Calls of one process, each of which takes time, and in which it may die."""

    def __init__(self, process: Process, name: str, target: Any) -> None:
        self._process = process
        self._name = name
        self._target = target

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._target, name)

        def call(*args: Any, **kwargs: Any) -> Any:
            label = f"{self._name}.{name}"
            return self._process.effect(label, lambda: _finish(method(*args, **kwargs)))

        return call if name not in ("limit_time", "write_authorize_url") else method


def _finish(answer: Any) -> Any:
    """A list is read page after page, to its end."""
    return iter([*answer]) if hasattr(answer, "__next__") else answer


class SimIdentity:
    """Port `Identity` for one process."""

    def __init__(self, server: SimAsperion, process: Process) -> None:
        self._server = server
        self._process = process
        self._identity: MemoryIdentity = server.identity
        self.write_authorize_url = self._identity.write_authorize_url

    def exchange_code(self, code: str, *, verifier: str, redirect_uri: str) -> TokenGrant:
        self._be_reached()
        return self._identity.exchange_code(code, verifier=verifier, redirect_uri=redirect_uri)

    def refresh(self, token: str) -> TokenGrant:
        self._be_reached()
        server, process = self._server, self._process
        before = token in self._identity.refresh_tokens
        grant = self._identity.refresh(token)
        if before and token not in self._identity.refresh_tokens:
            server.spent[token] = process, server.machine.time
        if server.weather.strikes("identity lost after granting"):
            server.unheard.add(token)
            raise AsperionUnavailable("no answer")
        server.weather.counts["token renewed"] += 1
        return grant

    def _be_reached(self) -> None:
        if self._server.down or self._server.weather.strikes("identity not reached"):
            raise AsperionUnavailable("no connection")


class SimAsperionApi(MemoryAsperionApi):
    """Port `AsperionApi` for one process and one administration."""

    asperion: SimAsperion

    def __init__(
        self,
        server: SimAsperion,
        tokens: AccessTokens,
        administration_id: int | None,
        process: Process,
        standings: Standings,
    ) -> None:
        super().__init__(server, tokens, administration_id)
        self._process = process
        self._standings = standings
        self._sending = ("", "")
        self._day = date.min
        self._is_stored = False
        self._dies = False
        self._is_unheard = False

    def add_invoice(
        self, concept: Concept, debtor_id: int | None, *, validate_only: bool = False
    ) -> ShownInvoice | None:
        self._day = concept.day
        shown = super().add_invoice(concept, debtor_id, validate_only=validate_only)
        self._process.answered.add(self._sending[1])
        return shown

    def authorise(self, call: ApiCall) -> str:
        if self.asperion.weather.strikes("asperion 401"):
            self.asperion.identity.expire()
        return super().authorise(call)

    def take_fault(self, call: ApiCall) -> Fault | None:
        server, strikes = self.asperion, self.asperion.weather.strikes
        if server.down or strikes("asperion not reached"):
            raise AsperionNotSent("no connection")
        if server.busy or strikes("asperion 429"):
            wait = timedelta(seconds=server.rng.choice((1, 5, 60, 900)))
            raise AsperionBusy("too many calls", until=server.machine.now() + wait, status=429)
        if call.is_trial or call.name not in WRITES:
            return server.draw_fault(_FAULTS_OF_READS)
        if call.name != "add_invoice":
            return server.draw_fault(_FAULTS_OF_WRITES)
        return self._begin_posting()

    def _begin_posting(self) -> Fault | None:
        """The first byte goes out, sometimes of a process that stood still for long before it."""
        server, process = self.asperion, self._process
        self._sending, self._is_stored, self._dies = process.sending, False, False
        self._is_unheard = False
        if server.weather.strikes("frozen before posting"):
            process.is_frozen = True
            server.frozen.add(process.sending)
            process.sleep(server.rng.random() * 800)
        counts = server.weather.counts
        check_posting(
            self._standings,
            process,
            self.administration_id or 0,
            self._day,
            is_leased=not (counts["lease lost"] or counts["clock jump"]),
        )
        if server.weather.strikes("killed while posting"):
            self._dies = True
            if process.is_frozen:
                server.orphaned.add(process.sending)
            return Fault.LATE
        fault = server.draw_fault({**_FAULTS_OF_WRITES, **_FAULTS_OF_POSTS})
        self._is_unheard = fault in IS_UNKNOWN
        return fault

    def store(self, books: MemoryAdministration, concept: Concept, debtor_id: int) -> ShownInvoice:
        lists_lag = self.asperion.weather.strikes("asperion list lags")
        lag = self.asperion.draw_delay() if lists_lag else 0.0
        return self._store(books, concept, debtor_id, lag)

    def store_later(self, books: MemoryAdministration, concept: Concept, debtor_id: int) -> None:
        server = self.asperion
        when = server.machine.time + server.draw_delay()

        server.on_its_way[self._sending[1]] += 1

        def arrive() -> None:
            server.on_its_way[self._sending[1]] -= 1
            self._store(books, concept, debtor_id, 0.0)

        server.machine.at(when, arrive)
        if self._dies:
            self._process.die("while posting")

    def _store(
        self, books: MemoryAdministration, concept: Concept, debtor_id: int, lag: float
    ) -> ShownInvoice:
        server, (delivery, key) = self.asperion, self._sending
        books.lag = timedelta(seconds=lag)
        shown = books.store_invoice(concept, debtor_id)
        server.postings[shown.id] = Posting(
            delivery=delivery,
            key=key,
            concept=concept,
            at=server.machine.time,
            administration_id=books.named.id,
            is_own=self._is_stored,
        )
        self._is_stored = True
        if self._is_unheard and server.weather.strikes("changed while in doubt"):
            soon = server.machine.time + server.rng.random() * LATEST_STORING
            server.machine.at(soon, lambda: books.change_if_there(shown.id))
        return shown
