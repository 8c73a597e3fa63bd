"""How far a night has come in sending out its shops, slot by slot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import ClassVar

from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.domain.slots import EVERY_SLOT, SLOTS
from chalicelib.domain.tasks import Task
from chalicelib.lazy_dataclass import dataclass

TOGETHER = 16
"""Slots that one message covers when all begin at once: a small fleet is not kept waiting for 64
messages of which most find no shop.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """The shops of one slot (those of the `part`) that are to be sent out for a task.

    `run` names the night or whatever asked for it. It begins at `due_at`. All shops up to the
    number `after` were sent out before. So many slots `further` on are sent out after it, each as a
    slice of its own.
    """

    slot: str
    task: Task
    run: str
    due_at: datetime
    after: int = 0
    further: int = 0
    part: FleetPart = FleetPart.ALL

    @property
    def next(self) -> Slice | None:
        """The slice of the next slot, when that goes along."""
        if not self.further:
            return None
        slot = EVERY_SLOT[EVERY_SLOT.index(self.slot) + 1]
        return replace(self, slot=slot, after=0, further=self.further - 1)

    @property
    def name(self) -> str:
        """The name of the record that says how far it is."""
        name = f"{SliceProgress.NAME}-{self.task}-{self.slot}"
        return name if self.part is FleetPart.ALL else f"{name}-{self.part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SliceProgress:
    """How far the last slice of a slot and a task is, or was: the shops up to the number `after`
    have their messages, `sent` in all. Kept under no shop's number, one for each slot, task and
    part. `due_at` is when it was to begin, `started_at` when it did, `done_at` when its last shop
    was sent out (None: it is under way).
    """

    NAME: ClassVar[str] = "slice"

    task: Task
    slot: str
    run: str
    due_at: datetime
    started_at: datetime
    at: datetime
    after: int = 0
    sent: int = 0
    done_at: datetime | None = None
    part: FleetPart = FleetPart.ALL

    def is_of(self, one: Slice) -> bool:
        """Whether it is the progress of that very slice."""
        return self.run == one.run

    def comes_after(self, one: Slice) -> bool:
        """Whether a later night has begun that slice's shops: it has nothing left to do."""
        return not self.is_of(one) and self.due_at > one.due_at


def list_slices(
    task: Task, run: str, due_at: datetime, *, window: int = 0, part: FleetPart = FleetPart.ALL
) -> list[Slice]:
    """The slices of all shops of a part. The first begins at `due_at`, the others spread evenly
    over `window` seconds after it; without a window `TOGETHER` slots are one.
    """
    together = 1 if window else TOGETHER
    return [
        Slice(
            slot=slot,
            task=task,
            run=run,
            due_at=due_at + timedelta(seconds=number * window // SLOTS),
            further=together - 1,
            part=part,
        )
        for number, slot in enumerate(EVERY_SLOT)
        if number % together == 0
    ]
