"""The objects of Asperion's REST API as they come, and what the connector makes of them.

Numbers become `Decimal` as they are written, never a float. Only what is used is named: all else in
an answer is passed over. An object without an id, or with a value of another kind than promised, is
refused as a whole. Source: ``debtors`` and the lists of an administration under ``/v1``; invoices
are in `invoice_shapes`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Protocol, TypeVar

import msgspec

from chalicelib.adapters.asperion.rest_values import (
    check_code,
    check_id,
    read_day,
    read_rate,
    tidy,
    tidy_any,
)
from chalicelib.domain.administrations import (
    Administration,
    Daybook,
    KnownDebtor,
    LedgerAccount,
    PaymentCondition,
    VatCode,
)

R_co = TypeVar("R_co", covariant=True)


class Readable(Protocol[R_co]):
    """An object of the API that something is made of."""

    id: Any

    @property
    def key(self) -> object:
        """By what it is told from the others of its list."""

    def read(self) -> R_co:
        """Make it. Raises `rest_values.Unusable`."""


class Shape(msgspec.Struct, rename="camel"):
    """An object of the API. What `read` makes of one raises `Unusable`."""


class Listed(Shape):
    """An object of a list."""

    id: Any

    @property
    def key(self) -> object:
        """By what it is told from the others of its list."""
        return self.id


class AdministrationShape(Listed):
    """One of ``administrations``; one without a name is called by its number."""

    id: int
    name: str | None = None

    def read(self) -> Administration:
        return Administration(id=check_id(self.id), name=tidy(self.name) or str(self.id))


class VatCodeShape(Listed):
    """One of ``vatcodes``; `percentage` of 21 is 21 per cent."""

    id: str
    percentage: Decimal
    description: str | None = None
    sales_code: bool | None = None
    is_default: bool | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    country_code: str | None = None

    @property
    def key(self) -> object:
        """A code that changed is listed once for each time in which it counts."""
        return self.id, self.valid_from

    def read(self) -> VatCode:
        return VatCode(
            id=check_code(self.id),
            description=tidy(self.description),
            rate=read_rate(self.percentage),
            is_for_sales=bool(self.sales_code),
            is_default=bool(self.is_default),
            valid_from=read_day(self.valid_from),
            valid_until=read_day(self.valid_until),
            country=tidy(self.country_code).upper(),
        )


class DaybookShape(Listed):
    """One of ``journals``."""

    id: str
    description: str | None = None
    type: str | None = None

    def read(self) -> Daybook:
        code = check_code(self.id)
        return Daybook(id=code, description=tidy(self.description), type=tidy(self.type))


class LedgerAccountShape(Listed):
    """One of ``ledgeraccounts``; `vat_code` and `rcsfi` may be anything, or nothing."""

    id: int
    description: str | None = None
    type: int | None = None
    vat_code: Any = None
    disabled: bool | None = None
    rcsfi: Any = None

    def read(self) -> LedgerAccount:
        return LedgerAccount(
            id=check_id(self.id),
            description=tidy(self.description),
            type=self.type or 0,
            vat_code=tidy_any(self.vat_code),
            is_disabled=bool(self.disabled),
            rcsfi=tidy_any(self.rcsfi),
        )


class PaymentConditionShape(Listed):
    """One of ``paymentconditions``."""

    id: int
    description: str | None = None

    def read(self) -> PaymentCondition:
        return PaymentCondition(id=check_id(self.id), description=tidy(self.description))


class DebtorShape(Listed):
    """One of ``debtors``."""

    id: int
    customer_number: str | int | None = None
    email_address: str | None = None
    name: str | None = None
    debtor_kind_id: str | int | None = None
    blocked: bool | None = None

    def read(self) -> KnownDebtor:
        return KnownDebtor(
            id=check_id(self.id),
            customer_number=tidy_any(self.customer_number),
            email=tidy(self.email_address),
            name=tidy(self.name),
            kind_id=tidy_any(self.debtor_kind_id),
            is_blocked=bool(self.blocked),
        )
