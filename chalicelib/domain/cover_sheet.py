"""The cover sheet of a file or of a day: how many documents, base and VAT under each VAT treatment.

Totals alone are kept, as base and VAT; what includes VAT is their sum. Amounts have two decimals.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from chalicelib.domain.invoices import Invoice, VatTreatment
from chalicelib.domain.money import ZERO, total
from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TreatmentTotal:
    """What so many documents add up to under one VAT treatment; `documents` are those with a line
    under it, credit notes included, which are negative.
    """

    treatment: VatTreatment
    documents: int = 0
    excl: Decimal = ZERO
    vat: Decimal = ZERO

    @property
    def incl(self) -> Decimal:
        """Base and VAT together."""
        return self.excl + self.vat


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSheet:
    """What `documents` documents add up to, in one `currency` (ISO 4217), the highest rate first.

    A document with lines under several treatments counts under each of them.
    """

    currency: str
    documents: int = 0
    totals: tuple[TreatmentTotal, ...] = ()

    @property
    def excl(self) -> Decimal:
        """The base of all treatments."""
        return total(each.excl for each in self.totals)

    @property
    def vat(self) -> Decimal:
        """The VAT of all treatments."""
        return total(each.vat for each in self.totals)

    @property
    def incl(self) -> Decimal:
        """Base and VAT together."""
        return self.excl + self.vat


def make_cover_sheet(invoices: Iterable[Invoice]) -> CoverSheet | None:
    """The cover sheet of a file with these invoices, at least one; None when they are in several
    currencies, which have no sum.
    """
    sheets = [_cover_one(invoice) for invoice in invoices]
    return add_up(sheets, sheets[0].currency)


def _cover_one(invoice: Invoice) -> CoverSheet:
    totals = tuple(
        TreatmentTotal(documents=1, excl=each.excl, vat=each.vat, treatment=each.treatment)
        for each in invoice.totals
    )
    return CoverSheet(currency=invoice.currency, documents=1, totals=totals)


def add_up(sheets: Iterable[CoverSheet | None], currency: str) -> CoverSheet | None:
    """The cover sheet of all that these cover, each a part of its own; None when one of them was
    not kept, or is in another currency.
    """
    documents = 0
    found: dict[VatTreatment, TreatmentTotal] = {}
    for sheet in sheets:
        if sheet is None or sheet.currency != currency:
            return None
        documents += sheet.documents
        for each in sheet.totals:
            so_far = found.get(each.treatment, TreatmentTotal(treatment=each.treatment))
            found[each.treatment] = TreatmentTotal(
                documents=so_far.documents + each.documents,
                excl=so_far.excl + each.excl,
                vat=so_far.vat + each.vat,
                treatment=each.treatment,
            )
    ordered = sorted(found.values(), key=_order)
    return CoverSheet(currency=currency, documents=documents, totals=tuple(ordered))


def _order(total_: TreatmentTotal) -> tuple[Decimal, str, str, str]:
    treatment = total_.treatment
    return -treatment.rate, treatment.country, treatment.kind.value, treatment.vat_class.value
