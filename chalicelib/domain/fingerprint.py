"""Keyed fingerprints: whether an order changed after it was booked, without keeping amounts.

The amount behind a plain hash is found by trying all amounts; an HMAC with a secret key prevents
that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from decimal import Decimal
from operator import attrgetter

from chalicelib.domain.debtor import make_debtor
from chalicelib.domain.holds import HeldBack
from chalicelib.domain.invoices import Debtor, Invoice, InvoiceLine
from chalicelib.domain.money import round_cents
from chalicelib.domain.orders import (
    Charge,
    Order,
    OrderLine,
    OrderSummary,
    ShopInvoice,
    TaxAmount,
)
from chalicelib.domain.statuses import InvoiceStatus, OrderStatus, PaymentStatus

_LENGTH = 32  # hex characters, 128 bits
_KEY_ID_LENGTH = 8

FORM = 1
"""To be raised with every change of any canonical form: fingerprints of another form are not
compared, as those of another key are not.
"""

_address_parts = attrgetter(
    *("role", "attention", "street", "line2", "number", "suffix", "postal_code", "city", "country")
)
_item_amounts = attrgetter(
    *("quantity", "base_price_excl", "base_price_incl", "discount_excl", "discount_incl"),
    *("price_excl", "price_incl"),
)

_Canonical = dict[str, object] | list[object]


def derive_key(secret: str, shop_id: int) -> bytes:
    """Derive a shop's key from the installation's secret; raises ValueError when that is empty."""
    if not secret:
        raise ValueError("fingerprints need a secret")
    return hmac.digest(secret.encode(), f"fingerprint/{shop_id}".encode(), "sha256")


def key_id(key: bytes) -> str:
    """Identify a key and `FORM` (8 hex characters) without revealing the key."""
    return hmac.new(key, f"key/{FORM}".encode(), hashlib.sha256).hexdigest()[:_KEY_ID_LENGTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prints:
    """What the ledger keeps of a booked document, as ``<key id>.<summary>.<source>.<content>``.

    `summary` is the print of what a list shows, `source` that of the order read whole (empty for
    SEOshop's own invoices), `content` that of what the books got.
    """

    key_id: str
    summary: str
    source: str
    content: str

    def __str__(self) -> str:
        return ".".join((self.key_id, self.summary, self.source, self.content))

    @classmethod
    def read(cls, stored: str | None, key: bytes) -> Prints | None:
        """Read what is stored; None when that is nothing, or of another key or form."""
        parts = (stored or "").split(".")
        if len(parts) != len(cls.__slots__) or parts[0] != key_id(key):
            return None
        of, summary, source, content = parts
        return cls(key_id=of, summary=summary, source=source, content=content)


def fingerprint(invoice: Invoice, key: bytes) -> str:
    """Fingerprint (32 hex characters) of an invoice as it is booked.

    Covers customer, lines, amounts and the VAT of each line: rate, class, kind and country, so
    that settings that would book it otherwise give another. Left out is what no VAT return shows:
    the number of an invoice that SEOshop makes later (and the description with it), the date and
    the payment code.
    """
    canonical: _Canonical = {
        "order": invoice.order_id,
        "credits": invoice.credits,
        "currency": invoice.currency,
        "debtor": _canonical_debtor(invoice.debtor),
        "lines": [_canonical_line(line) for line in invoice.lines],
        "excl": _write_number(invoice.excl),
        "incl": _write_number(invoice.incl),
    }
    return _hash(canonical, key)


def inbox_print(address: str, licence: str, key: bytes) -> str:
    """Fingerprint (32 hex characters) of the inbox a file is sent to: the setting's address, with
    ``{licence}`` in it, and the licence code.
    """
    return _hash(["inbox", address, licence], key)


def summary_print(order: OrderSummary, key: bytes) -> str:
    """Fingerprint (32 hex characters) of what a list of orders shows: whether the order is
    cancelled, its payment status (by SEOshop's text, unknown ones too) and its totals.

    A listed order with another print than at its booking has to be read; one with the same need
    not. An order and its entry in a list have the same.
    """
    cancelled = (
        order.status == OrderStatus.CANCELLED or order.payment_status == PaymentStatus.CANCELLED
    )
    totals = [
        _write_number(round_cents(order.price_excl)),
        _write_number(round_cents(order.price_incl)),
    ]
    return _hash(["summary", order.id, cancelled, str(order.payment_status), totals], key)


def invoice_summary_print(invoice: ShopInvoice, key: bytes) -> str:
    """Fingerprint (32 hex characters) of what a list shows of SEOshop's own invoice or credit
    note: whether it is cancelled, and its totals. Being paid is no change to it.
    """
    cancelled = invoice.status == InvoiceStatus.CANCELLED
    totals = [
        _write_number(round_cents(invoice.price_excl)),
        _write_number(round_cents(invoice.price_incl)),
    ]
    return _hash(["invoice", invoice.id, cancelled, totals], key)


def source_print(order: Order, key: bytes) -> str:
    """Fingerprint (32 hex characters) of an order as the shop has it, whatever the merchant's
    settings: customer and addresses, lines, rates and amounts.

    Left out is what changes as an order is processed (statuses, an invoice, what was shipped or
    paid back) and what is not booked (memo, the carrier's name).
    """
    canonical: _Canonical = {
        "order": order.id,
        "debtor": _canonical_customer(order),
        "pickup": order.is_pickup,
        "lines": [_canonical_order_line(line) for line in order.lines],
        "charges": [_canonical_charge(order.shipment), _canonical_charge(order.payment)],
    }
    return _hash(canonical, key)


def _hash(canonical: _Canonical, key: bytes) -> str:
    text = json.dumps(canonical, sort_keys=True, separators=(",", ":"))
    return hmac.new(key, text.encode("ascii"), hashlib.sha256).hexdigest()[:_LENGTH]


def _write_number(amount: Decimal) -> str:
    """Write equal numbers as equal texts: 2, 2.0 and 2.00 are the same; zero has no sign."""
    return f"{amount.normalize() + 0:f}" if amount else "0"


def _canonical_line(line: InvoiceLine) -> list[object]:
    amounts = (line.quantity, line.unit_excl, line.unit_incl, line.excl, line.incl)
    vat = line.treatment
    texts = [line.kind.value, line.article_code, line.description]
    taxed = [_write_number(vat.rate), vat.vat_class.value, vat.kind.value, vat.country]
    return [*texts, *taxed, *(_write_number(amount) for amount in amounts)]


def _canonical_debtor(debtor: Debtor) -> list[object]:
    """Everything of the customer that the import file contains, addresses in their order."""
    texts = [debtor.email, debtor.name, debtor.company, debtor.vat_number, debtor.coc_number]
    addresses = [list(_address_parts(one)) for one in debtor.addresses]
    return [*texts, addresses]


def _canonical_customer(order: Order) -> list[object]:
    """The debtor, or the hold reason when no debtor can be made."""
    try:
        return _canonical_debtor(make_debtor(order))
    except HeldBack as held:
        return [held.hold.reason.value]


def _canonical_order_line(line: OrderLine) -> list[object]:
    texts = [line.article_code, line.title, line.variant]
    rates = _canonical_rates(line.tax_rate, line.tax_rates)
    return [*texts, rates, *(_write_number(amount) for amount in _item_amounts(line))]


def _canonical_charge(charge: Charge) -> list[object]:
    return [
        _canonical_rates(charge.tax_rate, charge.tax_rates),
        _write_number(charge.price_excl),
        _write_number(charge.price_incl),
    ]


def _canonical_rates(rate: Decimal, taxes: tuple[TaxAmount, ...]) -> list[object]:
    return [
        _write_number(rate),
        sorted([_write_number(tax.rate), _write_number(tax.amount)] for tax in taxes),
    ]
