"""SEOshop for one page that judges its documents more than once: each is read once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar, cast

from chalicelib.domain.orders import InvoiceItem, Order, OrderSummary, ShopInvoice
from chalicelib.domain.platform import ShopProfile
from chalicelib.errors import ShopNotFound, ShopRefused, ShopUnreadable
from chalicelib.ports import ShopApi
from chalicelib.usecases.judging.isolating import OF_ITS_DATA

T = TypeVar("T")

OF_ONE_DOCUMENT = (ShopNotFound, ShopRefused, ShopUnreadable, *OF_ITS_DATA)
"""What is wrong with one document alone, and still is when it is read once more."""


class ReadOnce:
    """What judging reads of SEOshop, as `ports.ShopApi` has it: orders, invoices with their lines,
    and moments of payment, kept in memory as they were read; refusals too. Nothing else of a shop
    is within its reach, so nothing can be changed there.
    """

    def __init__(self, api: ShopApi) -> None:
        self._api = api
        self._kept: dict[tuple[str, object], object] = {}

    def profile(self) -> ShopProfile:
        """Who the shop is."""
        return self._read("profile", 0, self._api.profile)

    def order(self, order_id: int) -> Order:
        """One order, complete."""
        return self._read("order", order_id, lambda: self._api.order(order_id))

    def invoice(self, invoice_id: int) -> ShopInvoice:
        """One invoice or credit note."""
        return self._read("invoice", invoice_id, lambda: self._api.invoice(invoice_id))

    def invoice_items(self, invoice_id: int) -> list[InvoiceItem]:
        """The lines of an invoice or credit note."""
        return self._read("items", invoice_id, lambda: self._api.invoice_items(invoice_id))

    def paid_at(self, order_id: int) -> datetime | None:
        """The last moment the order became paid."""
        return self._read("payment", order_id, lambda: self._api.paid_at(order_id))

    def find_order(self, number: str) -> OrderSummary | None:
        """The order of that number, or None."""
        return self._read("order of", number, lambda: self._api.find_order(number))

    def find_invoice(self, number: str) -> ShopInvoice | None:
        """The invoice or credit note of that number, or None; it need not be read any more."""
        found = self._read("invoice of", number, lambda: self._api.find_invoice(number))
        return found and self.keep_invoice(found)

    def latest_orders(self, limit: int) -> list[OrderSummary]:
        """The newest orders, newest first."""
        return self._api.latest_orders(limit)

    def latest_invoices(self, limit: int) -> list[ShopInvoice]:
        """The newest invoices and credit notes, likewise; they need not be read any more."""
        return [self.keep_invoice(invoice) for invoice in self._api.latest_invoices(limit)]

    def list_bills(self, order_id: int) -> list[ShopInvoice]:
        """The invoices and credit notes of an order; they need not be read any more."""
        return [self.keep_invoice(invoice) for invoice in self.order(order_id).invoices]

    def keep_invoice(self, invoice: ShopInvoice) -> ShopInvoice:
        """Keep an invoice as it was shown, unless a part of it could not be read."""
        if not invoice.is_stand_in:
            self._kept.setdefault(("invoice", invoice.id), invoice)
        return invoice

    def _read(self, what: str, which: object, read: Callable[[], T]) -> T:
        key = (what, which)
        if key not in self._kept:
            try:
                self._kept[key] = read()
            except OF_ONE_DOCUMENT as error:
                self._kept[key] = error
        kept = self._kept[key]
        if isinstance(kept, Exception):
            raise kept
        return cast("T", kept)
