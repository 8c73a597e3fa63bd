"""The nightly runs: one message for every shop, and no shop stops another."""

from __future__ import annotations

from chalicelib.ports import Task
from chalicelib.usecases.connector import Connector, SenderParts


def queue_shops(parts: SenderParts | Connector, *, run: str, task: Task = Task.EXPORT) -> int:
    """Queue every exporting shop once, to be exported, or every shop, to be watched over: those too
    that are leaving, or left. Returns how many. Shops are found by an index. Raises `QueueError`
    naming those that have no message.
    """
    numbers = parts.shops.numbers() if task is Task.WATCH else parts.shops.exporting()
    return parts.queue.send_many(numbers, run=run, task=task)
