"""Invoices of Asperion's REST API as they come (``salesinvoiceswithlines`` under ``/v1``), and what
the connector makes of them; see `rest_shapes`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import msgspec

from chalicelib.adapters.asperion.rest_shapes import Listed, Shape
from chalicelib.adapters.asperion.rest_values import (
    Unusable,
    check_id,
    read_amount,
    read_day,
    tidy,
    tidy_any,
)
from chalicelib.asperion_guesses import LineAmounts
from chalicelib.domain.concepts import CodeTotal, InvoiceStatus, ShownInvoice

_STATUSES = frozenset(map(int, InvoiceStatus))


class LineShape(Shape):
    """A line of an invoice."""

    amount: Decimal
    vat_amount: Decimal | None = None
    vat_code: str | None = None


class _Count(Shape):
    total_count: int | None = None


class LinesShape(msgspec.Struct):
    """All lines of an invoice, and how many there are."""

    lines: list[LineShape] = msgspec.field(name="_data")
    meta: _Count = msgspec.field(name="_meta", default_factory=_Count)


class InvoiceShape(Listed):
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
