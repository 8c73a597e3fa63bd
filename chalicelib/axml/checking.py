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

from chalicelib.axml.profile import Profile, VatNotation
from chalicelib.axml.rendering import in_file_order
from chalicelib.axml.text import meant
from chalicelib.domain.invoices import Invoice, InvoiceLine, VatTreatment
from chalicelib.errors import RenderedWrong

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def verify(profile: Profile, content: bytes, invoices: Sequence[Invoice]) -> None:
    """Raises `RenderedWrong` unless `content` says what `invoices` say.

    Compared, at the paths of the profile's ``[check]``: the number of orders and of each order's
    lines, order number, debtor's e-mail address, day, every line total, how every line tells its
    VAT, and every order sum.
    Messages name the order and the field, never a value.
    """
    try:
        # Our own output, just made and without a DTD: nothing in it can harm this parser.
        root = ET.fromstring(content, ET.XMLParser(encoding=profile.encoding))  # noqa: S314
    except ET.ParseError as error:
        raise RenderedWrong(f"the rendered file is not well-formed XML: {error}") from error
    found = root.findall(profile.check.orders)
    if len(found) != len(invoices):
        raise RenderedWrong(f"the file holds {len(found)} orders instead of {len(invoices)}")
    reader = _Reader(profile)
    for element, invoice in zip(found, in_file_order(invoices), strict=True):
        reader.compare(element, invoice)


class _Reader:
    """Compares order elements of one profile with invoices."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._paths = profile.check

    def compare(self, element: ET.Element, invoice: Invoice) -> None:
        try:
            self._texts(element, invoice)
            self._amounts(element, invoice)
        except _Differs as difference:
            raise RenderedWrong(
                f"order {invoice.order_number}: {difference} in the rendered file is not what was "
                "judged; the file is not placed. Mend the profile's template or its [check] paths"
            ) from None

    def _texts(self, element: ET.Element, invoice: Invoice) -> None:
        paths, quotes = self._paths, self._profile.quotes
        if _text(element, paths.number) != meant(invoice.order_number, quotes):
            raise _Differs("the order number")
        if _text(element, paths.email) != meant(invoice.debtor.email, quotes):
            raise _Differs("the e-mail address")
        if paths.date and self._day(_text(element, paths.date)) != invoice.day.isoformat():
            raise _Differs("the date")

    def _amounts(self, element: ET.Element, invoice: Invoice) -> None:
        lines = element.findall(self._paths.lines)
        if len(lines) != len(invoice.lines):
            raise _Differs("the number of lines")
        sums = {"excl": Decimal(0), "vat": Decimal(0), "incl": Decimal(0)}
        for found, line in zip(lines, invoice.lines, strict=True):
            self._line(found, line, sums)
            self._vat(found, line, invoice.rates_of)
        for part, total in sums.items():
            judged = getattr(invoice, part)
            if getattr(self._paths, f"line_{part}") and total != judged:
                raise _Differs(f"the sum of the lines ({part})")
            path = getattr(self._paths, f"order_{part}")
            if path and self._number(_text(element, path)) != judged:
                raise _Differs(f"the order's total ({part})")

    def _line(self, element: ET.Element, line: InvoiceLine, sums: dict[str, Decimal]) -> None:
        for part in sums:
            path = getattr(self._paths, f"line_{part}")
            if not path:
                continue
            amount = self._number(_text(element, path))
            if amount != getattr(line, part):
                raise _Differs(f"line {line.index} ({part})")
            sums[part] += amount

    def _vat(self, element: ET.Element, line: InvoiceLine, rates_of: date) -> None:
        rate, kind = self._paths.line_rate, self._paths.line_kind
        if rate and not self._tells(_text(element, rate), line.treatment, rates_of):
            raise _Differs(f"line {line.index} (VAT)")
        word = self._profile.vat.kinds[line.treatment.kind]
        if kind and _text_or_none(element, kind) != word:
            raise _Differs(f"line {line.index} (VAT kind)")

    def _tells(self, text: str, treatment: VatTreatment, rates_of: date) -> bool:
        """Whether a text is the percentage, word or code of a treatment."""
        rules = self._profile.vat
        if rules.notation is VatNotation.PERCENTAGE:
            half = Decimal("0.5").scaleb(-rules.percentage_decimals)
            return abs(self._number(text) - treatment.rate * 100) <= half
        if rules.notation is VatNotation.CLASS:
            return text == rules.classes[treatment.vat_class]
        named = [row.code for row in rules.codes if row.covers(treatment, rates_of)]
        return named[:1] == [text]

    def _number(self, text: str) -> Decimal:
        separator = self._profile.numbers.decimal_separator
        if separator != "." and "." in text:
            raise _Differs("a number's notation")
        plain = text.replace(separator, ".")
        if not _NUMBER.fullmatch(plain):
            raise _Differs("a number's notation")
        return Decimal(plain)

    def _day(self, text: str) -> str:
        try:
            return datetime.strptime(text, self._profile.date_format).date().isoformat()  # noqa: DTZ007
        except ValueError:
            raise _Differs("the date") from None


class _Differs(Exception):
    """A field that differs; the text names it. Never leaves this module."""


def _text_or_none(element: ET.Element, path: str) -> str:
    """The text at `path`; "" where the element is left out."""
    try:
        return _text(element, path)
    except _Differs:
        return ""


def _text(element: ET.Element, path: str) -> str:
    """The text at `path`, or of the attribute named after ``@``."""
    place, _, attribute = path.partition("@")
    place = place.rstrip("/")
    found = element.find(place) if place else element
    if found is None:
        raise _Differs(f"{path} (not found)")
    return found.get(attribute, "") if attribute else found.text or ""
