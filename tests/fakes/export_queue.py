"""The export's queue in memory."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from chalicelib.domain.nights import Slice
from chalicelib.ports import LONGEST_DELAY, Backlog, Task


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `delay` is in seconds."""

    shop_id: int
    run: str = ""
    delay: int = 0
    task: Task = Task.EXPORT


@dataclass
class MemoryQueue:
    """Port `ExportQueue`: keeps what was sent, and delivers nothing. `dead` failed too often. The
    next `send` raises `error`, if there is one. `kept` are receipts with the seconds for which
    their messages were kept last, `slices` those that were sent, each with its delay in seconds.
    """

    messages: list[Message] = field(default_factory=list)
    dead: list[Message] = field(default_factory=list)
    error: Exception | None = None
    kept: list[tuple[str, int]] = field(default_factory=list)
    slices: list[tuple[Slice, int]] = field(default_factory=list)

    @property
    def sent(self) -> list[tuple[int, int]]:
        """Shop and delay (in seconds) of every message that asks for an export."""
        return [(one.shop_id, one.delay) for one in self.messages if one.task is Task.EXPORT]

    @property
    def watches(self) -> list[int]:
        """The shops of all messages that ask for a watch."""
        return [one.shop_id for one in self.messages if one.task is Task.WATCH]

    def send(
        self, shop_id: int, *, delay: int = 0, run: str = "", task: Task = Task.EXPORT
    ) -> None:
        assert 0 <= delay <= LONGEST_DELAY
        self.put(Message(shop_id, run, delay, task))

    def keep(self, receipt: str, seconds: int) -> None:
        self.kept.append((receipt, seconds))

    def send_many(self, shop_ids: Sequence[int], *, run: str, task: Task = Task.EXPORT) -> int:
        for shop_id in shop_ids:
            self.put(Message(shop_id, run, task=task))
        return len(shop_ids)

    def send_slices(self, slices: Sequence[Slice], *, now: datetime) -> None:
        for one in slices:
            wait = math.ceil((one.due_at - now).total_seconds())
            self.put_slice(one, max(0, min(wait, LONGEST_DELAY)))

    def measure(self) -> Backlog:
        later = sum(one.delay > 0 for one in self.messages)
        return Backlog(waiting=len(self.messages) - later, later=later, dead=len(self.dead))

    def redrive(self) -> int:
        messages, self.dead = self.dead, []
        for message in messages:
            self.put(replace(message, delay=0))
        return len(messages)

    def put(self, message: Message) -> None:
        """Take one message."""
        if self.error is not None:
            raise self.error
        self.messages.append(message)

    def put_slice(self, one: Slice, delay: int) -> None:
        """Take one slice, which comes after `delay` seconds."""
        if self.error is not None:
            raise self.error
        self.slices.append((one, delay))
