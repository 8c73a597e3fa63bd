"""The books of one administration: debtors, and the invoices made from imported orders."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from sandbox.asperion.import_settings import ImportSettings
from sandbox.asperion.imported_orders import DebtorDetails, Line, Order
from sandbox.asperion.invoice_checks import deviations
from sandbox.asperion.vat_classes import RateTotal, totals_per_rate, vat_class

FIRST_DEBTOR_NUMBER = 1000001
CONCEPT, FINAL = "concept", "definitief"
ON_ACCOUNT = "Op factuur"
"""Payment method of an invoice whose file names none."""


class BookingError(ValueError):
    """An act the books do not allow; the message is Dutch, for the person who tried."""


@dataclass(frozen=True)
class Debtor:
    """A customer with a number of this administration; details are those of the first order."""

    number: str
    details: DebtorDetails
    kind: str


@dataclass
class Invoice:
    """One invoice; `number` stays None until it is made final. Amounts in euros."""

    id: int
    order: Order
    debtor: Debtor
    file: str
    journal: str
    sales_types: tuple[str, ...]
    imported_at: datetime
    deviations: tuple[str, ...]
    number: str | None = None
    totals: list[RateTotal] = field(default_factory=list)

    @property
    def status(self) -> str:
        """Concept or definitief."""
        return FINAL if self.number else CONCEPT

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


class Books:
    """Debtors and invoices of one administration. Not locked: the administration does that."""

    def __init__(self) -> None:
        self.debtors: dict[str, Debtor] = {}
        self._by_email: dict[str, Debtor] = {}
        self._invoices: dict[int, Invoice] = {}
        self._last_id = 0
        self._next_debtor = FIRST_DEBTOR_NUMBER
        self._issued: dict[int, int] = defaultdict(int)

    def book(
        self, orders: Iterable[Order], file: str, settings: ImportSettings, at: datetime
    ) -> list[Invoice]:
        """Make a concept invoice of each order; an order seen before gets another one."""
        return [self._book(order, file, settings, at) for order in orders]

    def _book(self, order: Order, file: str, settings: ImportSettings, at: datetime) -> Invoice:
        self._last_id += 1
        classes = [vat_class(line.rate, order.date, line.vat_country) for line in order.lines]
        invoice = Invoice(
            id=self._last_id,
            order=order,
            debtor=self._debtor_for(order.debtor, settings.debtor_kind),
            file=file,
            journal=settings.journal,
            sales_types=tuple(settings.sales_type(name) for name in classes),
            imported_at=at,
            deviations=tuple(deviations(order)),
            totals=totals_per_rate(order.lines),
        )
        self._invoices[invoice.id] = invoice
        return invoice

    def _debtor_for(self, details: DebtorDetails, kind: str) -> Debtor:
        key = details.email.strip().casefold()
        if key in self._by_email:
            return self._by_email[key]
        debtor = Debtor(self._free_number(details.number), details, kind)
        self.debtors[debtor.number] = debtor
        if key:
            self._by_email[key] = debtor
        return debtor

    def _free_number(self, wanted: str) -> str:
        if wanted and wanted not in self.debtors:
            return wanted
        while str(self._next_debtor) in self.debtors:
            self._next_debtor += 1
        return str(self._next_debtor)

    def invoices(self, status: str | None = None) -> list[Invoice]:
        """All invoices, or those of one status, newest invoice date first."""
        chosen = [i for i in self._invoices.values() if status in (None, i.status)]
        return sorted(chosen, key=lambda invoice: (invoice.date, invoice.id), reverse=True)

    def invoice(self, invoice_id: int) -> Invoice | None:
        """One invoice by its id."""
        return self._invoices.get(invoice_id)

    def finalise(self, ids: Iterable[int]) -> int:
        """Make concepts final, oldest first, each with the next number of its year; count them."""
        concepts = [i for i in map(self._invoices.get, set(ids)) if i and i.status == CONCEPT]
        for invoice in sorted(concepts, key=lambda invoice: (invoice.date, invoice.id)):
            year = invoice.date.year
            self._issued[year] += 1
            invoice.number = f"{year}{self._issued[year]:05d}"
        return len(concepts)

    def delete(self, ids: Iterable[int]) -> int:
        """Delete concepts; count them. Raises BookingError, deleting none, if one is final."""
        chosen = [i for i in map(self._invoices.get, set(ids)) if i]
        final = [invoice.number for invoice in chosen if invoice.number]
        if final:
            raise BookingError(f"Factuur {', '.join(final)} is definitief; dat blijft bewaard.")
        for invoice in chosen:
            del self._invoices[invoice.id]
        return len(chosen)

    def duplicates(self) -> list[list[Invoice]]:
        """Invoices of one order, where there are several; each credit note text counts apart."""
        groups: dict[tuple[str, str], list[Invoice]] = defaultdict(list)
        for invoice in self._invoices.values():
            note = invoice.order.description if invoice.is_credit else ""
            groups[invoice.order.number, note].append(invoice)
        return [same for _, same in sorted(groups.items()) if len(same) > 1]


def sum_incl(invoices: Sequence[Invoice]) -> Decimal:
    """Total including VAT of some invoices."""
    return sum((invoice.incl for invoice in invoices), Decimal("0.00"))


def sum_excl(invoices: Sequence[Invoice]) -> Decimal:
    """Total without VAT of some invoices."""
    return sum((invoice.excl for invoice in invoices), Decimal("0.00"))
