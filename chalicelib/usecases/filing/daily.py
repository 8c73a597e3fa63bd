"""The nightly runs: one message for every shop that exports, and no shop stops another."""

from __future__ import annotations

from chalicelib.ports import Task
from chalicelib.usecases.connector import Connector, SenderParts


def queue_shops(parts: SenderParts | Connector, *, run: str, task: Task = Task.EXPORT) -> int:
    """Queue every exporting shop once, to be exported or to be watched over. Returns how many.
    Shops are found by a sparse index. Raises `QueueError` naming those that have no message.
    """
    return parts.queue.send_many(parts.shops.exporting(), run=run, task=task)
