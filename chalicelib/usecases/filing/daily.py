"""The nightly runs: one message for every shop, and no shop stops another."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from chalicelib.domain.slots import EVERY_SLOT
from chalicelib.ports import Task
from chalicelib.usecases.connector import Connector, SenderParts

_PAGE = 500


def queue_shops(parts: SenderParts | Connector, *, run: str, task: Task = Task.EXPORT) -> int:
    """Queue every exporting shop once, to be exported, or every shop, to be watched over: those too
    that are leaving, or left. Returns how many. Shops are found by an index. Raises `QueueError`
    naming those that have no message.
    """
    find = parts.shops.numbers if task is Task.WATCH else parts.shops.exporting
    found = (number for slot in EVERY_SLOT for number in _read_slot(find, slot))
    return parts.queue.send_many(found, run=run, task=task)


def _read_slot(find: Callable[..., list[int]], slot: str) -> Iterator[int]:
    page = find(slot, after=0, limit=_PAGE)
    yield from page
    while len(page) == _PAGE:
        page = find(slot, after=page[-1], limit=_PAGE)
        yield from page
