"""What a file adds up to for the VAT returns: by invoice day and place in the returns, by payment
method, and by the customers of intra-Community supplies.

It is fixed in the same write as the file's documents and hash. Amounts have two decimals; those of
credit notes and corrections are negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal

from chalicelib.domain.money import ZERO
from chalicelib.domain.return_places import ReturnPlace, Supply
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredTotal:
    """What `documents` documents add up to in one place of the returns, at one `rate` (a fraction)
    of the VAT of one `country` (alpha-2).
    """

    place: ReturnPlace
    rate: Decimal
    country: str
    documents: int = 0
    excl: Decimal = ZERO
    vat: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredDay:
    """What the documents of one invoice day add up to. `corrects` is the first day of the month in
    which that was booked which these documents (credit notes, corrections) take back; None for
    sales.
    """

    day: date
    corrects: date | None = None
    documents: int = 0
    totals: tuple[DeclaredTotal, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentTotal:
    """What `documents` documents of one invoice day come to, VAT included, that were paid by one
    method: SEOshop's key of it, and the payment code in Asperion (empty: left to Asperion).
    """

    day: date
    method: str
    code: str
    documents: int = 0
    incl: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class EuSupply:
    """What one customer of another member state was supplied in a month without VAT. `number` is
    the mark of the VAT number, which is kept apart and for a shorter time; `country` its beginning
    (``EL`` for Greece, ``XI`` for Northern Ireland).
    """

    month: date
    number: str
    country: str
    supply: Supply
    documents: int = 0
    excl: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReturns:
    """What a file adds up to, in one `currency` (ISO 4217). `again` is the part of `days` that
    an earlier file holds as well: its documents were sent again on purpose, unchanged.
    `changed_again` counts, by invoice date, those that had changed; what the earlier file says of
    them is not known.
    """

    currency: str
    days: tuple[DeclaredDay, ...] = ()
    again: tuple[DeclaredDay, ...] = ()
    changed_again: Mapping[date, int] = field(default_factory=dict)
    payments: tuple[PaymentTotal, ...] = ()
    eu_supplies: tuple[EuSupply, ...] = ()
