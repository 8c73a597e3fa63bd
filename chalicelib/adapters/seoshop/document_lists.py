"""SEOshop's lists of orders and invoices: changed, made, by number, newest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from chalicelib.adapters.seoshop import parsing
from chalicelib.adapters.seoshop.lists import PageSizes, find_rows, read_latest, read_next_page
from chalicelib.adapters.seoshop.transport import Params, Transport
from chalicelib.adapters.seoshop.values import Fields
from chalicelib.domain.orders import OrderSummary, ShopInvoice
from chalicelib.domain.platform import SkippedRow
from chalicelib.ports import PAGE, Clock


class DocumentLists:
    """The part of `chalicelib.ports.ShopApi` that lists orders and invoices. It remembers the rows
    that it left out, and which pages were the last of their list: the empty page behind such a one
    costs no call.
    """

    def __init__(self, http: Transport, clock: Clock) -> None:
        self._http = http
        self._clock = clock
        self._sizes = PageSizes()
        self._ends = set[tuple[str, Params, int]]()  # behind which there is nothing
        self._skipped: dict[SkippedRow, None] = {}  # in the order in which they were met

    def find_order(self, number: str) -> OrderSummary | None:
        """The order of exactly that number (the newest, should a number have been given twice),
        or None. One call.
        """
        found = find_rows(self._http, "orders", number)
        at = self._clock()
        orders = [parsing.parse_order_summary_or_stand_in(fields, at=at) for fields in found]
        same = [order for order in orders if order.number == number.strip()]
        return max(same, key=lambda order: order.id, default=None)

    def find_invoice(self, number: str) -> ShopInvoice | None:
        """The invoice or credit note of exactly that number, as `find_order`. One call."""
        found = find_rows(self._http, "invoices", number)
        at = self._clock()
        invoices = [parsing.parse_invoice_or_stand_in(fields, at=at) for fields in found]
        same = [invoice for invoice in invoices if invoice.number == number.strip()]
        return max(same, key=lambda invoice: invoice.id, default=None)

    def latest_orders(self, limit: int) -> list[OrderSummary]:
        """The newest orders, newest first: see `lists.read_latest`. One call, or two to four."""
        at = self._clock()
        rows = read_latest(self._http, "orders", limit)
        return [parsing.parse_order_summary_or_stand_in(fields, at=at) for fields in rows]

    def latest_invoices(self, limit: int) -> list[ShopInvoice]:
        """The newest invoices and credit notes, likewise."""
        at = self._clock()
        rows = read_latest(self._http, "invoices", limit)
        return [parsing.parse_invoice_or_stand_in(fields, at=at) for fields in rows]

    def orders_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        """One page (at most 250, ascending by id, ids above `after_id`) of orders changed since;
        may hold some that changed a little earlier. An empty one ends the list.
        """
        bounds = (("updated_at_min", _format_bound(since)),)
        return self._list_orders(bounds, after_id, at=since)

    def details_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        """The same page, of `OrderDetails` where a row can be read that far."""
        bounds = (("updated_at_min", _format_bound(since)),)
        rows = self._read_page("orders", bounds, after_id)
        return [parsing.parse_order_details_or_less(fields, at=since) for fields in rows]

    def orders_created_between(
        self, first: datetime, last: datetime, *, after_id: int = 0
    ) -> list[OrderSummary]:
        """One page as above, by the instant an order was made (`last` exclusive)."""
        # A day more at the end, because the zone SEOshop reads the bound in is not known.
        bounds = (
            ("created_at_min", _format_bound(first)),
            ("created_at_max", _format_bound(last + timedelta(days=1))),
        )
        wanted: list[OrderSummary] = []
        while len(wanted) < PAGE:
            orders = self._list_orders(bounds, after_id, at=first)
            if not orders:
                break
            wanted += [order for order in orders if first <= order.created_at < last]
            after_id = orders[-1].id
        return wanted[:PAGE]

    def invoices_updated_since(self, since: datetime, *, after_id: int = 0) -> list[ShopInvoice]:
        """One page of invoices and credit notes changed since, as above."""
        bounds = (("updated_at_min", _format_bound(since)),)
        rows = self._read_page("invoices", bounds, after_id)
        return [parsing.parse_invoice_or_stand_in(fields, at=since) for fields in rows]

    def skipped_rows(self) -> list[SkippedRow]:
        """The rows of the lists of orders and invoices that had no usable id, each once."""
        return list(self._skipped)

    def _list_orders(self, bounds: Params, after_id: int, *, at: datetime) -> list[OrderSummary]:
        rows = self._read_page("orders", bounds, after_id)
        return [parsing.parse_order_summary_or_stand_in(fields, at=at) for fields in rows]

    def _read_page(self, name: str, bounds: Params, after_id: int) -> list[Fields]:
        if (name, bounds, after_id) in self._ends:
            self._ends.remove((name, bounds, after_id))  # whoever reads on asks once
            return []
        page = read_next_page(self._http, f"{name}.json", name, bounds, after_id=after_id)
        self._skipped |= dict.fromkeys(page.skipped)
        if self._sizes.is_last(name, page.received) and page.rows:
            self._ends.add((name, bounds, page.rows[-1].read("id", int)))
        return page.rows


def _format_bound(moment: datetime) -> str:
    """A filter's bound: UTC, a second early because whether it is inclusive is not known."""
    return f"{(moment - timedelta(seconds=1)).astimezone(UTC):%Y-%m-%d %H:%M:%S}"
