"""What ``profile.toml`` may say: a record for each of its tables, under the names used there.

The types are the rules. What they cannot say is checked in ``__post_init__``.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, structs

from chalicelib.axml.toml_file import Table
from chalicelib.axml.vat_rules import VatRules

Quotes = Literal["reference", "straight", "keep"]  # &#8220;, flattened to " and ', as they are
_ENCODINGS = ("utf-8", "iso-8859-1", "iso-8859-15", "windows-1252", "us-ascii")
_CentsOrFiner = Annotated[int, Meta(ge=2, le=1000)]  # no amount is ever rounded by writing it
_A_DAY = date(2014, 11, 9)


class Identity(Table, frozen=True):
    """Which profile this is, and where it comes from."""

    id: str
    version: str
    official: bool
    source: str


class File(Table, frozen=True):
    """The file's outside."""

    encoding: str
    declaration: bool
    bom: bool
    newline: Literal["LF", "CRLF"]

    def __post_init__(self) -> None:
        structs.force_setattr(self, "encoding", self.encoding.lower())
        if self.encoding not in _ENCODINGS:
            raise ValueError(f"`encoding` must be one of {', '.join(_ENCODINGS)}")
        if self.bom and self.encoding != "utf-8":
            raise ValueError("`bom` is only possible with utf-8")
        if not self.declaration and self.encoding not in {"utf-8", "us-ascii"}:
            raise ValueError(f"`declaration` must be true: a reader cannot guess {self.encoding}")

    @property
    def line_end(self) -> Literal["\n", "\r\n"]:
        """`newline` as characters."""
        return "\n" if self.newline == "LF" else "\r\n"


class Dates(Table, frozen=True):
    """`format` is one of `strftime`."""

    format: str

    def __post_init__(self) -> None:
        if not re.search("%[Yy]", self.format) or _read_back(_A_DAY, self.format) != _A_DAY:
            raise ValueError(
                "`format` must write day, month and year so that they can be read back"
            )


def _read_back(day: date, pattern: str) -> date | None:
    try:
        return datetime.strptime(day.strftime(pattern), pattern).date()  # noqa: DTZ007 - no time
    except ValueError:
        return None


class Numbers(Table, frozen=True):
    """How amounts are written."""

    decimal_separator: Literal[".", ","]
    money_decimals: _CentsOrFiner
    unit_price_decimals: _CentsOrFiner


class Prices(Table, frozen=True):
    """Which amounts the template writes."""

    basis: Literal["excl", "incl", "both"]

    @property
    def excl(self) -> bool:
        """Whether amounts without VAT are written."""
        return self.basis != "incl"

    @property
    def incl(self) -> bool:
        """Whether amounts with VAT are written."""
        return self.basis != "excl"


class Countries(Table, frozen=True):
    """How countries are written."""

    notation: Literal["alpha-2", "alpha-3", "numeric"]  # of ISO 3166-1


class Roles(Table, frozen=True):
    """The word for the role of an address; "" leaves such addresses out."""

    invoice: str
    delivery: str


class Addresses(Table, frozen=True):
    """How addresses are written."""

    house_number: Literal["split", "joined"]
    roles: Roles


class Text(Table, frozen=True):
    """How texts are written; `write_empty` writes optional elements without a value, too."""

    typographic_quotes: Quotes
    write_empty: bool


class Limit(Table, frozen=True):
    """Longest text of a field in characters, and what happens beyond."""

    max: Annotated[int, Meta(ge=1, le=1000)]
    overflow: Literal["cut", "error"]


def _dotted(name: str) -> str:
    return name.replace("_", ".", 1)


class Lengths(Table, frozen=True, rename=_dotted):
    """The longest texts; ``debtor.vat_number`` in the file is `debtor_vat_number` here."""

    order_number: Limit | None = None
    order_description: Limit | None = None
    order_payment_code: Limit | None = None
    debtor_email: Limit | None = None
    debtor_name: Limit | None = None
    debtor_firstname: Limit | None = None
    debtor_middlename: Limit | None = None
    debtor_lastname: Limit | None = None
    debtor_company: Limit | None = None
    debtor_phone: Limit | None = None
    debtor_vat_number: Limit | None = None
    debtor_coc_number: Limit | None = None
    address_attention: Limit | None = None
    address_street: Limit | None = None
    address_line2: Limit | None = None
    address_number: Limit | None = None
    address_suffix: Limit | None = None
    address_postal_code: Limit | None = None
    address_city: Limit | None = None
    address_region: Limit | None = None
    line_article_code: Limit | None = None
    line_description: Limit | None = None

    def __post_init__(self) -> None:
        for name in ("order_number", "debtor_email"):
            limit = getattr(self, name)
            if limit and limit.overflow == "cut":
                raise ValueError(
                    f"`{_dotted(name)}` may not be cut: it tells one order or customer from another"
                )


class PaymentCode(Table, frozen=True):
    """A payment method of Asperion a merchant may choose. `guess` marks codes nobody has seen
    Asperion accept.
    """

    code: str
    label: str
    guess: bool


class Check(Table, frozen=True):
    """Where to find things in a rendered file: ElementTree paths, with ``@name`` at the end for
    an attribute. `orders` starts at the root element, `lines` and the order's fields at an order,
    the line's fields at a line. "" leaves a comparison out.
    """

    orders: str
    number: str
    email: str
    lines: str
    date: str = ""
    order_excl: str = ""
    order_vat: str = ""
    order_incl: str = ""
    line_excl: str = ""
    line_vat: str = ""
    line_incl: str = ""
    line_rate: str = ""
    line_kind: str = ""

    def __post_init__(self) -> None:
        for name, path in structs.asdict(self).items():
            if not re.fullmatch(r"[^@]*(@[^@]+)?", path):
                raise ValueError(f"`{name}` must be a path with at most one @attribute, at its end")


class Declaration(Table, frozen=True):
    """All of ``profile.toml``."""

    profile: Identity
    file: File
    dates: Dates
    numbers: Numbers
    vat: VatRules
    prices: Prices
    countries: Countries
    addresses: Addresses
    text: Text
    lengths: Lengths
    check: Check
    payments: tuple[PaymentCode, ...] = ()

    def __post_init__(self) -> None:
        excl = self.prices.excl and self.check.line_excl
        if not excl and not (self.prices.incl and self.check.line_incl):
            raise ValueError(
                "`check.line_incl` is missing: without line_excl or line_incl nothing adds up"
            )
