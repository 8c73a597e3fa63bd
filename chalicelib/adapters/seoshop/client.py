"""SEOshop's API for one shop: the port `ShopApi` over HTTP.

Calls are counted: an order costs one call when lines and invoices come embedded, a list one call
a page of 250 and one for the empty page that ends it. Source: API reference, 5 (paging and
filters), 6 to 9 (resources), 3.1 (webhooks).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import requests

from chalicelib.adapters.seoshop import parsing, shop_parsing
from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.seoshop.call_timer import time_calls
from chalicelib.adapters.seoshop.lists import (
    read_list,
    read_next_page,
    read_whole_list,
    tell_apart,
)
from chalicelib.adapters.seoshop.many_reads import read_many
from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.adapters.seoshop.transport import Deadline, Params, Transport, make_api_root
from chalicelib.adapters.seoshop.values import Fields, malformed_answer, read_objects, unwrap
from chalicelib.domain.orders import InvoiceItem, Order, OrderSummary, PaymentMethod, ShopInvoice
from chalicelib.domain.platform import ShopProfile, SkippedRow, Webhook
from chalicelib.errors import ShopError, ShopNotFound, ShopUnreadable
from chalicelib.ports import PAGE, Clock

R = TypeVar("R")


class SeoshopApi:
    """One shop's API, as `chalicelib.ports.ShopApi`.

    `base_url` is the cluster's host (``https://api.webshopapp.com``), `pairs` the app's keys and
    secrets, `token` the shop's,
    `language` two letters; `reserve` the fraction of the allowance left to health checks and the
    merchant's pages (which take 0); `timeout` (connect, read, and both together for a whole call)
    and `sleep` in seconds, `deadline` for all calls together. Raises `SettingsError` for an
    unusable address. An instance belongs to one job: it remembers what is left of the allowance,
    and the rows that lists left out.
    """

    def __init__(
        self,
        *,
        session: requests.Session,
        base_url: str,
        pairs: PairsInTurn,
        token: str,
        language: str,
        clock: Clock,
        reserve: float = 0.1,
        timeout: tuple[float, float] = (5.0, 20.0),
        sleep: Callable[[float], None] = time.sleep,
        deadline: Deadline | None = None,
    ) -> None:
        self._language = language.lower()
        self._clock = clock
        self._skipped: dict[SkippedRow, None] = {}  # in the order in which they were met
        self._limit = RateLimit(clock=clock, reserve=reserve, sleep=sleep)
        root = make_api_root(base_url, language)
        time_calls(session, root)
        self._http = Transport(
            session=session,
            root=root,
            token=token,
            pairs=pairs,
            limit=self._limit,
            timeout=timeout,
            sleep=sleep,
            deadline=deadline,
        )

    def profile(self) -> ShopProfile:
        """The shop's profile. One call; also proves a token."""
        return shop_parsing.parse_shop_profile(self._read_one("shop.json", "shop"))

    def contact_address(self) -> str:
        """The e-mail address of the shop's contact, empty without one. One call."""
        return shop_parsing.parse_contact_address(self._read_one("shop.json", "shop"))

    def payment_methods(self) -> list[PaymentMethod]:
        """All payment methods of the shop."""
        found = read_whole_list(self._http, "paymentmethods.json", "paymentmethods")
        return shop_parsing.parse_payment_methods(found)

    def order(self, order_id: int) -> Order:
        """One order, complete: one call when lines and invoices are embedded, else one or more
        for each of the two.
        """
        fields = self._read_one(f"orders/{order_id}.json", "order", order_id)
        try:
            return self._complete_order(fields, order_id)
        except ShopUnreadable as error:
            at = self._clock()
            readable = parsing.parse_order_summary_or_stand_in(fields, at=at)
            raise ShopUnreadable(str(error), readable=readable) from error

    def find_order(self, number: str) -> OrderSummary | None:
        """The order of exactly that number (the newest, should a number have been given twice),
        or None. One call.
        """
        params = (("number", number.encode(errors="replace").decode()),)
        found, _ = tell_apart(
            read_list(self._http, "orders.json", "orders", params=params), "orders"
        )
        at = self._clock()
        orders = [parsing.parse_order_summary_or_stand_in(one, at=at) for one in found.values()]
        same = [order for order in orders if order.number == number.strip()]
        return max(same, key=lambda order: order.id, default=None)

    def orders_updated_since(self, since: datetime, *, after_id: int = 0) -> list[OrderSummary]:
        """One page (at most 250, ascending by id, ids above `after_id`) of orders changed since;
        may hold some that changed a little earlier. An empty one ends the list.
        """
        bounds = (("updated_at_min", _format_bound(since)),)
        return self._list_orders(bounds, after_id, at=since)

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

    def invoice(self, invoice_id: int) -> ShopInvoice:
        """One invoice or credit note."""
        fields = self._read_one(f"invoices/{invoice_id}.json", "invoice", invoice_id)
        try:
            return parsing.parse_invoice(fields)
        except ShopUnreadable as error:
            readable = parsing.parse_invoice_or_stand_in(fields, at=self._clock())
            raise ShopUnreadable(str(error), readable=readable) from error

    def invoice_items(self, invoice_id: int) -> list[InvoiceItem]:
        """The lines of an invoice or credit note."""
        path = f"invoices/{invoice_id}/items.json"
        found = read_whole_list(self._http, path, "invoiceItems")
        return [parsing.parse_invoice_item(fields) for fields in found]

    def paid_at(self, order_id: int) -> datetime | None:
        """The last moment the order became paid, from its events; None when there is none."""
        keys = ("ordersEvents", "orderEvents", "orderEvent", "ordersEvent")
        params = (("order", str(order_id)),)
        found = read_whole_list(self._http, "orders/events.json", *keys, params=params)
        return parsing.find_last_payment(found, order_id)

    def webhooks(self) -> list[Webhook]:
        """All webhook subscriptions of this app in this shop."""
        found = read_whole_list(self._http, "webhooks.json", "webhooks")
        return [shop_parsing.parse_webhook(fields) for fields in found]

    def create_webhook(self, topic: str, address: str) -> Webhook:
        """Subscribe `address` to a topic such as ``orders/paid``. SEOshop accepts the same twice,
        so read `webhooks` first; after `ShopUnavailable` the subscription may exist.
        """
        group, _, action = topic.partition("/")
        subscription = {
            "isActive": True,
            "itemGroup": group,
            "itemAction": action,
            "language": self._language,
            "format": "json",
            "address": address,
        }
        answer = self._http.call("POST", "webhooks.json", document={"webhook": subscription})
        return shop_parsing.parse_webhook(Fields(unwrap(answer, "webhook"), "webhook"))

    def delete_webhook(self, webhook_id: int) -> None:
        """Remove a subscription; one that is gone already is fine."""
        with suppress(ShopNotFound):
            self._http.call("DELETE", f"webhooks/{webhook_id}.json")

    def limit_time(self, left: timedelta) -> None:
        """From now on no call lasts longer than until so much time has passed: it fails with
        `ShopUnavailable` instead.
        """
        self._http.deadline = Deadline(left.total_seconds())

    def read_many(self, reads: Sequence[Callable[[], R]]) -> Iterator[R | ShopError]:
        """Make several calls at once; see `many_reads.read_many`."""
        return read_many(reads)

    def when_allowed(self, calls: int) -> datetime | None:
        """See the port; above the reserve."""
        return self._limit.when_allowed(calls)

    def remaining_calls(self) -> int | None:
        """Calls left above the reserve in the tightest window; None before the first answer."""
        return self._limit.remaining()

    def skipped_rows(self) -> list[SkippedRow]:
        """The rows of the lists of orders and invoices that had no usable id, each once."""
        return list(self._skipped)

    def _list_orders(self, bounds: Params, after_id: int, *, at: datetime) -> list[OrderSummary]:
        rows = self._read_page("orders", bounds, after_id)
        return [parsing.parse_order_summary_or_stand_in(fields, at=at) for fields in rows]

    def _read_page(self, name: str, bounds: Params, after_id: int) -> list[Fields]:
        page = read_next_page(self._http, f"{name}.json", name, bounds, after_id=after_id)
        self._skipped |= dict.fromkeys(page.skipped)
        return page.rows

    def _complete_order(self, fields: Fields, order_id: int) -> Order:
        """The order of these fields, with its lines and invoices."""
        lines = self._read_linked(
            fields, "products", "orderProducts", f"orders/{order_id}/products.json", ()
        )
        invoices = self._read_linked(
            fields, "invoices", "invoices", "invoices.json", (("order", str(order_id)),)
        )
        documents = [parsing.parse_invoice(document) for document in invoices]
        return parsing.parse_order(
            fields,
            lines=[parsing.parse_order_line(line) for line in lines],
            invoices=[each for each in documents if each.order_id in (None, order_id)],
        )

    def _read_one(self, path: str, resource: str, wanted: int | None = None) -> Fields:
        fields = Fields(unwrap(self._http.get(path), resource), resource)
        if wanted is not None and fields.read("id", int) != wanted:
            raise malformed_answer(resource, "id", "is not the one that was asked for")
        return fields

    def _read_linked(
        self, fields: Fields, name: str, key: str, path: str, query: Params
    ) -> list[Fields]:
        """Read the objects of a link: embedded, or by its url, or else by `path`."""
        link = fields.link(name)
        if link.embedded is not None:
            return read_objects(link.embedded, f"{fields.resource}.{name}")
        if link.path:
            path, query = link.path, link.query
        return read_whole_list(self._http, path, key, params=query)


def _format_bound(moment: datetime) -> str:
    """A filter's bound: UTC, a second early because whether it is inclusive is not known."""
    return f"{(moment - timedelta(seconds=1)).astimezone(UTC):%Y-%m-%d %H:%M:%S}"
