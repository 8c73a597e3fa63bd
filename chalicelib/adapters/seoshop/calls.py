"""Every call that is made to SEOshop, by the name it has in errors and logs.

An address is never quoted as it is: SEOshop itself gives the addresses of some resources, as links,
and what stands in them is its text.
"""

from __future__ import annotations

import re
from enum import StrEnum


class ShopCall(StrEnum):
    """The calls, each with its path; ``{id}`` stands for a document's number at SEOshop."""

    READ_PROFILE = "GET shop.json"
    LIST_PAYMENT_METHODS = "GET paymentmethods.json"
    LIST_ORDERS = "GET orders.json"
    COUNT_ORDERS = "GET orders/count.json"
    READ_ORDER = "GET orders/{id}.json"
    LIST_ORDER_LINES = "GET orders/{id}/products.json"
    LIST_ORDER_EVENTS = "GET orders/events.json"
    LIST_INVOICES = "GET invoices.json"
    COUNT_INVOICES = "GET invoices/count.json"
    READ_INVOICE = "GET invoices/{id}.json"
    LIST_INVOICE_LINES = "GET invoices/{id}/items.json"
    LIST_WEBHOOKS = "GET webhooks.json"
    CREATE_WEBHOOK = "POST webhooks.json"
    DELETE_WEBHOOK = "DELETE webhooks/{id}.json"
    FOLLOW_LINK = "GET of a link"
    """Any other address that SEOshop gave in an answer."""


def name_call(method: str, path: str) -> str:
    """The name of a call, such as ``GET orders/301204417.json``: of what was called no more than
    the number of a document. `path` has no query.
    """
    call = f"{method} {path}"
    if any(re.fullmatch(form, call) for form in _FORMS):
        return call
    return ShopCall.FOLLOW_LINK.value


_FORMS = tuple(
    re.escape(call).replace(re.escape("{id}"), "[0-9]{1,18}")
    for call in ShopCall
    if call is not ShopCall.FOLLOW_LINK
)
