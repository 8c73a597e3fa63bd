"""Sales invoices over the API: as it shows them, finds them, takes and deletes them."""

from datetime import date, timedelta
from typing import Any

from flask import Response, request

from sandbox.asperion.booked_invoices import Invoice
from sandbox.asperion.bookkeeping import BookingError
from sandbox.asperion.rest_debtors import answer_validated, asks_to_validate, write_moment
from sandbox.asperion.rest_envelopes import answer_list
from sandbox.asperion.rest_fields import read_body
from sandbox.asperion.rest_filters import FilterKind, Filters, Row
from sandbox.asperion.rest_gate import Caller
from sandbox.asperion.rest_posting import read_invoice
from sandbox.asperion.rest_replies import Json, RestError, answer_json
from sandbox.asperion.rest_texts import Said

LINES_PER_INVOICE = 1000
"""Ids of lines are counted within this many for each invoice."""

FILTERS: Filters = {
    "Id": FilterKind.WHOLE,
    "Bookyear": FilterKind.WHOLE,
    "Bookperiod": FilterKind.WHOLE,
    "Date": FilterKind.DAY,
    "DebtorCustomerNumber": FilterKind.EXACT,
    "DebtorId": FilterKind.WHOLE,
    "Description": FilterKind.DESCRIPTION,
    "InvoiceNumber": FilterKind.COMPARED,
    "JournalId": FilterKind.EXACT,
    "Status": FilterKind.WHOLE,
    "AmountExclVat": FilterKind.AMOUNT,
    "AmountInclVat": FilterKind.AMOUNT,
    "VatAmount": FilterKind.AMOUNT,
    "PaymentConditionId": FilterKind.WHOLE,
    "CostCenterId": FilterKind.WHOLE,
}


def list_invoices(caller: Caller, *, has_lines: bool) -> Response:
    """GET salesinvoices or salesinvoiceswithlines, by id."""
    invoices = sorted(caller.administration.books.invoices(), key=lambda invoice: invoice.id)
    rows = [_make_row(caller, each, has_lines=has_lines) for each in invoices]
    return answer_list(caller, rows, FILTERS)


def give_invoice(caller: Caller, invoice_id: int, *, has_lines: bool) -> Response:
    """GET salesinvoices/{id} or salesinvoiceswithlines/{id}. Raises RestError 404."""
    invoice = find_invoice(caller, invoice_id)
    return answer_json({**show_invoice(caller, invoice, has_lines=has_lines), "_meta": _self()})


def find_invoice(caller: Caller, invoice_id: int) -> Invoice:
    """An invoice of the administration. Raises RestError 404."""
    invoice = caller.administration.books.invoice(invoice_id)
    if invoice is None:
        raise RestError(404, Said.NOT_FOUND)
    return invoice


def add_invoice(caller: Caller) -> Response:
    """POST salesinvoiceswithlines: a concept, each time. Raises RestError 400."""
    posted = read_invoice(caller, read_body())
    books, now = caller.administration.books, caller.administration.clock()
    if asks_to_validate():
        return answer_validated(caller, show_invoice(caller, books.draft(posted, now)))
    invoice = books.post(posted, now)
    return answer_json(
        {
            **show_invoice(caller, invoice),
            "_meta": {"self": f"{request.base_url}/{invoice.id}"},
        },
        201,
    )


def delete_invoice(caller: Caller, invoice_id: int) -> Response:
    """DELETE salesinvoiceswithlines/{id}, where that is switched on. Raises RestError."""
    if caller.guesses.deletion == "off":
        raise RestError(405, Said.NO_SUCH_VERB, headers={"Allow": "GET"})
    find_invoice(caller, invoice_id)
    try:
        caller.administration.books.delete([invoice_id])
    except BookingError:
        raise RestError(409, Said.FINAL) from None
    return Response("", 204)


def attach_file(caller: Caller, invoice_id: int) -> Response:
    """POST salesinvoiceswithlines/{id}/file: the field File of a form. Raises RestError."""
    invoice = find_invoice(caller, invoice_id)
    upload = request.files.get("File")
    if upload is None or not upload.filename:
        raise RestError(400, Said.INVALID, {"File": [(Said.NO_FILE, ())]})
    name = upload.filename.replace("\\", "/").rpartition("/")[2]
    size = len(upload.read())
    if not asks_to_validate():
        invoice.attachments.append(name)
    shown = {
        "id": f"{invoice.id}-{len(invoice.attachments)}",
        "name": name,
        "type": upload.mimetype,
        "extension": name.rpartition(".")[2],
        "size": size,
        "createdOn": write_moment(caller.administration.clock()),
        "fileUrl": f"{request.base_url}/{len(invoice.attachments)}",
    }
    return answer_json(shown, 201)


def show_invoice(caller: Caller, invoice: Invoice, *, has_lines: bool = True) -> Json:
    """An invoice in the API's fields."""
    journal = caller.administration.books.chart.find_journal(invoice.journal)
    shown: dict[str, Any] = {
        "id": invoice.id,
        "date": _write_day(invoice.date),
        "bookyear": invoice.date.year,
        "bookperiod": invoice.date.month,
        "debtorCustomerNumber": invoice.debtor.number,
        "description": invoice.order.description,
        "invoiceNumber": invoice.number,
        "journalId": journal.id if journal else None,
        "paymentConditionId": invoice.payment_condition,
        "paymentDueDate": _write_day(_find_due_day(caller, invoice)),
        "amountExclVat": invoice.excl,
        "amountInclVat": invoice.incl,
        "vatAmount": invoice.vat,
        "status": invoice.stage,
    }
    if has_lines:
        lines = _show_lines(caller, invoice)
        shown["lines"] = {"_data": lines, "_meta": {"totalCount": len(lines)}}
    return shown


def _make_row(caller: Caller, invoice: Invoice, *, has_lines: bool) -> Row:
    shown = show_invoice(caller, invoice, has_lines=has_lines)
    hidden = {"debtorId": invoice.debtor.id}
    return Row(shown, made_at=invoice.imported_at, hidden=hidden)


def _show_lines(caller: Caller, invoice: Invoice) -> list[Json]:
    is_incl = caller.guesses.line_amounts == "incl"
    rows = zip(invoice.order.lines, invoice.vat_codes, invoice.accounts, strict=True)
    return [
        {
            "id": invoice.id * LINES_PER_INVOICE + place if invoice.id else None,
            "amount": line.incl if is_incl else line.excl,
            "vatAmount": line.vat,
            "vatCode": code or None,
            "ledgerAccountId": account,
            "costCenterId": None,
            "costUnitId": None,
            "description": line.description or None,
        }
        for place, (line, code, account) in enumerate(rows, start=1)
    ]


def _find_due_day(caller: Caller, invoice: Invoice) -> date:
    condition_id = invoice.payment_condition
    condition = caller.administration.books.chart.condition(condition_id) if condition_id else None
    return invoice.due or invoice.date + timedelta(days=condition.days if condition else 0)


def _write_day(day: date) -> str:
    return f"{day:%Y-%m-%d}T00:00:00"


def _self() -> Json:
    return {"self": request.url}
