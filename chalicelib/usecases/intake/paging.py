"""SEOshop's lists, page by page: ascending by id, so that none slips between pages.

A list ends with an empty page, which costs one call unless the client knows it without: a page that
is not full proves nothing, since SEOshop may list fewer at once than it was asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.domain.platform import SkippedRow
from chalicelib.ports import ShopApi
from chalicelib.usecases.workspace import Workspace

log = logging.getLogger(__name__)

MOST_LOGGED = 20  # rows by name; all are counted

ROW_WAITS = timedelta(days=7)
"""For how long a list is read from before a row that has no usable id, so that the row is seen once
SEOshop gives it whole. Every night until then reads all that changed since, and names the row; then
it is given up, or one such row would make the reading longer night after night."""


class _Numbered(Protocol):
    @property
    def id(self) -> int: ...


T = TypeVar("T", bound=_Numbered)


def pages(page_after: Callable[[int], list[T]], after_id: int = 0) -> Iterator[list[T]]:
    """The pages of a list; `page_after` gives the page of ids above the one it is called with."""
    while page := page_after(after_id):
        yield page
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


def find_mark(api: ShopApi, *, since: datetime, now: datetime) -> datetime:
    """Where the next reading of the lists has to begin that were read since `since`: now, or before
    the change of a row without a usable id. One that does not say when may have changed at once.
    """
    changes = [row.changed_at or since for row in api.skipped_rows()]
    return max(min([now, *changes]), now - ROW_WAITS)


def report_skipped_rows(workspace: Workspace) -> list[SkippedRow]:
    """Log the rows without a usable id that SEOshop's lists have shown so far, and give them."""
    skipped = workspace.api.skipped_rows()
    if skipped:
        log.error(
            "rows without an id in SEOshop's lists",
            extra={
                "shop_id": workspace.shop_id,
                "skipped_rows": len(skipped),
                "rows": [row.name for row in skipped[:MOST_LOGGED]],
            },
        )
    return skipped
