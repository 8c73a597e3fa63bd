"""Keyed fingerprints: whether an order changed after it was booked, without keeping amounts.

A plain hash of an amount can be found by trying all amounts; an HMAC with a secret key cannot.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from decimal import Decimal

from chalicelib.domain.invoices import Debtor, Invoice, InvoiceLine
from chalicelib.domain.money import cents
from chalicelib.domain.orders import Order, OrderSummary

_LENGTH = 32  # hex characters, 128 bits

_Canonical = dict[str, object] | list[object]


def derive_key(secret: str, shop_id: int) -> bytes:
    """Derive a shop's key from the installation's secret; raises ValueError when that is empty."""
    if not secret:
        raise ValueError("fingerprints need a secret")
    return hmac.digest(secret.encode(), f"fingerprint/{shop_id}".encode(), "sha256")


def fingerprint(invoice: Invoice, key: bytes) -> str:
    """Fingerprint (32 hex characters) of what the shop said and the books got.

    Covers customer, lines, amounts and the VAT of each line: rate, class, kind and country, so
    that settings that would book it otherwise give another. Left out is what no VAT return sees:
    the number of an invoice that SEOshop makes later (and the description with it), the date and
    the payment code.
    """
    canonical: _Canonical = {
        "order": invoice.order_id,
        "credits": invoice.credits,
        "currency": invoice.currency,
        "debtor": _debtor(invoice.debtor),
        "lines": [_line(line) for line in invoice.lines],
        "excl": _plain(invoice.excl),
        "incl": _plain(invoice.incl),
    }
    return _keyed(canonical, key)


def inbox_print(address: str, licence: str, key: bytes) -> str:
    """Fingerprint (32 hex characters) of the inbox a file is sent to: the setting's address, with
    ``{licence}`` in it, and the licence code.
    """
    return _keyed(["inbox", address, licence], key)


def summary_print(order: OrderSummary | Order, key: bytes) -> str:
    """Fingerprint (32 hex characters) of what a list of orders shows anyway.

    Whether the order is cancelled, its payment status and its totals: a listed order with another
    print than at its booking has to be read; one with the same need not. Gives the same for an
    order and for its entry in a list.
    """
    cancelled = "cancelled" in (order.status, order.payment_status)
    totals = [_plain(cents(order.price_excl)), _plain(cents(order.price_incl))]
    return _keyed(["summary", order.id, cancelled, order.payment_status, totals], key)


def _keyed(canonical: _Canonical, key: bytes) -> str:
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode("ascii"), hashlib.sha256).hexdigest()[:_LENGTH]


def _plain(amount: Decimal) -> str:
    """One text for one number: 2, 2.0 and 2.00 are the same; zero has no sign."""
    return f"{amount.normalize() + 0:f}" if amount else "0"


def _line(line: InvoiceLine) -> list[object]:
    amounts = (line.quantity, line.unit_excl, line.unit_incl, line.excl, line.incl)
    vat = line.treatment
    texts = [line.kind.value, line.article_code, line.description]
    taxed = [_plain(vat.rate), vat.vat_class.value, vat.kind.value, vat.country]
    return [*texts, *taxed, *(_plain(amount) for amount in amounts)]


def _debtor(debtor: Debtor) -> list[object]:
    """All of the customer that the file says, addresses in their order."""
    texts = [debtor.email, debtor.name, debtor.company, debtor.vat_number, debtor.coc_number]
    addresses = [
        [
            one.role,
            one.attention,
            one.street,
            one.line2,
            one.number,
            one.suffix,
            one.postal_code,
            one.city,
            one.country,
        ]
        for one in debtor.addresses
    ]
    return [*texts, addresses]
