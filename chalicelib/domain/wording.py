"""What an invoice is called in Asperion: order number and SEOshop's invoice number.

The texts are the product's promise (manual, figure 5), whatever the shop's language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chalicelib.domain.orders import ShopInvoice

_DIGITS = re.compile(r"\d+")


def order_description(order_number: str, invoice_number: str | None) -> str:
    """``Bestelling ORD000033 factuur INV000037``, without an invoice ``Bestelling ORD000038``."""
    order = f"Bestelling {order_number}"
    return order if invoice_number is None else f"{order} factuur {invoice_number}"


def credit_description(order_number: str, credit_number: str, original_number: str) -> str:
    """``Bestelling ORD000033 creditfactuur INV000039 op factuur INV000037``."""
    return f"Bestelling {order_number} creditfactuur {credit_number} op factuur {original_number}"


def reversal_description(order_number: str, invoice_number: str | None) -> str:
    """``Correctie bestelling ORD000033 factuur INV000037``, or without an invoice."""
    order = f"Correctie bestelling {order_number}"
    return order if invoice_number is None else f"{order} factuur {invoice_number}"


def first_invoice(invoices: Sequence[ShopInvoice]) -> ShopInvoice | None:
    """The invoice that stands for an order: of several (part invoices) the lowest-numbered.

    Numbers are compared as numbers (INV9 before INV10), then as text. Credit notes and cancelled
    invoices do not count. The lowest number is the one the customer got first, and later part
    invoices do not change it.
    """
    standing = [one for one in invoices if not one.is_credit_note and one.status != "cancelled"]
    return min(standing, key=_numbered, default=None)


def _numbered(invoice: ShopInvoice) -> tuple[int, str]:
    digits = _DIGITS.findall(invoice.number)
    return (int(digits[-1]) if digits else 0, invoice.number)
