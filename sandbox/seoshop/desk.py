"""What happens to an order: paid, shipped, cancelled, invoiced, credited, edited.

Every deed writes to the log that ``orders/events`` shows, and passes due webhooks to the outbox.
A deed returns after its webhooks are queued, not after they are delivered.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from sandbox.seoshop.invoicing import make_credit, make_invoice
from sandbox.seoshop.models import Event, Invoice, Order, Shipment
from sandbox.seoshop.ordering import build_order, cost, make_line
from sandbox.seoshop.platform_store import Store
from sandbox.seoshop.specs import Form, check_keys, contact, moment
from sandbox.seoshop.webshop import Shop
from sandbox.serving import Clock

EDIT_KEYS = frozenset(
    ["lines", "shipping", "payment_cost", "customer", "status", "comment", "overrides"]
)


class Outbox(Protocol):
    """Where due webhooks go: (group/action, record) pairs of one deed, in order."""

    def announce(self, shop: Shop, news: list[tuple[str, Order | Invoice]]) -> None:
        """Queue the deliveries that the shop's subscriptions ask for."""


class Desk:
    """The deeds on one platform's orders. Callers hold ``store.lock``."""

    def __init__(self, store: Store, outbox: Outbox, clock: Clock) -> None:
        """Take the store, the outbox and the clock that the deeds use."""
        self.store, self.outbox, self.clock = store, outbox, clock

    def create(self, shop: Shop, form: Form, announce: bool = True) -> Order:
        """Place an order, with its invoice when the form or the shop makes it at once."""
        now = self.clock()
        order = build_order(self.store, shop, form, now)
        self._log(shop, order, "order/new", order.created_at)
        news: list[tuple[str, Order | Invoice]] = [("orders/created", order)]
        if order.invoice_mode == "now":
            news.append(("invoices/created", self._invoice(shop, order, order.created_at)))
        if announce:
            self.outbox.announce(shop, news)
        if form.get("paid") or form.get("paid_at"):
            at = moment(form["paid_at"]) if form.get("paid_at") else None
            self.paid(shop, order, at, announce=announce)
        return order

    def paid(
        self, shop: Shop, order: Order, at: datetime | None = None, announce: bool = True
    ) -> None:
        """Set an order to paid; repeated, it sends the webhook again, as the platform does."""
        now = at or self.clock()
        news: list[tuple[str, Order | Invoice]] = []
        if order.invoice_mode == "on_paid" and not shop.order_invoices.get(order.id):
            news.append(("invoices/created", self._invoice(shop, order, now)))
        news += [
            ("invoices/updated", each)
            for each in self._set_invoice_status(shop, order, "paid", now)
        ]
        order.payment_status = "paid"
        if order.status in ("new", "processing_awaiting_payment"):
            order.status = "processing_awaiting_shipment"
        self._touch(shop, order, "paid", now)
        if announce:
            self.outbox.announce(shop, [*news, ("orders/paid", order), ("orders/updated", order)])

    def not_paid(self, shop: Shop, order: Order) -> None:
        """Set an order to not paid."""
        now = self.clock()
        news = [
            ("invoices/updated", each)
            for each in self._set_invoice_status(shop, order, "not_paid", now)
        ]
        order.payment_status = "not_paid"
        if order.status == "processing_awaiting_shipment":
            order.status = "processing_awaiting_payment"
        self._touch(shop, order, "not_paid", now)
        self.outbox.announce(shop, [*news, ("orders/updated", order)])

    def cancel(self, shop: Shop, order: Order) -> None:
        """Cancel an order; what was paid stays paid, what was not becomes cancelled."""
        order.status, order.shipment_status = "cancelled", "cancelled"
        if order.payment_status != "paid":
            order.payment_status = "cancelled"
        self._touch(shop, order, "cancelled", self.clock())
        self.outbox.announce(shop, [("orders/updated", order)])

    def ship(self, shop: Shop, order: Order) -> None:
        """Ship the whole order."""
        now = self.clock()
        shipment = Shipment(
            self.store.next_id("shipment"),
            shop.next_number("shipment"),
            now,
            now,
            order.id,
            order.customer_id,
            "shipped",
        )
        shop.shipments[shipment.id] = shipment
        shop.order_shipments.setdefault(order.id, []).append(shipment)
        order.shipment_status = "shipped"
        if order.payment_status == "paid":
            order.status = "completed_shipped"
        for line in order.lines:
            line.shipped = line.quantity
        self._log(shop, order, "shipment/new", now, shipment_id=shipment.id)
        self._touch(shop, order, "shipped", now)
        self.outbox.announce(shop, [("orders/shipped", order), ("orders/updated", order)])

    def edit(self, shop: Shop, order: Order, form: Form) -> None:
        """Replace parts of an order; ValueError names what cannot be replaced."""
        check_keys(form, EDIT_KEYS, "edit")
        if "lines" in form:
            order.lines = [make_line(self.store, shop, each) for each in form["lines"]]
        if "shipping" in form:
            order.shipping = cost(shop, form["shipping"])
        if "payment_cost" in form:
            order.payment = cost(shop, form["payment_cost"])
        if "customer" in form:
            order.contact = contact(form["customer"])
        order.status = form.get("status", order.status)
        order.comment = form.get("comment", order.comment)
        order.overrides.update(form.get("overrides", {}))
        self._touch(shop, order, "updated", self.clock())
        self.outbox.announce(shop, [("orders/updated", order)])

    def invoice(self, shop: Shop, order: Order, form: Form) -> Invoice:
        """Make an invoice by hand; keys ``number``, ``created_at``, ``lines``, ``costs``."""
        check_keys(form, frozenset(("number", "created_at", "lines", "costs")), "invoice")
        when = moment(form["created_at"]) if form.get("created_at") else self.clock()
        invoice = self._invoice(shop, order, when, form)
        order.updated_at = self.clock()
        self.outbox.announce(shop, [("invoices/created", invoice), ("orders/updated", order)])
        return invoice

    def credit(self, shop: Shop, order: Order, form: Form) -> Invoice:
        """Make a credit note; keys ``number``, ``lines`` [{id, quantity}], ``costs``.

        ValueError when the order has no invoice to credit, or asks more than was invoiced.
        """
        check_keys(form, frozenset(("number", "lines", "costs")), "credit")
        now = self.clock()
        note = make_credit(self.store, shop, order, now, form)
        self._log(shop, order, "invoice/new", now, invoice_id=note.id)
        order.updated_at = now
        self.outbox.announce(shop, [("invoices/created", note), ("orders/updated", order)])
        return note

    def remove_invoice(self, shop: Shop, order: Order) -> None:
        """Delete an order's first invoice; a credit note keeps its id. No webhook is sent."""
        lost = shop.order_invoices[order.id].pop(0)
        del shop.invoices[lost.id]

    def empty_log(self, shop: Shop, order: Order) -> None:
        """Delete an order's log, as of orders from before SEOshop kept one. No webhook is sent."""
        for event in shop.order_events.pop(order.id, ()):
            del shop.events[event.id]

    def _invoice(
        self, shop: Shop, order: Order, when: datetime, form: Mapping[str, Any] | None = None
    ) -> Invoice:
        invoice = make_invoice(self.store, shop, order, when, form or {})
        if order.payment_status == "paid":
            invoice.status = "paid"
        self._log(shop, order, "invoice/new", when, invoice_id=invoice.id)
        return invoice

    def _set_invoice_status(
        self, shop: Shop, order: Order, status: str, now: datetime
    ) -> list[Invoice]:
        changed = []
        for invoice in shop.order_invoices.get(order.id, ()):
            if invoice.original_id is None and invoice.status != status:
                invoice.status, invoice.updated_at = status, now
                self._log(shop, order, f"invoice/{status}", now, invoice_id=invoice.id)
                changed.append(invoice)
        return changed

    def _touch(self, shop: Shop, order: Order, message: str, now: datetime) -> None:
        order.updated_at = now
        self._log(shop, order, f"order/{message}", now)

    def _log(
        self,
        shop: Shop,
        order: Order,
        topic: str,
        now: datetime,
        *,
        invoice_id: int | None = None,
        shipment_id: int | None = None,
    ) -> None:
        kind, _, message = topic.partition("/")
        event = Event(
            self.store.next_id("event"),
            now,
            kind,
            message,
            order.id,
            invoice_id=invoice_id,
            shipment_id=shipment_id,
        )
        shop.events[event.id] = event
        shop.order_events.setdefault(order.id, []).append(event)
