"""From invoices to the bytes of one file."""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from itertools import pairwise

from chalicelib.axml.filling import Filler
from chalicelib.axml.profile import PriceBasis, Profile
from chalicelib.axml.slots import OrderSlots, PriceSlots
from chalicelib.axml.template import run_template
from chalicelib.domain.invoices import Invoice
from chalicelib.errors import RenderedWrong


def render(profile: Profile, invoices: Sequence[Invoice]) -> bytes:
    """The file for `invoices`, in the profile's encoding.

    The same invoices in any order give the same bytes. Raises `ProfileError` (file and line) when
    the template asks for what is not there, `RenderedWrong` when an invoice cannot be written
    under this profile or is there twice.
    """
    filler = Filler(profile)
    orders = [_filled(filler, invoice) for invoice in in_file_order(invoices)]
    basis = profile.price_basis
    body = run_template(
        profile.template,
        {
            "orders": orders,
            "profile": profile,
            "prices": PriceSlots(
                excl=basis is not PriceBasis.INCL, incl=basis is not PriceBasis.EXCL
            ),
            "write_empty": profile.write_empty,
        },
    )
    return _encoded(profile, body)


def unwritable(profile: Profile, invoice: Invoice) -> str | None:
    """Why this profile cannot write this invoice (a text too long to be cut, a country without a
    code), or None. Lets one such order be held instead of failing its whole file.
    """
    try:
        Filler(profile).order(invoice)
    except RenderedWrong as error:
        return str(error)
    return None


def in_file_order(invoices: Sequence[Invoice]) -> list[Invoice]:
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


def _filled(filler: Filler, invoice: Invoice) -> OrderSlots:
    try:
        return filler.order(invoice)
    except RenderedWrong as error:
        raise RenderedWrong(f"order {invoice.order_number}: {error}") from None


def _encoded(profile: Profile, body: str) -> bytes:
    if profile.declaration:
        body = f'<?xml version="1.0" encoding="{profile.encoding}"?>{profile.newline}{body}'
    # What the encoding lacks becomes a numeric reference, the same character to any XML reader.
    content = body.encode(profile.encoding, errors="xmlcharrefreplace")
    return codecs.BOM_UTF8 + content if profile.bom else content
