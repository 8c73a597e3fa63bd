"""SEOshop's lists, page by page: ascending by id, so that none slips between pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from chalicelib.domain.days import start_of
from chalicelib.domain.ledger import Entry
from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.ports import PAGE, ShopApi

ANY_CLOCK = timedelta(days=1)  # more than time zones differ


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


def is_listed(api: ShopApi, invoice: Entry) -> bool:
    """Whether the list shows an invoice or credit note; one call. Raises `ShopError`."""
    since = start_of(invoice.day) - ANY_CLOCK
    page = api.invoices_updated_since(since, after_id=invoice.document_id - 1)
    return any(one.id == invoice.document_id for one in page)


def orders_made(api: ShopApi, first: datetime, last: datetime) -> Iterator[OrderSummary]:
    """All orders made between two instants (`last` exclusive). Raises `ShopError`."""
    return every(lambda after_id: api.orders_created_between(first, last, after_id=after_id))
