"""Which invoices are asked for, as filters of the list and once more on our side: what a filter of
Asperion's means (equal or contained, with capitals or without) is only partly known, and a filter
that it does not know may be passed over.
"""

from __future__ import annotations

from datetime import date

from chalicelib.adapters.asperion.invoice_shapes import InvoiceShape
from chalicelib.adapters.asperion.rest_transport import Params
from chalicelib.adapters.asperion.rest_values import plain, tidy_any
from chalicelib.domain.administrations import KnownDebtor
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceQuery:
    """Invoices with this id, date, debtor, description and journal; None asks for any."""

    invoice_id: int | None = None
    day: date | None = None
    debtor_id: int | None = None
    description: str | None = None
    journal_id: str | None = None

    @property
    def filters(self) -> Params:
        """As filters of the API."""
        given = (
            ("Id", self.invoice_id),
            ("Date", self.day),
            ("DebtorId", self.debtor_id),
            ("Description", self.description),
            ("JournalId", self.journal_id),
        )
        return tuple((name, str(value)) for name, value in given if value is not None)

    def fits(self, row: InvoiceShape, debtor: KnownDebtor | None) -> bool:
        """Whether an invoice of the list is one of these. `debtor` is the one that is asked for, if
        it is known: an invoice that shows nothing to tell its debtor by is taken for its own, since
        one too many is looked at by a person, and one too few is delivered twice. Raises
        `rest_values.Unusable`.
        """
        journal = self.journal_id if row.journal_id is None else tidy_any(row.journal_id)
        return (
            self.invoice_id in (None, row.id)
            and (self.day is None or row.day == self.day)
            and (self.description is None or _is_same(row.description, self.description))
            and self.journal_id in (None, journal)
            and self._is_of_debtor(row, debtor)
        )

    def _is_of_debtor(self, row: InvoiceShape, debtor: KnownDebtor | None) -> bool:
        if self.debtor_id is None:
            return True
        if row.debtor_id is not None:
            return row.debtor_id == self.debtor_id
        number = row.customer_number
        return not number or debtor is None or number == debtor.customer_number


def _is_same(shown: str | None, wanted: str) -> bool:
    return plain(shown or "") == plain(wanted)
