"""What a person changes in a concept invoice: its description, a line's amount, its VAT code."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from sandbox.asperion.booked_invoices import CONCEPT, Invoice
from sandbox.asperion.bookkeeping import BookingError, Books
from sandbox.asperion.code_table import VatCode
from sandbox.asperion.imported_orders import Line
from sandbox.asperion.vat_classes import cents


@dataclass(frozen=True)
class LineEdit:
    """New values of a line; what is None stays. Amounts in euros without VAT."""

    excl: Decimal | None = None
    vat: Decimal | None = None
    vat_code: str | None = None


def edit_concept(
    books: Books, invoice: Invoice, edits: Mapping[int, LineEdit], description: str | None = None
) -> None:
    """Change a concept; `edits` by the number of the line, from 1.

    The VAT of an edited line follows its code's rate unless it is given. Raises BookingError,
    changing nothing, if the invoice is final or a line or code is not there.
    """
    if invoice.status != CONCEPT:
        raise BookingError("Een definitieve factuur kan niet meer worden gewijzigd.")
    lines, codes = list(invoice.order.lines), list(invoice.vat_codes)
    for number, edit in edits.items():
        if not 0 < number <= len(lines):
            raise BookingError(f"Er is geen regel {number}.")
        place = number - 1
        codes[place] = edit.vat_code if edit.vat_code is not None else codes[place]
        lines[place] = _edit_line(lines[place], edit, _read_code(books, edit.vat_code))
    text = description or invoice.order.description
    invoice.order = replace(invoice.order, lines=tuple(lines), description=text)
    invoice.vat_codes = tuple(codes)
    invoice.add_up()


def _read_code(books: Books, code_id: str | None) -> VatCode | None:
    code = books.codes.get(code_id) if code_id else None
    if code_id and code is None:
        raise BookingError(f"Er is geen btw-code {code_id}.")
    return code


def _edit_line(line: Line, edit: LineEdit, code: VatCode | None) -> Line:
    rate = line.rate if code is None else code.rate
    excl = line.excl if edit.excl is None else edit.excl
    is_same = excl == line.excl and rate == line.rate
    vat = line.vat if is_same else cents(excl * rate / 100)
    if edit.vat is not None:
        vat = edit.vat
    if code is not None:
        line = replace(line, vat_kind=code.kind_of_line, vat_country=code.country_of_line)
    if excl != line.excl:
        line = replace(line, quantity=Decimal(1), unit_excl=None, unit_incl=None)
    return replace(line, rate=rate, excl=excl, vat=vat, incl=excl + vat)
