"""The tables as a simulated process sees them, and their lagging indexes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from chalicelib.domain.events import Event
from chalicelib.domain.ledger import Entry
from chalicelib.errors import LedgerThrottled
from chalicelib.ports import StepTaken
from tests.fakes.memory_ledger import MemoryEntries, MemoryFiles
from tests.simulation.machine import Machine, Process
from tests.simulation.weather import WRITES, Weather

if TYPE_CHECKING:
    from tests.simulation.observing import Observer


class Door:
    """A table as one process sees it: every call takes time, may be throttled, or be carried out
    without an answer to the caller. `observer` sees it.
    """

    def __init__(
        self,
        process: Process,
        weather: Weather,
        table: str,
        target: Any,
        observer: Observer,
    ) -> None:
        self._process = process
        self._weather = weather
        self._table = table
        self._target = target
        self._observer = observer

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._target, name)
        writes = name in WRITES

        if name == "record_all":
            return self._record_all

        def act(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            if self._weather.strikes("table throttled"):
                self._process.was_throttled = True
                raise LedgerThrottled(f"table {self._table} is busy")
            self._observer.see_call(self._process, self._table, name)
            result = method(*args, **kwargs)
            self._observer.see_write(self._process, name, args, kwargs, result)
            if writes and self._weather.strikes("table ambiguous"):
                self._process.was_throttled = True
                raise LedgerThrottled(f"table {self._table} did not answer")
            return result

        def call(*args: Any, **kwargs: Any) -> Any:
            label = f"{self._table}.{_step(args) or name}"
            return self._process.effect(label, lambda: act(args, kwargs))

        setattr(self, name, call)
        return call

    def _record_all(self, shop_id: int, taken: Sequence[StepTaken]) -> list[Entry | None]:
        """Each is a write of its own, between which others are at work and the process may die."""
        return [self.record(shop_id, each) for each in taken]


def _step(args: tuple[Any, ...]) -> str:
    """The step that a call records, if it does: its second argument says so."""
    recorded = args[1] if len(args) > 1 else None
    event = recorded.event if isinstance(recorded, StepTaken) else recorded
    return event.step.value if isinstance(event, Event) else ""


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

    def follow(self) -> None:
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
