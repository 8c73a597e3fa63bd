"""The invoices of an administration, whichever way they came in, and their sums."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sandbox.asperion.debtor_cards import Debtor
from sandbox.asperion.imported_orders import Line, Order
from sandbox.asperion.invoice_checks import deviations
from sandbox.asperion.vat_classes import (
    CodeTotal,
    RateTotal,
    totals_per_code,
    totals_per_rate,
    vat_class,
)

CONCEPT, FINAL = "concept", "definitief"
STAGE_CONCEPT, STAGE_ENTERED, STAGE_LEDGER = 1, 2, 3
STAGE_PAYABLE, STAGE_PAID, STAGE_HOLD = 6, 7, 8
"""The statuses of the API; an invoice on hold has no number, as a concept."""
FINAL_STAGES = (STAGE_ENTERED, STAGE_LEDGER, STAGE_PAYABLE, STAGE_PAID)
CONCEPT_STAGES = (STAGE_CONCEPT, STAGE_HOLD)

ON_ACCOUNT = "Op factuur"
"""Payment method of an invoice whose file names none."""


@dataclass(frozen=True)
class PostedInvoice:
    """An invoice as the API brings it: its shape as an order, and what an administration adds."""

    order: Order
    debtor: Debtor
    journal: str
    vat_codes: tuple[str, ...]
    accounts: tuple[int | None, ...]
    payment_condition: int | None = None
    due: date | None = None


@dataclass
class Invoice:
    """One invoice; `number` stays None until it is made final. Amounts in euros.

    `file` is empty for one that came by the API. A VAT code or account of a line is empty where a
    person has to choose it.
    """

    id: int
    order: Order
    debtor: Debtor
    file: str
    journal: str
    sales_types: tuple[str, ...]
    imported_at: datetime
    deviations: tuple[str, ...]
    vat_codes: tuple[str, ...]
    accounts: tuple[int | None, ...]
    number: str | None = None
    stage: int = STAGE_CONCEPT
    payment_condition: int | None = None
    due: date | None = None
    attachments: list[str] = field(default_factory=list)
    totals: list[RateTotal] = field(default_factory=list)
    code_totals: list[CodeTotal] = field(default_factory=list)

    @property
    def status(self) -> str:
        """Concept or definitief."""
        return FINAL if self.number else CONCEPT

    def add_up(self) -> None:
        """Make the totals and the deviations those of the lines as they are now."""
        self.deviations = tuple(deviations(self.order)) if self.file else ()
        self.totals = totals_per_rate(self.order.lines)
        self.code_totals = totals_per_code(zip(self.vat_codes, self.order.lines, strict=True))

    @property
    def date(self) -> date:
        """The invoice date."""
        return self.order.date

    @property
    def payment_method(self) -> str:
        """The payment code of the file, or on account."""
        return self.order.payment_code or ON_ACCOUNT

    @property
    def excl(self) -> Decimal:
        """Total without VAT."""
        return sum((total.excl for total in self.totals), Decimal("0.00"))

    @property
    def vat(self) -> Decimal:
        """Total VAT."""
        return sum((total.vat for total in self.totals), Decimal("0.00"))

    @property
    def incl(self) -> Decimal:
        """Total including VAT."""
        return sum((total.incl for total in self.totals), Decimal("0.00"))

    @property
    def is_credit(self) -> bool:
        """True for a credit note."""
        return self.incl < 0

    def vat_class(self, line: Line) -> str:
        """The class of one of its lines on the invoice date."""
        return vat_class(line.rate, self.date, line.vat_country)


def sum_incl(invoices: Sequence[Invoice]) -> Decimal:
    """Total including VAT of some invoices."""
    return sum((invoice.incl for invoice in invoices), Decimal("0.00"))


def sum_excl(invoices: Sequence[Invoice]) -> Decimal:
    """Total without VAT of some invoices."""
    return sum((invoice.excl for invoice in invoices), Decimal("0.00"))


def sum_codes(invoices: Sequence[Invoice]) -> list[CodeTotal]:
    """Totals per VAT code of some invoices, in order of code."""
    lines = (zip(i.vat_codes, i.order.lines, strict=True) for i in invoices)
    return totals_per_code(pair for pairs in lines for pair in pairs)
