"""A concept invoice as Asperion's REST API takes it, and as it shows it again.

Amounts are in euro with two decimals; a credit note's are negative.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from decimal import Decimal
from enum import IntEnum

from chalicelib.domain.invoices import Debtor
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptLine:
    """One line: `amount` without VAT, and its VAT."""

    description: str
    amount: Decimal
    vat_amount: Decimal
    vat_code: str
    ledger_account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A concept invoice in the making. `debtor` is whom it is for, looked up or made before it is
    posted; `debtor_kind` is given to one that is made, unless it is empty.
    """

    day: date
    description: str
    journal_id: str
    payment_condition_id: int | None
    debtor: Debtor
    debtor_kind: str
    lines: tuple[ConceptLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTotal:
    """What an invoice adds up to under one VAT code."""

    excl: Decimal
    vat: Decimal


class InvoiceStatus(IntEnum):
    """Where an invoice is in Asperion."""

    CONCEPT = 1
    IN_JOURNAL_ENTRY = 2
    IN_LEDGER = 3
    PAYABLE = 6
    PAID = 7
    HOLD = 8

    @property
    def is_definitive(self) -> bool:
        """Whether it is a concept no longer."""
        return self not in (InvoiceStatus.CONCEPT, InvoiceStatus.HOLD)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownInvoice:
    """A sales invoice as Asperion lists it. `status` is None when it is none of `InvoiceStatus`."""

    id: int
    day: date
    description: str
    debtor_id: int | None
    debtor_number: str
    status: InvoiceStatus | None
    number: str
    excl: Decimal
    vat: Decimal
    incl: Decimal
    codes: Mapping[str, CodeTotal] = field(default_factory=dict)
    """By VAT code, as its lines add up to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SoughtInvoice:
    """What an invoice whose delivery got no answer is recognised by. Only hashes of what it says
    are kept: `description_print` and `amounts_print` (the total of each VAT code) as
    ``<key id>.<hash>``. `debtor_id` is Asperion's own. `others` are Asperion's ids of invoices that
    were there before, from when the same document was booked before. `invoice_id` is that of the
    invoice itself, once it is found.
    """

    administration_id: int
    day: date
    debtor_id: int
    description_print: str
    amounts_print: str
    others: tuple[int, ...] = ()
    invoice_id: int | None = None
