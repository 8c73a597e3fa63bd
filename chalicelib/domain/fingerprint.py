"""Keyed fingerprints: whether an order changed after it was booked, without keeping amounts.

A plain hash of an amount can be found by trying all amounts; an HMAC with a secret key cannot.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.domain.debtor import debtor
from chalicelib.domain.holds import HeldBack
from chalicelib.domain.invoices import Debtor, Invoice, InvoiceLine
from chalicelib.domain.money import cents
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
"""Raised whenever the canonical form of any print changes: what was booked under another form can
no more be compared than what was booked under another key.
"""

_Canonical = dict[str, object] | list[object]


def derive_key(secret: str, shop_id: int) -> bytes:
    """Derive a shop's key from the installation's secret; raises ValueError when that is empty."""
    if not secret:
        raise ValueError("fingerprints need a secret")
    return hmac.digest(secret.encode(), f"fingerprint/{shop_id}".encode(), "sha256")


def key_id(key: bytes) -> str:
    """Name a key (8 hex characters) without giving it away, and the form of the prints with it."""
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
        """Read what is stored; None for nothing, and for prints of another key or form, with which
        nothing can be compared.
        """
        parts = (stored or "").split(".")
        if len(parts) != len(cls.__slots__) or parts[0] != key_id(key):
            return None
        of, summary, source, content = parts
        return cls(key_id=of, summary=summary, source=source, content=content)


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
    cancelled = (
        order.status == OrderStatus.CANCELLED or order.payment_status == PaymentStatus.CANCELLED
    )
    totals = [_plain(cents(order.price_excl)), _plain(cents(order.price_incl))]
    return _keyed(["summary", order.id, cancelled, str(order.payment_status), totals], key)


def invoice_summary_print(invoice: ShopInvoice, key: bytes) -> str:
    """Fingerprint (32 hex characters) of what a list shows of SEOshop's own invoice or credit
    note: whether it is cancelled, and its totals. Being paid is no change to it.
    """
    cancelled = invoice.status == InvoiceStatus.CANCELLED
    totals = [_plain(cents(invoice.price_excl)), _plain(cents(invoice.price_incl))]
    return _keyed(["invoice", invoice.id, cancelled, totals], key)


def source_print(order: Order, key: bytes) -> str:
    """Fingerprint (32 hex characters) of what the shop says of an order, whatever the merchant's
    settings: customer and addresses, lines, rates and amounts.

    Left out is what an order gains on its way (statuses, an invoice, what was shipped or paid
    back) and what no book asks for (memo, the carrier's name).
    """
    canonical: _Canonical = {
        "order": order.id,
        "debtor": _customer(order),
        "pickup": order.is_pickup,
        "lines": [_sold(line) for line in order.lines],
        "charges": [_charged(order.shipment), _charged(order.payment)],
    }
    return _keyed(canonical, key)


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


def _customer(order: Order) -> list[object]:
    """The debtor; of one that the books would refuse, the reason."""
    try:
        return _debtor(debtor(order))
    except HeldBack as held:
        return [held.hold.reason.value]


def _sold(line: OrderLine) -> list[object]:
    amounts = (
        line.quantity,
        line.base_price_excl,
        line.base_price_incl,
        line.discount_excl,
        line.discount_incl,
        line.price_excl,
        line.price_incl,
    )
    texts = [line.article_code, line.title, line.variant]
    rates = _rates(line.tax_rate, line.tax_rates)
    return [*texts, rates, *(_plain(amount) for amount in amounts)]


def _charged(charge: Charge) -> list[object]:
    return [
        _rates(charge.tax_rate, charge.tax_rates),
        _plain(charge.price_excl),
        _plain(charge.price_incl),
    ]


def _rates(rate: Decimal, taxes: tuple[TaxAmount, ...]) -> list[object]:
    return [_plain(rate), sorted([_plain(tax.rate), _plain(tax.amount)] for tax in taxes)]
