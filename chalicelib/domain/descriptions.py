"""The description of an invoice in Asperion: order number and SEOshop's invoice number.

The texts are promised by the manual (figure 5) and the same in every shop's language.
"""

from __future__ import annotations


def describe_order(order_number: str, invoice_number: str | None) -> str:
    """``Bestelling ORD000033 factuur INV000037``, without an invoice ``Bestelling ORD000038``."""
    order = f"Bestelling {order_number}"
    return order if invoice_number is None else f"{order} factuur {invoice_number}"


def describe_credit_note(order_number: str, credit_number: str, original_number: str) -> str:
    """``Bestelling ORD000033 creditfactuur INV000039 op factuur INV000037``."""
    return f"Bestelling {order_number} creditfactuur {credit_number} op factuur {original_number}"


def describe_reversal(order_number: str, invoice_number: str | None) -> str:
    """``Correctie bestelling ORD000033 factuur INV000037``, or without an invoice."""
    order = f"Correctie bestelling {order_number}"
    return order if invoice_number is None else f"{order} factuur {invoice_number}"
