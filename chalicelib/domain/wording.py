"""What an invoice is called in Asperion: order number and SEOshop's invoice number.

The texts are the product's promise (manual, figure 5), whatever the shop's language.
"""

from __future__ import annotations


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
