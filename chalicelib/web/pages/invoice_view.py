"""One invoice as a page shows it: in words, in figures, and as it stands in the import file."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from markupsafe import Markup, escape

from chalicelib.axml import Profile
from chalicelib.domain.invoices import Invoice
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.supposing import render_invoices
from chalicelib.web.pages.call import Call
from chalicelib.web.texts.localisation import format_number, format_unit_price
from chalicelib.web.texts.try_out_texts import BY_ASPERION, CLASSES

MOST_SHOWN = 600_000

_TAG = r"<[^>]*>"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineView:
    """A line's quantity and its price for one, without VAT, as people write them."""

    quantity: str
    unit_price: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceView:
    """An invoice with what the template `_invoice.html` needs beside it: `classes` are Asperion's
    of each of its `totals`. `lines` and `xml` are left out when they find no room on the page.
    """

    invoice: Invoice
    payment: str
    classes: tuple[str, ...]
    lines: tuple[LineView, ...] = ()
    xml: Markup | None = None


@dataclass(slots=True)
class Room:
    """How many bytes of XML a page may still show: Lambda answers with 6 MB at the most, and what
    is in an invoice is there twice, with its markup.
    """

    left: int = MOST_SHOWN

    def take(self, xml: str) -> bool:
        """Whether there is room for it, as it is sent."""
        size = len(json.dumps(xml))
        if size > self.left:
            return False
        self.left -= size
        return True


def show_invoice(call: Call, invoice: Invoice, room: Room) -> InvoiceView:
    """The invoice in the language of the pages. Raises `ProfileError`, `RenderedWrong`."""
    templates = call.templates
    classes = (templates.say(CLASSES[total.treatment.vat_class]) for total in invoice.totals)
    view = InvoiceView(
        invoice=invoice,
        payment=name_payment(call, invoice.payment_code),
        classes=tuple(classes),
    )
    xml = _write_xml(call.workspace.profile, invoice)
    if not room.take(xml):
        return view
    lines = [
        LineView(
            quantity=format_number(line.quantity, templates.language),
            unit_price=format_unit_price(line.unit_excl, invoice.currency, templates.language),
        )
        for line in invoice.lines
    ]
    return replace(view, lines=tuple(lines), xml=highlight_xml(xml))


def name_payment(call: Call, code: str | None) -> str:
    """A payment method of Asperion's as the settings call it."""
    if code is None:
        return call.templates.say(BY_ASPERION)
    names = {payment.code: payment.label for payment in call.workspace.profile.payments}
    return names.get(code, code)


def highlight_xml(text: str) -> Markup:
    """XML as HTML, with its tags set apart from what they contain."""
    parts, at = list[Markup](), 0
    for tag in re.finditer(_TAG, text):
        parts += [
            escape(text[at : tag.start()]),
            Markup('<span class="tag">{}</span>').format(tag[0]),
        ]
        at = tag.end()
    return Markup().join([*parts, escape(text[at:])])


def _write_xml(profile: Profile, invoice: Invoice) -> str:
    """The import file with this invoice alone."""
    content = render_invoices(profile, [invoice])
    return content.decode(profile.declaration.file.encoding).removeprefix("\ufeff").rstrip()
