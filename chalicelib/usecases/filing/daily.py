"""The nightly runs: one message a shop, and no shop stops another."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.shops import ShopState
from chalicelib.ports import Shops, Task
from chalicelib.usecases.connector import Connector, SenderParts


def queue_shops(parts: SenderParts | Connector, *, run: str, task: Task = Task.EXPORT) -> int:
    """Queue every exporting shop once, or, to be watched over, every shop that is installed.
    Returns how many. Shops are found by an index. Raises `QueueError` naming those that have no
    message.
    """
    shops = parts.shops
    found = shops.exporting() if task is Task.EXPORT else _list_installed(shops)
    return parts.queue.send_many(found, run=run, task=task)


def _list_installed(shops: Shops) -> Iterator[int]:
    """Those that export and those that do not at the moment: both have secrets."""
    everyone = shops.everyone()
    return (shop.shop_id for shop in everyone if shop.state is not ShopState.UNINSTALLED)
