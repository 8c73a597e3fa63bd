"""The intra-Community supplies among invoices: what the list of them is about, and the register of
VAT numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from chalicelib.domain.file_returns import EuSupply
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.money import ZERO
from chalicelib.domain.return_places import ReturnBox, Supply

_Supplied = tuple[str, date, Supply]  # the number, the month, and what


def has_eu_supplies(invoice: Invoice) -> bool:
    """Whether a document belongs into the list."""
    return any(True for _ in _list_lines(invoice))


def find_number_to_prove(invoice: Invoice) -> str:
    """The VAT number that a sale without VAT to a business in another member state rests on; empty
    for any other document. A credit note or a reversal needs no proof of its own: it takes back
    what was supplied, whatever became of the customer since.
    """
    if invoice.credits is not None or not any(excl for _, excl in _list_lines(invoice)):
        return ""
    return invoice.debtor.vat_number


def list_eu_supplies(invoices: Iterable[Invoice], marks: Mapping[str, str]) -> tuple[EuSupply, ...]:
    """What each customer was supplied in each month, under the mark of its VAT number in `marks`;
    credit notes and reversals are negative, and of their own month.
    """
    found: dict[_Supplied, EuSupply] = {}
    for invoice in invoices:
        _add(found, invoice, marks)
    return tuple(
        sorted(
            found.values(), key=lambda each: (each.month, each.country, each.number, each.supply)
        )
    )


def _add(found: dict[_Supplied, EuSupply], invoice: Invoice, marks: Mapping[str, str]) -> None:
    number, month = invoice.debtor.vat_number, invoice.day.replace(day=1)
    sums: dict[Supply, Decimal] = {}
    for supply, excl in _list_lines(invoice):
        sums[supply] = sums.get(supply, ZERO) + excl
    for supply, excl in sums.items():
        so_far = found.get((number, month, supply)) or EuSupply(
            month=month, number=marks.get(number, ""), country=number[:2], supply=supply
        )
        found[number, month, supply] = replace(
            so_far, documents=so_far.documents + 1, excl=so_far.excl + excl
        )


def _list_lines(invoice: Invoice) -> Iterator[tuple[Supply, Decimal]]:
    """Kind and base of the lines of an invoice that belong into the list."""
    for line in invoice.lines:
        if line.place.box is ReturnBox.EU:
            yield line.place.supply, line.excl
