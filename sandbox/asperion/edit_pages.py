"""Page: changing a concept invoice by hand."""

import re
from collections.abc import Mapping
from decimal import Decimal

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response

from sandbox.asperion.administration_state import Administration
from sandbox.asperion.asperion_store import Store
from sandbox.asperion.booked_invoices import Invoice
from sandbox.asperion.bookkeeping import BookingError
from sandbox.asperion.concept_edits import LineEdit, edit_concept
from sandbox.asperion.page_frame import back, page

_AMOUNT = re.compile(r"-?\d{1,8}(?:[.,]\d{1,2})?", re.ASCII)


def edit_routes(store: Store) -> Blueprint:
    """Build the routes of the page that changes a concept."""
    routes = Blueprint("edits", __name__)

    @routes.get("/<licence>/invoices/<int:invoice_id>/edit")
    def form(licence: str, invoice_id: int) -> str:
        administration = store.administration(licence)
        with administration.lock:
            invoice = _find_invoice(administration, invoice_id)
            codes = [code for code in administration.books.codes.codes() if code.is_sales]
            return page(administration, "edit.html", invoice=invoice, codes=codes)

    @routes.post("/<licence>/invoices/<int:invoice_id>/edit")
    def save(licence: str, invoice_id: int) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            invoice = _find_invoice(administration, invoice_id)
            try:
                edits, text = _read_edits(invoice), request.form.get("description", "").strip()
                edit_concept(administration.books, invoice, edits, text)
            except BookingError:
                return back(
                    "edits.form", licence=licence, invoice_id=invoice_id, notice="not-edited"
                )
        return back("pages.invoice", licence=licence, invoice_id=invoice_id, notice="edited")

    return routes


def _find_invoice(administration: Administration, invoice_id: int) -> Invoice:
    invoice = administration.books.invoice(invoice_id)
    if invoice is None:
        abort(404)
    return invoice


def _read_edits(invoice: Invoice) -> Mapping[int, LineEdit]:
    """What the form says of each line. Raises BookingError for an amount that is none."""
    edits = {}
    for line, code in zip(invoice.order.lines, invoice.vat_codes, strict=True):
        excl = _read_amount(request.form.get(f"excl-{line.number}"))
        chosen = request.form.get(f"code-{line.number}") or None
        if excl not in (None, line.excl) or chosen not in (None, code):
            edits[line.number] = LineEdit(excl, vat_code=None if chosen == code else chosen)
    return edits


def _read_amount(given: str | None) -> Decimal | None:
    if given is None or not given.strip():
        return None
    if not _AMOUNT.fullmatch(given.strip()):
        raise BookingError("Het bedrag is geen getal met hooguit twee cijfers achter de komma.")
    return Decimal(given.strip().replace(",", ".")).quantize(Decimal("0.01"))
