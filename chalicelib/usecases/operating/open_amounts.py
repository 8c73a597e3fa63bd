"""What documents come to that are not booked yet, as SEOshop has them now: read for a page, and not
kept. A few are read one by one, several at once; more are looked for in the shop's lists, of which
one call shows many.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, time, timedelta
from functools import partial

from chalicelib.domain.days import AMSTERDAM
from chalicelib.domain.ledger import DocumentKind, Entry
from chalicelib.domain.money import Amount
from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.errors import ShopError, VaultError
from chalicelib.usecases.judging.page_reading import PageReading
from chalicelib.usecases.workspace import Workspace

ONE_BY_ONE = 8
"""So many orders, or invoices, are read each by a call, also of those that no list shows."""

MOST_LISTS = 20
"""Pages of a list that are read for the others."""

_MARGIN = timedelta(days=2)
"""A document's day in the ledger is a hint's, and may be that of the delivery."""


def read_amounts(workspace: Workspace, entries: Sequence[Entry]) -> dict[str, Amount]:
    """What these documents come to, by their keys; credit notes and reversals are negative. Those
    that cannot be read now, or not within the time of a page, are left out. Nothing is raised for a
    shop that does not answer.
    """
    if not entries:
        return {}
    invoices = [entry for entry in entries if entry.kind is DocumentKind.INVOICE]
    orders = [entry for entry in entries if entry.kind is not DocumentKind.INVOICE]
    first = min(entry.day for entry in entries)
    since = datetime.combine(first, time(), AMSTERDAM) - _MARGIN
    until = workspace.now() + _MARGIN
    found: dict[str, Amount] = {}
    with suppress(ShopError, VaultError):
        api, reading = workspace.api, PageReading(workspace)
        listed_orders = partial(api.orders_created_between, since, until)
        found |= _read(workspace, reading, orders, api.order, listed_orders)
        listed_invoices = partial(api.invoices_updated_since, since)
        found |= _read(workspace, reading, invoices, api.invoice, listed_invoices)
    return found


def _read(
    workspace: Workspace,
    reading: PageReading,
    entries: Sequence[Entry],
    read_one: Callable[[int], OrderSummary | ShopInvoice],
    list_some: Callable[..., Sequence[OrderSummary | ShopInvoice]],
) -> dict[str, Amount]:
    ids = sorted({entry.document_id for entry in entries})
    read = _read_lists(reading, list_some, ids) if len(ids) > ONE_BY_ONE else {}
    left = [one for one in ids if one not in read][:ONE_BY_ONE]
    read |= _read_one_by_one(workspace, reading, read_one, left)
    return {
        entry.key: _sign(entry, read[entry.document_id])
        for entry in entries
        if entry.document_id in read
    }


def _read_one_by_one(
    workspace: Workspace,
    reading: PageReading,
    read: Callable[[int], OrderSummary | ShopInvoice],
    ids: Sequence[int],
) -> dict[int, OrderSummary | ShopInvoice]:
    if not ids or not reading.has_room(len(ids)):
        return {}
    answers = workspace.api.read_many([partial(read, one) for one in ids])
    return {one.id: one for one in answers if not isinstance(one, ShopError) and _is_whole(one)}


def _read_lists(
    reading: PageReading,
    list_after: Callable[..., Sequence[OrderSummary | ShopInvoice]],
    ids: Sequence[int],
) -> dict[int, OrderSummary | ShopInvoice]:
    """The rows of these ids: each page begins with the first one that is still wanted, and is
    looked through for all others.
    """
    found: dict[int, OrderSummary | ShopInvoice] = {}
    nothing: Sequence[OrderSummary | ShopInvoice] = ()
    wanted = list(ids)
    for _ in range(MOST_LISTS):
        if not wanted:
            break
        page = reading.read(partial(list_after, after_id=wanted[0] - 1), unusable=nothing)
        if page is None:
            break
        rows = {row.id: row for row in page if _is_whole(row)}
        found |= {one: rows[one] for one in wanted if one in rows}
        seen_to = max((row.id for row in page), default=wanted[-1])
        wanted = [one for one in wanted[1:] if one > seen_to]
    return found


def _is_whole(read: OrderSummary | ShopInvoice) -> bool:
    return not read.is_stand_in


def _sign(entry: Entry, read: OrderSummary | ShopInvoice) -> Amount:
    is_credit = isinstance(read, ShopInvoice) and read.is_credit_note
    if is_credit or entry.kind is DocumentKind.REVERSAL:
        return -abs(read.price)
    return read.price
