"""The books of one administration: debtors, and the invoices that files and the API bring."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sandbox.asperion.booked_invoices import (
    CONCEPT,
    ON_ACCOUNT,
    STAGE_LEDGER,
    Invoice,
    PostedInvoice,
)
from sandbox.asperion.chart_of_accounts import Chart
from sandbox.asperion.code_table import CodeTable
from sandbox.asperion.debtor_cards import Debtors
from sandbox.asperion.import_settings import ImportSettings
from sandbox.asperion.imported_orders import Order
from sandbox.asperion.vat_classes import vat_class


class BookingError(ValueError):
    """An act the books do not allow; the message is Dutch, for the person who tried."""


class Books:
    """Debtors and invoices of one administration. Not locked: the administration does that."""

    def __init__(self) -> None:
        self.debtors = Debtors()
        self.codes = CodeTable()
        self.chart = Chart()
        self._invoices: dict[int, Invoice] = {}
        self._last_id = 0
        self._issued: dict[int, int] = defaultdict(int)

    def book(
        self, orders: Iterable[Order], file: str, settings: ImportSettings, at: datetime
    ) -> list[Invoice]:
        """Make a concept invoice of each order; an order seen before gets another one."""
        return [self._book(order, file, settings, at) for order in orders]

    def post(self, posted: PostedInvoice, at: datetime) -> Invoice:
        """Make a concept invoice of what the API brings, each time it does."""
        return self._store(self.draft(posted, at))

    def draft(self, posted: PostedInvoice, at: datetime) -> Invoice:
        """The invoice that would be made of what the API brings, not stored, with id 0."""
        described = tuple(self._describe_account(account) for account in posted.accounts)
        invoice = Invoice(
            id=0,
            order=posted.order,
            debtor=posted.debtor,
            file="",
            journal=posted.journal,
            sales_types=described,
            imported_at=at,
            deviations=(),
            vat_codes=posted.vat_codes,
            accounts=posted.accounts,
            payment_condition=posted.payment_condition,
            due=posted.due,
        )
        invoice.add_up()
        return invoice

    def _book(self, order: Order, file: str, settings: ImportSettings, at: datetime) -> Invoice:
        classes = [vat_class(line.rate, order.date, line.vat_country) for line in order.lines]
        sales_types = tuple(settings.sales_type(name) for name in classes)
        condition = self.chart.find_condition(order.payment_code or ON_ACCOUNT)
        return self._store(
            Invoice(
                id=0,
                order=order,
                debtor=self.debtors.recognise(order.debtor, settings.debtor_kind, at),
                file=file,
                journal=settings.journal,
                sales_types=sales_types,
                imported_at=at,
                deviations=(),
                vat_codes=tuple(
                    self.codes.find(line.rate, line.vat_kind, line.vat_country, order.date)
                    for line in order.lines
                ),
                accounts=tuple(self.chart.find_account(name) for name in sales_types),
                payment_condition=condition.id if condition else None,
            )
        )

    def _store(self, invoice: Invoice) -> Invoice:
        self._last_id += 1
        invoice.id = self._last_id
        invoice.add_up()
        self._invoices[invoice.id] = invoice
        return invoice

    def _describe_account(self, number: int | None) -> str:
        account = self.chart.accounts.get(number) if number is not None else None
        return f"{account.id} {account.description}" if account else ""

    def invoices(self, status: str | None = None) -> list[Invoice]:
        """All invoices, or those of one status, newest invoice date first."""
        chosen = [i for i in self._invoices.values() if status in (None, i.status)]
        return sorted(chosen, key=lambda invoice: (invoice.date, invoice.id), reverse=True)

    def invoice(self, invoice_id: int) -> Invoice | None:
        """One invoice by its id."""
        return self._invoices.get(invoice_id)

    def finalise(self, ids: Iterable[int], stage: int = STAGE_LEDGER) -> int:
        """Make concepts final, oldest first, each with the next number of its year; count them.

        `stage` is the status that the API then shows.
        """
        concepts = [i for i in map(self._invoices.get, set(ids)) if i and i.status == CONCEPT]
        for invoice in sorted(concepts, key=lambda invoice: (invoice.date, invoice.id)):
            year = invoice.date.year
            self._issued[year] += 1
            invoice.number = f"{year}{self._issued[year]:05d}"
            invoice.stage = stage
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

    def merge(self, debtor_id: int, into_id: int) -> bool:
        """Give a debtor's invoices to another one and forget it; False unless both are there."""
        one, other = self.debtors.get(debtor_id), self.debtors.get(into_id)
        if one is None or other is None or one is other:
            return False
        for invoice in self._invoices.values():
            if invoice.debtor is one:
                invoice.debtor = other
        self.debtors.remove(one)
        return True

    def duplicates(self) -> list[list[Invoice]]:
        """Invoices of one order, where there are several; each credit note text counts apart.

        An invoice of the API names no order: it belongs to the order of a file whose invoice has
        the same description, and else to others with that description.
        """
        orders = {i.order.description: i.order.number for i in self._invoices.values() if i.file}
        groups: dict[tuple[str, str], list[Invoice]] = defaultdict(list)
        for invoice in self._invoices.values():
            text = invoice.order.description
            number = invoice.order.number or orders.get(text) or text
            groups[number, text if invoice.is_credit else ""].append(invoice)
        return [same for _, same in sorted(groups.items()) if len(same) > 1]
