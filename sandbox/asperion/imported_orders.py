"""The shapes an import file is read into, before anything is booked."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Address:
    """One address of a debtor; `role` is taken from the file (invoice, delivery)."""

    role: str = ""
    attention: str = ""
    street: str = ""
    house_number: str = ""
    suffix: str = ""
    line2: str = ""
    postal_code: str = ""
    city: str = ""
    region: str = ""
    country: str = ""


@dataclass(frozen=True)
class DebtorDetails:
    """The customer as the file gives it; `number` and `email` may be empty."""

    number: str
    email: str
    name: str
    company: str = ""
    phone: str = ""
    vat_number: str = ""
    coc_number: str = ""
    addresses: tuple[Address, ...] = ()

    @property
    def display_name(self) -> str:
        """The company's name if there is one, else the person's."""
        return self.company or self.name


@dataclass(frozen=True)
class Line:
    """One order line: amounts in euros, `rate` in per cent, negative on a credit note.

    `vat_kind`, `vat_class` and `vat_country` are empty unless the file has such elements.
    """

    number: int
    article_code: str
    description: str
    quantity: Decimal
    unit_excl: Decimal | None
    unit_incl: Decimal | None
    rate: Decimal
    excl: Decimal
    vat: Decimal
    incl: Decimal
    vat_kind: str = ""
    vat_class: str = ""
    vat_country: str = ""


@dataclass(frozen=True)
class Order:
    """One order of a file; the totals are None unless the file states them."""

    number: str
    date: date
    description: str
    payment_code: str
    debtor: DebtorDetails
    lines: tuple[Line, ...]
    remark: str = ""
    total_excl: Decimal | None = None
    total_vat: Decimal | None = None
    total_incl: Decimal | None = None
