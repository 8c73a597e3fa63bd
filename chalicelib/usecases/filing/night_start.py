"""The start of a night: one message for each slice of all shops; see `sending_out`."""

from __future__ import annotations

from chalicelib.domain.fleet_halt import FleetPart
from chalicelib.domain.nights import list_slices
from chalicelib.domain.tasks import Task
from chalicelib.usecases.connector import Connector, SenderParts


def start_night(
    parts: SenderParts | Connector,
    task: Task,
    *,
    run: str,
    window: int = 0,
    part: FleetPart = FleetPart.ALL,
) -> int:
    """Send the slices of all shops: of those that export, to be exported, or of every shop, to be
    watched over; those too that are leaving, or left. They begin one after another over
    `window` seconds, by the same plan every night. Returns how many slices there are. Raises
    `QueueError` naming those that were not sent.
    """
    now = parts.clock()
    slices = list_slices(task, run, now, window=window, part=part)
    parts.queue.send_slices(slices, now=now)
    return len(slices)
