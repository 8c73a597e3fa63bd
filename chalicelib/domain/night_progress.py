"""How far the last night is, over all its slices."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.domain.nights import SliceProgress
from chalicelib.domain.slots import EVERY_SLOT
from chalicelib.domain.tasks import Task
from chalicelib.lazy_dataclass import dataclass

LAST_NIGHT = timedelta(hours=26)
"""A slice that was to begin earlier is of the night before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NightProgress:
    """The last night of a task: in how many slots it began and has sent out all shops, and how many
    shops have their message. `started_at` is when the first slot began, `done_at` when the last one
    was done (None: not all are).
    """

    task: Task
    begun: int = 0
    done: int = 0
    shops: int = 0
    started_at: datetime | None = None
    done_at: datetime | None = None

    @property
    def is_whole(self) -> bool:
        """Whether every shop was sent out."""
        return self.done == len(EVERY_SLOT)


def add_up_night(found: Collection[SliceProgress], task: Task, now: datetime) -> NightProgress:
    """The last night of a task, of all records of slices."""
    slices = [
        each
        for each in found
        if each.task is task and each.part is FleetPart.ALL and now - each.due_at <= LAST_NIGHT
    ]
    ends = [each.done_at for each in slices if each.done_at is not None]
    is_whole = len(ends) == len(EVERY_SLOT)
    return NightProgress(
        task=task,
        begun=len(slices),
        done=len(ends),
        shops=sum(each.sent for each in slices),
        started_at=min((each.started_at for each in slices), default=None),
        done_at=max(ends) if is_whole else None,
    )
