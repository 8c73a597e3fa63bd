"""From invoices to the bytes of one file."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from itertools import pairwise

from msgspec import structs

from chalicelib.axml.profile import Profile
from chalicelib.axml.template import run_template
from chalicelib.axml.text import fit_texts
from chalicelib.domain.invoices import Invoice
from chalicelib.errors import RenderedWrong


def render(profile: Profile, invoices: Sequence[Invoice]) -> bytes:
    """The file for `invoices`, in the profile's encoding.

    The same invoices in any order give the same bytes. Raises `ProfileError` (file and line) when
    the template asks for what is not there, `RenderedWrong` when an invoice cannot be written
    under this profile or is there twice.
    """
    ordered = sort_invoices(invoices)
    try:
        return _encode(profile, _fill_in(profile, ordered))
    except RenderedWrong:
        for invoice in ordered:
            if reason := unwritable(profile, invoice):
                raise RenderedWrong(f"order {invoice.order_number}: {reason}") from None
        raise


def unwritable(profile: Profile, invoice: Invoice) -> str | None:
    """Why this profile cannot write this invoice (a text too long to be cut, a country without a
    code), or None. Lets one such order be held instead of failing its whole file.
    """
    try:
        _fill_in(profile, [invoice])
    except RenderedWrong as error:
        return str(error)
    return None


def sort_invoices(invoices: Sequence[Invoice]) -> list[Invoice]:
    """Invoices by day, order number and order, then the documents of one order by their number.

    Raises `RenderedWrong` when a document is there twice: nothing is ever booked double.
    """
    ordered = sorted(invoices, key=_place)
    for one, next_one in pairwise(ordered):
        if _place(one) == _place(next_one):
            raise RenderedWrong(f"order {one.order_number} is twice in one file")
    return ordered


def _place(invoice: Invoice) -> tuple[str, str, int, str, str]:
    return (
        invoice.day.isoformat(),
        invoice.order_number,
        invoice.order_id,
        invoice.invoice_number or "",
        invoice.credits or "",
    )


def _fill_in(profile: Profile, invoices: Sequence[Invoice]) -> str:
    """The template filled in: it reads ``orders`` and the tables of ``profile.toml``."""
    orders = [fit_texts(profile.declaration, invoice) for invoice in invoices]
    tables = structs.asdict(profile.declaration)
    return run_template(profile.template, {"orders": orders, **tables})


def _encode(profile: Profile, body: str) -> bytes:
    file = profile.declaration.file
    if file.declaration:
        body = f'<?xml version="1.0" encoding="{file.encoding}"?>{file.line_end}{body}'
    # What the encoding lacks becomes a numeric reference, the same character to any XML reader.
    content = body.encode(file.encoding, errors="xmlcharrefreplace")
    return codecs.BOM_UTF8 + content if file.bom else content
