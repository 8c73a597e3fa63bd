"""The intra-Community supplies among invoices: what the list of them and the register of VAT numbers
are about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from chalicelib.domain.file_returns import EuSupply
from chalicelib.domain.invoices import Invoice, VatKind
from chalicelib.domain.money import ZERO
from chalicelib.domain.return_places import Supply


def find_number_to_prove(invoice: Invoice) -> str:
    """The VAT number that a sale without VAT to a business in another member state rests on; empty
    for any other document. A credit note or a reversal needs no proof of its own: it takes back
    what was supplied, whatever became of the customer since.
    """
    if invoice.credits is not None or not any(excl for _, excl in _list_supplies(invoice)):
        return ""
    return invoice.debtor.vat_number


def list_eu_supplies(
    invoices: Iterable[Invoice], mark: Callable[[str], str]
) -> tuple[EuSupply, ...]:
    """What each customer was supplied in each month, under the `mark` of its VAT number; credit
    notes and reversals are negative, and of their own month.
    """
    found: dict[tuple[object, ...], EuSupply] = {}
    for invoice in invoices:
        number, month = invoice.debtor.vat_number, invoice.day.replace(day=1)
        sums: dict[Supply, Decimal] = {}
        for supply, excl in _list_supplies(invoice):
            sums[supply] = sums.get(supply, ZERO) + excl
        for supply, excl in sums.items():
            added = found.get((number, month, supply)) or EuSupply(
                month=month,
                number=mark(number) if number else "",
                country=number[:2],
                supply=supply,
            )
            found[number, month, supply] = replace(
                added, documents=added.documents + 1, excl=added.excl + excl
            )
    return tuple(
        sorted(found.values(), key=lambda each: (each.month, each.country, each.number, each.supply))
    )


def _list_supplies(invoice: Invoice) -> Iterator[tuple[Supply, Decimal]]:
    """The lines of an invoice that belong into the list, with their base."""
    number, home = invoice.debtor.vat_number, ""
    for line in invoice.lines:
        kind = line.treatment.kind
        home = line.treatment.country
        if kind is VatKind.INTRA_COMMUNITY:
            yield Supply.GOODS, line.excl
        elif kind is VatKind.REVERSE_CHARGE and number[:2] != home:
            yield Supply.SERVICES, line.excl
