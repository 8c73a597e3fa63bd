"""Reading a rendered file back and comparing it with what was judged.

This shares nothing with the way there but the profile's declaration: it parses the bytes with an
XML parser and turns the texts it finds back into numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree as ET
from xml.parsers.expat import ErrorString

from chalicelib.axml.declaration import Declaration
from chalicelib.axml.rendering import Profile, sort_invoices
from chalicelib.axml.text import show_text
from chalicelib.domain.invoices import Invoice, InvoiceLine, Totals
from chalicelib.errors import RenderedWrong

_NUMBER = r"-?\d+(\.\d+)?"


def verify(profile: Profile, content: bytes, invoices: Sequence[Invoice]) -> None:
    """Raises `RenderedWrong` unless `content` says what `invoices` say.

    Compared, at the paths of the profile's ``[check]``: the number of orders and of each order's
    lines, order number, debtor's e-mail address, day, every line total, the VAT of every line, and
    every order sum. Messages name the order and the field, never a value.
    """
    declaration = profile.declaration
    try:
        # Our own output, just made and without a DTD: nothing in it can harm this parser.
        root = ET.fromstring(content, ET.XMLParser(encoding=declaration.file.encoding))  # noqa: S314
    except ET.ParseError as error:
        what, (line, column) = ErrorString(error.code), error.position
        raise RenderedWrong(
            f"the rendered file is not well-formed XML: {what}, line {line}, column {column}"
        ) from None
    found = root.findall(declaration.check.orders)
    if len(found) != len(invoices):
        raise RenderedWrong(f"the file holds {len(found)} orders instead of {len(invoices)}")
    reader = _Reader(declaration)
    for element, invoice in zip(found, sort_invoices(invoices), strict=True):
        try:
            reader.compare(element, invoice)
        except _Differs as difference:
            raise RenderedWrong(
                f"order {invoice.order_number}: {difference} in the rendered file is not what was "
                "judged; the file is not placed. Mend the profile's template or its [check] paths"
            ) from None


class _Differs(Exception):
    """A field that differs; the text names it. Never leaves this module."""


class _Reader:
    """Compares order elements of one profile with invoices; raises `_Differs`."""

    def __init__(self, declaration: Declaration) -> None:
        self._declaration, self._paths = declaration, declaration.check
        sides = ("excl", "vat", "incl")
        self._parts = [side for side in sides if getattr(declaration.prices, side, True)]

    def compare(self, element: ET.Element, invoice: Invoice) -> None:
        paths, quotes = self._paths, self._declaration.text.typographic_quotes
        if _text(element, paths.number) != show_text(invoice.order_number, quotes):
            raise _Differs("the order number")
        if _text(element, paths.email) != show_text(invoice.debtor.email, quotes):
            raise _Differs("the e-mail address")
        if paths.date and self._day(_text(element, paths.date)) != invoice.day:
            raise _Differs("the date")
        lines = element.findall(paths.lines)
        if len(lines) != len(invoice.lines):
            raise _Differs("the number of lines")
        for found, line in zip(lines, invoice.lines, strict=True):
            self._compare_totals(found, line, "line", f"line {line.index}")
            self._compare_vat(found, line, invoice.rates_of)
        for part in self._parts:
            total = sum(getattr(line, part) for line in invoice.lines)
            if getattr(paths, f"line_{part}") and total != getattr(invoice, part):
                raise _Differs(f"the sum of the lines ({part})")
        self._compare_totals(element, invoice, "order", "the order's total")

    def _compare_totals(self, element: ET.Element, judged: Totals, prefix: str, name: str) -> None:
        for part in self._parts:
            path = getattr(self._paths, f"{prefix}_{part}")
            if path and self._number(_text(element, path)) != getattr(judged, part):
                raise _Differs(f"{name} ({part})")

    def _compare_vat(self, element: ET.Element, line: InvoiceLine, rates_of: date) -> None:
        """Compare percentage, word or code of the VAT, and the word for its kind."""
        paths, rules = self._paths, self._declaration.vat
        if paths.line_rate:
            text = _text(element, paths.line_rate)
            if rules.notation == "percentage":
                half = Decimal("0.5").scaleb(-rules.percentage_decimals)
                is_same = abs(self._number(text) - line.treatment.rate * 100) <= half
            else:
                is_same = text == rules.word(line.treatment, rates_of)
            if not is_same:
                raise _Differs(f"line {line.index} (VAT)")
        word = rules.kind_word(line.treatment)
        if paths.line_kind and _text(element, paths.line_kind, "") != word:
            raise _Differs(f"line {line.index} (VAT kind)")

    def _number(self, text: str) -> Decimal:
        separator = self._declaration.numbers.decimal_separator
        plain = text.replace(separator, ".")
        if (separator != "." and "." in text) or not re.fullmatch(_NUMBER, plain):
            raise _Differs("a number's notation")
        return Decimal(plain)

    def _day(self, text: str) -> date:
        try:
            return datetime.strptime(text, self._declaration.dates.format).date()  # noqa: DTZ007
        except ValueError:
            raise _Differs("the date") from None


def _text(element: ET.Element, path: str, missing: str | None = None) -> str:
    """The text at `path`, or of the attribute named after ``@``; `missing` where the element is
    left out and may be.
    """
    place, _, attribute = path.partition("@")
    place = place.rstrip("/")
    found = element.find(place) if place else element
    if found is None:
        if missing is None:
            raise _Differs(f"{path} (not found)")
        return missing
    return found.get(attribute, "") if attribute else found.text or ""
