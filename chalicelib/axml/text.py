"""Texts on their way into a file: made to fit the profile, then written as XML.

Asperion's help asks that ampersands, angle brackets and quotation marks never stand in data raw.
Jinja2's autoescape does the first and straight quotes; this module does the rest.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, TypeVar, get_type_hints

from markupsafe import Markup, escape

from chalicelib.axml.declaration import Declaration, Lengths, Limit, Quotes
from chalicelib.domain.invoices import Debtor, DebtorAddress, Invoice, InvoiceLine
from chalicelib.errors import RenderedWrong

# What XML 1.0 forbids: most control characters, lone surrogates.
_ILLEGAL = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"
_SINGLE = "‘’‚‛‹›"
_DOUBLE = "“”„‟«»"
_STRAIGHT = str.maketrans(dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DOUBLE, '"'))

# White space other than a blank would be normalised by an XML parser: CR everywhere, tab and LF
# in attributes. As references they survive.
_BLANKS = {ord(blank): f"&#{ord(blank)};" for blank in "\t\n\r"}
_REFERENCES = {ord(quote): f"&#{ord(quote)};" for quote in _SINGLE + _DOUBLE}
_SPECIAL = f"[\t\n\r{_SINGLE}{_DOUBLE}]"

_Record = TypeVar("_Record", Invoice, Debtor, DebtorAddress, InvoiceLine)
_TABLES = {Invoice: "order", Debtor: "debtor", DebtorAddress: "address", InvoiceLine: "line"}
_TEXTS = {
    kind: [
        (name, f"{table}_{name.removeprefix('order_')}")
        for name, hint in get_type_hints(kind).items()
        if hint in {str, str | None}
    ]
    for kind, table in _TABLES.items()
}
"""The fields of a record that are texts, each with the name of its limit in `Lengths`."""


def fit_texts(declaration: Declaration, invoice: Invoice) -> Invoice:
    """The invoice as its template reads it: texts without what XML cannot say (so that one with
    nothing in it counts as empty) and within the profile's lengths, house numbers joined to the
    street if the profile says so, and no addresses for whose role it has no word.

    Raises `RenderedWrong` where a text is too long and may not be cut.
    """
    lengths, rules = declaration.lengths, declaration.addresses
    joined = rules.house_number == "joined"
    addresses = tuple(
        _fit(_join(address) if joined else address, lengths)
        for address in invoice.debtor.addresses
        if getattr(rules.roles, address.role)
    )
    debtor = replace(_fit(invoice.debtor, lengths), addresses=addresses)
    lines = tuple(_fit(line, lengths) for line in invoice.lines)
    return replace(_fit(invoice, lengths), debtor=debtor, lines=lines)


def _join(address: DebtorAddress) -> DebtorAddress:
    street = " ".join(filter(None, (address.street, address.number, address.suffix)))
    return replace(address, street=street, number="", suffix="")


def _fit(record: _Record, lengths: Lengths) -> _Record:
    changes: dict[str, Any] = {}
    for name, limit_name in _TEXTS[type(record)]:
        text = getattr(record, name) or ""
        fitting = re.sub(_ILLEGAL, "", text)
        limit: Limit | None = getattr(lengths, limit_name, None)
        if limit and len(fitting) > limit.max:
            if limit.overflow == "error":
                field = limit_name.replace("_", ".", 1)
                raise RenderedWrong(f"{field} is longer than {limit.max} characters", field=field)
            fitting = fitting[: limit.max].rstrip()
        if fitting != text:
            changes[name] = fitting
    return replace(record, **changes) if changes else record


def show_text(text: str, quotes: Quotes) -> str:
    """The text a reader of the file gets to see: without illegal characters, and with quotes by
    the profile's rule.
    """
    legal = re.sub(_ILLEGAL, "", text)
    return legal.translate(_STRAIGHT) if quotes == "straight" else legal


def write_text(text: str, quotes: Quotes) -> str:
    """The text as it may stand in an element or a quoted attribute.

    Plain text comes back as `str` for autoescape to finish; anything with blanks or quotes to be
    written as references comes back escaped, as `Markup`.
    """
    shown = show_text(text, quotes)
    if re.search(_SPECIAL, shown) is None:
        return shown
    references = _BLANKS if quotes == "keep" else _BLANKS | _REFERENCES
    return Markup(str(escape(shown)).translate(references))  # noqa: S704 - escaped just before
