"""Keyed fingerprints: whether an order changed after it was booked, without keeping amounts.

The amount behind a plain hash is found by trying all amounts; an HMAC with a secret key prevents
that. A fingerprint has 32 hex characters.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import field, fields
from decimal import Decimal
from operator import attrgetter

from chalicelib.domain import policy_edits
from chalicelib.domain.behaviours import FIRST
from chalicelib.domain.debtor import make_debtor
from chalicelib.domain.holds import HeldBack
from chalicelib.domain.invoices import Debtor, Invoice, InvoiceLine
from chalicelib.domain.last_seen import Look
from chalicelib.domain.money import Amount
from chalicelib.domain.orders import (
    Charge,
    Order,
    OrderDetails,
    OrderLine,
    OrderSummary,
    ShopInvoice,
)
from chalicelib.domain.policy import Policy
from chalicelib.domain.print_keys import key_id
from chalicelib.lazy_dataclass import dataclass

_NOT_OF_A_FILE = policy_edits.NOT_BOOKING | {"late_orders"}
"""Choices that no file's content depends on: what was booked late is in it with the day that it
got (`FileContent.locked_until`)."""

_SINCE_1_5_0 = frozenset({"description_pattern"})
"""Choices that files of earlier versions know nothing of: at its default, none of them counts."""

_LENGTH = 32  # hex characters, 128 bits

_write_json = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode
_debtor_texts = attrgetter("email", "name", "company", "vat_number", "coc_number")
_address_texts = attrgetter(
    *("role", "attention", "street", "line2", "number", "suffix", "postal_code", "city", "country")
)
_line_amounts = attrgetter("quantity", "unit_excl", "unit_incl", "excl", "incl")
_item_amounts = attrgetter(
    *("quantity", "base_price_excl", "base_price_incl", "discount_excl", "discount_incl"),
    *("price_excl", "price_incl"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prints:
    """What the ledger keeps of a booked document, as ``<key id>.<summary>.<source>.<content>`` and,
    of an order booked since 1.7.0, the three parts of a `Look` behind that. All are made with
    `key`: what is compared with them has to be made with the same.

    `summary` is the print of what a list shows, `source` that of the order read whole (empty for
    SEOshop's own invoices), `content` that of what the books got.
    """

    key: bytes = field(repr=False)
    summary: str
    source: str
    content: str
    look: Look | None = None

    def __str__(self) -> str:
        parts = (key_id(self.key), self.summary, self.source, self.content)
        return ".".join(parts if self.look is None else (*parts, str(self.look)))

    @classmethod
    def read(cls, stored: str | None, keys: Iterable[bytes]) -> Prints | None:
        """Read what is stored; None when that is nothing, or of another form or none of `keys`."""
        parts = (stored or "").split(".")
        if len(parts) not in (4, 7):
            return None
        named, summary, source, content, *look = parts
        key = next((each for each in keys if key_id(each) == named), None)
        if key is None:
            return None
        seen = Look.read(*look) if look else None
        return cls(key=key, summary=summary, source=source, content=content, look=seen)


def fingerprint(invoice: Invoice, key: bytes) -> str:
    """Fingerprint of an invoice as it is booked.

    Covers customer, lines, amounts and the VAT of each line: rate, class, kind and country, so
    that settings that would book it otherwise give another. Left out is what no VAT return shows:
    the number of an invoice that SEOshop makes later (and the description with it), the date and
    the payment code.
    """
    canonical = {
        "order": invoice.order_id,
        "credits": invoice.credits,
        "currency": invoice.currency,
        "debtor": _canonical_debtor(invoice.debtor),
        "lines": [_canonical_line(line) for line in invoice.lines],
        "excl": _write_number(invoice.excl),
        "incl": _write_number(invoice.incl),
    }
    return keyed_print(canonical, key)


def inbox_print(address: str, licence: str, key: bytes) -> str:
    """Fingerprint of an inbox: the setting's address, with ``{licence}`` in it, and the licence."""
    return keyed_print(["inbox", address, licence], key)


def administration_print(address: str, administration_id: int, key: bytes) -> str:
    """Fingerprint of an administration: the address of the API, and its number there."""
    return keyed_print(["administration", address, administration_id], key)


def terms_print(
    policy: Policy, currency: str, country: str, key: bytes, *, behaviour: str = FIRST.version
) -> str:
    """Fingerprint of what documents are judged by besides themselves, as ``<key id>.<hash>``: the
    merchant's choices, the shop's currency and country, and the version of the rules, of which
    files of before 1.7.0 know nothing. Left out is what decides nothing of a file's content.
    """
    chosen = {
        each.name: _canonical_choice(getattr(policy, each.name))
        for each in fields(policy)
        if each.name not in _NOT_OF_A_FILE and not _is_as_before(policy, each.name)
    }
    rules = [] if behaviour == FIRST.version else [behaviour]
    return f"{key_id(key)}.{keyed_print(['terms', chosen, currency, country, *rules], key)}"


def _is_as_before(policy: Policy, name: str) -> bool:
    """Whether a newer choice is at its default, which is how earlier versions worked."""
    return name in _SINCE_1_5_0 and getattr(policy, name) == getattr(Policy(), name)


def _canonical_choice(value: object) -> object:
    if isinstance(value, Mapping):
        return sorted([_canonical_choice(one), str(other)] for one, other in value.items())
    if isinstance(value, frozenset):
        return sorted(map(str, value))
    if isinstance(value, tuple):
        return [_canonical_choice(one) for one in value]
    if isinstance(value, Decimal):
        return _write_number(value)
    return None if value is None else str(value)


def email_print(email: str, key: bytes) -> str:
    """Fingerprint of a customer's e-mail address, trimmed and lower-cased."""
    return keyed_print(["email", email], key)


def summary_print(order: OrderSummary, key: bytes) -> str:
    """Fingerprint of what a list of orders shows: whether the order is cancelled, its payment
    status (by SEOshop's text, unknown ones too) and its totals. A listed order with another print
    than at its booking has to be read. An order and its entry in a list have the same.
    """
    shown = (order.id, order.is_cancelled, order.payment_status, write_amount(order.price))
    return keyed_print(["summary", *shown], key)


def invoice_summary_print(invoice: ShopInvoice, key: bytes) -> str:
    """Fingerprint of what a list shows of SEOshop's own invoice or credit note: whether it is
    cancelled, and its totals. Being paid is no change to it.
    """
    shown = (invoice.id, invoice.is_cancelled, write_amount(invoice.price))
    return keyed_print(["invoice", *shown], key)


def source_print(order: Order, key: bytes, details: Mapping[str, object] | None = None) -> str:
    """Fingerprint of an order as the shop has it, whatever the merchant's settings: customer and
    addresses, lines, rates and amounts. `details` are those that `list_details` gives of it, where
    they are at hand.

    Left out is what changes as an order is processed (statuses, an invoice, what was shipped or
    paid back) and what is not booked (memo, the carrier's name).
    """
    lines = [_canonical_order_line(line) for line in order.lines]
    return keyed_print({**(details or list_details(order)), "lines": lines}, key)


def list_details(order: OrderDetails, debtor: Debtor | None = None) -> dict[str, object]:
    """What is booked of an order besides its lines, as JSON can write it. `debtor` is the one that
    `make_debtor` makes of it, where it is at hand.
    """
    try:
        canonical = _canonical_debtor(debtor or make_debtor(order))
    except HeldBack as held:
        canonical = [held.hold.reason]
    charges = [
        [_canonical_rates(one), _write_number(one.price_excl), _write_number(one.price_incl)]
        for one in (order.shipment, order.payment)
    ]
    return {"order": order.id, "debtor": canonical, "pickup": order.is_pickup, "charges": charges}


def keyed_print(canonical: object, key: bytes) -> str:
    """Hash what JSON can write, with a key."""
    return hmac.digest(key, _write_json(canonical).encode("ascii"), "sha256").hex()[:_LENGTH]


def write_amount(amount: Amount) -> list[str]:
    """Write an amount so that equal ones are equal texts."""
    return [_write_number(amount.excl), _write_number(amount.incl)]


def _write_number(number: Decimal) -> str:
    """Write equal numbers as equal texts: 2, 2.0 and 2.00 are the same; zero has no sign."""
    return f"{number.normalize() + 0:f}" if number else "0"


def _canonical_line(line: InvoiceLine) -> list[object]:
    vat = line.treatment
    taxed = (_write_number(vat.rate), vat.vat_class, vat.kind, vat.country)
    amounts = map(_write_number, _line_amounts(line))
    return [line.kind, line.article_code, line.description, *taxed, *amounts]


def _canonical_debtor(debtor: Debtor) -> list[object]:
    """Everything of the customer that the import file contains, addresses in their order."""
    return [*_debtor_texts(debtor), [_address_texts(one) for one in debtor.addresses]]


def _canonical_order_line(line: OrderLine) -> list[object]:
    texts = (line.article_code, line.title, line.variant)
    return [*texts, _canonical_rates(line), *map(_write_number, _item_amounts(line))]


def _canonical_rates(taxed: OrderLine | Charge) -> list[object]:
    taxes = sorted([_write_number(tax.rate), _write_number(tax.amount)] for tax in taxed.tax_rates)
    return [_write_number(taxed.tax_rate), taxes]
