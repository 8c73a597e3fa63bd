"""A night's slices, worked on until all shops have their messages."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.domain.tasks import Task
from chalicelib.usecases.connector import Connector
from chalicelib.usecases.filing.night_start import start_night
from chalicelib.usecases.filing.sending_out import send_slice
from tests.fakes.export_queue import MemoryQueue

TIME = timedelta(minutes=13)


def send_out(connector: Connector, task: Task = Task.EXPORT, *, run: str = "night") -> int:
    """Start a night without a window and work on its slices. Returns how many shops it sent out."""
    queue = connector.queue
    assert isinstance(queue, MemoryQueue)
    before = len(queue.messages)
    start_night(connector, task, run=run)
    work_slices(connector)
    return len(queue.messages) - before


def work_slices(connector: Connector) -> None:
    """Work on every slice that was sent, in turn."""
    queue = connector.queue
    assert isinstance(queue, MemoryQueue)
    while queue.slices:
        one, _ = queue.slices.pop(0)
        send_slice(connector, one, stop_at=connector.clock() + TIME)
