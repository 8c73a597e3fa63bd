"""SEOshop for whoever judges a document more than once, or after it was read: it is read once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import TypeVar, cast

from chalicelib.domain.ledger import DocumentKind, Hint
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
    and moments of payment, kept in memory as they were read; what was raised instead, too, if it is
    of `keeps`. Nothing else of a shop is within its reach, so nothing can be changed there.
    """

    def __init__(
        self, api: ShopApi, *, keeps: tuple[type[Exception], ...] = OF_ONE_DOCUMENT
    ) -> None:
        self._api = api
        self._keeps = keeps
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

    def read_ahead(self, hints: Iterable[Hint]) -> None:
        """Read what judging these documents takes, several at once. What cannot be had now is left
        to whoever asks for it.
        """
        reads = dict.fromkeys(call for hint in hints for call in self._list_calls(hint) or ())
        for _ in self._api.read_many([partial(self._try_to_read, *call) for call in reads]):
            pass  # it is kept, or will be asked for again

    def count_calls(self, hints: Iterable[Hint]) -> int:
        """How many calls `read_ahead` makes."""
        calls = (call for hint in hints for call in self._list_calls(hint) or ())
        return len(dict.fromkeys(calls))

    def has_read(self, hint: Hint) -> bool:
        """Whether all that judging a document takes was read, but for a moment of payment."""
        return self._list_calls(hint) == []

    def _list_calls(self, hint: Hint) -> list[tuple[str, int]] | None:
        """The calls that a document still takes; None for an invoice that is not known, of which
        nothing can be read before it is.
        """
        wanted = [("order", hint.document_id)]
        if hint.kind is DocumentKind.INVOICE:
            invoice = self._kept.get(("invoice", hint.document_id))
            if not isinstance(invoice, ShopInvoice):
                return None
            wanted = [("items", invoice.id)]
            if invoice.order_id is not None:
                wanted.append(("order", invoice.order_id))
        return [call for call in wanted if call not in self._kept]

    def _try_to_read(self, what: str, number: int) -> None:
        with suppress(*OF_ONE_DOCUMENT):
            self.order(number) if what == "order" else self.invoice_items(number)

    def _read(self, what: str, which: object, read: Callable[[], T]) -> T:
        key = (what, which)
        if key not in self._kept:
            try:
                self._kept[key] = read()
            except self._keeps as error:
                self._kept[key] = error
        kept = self._kept[key]
        if isinstance(kept, Exception):
            raise kept
        return cast("T", kept)
