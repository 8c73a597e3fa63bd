"""What goes into the books: the canonical invoice every aXML profile is rendered from.

The names are the profile's slots. Money has two decimals, unit prices up to four; rates are
fractions (``Decimal("0.21")``). A credit note is an `Invoice` whose amounts are negative.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.orders import Address
from chalicelib.domain.policy import VatClass
from chalicelib.domain.return_places import ReturnPlace
from chalicelib.lazy_dataclass import dataclass


class LineKind(StrEnum):
    """What a line stands for."""

    PRODUCT = "product"
    SHIPPING = "shipping"
    PAYMENT_FEE = "payment-fee"
    ROUNDING = "rounding"
    GIFT_CARD = "gift-card"


class VatKind(StrEnum):
    """Why a line carries the rate it carries."""

    DOMESTIC = "domestic"
    INTRA_COMMUNITY = "intra-community"  # goods to an EU business, 0 %
    EXPORT = "export"  # to outside the EU, 0 %
    OSS = "oss"  # EU consumer, rate of the destination
    REVERSE_CHARGE = "reverse-charge"
    SMALL_BUSINESS = "small-business"  # KOR: no VAT at all


@dataclass(frozen=True, slots=True, kw_only=True)
class VatTreatment:
    """VAT of a line: rate (a fraction), Asperion's class, kind, and whose VAT it is (alpha-2)."""

    rate: Decimal
    vat_class: VatClass
    kind: VatKind
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """A total in cents; `excl` + `vat` = `incl` always."""

    excl: Decimal
    vat: Decimal
    incl: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine(Totals):
    """One line. `quantity` × `unit_*`, rounded to the cent, is the total on both sides of VAT, so
    that a reader who multiplies gets the same books; discounts are folded into the unit price.
    `place` is where it lands in the VAT returns; no file shows it.
    """

    index: int
    kind: LineKind
    article_code: str
    description: str
    quantity: Decimal
    unit_excl: Decimal
    unit_incl: Decimal
    treatment: VatTreatment
    place: ReturnPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class DebtorAddress(Address):
    """An address as the profile may split or join it; `role` is ``invoice`` or ``delivery``."""

    role: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Debtor:
    """The customer. `email`, trimmed and lower-cased, is the key Asperion recognises."""

    external_id: int | None
    email: str
    name: str
    firstname: str
    middlename: str
    lastname: str
    company: str
    phone: str
    vat_number: str
    coc_number: str
    addresses: tuple[DebtorAddress, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTotal(Totals):
    """Total of an invoice under one treatment."""

    treatment: VatTreatment


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Totals):
    """One concept invoice in the making. `payment_code` None leaves the method to Asperion;
    `payment_method` is SEOshop's key of it, which no file shows.

    `day` is the invoice date; `late_since` is the one that it would have if the period of that were
    not closed (None when it is not). `rates_of` is the day whose VAT rates the lines carry: that of
    the order, which a credit note mirrors years later. `corrects_on` is the invoice date of what a
    credit note or a reversal takes back; None for a sale.
    """

    order_id: int
    order_number: str
    invoice_number: str | None
    credits: str | None
    day: date
    rates_of: date
    description: str
    currency: str
    payment_code: str | None
    payment_method: str
    debtor: Debtor
    lines: tuple[InvoiceLine, ...]
    totals: tuple[RateTotal, ...]
    corrects_on: date | None = None
    late_since: date | None = None
