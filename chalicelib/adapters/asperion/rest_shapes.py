"""The objects of Asperion's REST API as they come, and what the connector makes of them.

Numbers become `Decimal` as they are written, never a float. Only what is used is named: all else in
an answer is passed over. An object without an id, or with a value of another kind than promised, is
refused as a whole. Source: ``salesinvoiceswithlines``, ``debtors`` and the lists of an
administration under ``/v1``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol, TypeVar

import msgspec

from chalicelib.adapters.asperion.rest_values import (
    Unusable,
    check_code,
    check_id,
    read_amount,
    read_day,
    read_rate,
    tidy,
    tidy_any,
)
from chalicelib.asperion_guesses import LineAmounts
from chalicelib.domain.administrations import (
    Administration,
    Daybook,
    KnownDebtor,
    LedgerAccount,
    PaymentCondition,
    VatCode,
)
from chalicelib.domain.concepts import CodeTotal, InvoiceStatus, ShownInvoice

R_co = TypeVar("R_co", covariant=True)

_STATUSES = frozenset(map(int, InvoiceStatus))


class Readable(Protocol[R_co]):
    """An object of the API that something is made of."""

    id: Any

    def read(self) -> R_co:
        """Make it. Raises `rest_values.Unusable`."""


class _Shape(msgspec.Struct, rename="camel"):
    """An object of the API. What `read` makes of one raises `Unusable`."""


class AdministrationShape(_Shape):
    """One of ``administrations``."""

    id: int
    name: str | None = None

    def read(self) -> Administration:
        return Administration(id=check_id(self.id), name=tidy(self.name))


class VatCodeShape(_Shape):
    """One of ``vatcodes``; `percentage` of 21 is 21 per cent."""

    id: str
    percentage: Decimal
    description: str | None = None
    sales_code: bool | None = None
    is_default: bool | None = None
    valid_from: str | None = None
    valid_until: str | None = None
    country_code: str | None = None

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


class DaybookShape(_Shape):
    """One of ``journals``."""

    id: str
    description: str | None = None
    type: str | None = None

    def read(self) -> Daybook:
        code = check_code(self.id)
        return Daybook(id=code, description=tidy(self.description), type=tidy(self.type))


class LedgerAccountShape(_Shape):
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


class PaymentConditionShape(_Shape):
    """One of ``paymentconditions``."""

    id: int
    description: str | None = None

    def read(self) -> PaymentCondition:
        return PaymentCondition(id=check_id(self.id), description=tidy(self.description))


class DebtorShape(_Shape):
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


class LineShape(_Shape):
    """A line of an invoice."""

    amount: Decimal
    vat_amount: Decimal | None = None
    vat_code: str | None = None


class _Count(_Shape):
    total_count: int | None = None


class LinesShape(msgspec.Struct):
    """All lines of an invoice, and how many there are."""

    lines: list[LineShape] = msgspec.field(name="_data")
    meta: _Count = msgspec.field(name="_meta", default_factory=_Count)


class InvoiceShape(_Shape):
    """One of ``salesinvoiceswithlines``. `debtor_id` is not shown by every version of the API."""

    id: int
    written_date: str = msgspec.field(name="date")
    amount_excl_vat: Decimal
    vat_amount: Decimal
    amount_incl_vat: Decimal
    lines: LinesShape
    description: str | None = None
    debtor_id: int | None = None
    debtor_customer_number: str | int | None = None
    journal_id: str | int | None = None
    invoice_number: str | int | None = None
    status: int | None = None

    @property
    def day(self) -> date:
        """The invoice date. Raises `Unusable`."""
        day = read_day(self.written_date)
        if day is None:
            raise Unusable("date")
        return day

    @property
    def customer_number(self) -> str:
        """The debtor's number; empty for none."""
        return tidy_any(self.debtor_customer_number)

    def read(self, line_amounts: LineAmounts, debtors: Mapping[str, int]) -> ShownInvoice:
        """The invoice; `debtors` are the ids of known debtors by their numbers. Raises
        `Unusable`.
        """
        number = self.customer_number
        return ShownInvoice(
            id=check_id(self.id),
            day=self.day,
            description=self.description or "",
            debtor_id=debtors.get(number) if self.debtor_id is None else self.debtor_id,
            debtor_number=number,
            status=InvoiceStatus(self.status) if self.status in _STATUSES else None,
            number=tidy_any(self.invoice_number),
            excl=read_amount(self.amount_excl_vat),
            vat=read_amount(self.vat_amount),
            incl=read_amount(self.amount_incl_vat),
            codes=self._add_up(line_amounts),
        )

    def _add_up(self, line_amounts: LineAmounts) -> Mapping[str, CodeTotal]:
        rows = self.lines.lines
        if self.lines.meta.total_count not in (None, len(rows)):
            raise Unusable("lines")
        found: dict[str, CodeTotal] = {}
        for row in rows:
            vat = read_amount(row.vat_amount or Decimal(0))
            amount = read_amount(row.amount)
            excl = amount - vat if line_amounts is LineAmounts.INCL else amount
            code = tidy(row.vat_code)
            before = found.get(code, CodeTotal(excl=Decimal("0.00"), vat=Decimal("0.00")))
            found[code] = CodeTotal(excl=before.excl + excl, vat=before.vat + vat)
        is_guessed = any(row.vat_amount is None for row in rows)
        if is_guessed and sum(each.vat for each in found.values()) != read_amount(self.vat_amount):
            raise Unusable("vatAmount")
        return found
