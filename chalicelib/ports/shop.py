"""SEOshop, for one shop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from datetime import datetime, timedelta

    from chalicelib.domain.orders import (
        InvoiceItem,
        Order,
        OrderSummary,
        PaymentMethod,
        ShopInvoice,
    )
    from chalicelib.domain.platform import ShopProfile, SkippedRow, Webhook
    from chalicelib.errors import ShopError

R = TypeVar("R")

PAGE = 250
"""The most that SEOshop lists at once, and what our own lists hold unless more is asked for."""


class ShopApi(Protocol):
    """SEOshop, for one shop. Every method may raise `errors.ShopError` and its subclasses.

    In lists, an order or invoice that cannot be read whole is a stand-in (`is_stand_in`) of what
    can be read; a row without a usable id is left out, and told by `skipped_rows`.
    """

    def profile(self) -> ShopProfile:
        """Who the shop is. One call; also proves a token."""

    def vat_number(self) -> str:
        """The shop's own VAT number as the merchant typed it there; empty without one."""

    def contact_address(self) -> str:
        """The e-mail address of the shop's contact, as SEOshop has it now; empty without one. It is
        not stored. One call.
        """

    def payment_methods(self) -> list[PaymentMethod]:
        """All payment methods of the shop."""

    def order(self, order_id: int) -> Order:
        """One order, complete. One call when SEOshop embeds lines and invoices."""

    def find_order(self, number: str) -> OrderSummary | None:
        """The order of that number, or None."""

    def find_invoice(self, number: str) -> ShopInvoice | None:
        """The invoice or credit note of that number, or None."""

    def latest_orders(self, limit: int) -> list[OrderSummary]:
        """The newest orders, at most `limit` (50 or fewer), newest first."""

    def latest_invoices(self, limit: int) -> list[ShopInvoice]:
        """The newest invoices and credit notes, likewise."""

    def orders_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        """One page (at most `PAGE`, ascending by id, ids above `after_id`) of orders changed
        since. A short page says nothing: the list ends with an empty one.
        """

    def details_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        """The same page with what a list shows besides: `OrderDetails`, but for entries of which
        that cannot be read.
        """

    def orders_created_between(
        self, first: datetime, last: datetime, *, after_id: int = 0
    ) -> list[OrderSummary]:
        """One page as above, by the instant an order was made (`last` exclusive)."""

    def invoices_updated_since(self, since: datetime, *, after_id: int = 0) -> list[ShopInvoice]:
        """One page of invoices and credit notes changed since, as above."""

    def invoice(self, invoice_id: int) -> ShopInvoice:
        """One invoice or credit note."""

    def invoice_items(self, invoice_id: int) -> list[InvoiceItem]:
        """The lines of an invoice or credit note."""

    def paid_at(self, order_id: int) -> datetime | None:
        """The last moment the order became paid, from its events; None when there is none."""

    def webhooks(self) -> list[Webhook]:
        """All webhook subscriptions of this app in this shop."""

    def create_webhook(self, topic: str, address: str) -> Webhook:
        """Subscribe `address` to a topic such as ``orders/paid``."""

    def delete_webhook(self, webhook_id: int) -> None:
        """Remove a subscription."""

    def limit_time(self, left: timedelta) -> None:
        """From now on no call lasts longer than until so much time has passed: it fails with
        `ShopUnavailable` instead.
        """

    def read_many(self, reads: Sequence[Callable[[], R]]) -> Generator[R | ShopError, None, None]:
        """The answers of these calls of the API in their order, or the `errors.ShopError` in the
        place of each that failed; several are under way at once, at the pace that SEOshop allows,
        and no more are begun than a few ahead of whoever listens. Whoever stops listening stops
        the rest: by ``close``, after which no call is under way.
        """

    def when_allowed(self, calls: int) -> datetime | None:
        """When so many calls may be made one after another; None when no window is that large."""

    def remaining_calls(self) -> int | None:
        """How many calls may still be made in this run; None before the first answer."""

    def skipped_rows(self) -> list[SkippedRow]:
        """The rows left out of the lists of orders and invoices so far, each once."""
