"""SEOshop's API for one shop: the port `ShopApi` over HTTP.

Calls are counted: an order costs one call when lines and invoices come embedded, a list one call
a page of 250 and one for the empty page that ends it, unless the page before shows the end. Source:
API reference, 5 (paging and filters), 6 to 9 (resources), 3.1 (webhooks).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TypeVar

import requests

from chalicelib.adapters.deadline import Deadline
from chalicelib.adapters.seoshop import parsing, shop_parsing
from chalicelib.adapters.seoshop.app_pairs import PairsInTurn
from chalicelib.adapters.seoshop.call_timer import time_calls
from chalicelib.adapters.seoshop.document_lists import DocumentLists
from chalicelib.adapters.seoshop.lists import read_whole_list
from chalicelib.adapters.seoshop.many_reads import read_many
from chalicelib.adapters.seoshop.ratelimit import RateLimit
from chalicelib.adapters.seoshop.transport import Params, Transport, make_api_root
from chalicelib.adapters.seoshop.values import Fields, malformed_answer, read_objects, unwrap
from chalicelib.domain.orders import InvoiceItem, Order, PaymentMethod, ShopInvoice
from chalicelib.domain.platform import ShopProfile, Webhook
from chalicelib.errors import ShopError, ShopNotFound, ShopUnreadable
from chalicelib.ports import Clock

R = TypeVar("R")


class SeoshopApi(DocumentLists):
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
        self._limit = RateLimit(clock=clock, reserve=reserve, sleep=sleep)
        root = make_api_root(base_url, language)
        time_calls(session, root)
        http = Transport(
            session=session,
            root=root,
            token=token,
            pairs=pairs,
            limit=self._limit,
            timeout=timeout,
            sleep=sleep,
            deadline=deadline,
        )
        super().__init__(http, clock)

    def profile(self) -> ShopProfile:
        """The shop's profile. One call; also proves a token."""
        return shop_parsing.parse_shop_profile(self._read_one("shop.json", "shop"))

    def vat_number(self) -> str:
        """The shop's own VAT number as typed, empty without one. One call."""
        return shop_parsing.parse_own_vat_number(self._read_one("shop.json", "shop"))

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

    def read_many(self, reads: Sequence[Callable[[], R]]) -> Generator[R | ShopError, None, None]:
        """Make several calls at once; see `many_reads.read_many`."""
        return read_many(reads)

    def when_allowed(self, calls: int) -> datetime | None:
        """See the port; above the reserve."""
        return self._limit.when_allowed(calls)

    def remaining_calls(self) -> int | None:
        """Calls left above the reserve in the tightest window; None before the first answer."""
        return self._limit.remaining()

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
