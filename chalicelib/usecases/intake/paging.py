"""SEOshop's lists, page by page: ascending by id, so that none slips between pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar

from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.ports import PAGE, ShopApi


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


T = TypeVar("T", bound=_Numbered)


def pages(page_after: Callable[[int], list[T]], after_id: int = 0) -> Iterator[list[T]]:
    """The pages of a list; `page_after` gives the page of ids above the one it is called with."""
    while True:
        page = page_after(after_id)
        yield page
        if len(page) < PAGE:
            return
        after_id = page[-1].id


def every(page_after: Callable[[int], list[T]]) -> Iterator[T]:
    """All of a list, likewise."""
    for page in pages(page_after):
        yield from page


def changed_orders(api: ShopApi, since: datetime) -> Iterator[OrderSummary]:
    """All orders changed since. Raises `ShopError`."""
    return every(lambda after_id: api.orders_updated_since(since, after_id=after_id))


def changed_invoices(api: ShopApi, since: datetime) -> Iterator[ShopInvoice]:
    """All invoices and credit notes changed since. Raises `ShopError`."""
    return every(lambda after_id: api.invoices_updated_since(since, after_id=after_id))
