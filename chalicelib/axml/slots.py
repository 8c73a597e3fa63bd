"""The canonical slots a template is filled from: an invoice with every value already spelled in
the profile's notation.

All slots are text; "" stands for "there is none". The names are those of `domain.invoices`.
A template reads ``orders`` (a list of `OrderSlots`), ``prices`` (`PriceSlots`), ``profile``
(the `Profile`: ``id``, ``version``, …) and ``write_empty``.
"""

from __future__ import annotations

from dataclasses import dataclass

LIMITED = frozenset(
    {
        "order.number",
        "order.description",
        "order.payment_code",
        "debtor.email",
        "debtor.name",
        "debtor.firstname",
        "debtor.middlename",
        "debtor.lastname",
        "debtor.company",
        "debtor.phone",
        "debtor.vat_number",
        "debtor.coc_number",
        "address.attention",
        "address.street",
        "address.line2",
        "address.number",
        "address.suffix",
        "address.postal_code",
        "address.city",
        "address.region",
        "line.article_code",
        "line.description",
    }
)
"""Slots for which a profile may declare a longest length."""


@dataclass(slots=True, kw_only=True)
class PriceSlots:
    """Which amounts to write, by the profile's price basis."""

    excl: bool
    incl: bool


@dataclass(slots=True, kw_only=True)
class VatSlots:
    """VAT in the profile's notation. `notation` is the percentage, class word or code; `kind` and
    `country` are "" for plain domestic sales.
    """

    notation: str
    kind: str
    country: str


@dataclass(slots=True, kw_only=True)
class LineSlots:
    """One order line."""

    index: str
    kind: str
    article_code: str
    description: str
    quantity: str
    unit_excl: str
    unit_incl: str
    treatment: VatSlots
    excl: str
    vat: str
    incl: str


@dataclass(slots=True, kw_only=True)
class TotalSlots:
    """An order's totals under one VAT treatment."""

    treatment: VatSlots
    excl: str
    vat: str
    incl: str


@dataclass(slots=True, kw_only=True)
class AddressSlots:
    """An address. `type` is the profile's word for the role; with joined house numbers `street`
    holds all of it, and `number` and `suffix` are "".
    """

    role: str
    type: str
    attention: str
    street: str
    line2: str
    number: str
    suffix: str
    postal_code: str
    city: str
    region: str
    country: str


@dataclass(slots=True, kw_only=True)
class DebtorSlots:
    """The customer."""

    external_id: str
    email: str
    name: str
    firstname: str
    middlename: str
    lastname: str
    company: str
    phone: str
    vat_number: str
    coc_number: str
    addresses: list[AddressSlots]


@dataclass(slots=True, kw_only=True)
class OrderSlots:
    """One concept invoice, or a credit note (`credits` then names the original)."""

    id: str
    number: str
    day: str
    invoice_number: str
    credits: str
    description: str
    currency: str
    payment_code: str
    debtor: DebtorSlots
    lines: list[LineSlots]
    totals: list[TotalSlots]
    excl: str
    vat: str
    incl: str
