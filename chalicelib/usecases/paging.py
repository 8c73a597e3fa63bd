"""SEOshop's lists, page by page: ascending by id, so that none slips between pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.ports import ShopApi

PAGE = 250


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


T = TypeVar("T", bound=_Numbered)


def every(page_after: Callable[[int], list[T]]) -> Iterator[T]:
    """All of a list; `page_after` gives the page of ids above the one it is called with."""
    after_id = 0
    while True:
        page = page_after(after_id)
        yield from page
        if len(page) < PAGE:
            return
        after_id = page[-1].id


def changed_orders(api: ShopApi, since: datetime) -> Iterator[OrderSummary]:
    """All orders changed since. Raises `ShopError`."""
    return every(lambda after_id: api.orders_updated_since(since, after_id=after_id))


def changed_invoices(api: ShopApi, since: datetime) -> Iterator[ShopInvoice]:
    """All invoices and credit notes changed since. Raises `ShopError`."""
    return every(lambda after_id: api.invoices_updated_since(since, after_id=after_id))


def orders_made(api: ShopApi, first: datetime, last: datetime) -> Iterator[OrderSummary]:
    """All orders made between two instants (`last` exclusive). Raises `ShopError`."""
    return every(lambda after_id: api.orders_created_between(first, last, after_id=after_id))
