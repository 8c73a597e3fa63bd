"""Every call to SEOshop with a way to make it, and answers full of one word to look for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from chalicelib.adapters.seoshop.calls import ShopCall
from chalicelib.adapters.seoshop.client import SeoshopApi
from tests.unit.adapters.seoshop.support import Answer, Call, payload

WORD = "Zzyzx\r\nERROR \x1b[31mzzyzx"
ORDER, INVOICE, WEBHOOK = 301204417, 190330110, 11111
SINCE = datetime(2026, 3, 13, 23, 0, tzinfo=UTC)
LINKED = "catalog/zzyzxlink"

STATUSES = (200, 201, 302, 400, 401, 403, 404, 410, 422, 429, 500, 503)
HEADERS = {
    "Content-Type": "application/zzyzx",
    "Location": "https://zzyzx.example/zzyzx?zzyzx",
    "Retry-After": "zzyzx",
    "Set-Cookie": "zzyzx=zzyzx; Path=/zzyzx",
    "WWW-Authenticate": 'Basic realm="zzyzx"',
    "X-RateLimit-Limit": "zzyzx/zzyzx/zzyzx",
    "X-RateLimit-Remaining": "zzyzx/zzyzx/zzyzx",
    "X-RateLimit-Reset": "zzyzx/zzyzx/zzyzx",
    "X-Zzyzx": "zzyzx",
}


def _rewrite(value: Any) -> Any:
    """A document of the right shape, in which every value is the word."""
    if isinstance(value, dict):
        return {name: _rewrite(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_rewrite(each) for each in value]
    return WORD


def bodies(good: Any) -> Iterator[bytes]:
    """What may come with any status; `good` is what the call's answer should be."""
    fields = {"code": WORD, "method": WORD, "request": WORD, "message": WORD, WORD: WORD}
    documents: tuple[Any, ...] = (
        {"error": fields, "errors": {WORD: [WORD]}},
        {"error": {**fields, "code": 403}},
        {"error": WORD},
        {"error": [WORD, {WORD: WORD}]},
        {WORD: {WORD: [WORD]}},
        WORD,
        _rewrite(good),
    )
    for document in documents:
        yield json.dumps(document).encode()
    yield f"<!doctype html><title>{WORD}</title>{WORD}".encode()
    yield json.dumps({"error": {"message": WORD}}).encode()[:-3]
    yield b"zzyzx\xff\xfe\x00" + WORD.encode()


def each_value(good: Any) -> Iterator[Any]:
    """The right answer, each time with the word in the place of another one of its values; of a
    list in that of the first.
    """
    children = list(good.items()) if isinstance(good, dict) else list(enumerate(good))[:1]
    for name, child in children:
        replacements = [WORD, [WORD], {WORD: WORD}]
        if isinstance(child, dict | list):
            replacements += each_value(child)
        for replacement in replacements:
            changed = dict(good) if isinstance(good, dict) else list(good)
            changed[name] = replacement
            yield changed


@dataclass(frozen=True)
class Way:
    """How a call is made, and what its answer should be; `before` are answers that lead to it."""

    make: Callable[[SeoshopApi], object]
    good: Any
    before: Mapping[str, Any]


def _linking(url: str) -> Any:
    order = payload("order.json")
    link = {"resource": {"id": False, "url": url, "link": url, "embedded": False}}
    order["order"]["products"] = link
    return order


def _unordered() -> Any:
    orders = payload("orders.json")
    orders["orders"].sort(key=lambda one: -one["id"])
    return orders


def _unordered_invoices() -> Any:
    invoices = payload("invoices.json")
    rows = [{**invoices["invoices"][0], "id": number} for number in (3, 2)]
    return {"invoices": rows}


WAYS: Mapping[ShopCall, Way] = {
    ShopCall.READ_PROFILE: Way(lambda api: api.profile(), payload("shop.json"), {}),
    ShopCall.LIST_PAYMENT_METHODS: Way(
        lambda api: api.payment_methods(), payload("paymentmethods.json"), {}
    ),
    ShopCall.LIST_ORDERS: Way(
        lambda api: api.orders_updated_since(SINCE), payload("orders.json"), {}
    ),
    ShopCall.COUNT_ORDERS: Way(
        lambda api: api.orders_updated_since(SINCE), {"count": 2}, {"GET orders.json": _unordered()}
    ),
    ShopCall.READ_ORDER: Way(lambda api: api.order(ORDER), payload("order.json"), {}),
    ShopCall.LIST_ORDER_LINES: Way(
        lambda api: api.order(ORDER),
        payload("order-products.json"),
        {f"GET orders/{ORDER}.json": _linking(f"orders/{ORDER}/products")},
    ),
    ShopCall.FOLLOW_LINK: Way(
        lambda api: api.order(ORDER),
        payload("order-products.json"),
        {f"GET orders/{ORDER}.json": _linking(LINKED)},
    ),
    ShopCall.LIST_ORDER_EVENTS: Way(
        lambda api: api.paid_at(ORDER), payload("order-events.json"), {}
    ),
    ShopCall.LIST_INVOICES: Way(
        lambda api: api.invoices_updated_since(SINCE), payload("invoices.json"), {}
    ),
    ShopCall.COUNT_INVOICES: Way(
        lambda api: api.invoices_updated_since(SINCE),
        {"count": 2},
        {"GET invoices.json": _unordered_invoices()},
    ),
    ShopCall.READ_INVOICE: Way(lambda api: api.invoice(INVOICE), payload("invoice.json"), {}),
    ShopCall.LIST_INVOICE_LINES: Way(
        lambda api: api.invoice_items(INVOICE), payload("invoice-items.json"), {}
    ),
    ShopCall.LIST_WEBHOOKS: Way(lambda api: api.webhooks(), payload("webhooks.json"), {}),
    ShopCall.CREATE_WEBHOOK: Way(
        lambda api: api.create_webhook("orders/paid", "https://koppeling.example/webhooks/1/x"),
        payload("webhook.json"),
        {},
    ),
    ShopCall.DELETE_WEBHOOK: Way(lambda api: api.delete_webhook(WEBHOOK), {}, {}),
}


def find_call(call: Call) -> str:
    """Method and path of a call, as `ShopCall` writes them."""
    return f"{call.method} {call.path.removeprefix('/nl/')}"


def fits(wanted: ShopCall, call: Call) -> bool:
    """Whether a call is of that kind."""
    if wanted is ShopCall.FOLLOW_LINK:
        return LINKED in call.path
    parts = wanted.value.split("{id}")
    said = find_call(call)
    return said.startswith(parts[0]) and said.removeprefix(parts[0]).lstrip("0123456789") == (
        parts[1] if len(parts) > 1 else ""
    )


def answering_badly(wanted: ShopCall, bad: Answer) -> Callable[[Call], Answer]:
    """Answers the calls that lead to one kind of call, and that one with `bad`."""

    def answer(call: Call) -> Answer:
        if fits(wanted, call):
            return bad
        good = WAYS[wanted].before.get(find_call(call))
        return Answer(good if good is not None else payload("empty-orders.json"))

    return answer
