"""JSON for tests under /_control/{licence}: what a person changes in the books by hand."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from sandbox.asperion import as_json
from sandbox.asperion.administration_state import Administration
from sandbox.asperion.asperion_store import Store
from sandbox.asperion.booked_invoices import CONCEPT_STAGES, FINAL_STAGES, Invoice
from sandbox.asperion.bookkeeping import BookingError
from sandbox.asperion.concept_edits import LineEdit, edit_concept


def books_control_routes(store: Store) -> Blueprint:
    """Build the routes; what is not there is a 404, what the books do not allow a 409."""
    routes = Blueprint("books_control", __name__, url_prefix="/_control/<licence>")
    _add_invoices(routes, store)
    _add_debtors(routes, store)
    _add_lists(routes, store)

    @routes.errorhandler(BookingError)
    def refuse(error: BookingError) -> tuple[Response, int]:
        return jsonify(error=str(error)), 409

    return routes


def _add_invoices(routes: Blueprint, store: Store) -> None:
    @routes.post("/invoices/<int:invoice_id>")
    def change(licence: str, invoice_id: int) -> Response:
        """`description`; `lines`, by number, with `excl`, `vat` and `vat_code`; `stage`, the
        status that the API shows: 2, 3, 6 and 7 make the invoice final, 8 holds a concept.
        """
        given, administration = _read_object(), store.administration(licence)
        with administration.lock:
            invoice = _find_invoice(administration, invoice_id)
            if "description" in given or "lines" in given:
                edits = _read_edits(given.get("lines", {}))
                edit_concept(administration.books, invoice, edits, given.get("description"))
            if "stage" in given:
                _set_stage(administration, invoice, int(given["stage"]))
            return jsonify(as_json.invoice_json(invoice))

    @routes.delete("/invoices/<int:invoice_id>")
    def delete(licence: str, invoice_id: int) -> tuple[str, int]:
        administration = store.administration(licence)
        with administration.lock:
            _find_invoice(administration, invoice_id)
            administration.books.delete([invoice_id])
        return "", 204


def _add_debtors(routes: Blueprint, store: Store) -> None:
    @routes.get("/debtors")
    def debtors(licence: str) -> Response:
        administration = store.administration(licence)
        with administration.lock:
            found = administration.books.debtors.all()
            return jsonify([as_json.debtor_json(debtor) for debtor in found])

    @routes.post("/debtors/<int:debtor_id>")
    def change_debtor(licence: str, debtor_id: int) -> tuple[str, int]:
        """`blocked`, or `merge_into`: the id of the debtor that gets its invoices."""
        given, administration = _read_object(), store.administration(licence)
        with administration.lock:
            books, now = administration.books, administration.clock()
            if "merge_into" in given:
                is_done = books.merge(debtor_id, int(given["merge_into"]))
            else:
                is_blocked = bool(given.get("blocked", True))
                is_done = books.debtors.block(debtor_id, now, is_blocked=is_blocked)
        return "", 204 if is_done else 404


def _add_lists(routes: Blueprint, store: Store) -> None:
    @routes.post("/codes/<code>")
    def end_code(licence: str, code: str) -> tuple[str, int]:
        """`last`: the last day that the VAT code may be used, or null."""
        given, administration = _read_object().get("last"), store.administration(licence)
        last = date.fromisoformat(given) if given else None
        with administration.lock:
            is_done = administration.books.codes.end(code, last)
        return "", 204 if is_done else 404

    @routes.delete("/codes/<code>")
    def remove_code(licence: str, code: str) -> tuple[str, int]:
        administration = store.administration(licence)
        with administration.lock:
            is_done = administration.books.codes.remove(code)
        return "", 204 if is_done else 404

    @routes.post("/accounts/<int:account>")
    def disable(licence: str, account: int) -> tuple[str, int]:
        """`disabled`: true or false."""
        is_disabled = bool(_read_object().get("disabled", True))
        administration = store.administration(licence)
        with administration.lock:
            chart = administration.books.chart
            is_done = chart.disable_account(account, is_disabled=is_disabled)
        return "", 204 if is_done else 404


def _set_stage(administration: Administration, invoice: Invoice, stage: int) -> None:
    """Give an invoice a status of the API. Raises BookingError for a step back from final."""
    if stage in FINAL_STAGES:
        administration.books.finalise([invoice.id], stage)
    elif stage not in CONCEPT_STAGES:
        raise BookingError(f"Er is geen status {stage}.")
    elif invoice.number:
        raise BookingError("Een definitieve factuur wordt geen concept meer.")
    invoice.stage = stage


def _find_invoice(administration: Administration, invoice_id: int) -> Invoice:
    invoice = administration.books.invoice(invoice_id)
    if invoice is None:
        abort(404)
    return invoice


def _read_edits(given: Mapping[str, Mapping[str, Any]]) -> dict[int, LineEdit]:
    return {
        int(number): LineEdit(
            _read_amount(edit.get("excl")), _read_amount(edit.get("vat")), edit.get("vat_code")
        )
        for number, edit in given.items()
    }


def _read_amount(given: object) -> Decimal | None:
    try:
        return None if given is None else Decimal(str(given)).quantize(Decimal("0.01"))
    except InvalidOperation:
        abort(400)


def _read_object() -> Mapping[str, Any]:
    given = request.get_json(silent=True)
    if given is not None and not isinstance(given, dict):
        abort(400)
    return given or {}
