"""What a profile decides, as plain data. `loading` reads it from ``profile.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from jinja2 import Template

from chalicelib.axml.text import Quotes
from chalicelib.domain.invoices import VatKind, VatTreatment
from chalicelib.domain.policy import VatClass


class VatNotation(StrEnum):
    """How a line tells its VAT."""

    PERCENTAGE = "percentage"  # 21.00
    CLASS = "class"  # a word of the profile for high, low or none
    CODE = "code"  # a code of the profile, from a dated table


class PriceBasis(StrEnum):
    """Which amounts the template writes."""

    EXCL = "excl"
    INCL = "incl"
    BOTH = "both"


class CountryNotation(StrEnum):
    """How a country is written (ISO 3166-1)."""

    ALPHA_2 = "alpha-2"
    ALPHA_3 = "alpha-3"
    NUMERIC = "numeric"


class HouseNumber(StrEnum):
    """Whether the house number has an element of its own or follows the street."""

    SPLIT = "split"
    JOINED = "joined"


class Overflow(StrEnum):
    """What happens to a text longer than its field."""

    CUT = "cut"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentCode:
    """A payment method of Asperion a merchant may choose. `guess` marks codes nobody has seen
    Asperion accept.
    """

    code: str
    label: str
    guess: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VatCode:
    """One row of the dated code table: `code` for lines of `vat_class` and `kind` (None: any)
    with the rates of the days from `since` to `until`, both included (None: open).
    """

    code: str
    vat_class: VatClass
    kind: VatKind | None
    since: date | None
    until: date | None

    def covers(self, treatment: VatTreatment, rates_of: date) -> bool:
        """Whether the row speaks of a treatment with the rates of a day."""
        return (
            self.vat_class is treatment.vat_class
            and self.kind in {None, treatment.kind}
            and (self.since is None or self.since <= rates_of)
            and (self.until is None or rates_of <= self.until)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRules:
    """VAT in the profile's notation. `kinds` holds the word for a kind; "" leaves it out."""

    notation: VatNotation
    percentage_decimals: int
    classes: Mapping[VatClass, str]
    kinds: Mapping[VatKind, str]
    codes: tuple[VatCode, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """`money_decimals` is at least 2, so that no amount is ever rounded by writing it."""

    decimal_separator: str
    money_decimals: int
    unit_price_decimals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Longest text of a field in characters, and what happens beyond."""

    longest: int
    overflow: Overflow


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPaths:
    """Where to find things in a rendered file: ElementTree paths, with ``@name`` at the end for
    an attribute. `orders` starts at the root element, `lines` and the order's fields at an order,
    the line's fields at a line. "" leaves a comparison out.
    """

    orders: str
    number: str
    email: str
    lines: str
    date: str
    order_excl: str
    order_vat: str
    order_incl: str
    line_excl: str
    line_vat: str
    line_incl: str
    line_rate: str
    line_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A loaded profile. `encoding` is that of the file; `newline` one of LF and CRLF, as
    characters; `roles` maps ``invoice`` and ``delivery`` to the word written ("" leaves such
    addresses out); `lengths` is keyed by slot, such as ``debtor.name``.
    """

    id: str
    version: str
    official: bool
    source: str
    encoding: str
    declaration: bool
    bom: bool
    newline: str
    date_format: str
    numbers: Numbers
    vat: VatRules
    price_basis: PriceBasis
    payments: tuple[PaymentCode, ...]
    countries: CountryNotation
    house_number: HouseNumber
    roles: Mapping[str, str]
    lengths: Mapping[str, Limit]
    quotes: Quotes
    write_empty: bool
    check: CheckPaths
    directory: Path
    template: Template = field(repr=False, compare=False)
