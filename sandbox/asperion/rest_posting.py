"""Reading a sales invoice that the API is given: every known field checked against the books."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sandbox.asperion.booked_invoices import PostedInvoice
from sandbox.asperion.chart_of_accounts import RESULT, SALES
from sandbox.asperion.code_table import VatCode
from sandbox.asperion.debtor_cards import Debtor
from sandbox.asperion.imported_orders import Line, Order
from sandbox.asperion.rest_fields import FieldReader
from sandbox.asperion.rest_gate import Caller
from sandbox.asperion.rest_replies import Findings, RestError
from sandbox.asperion.rest_texts import Said
from sandbox.asperion.vat_classes import cents

FIRST_REVENUE, LAST_REVENUE = 8000, 8999


def read_invoice(caller: Caller, body: Mapping[str, Any]) -> PostedInvoice:
    """The invoice of an object. Raises RestError 400 with all that is wrong with it."""
    findings: Findings = {}
    reader = FieldReader(body, findings)
    books = caller.administration.books
    debtor = _read_debtor(caller, reader)
    day = _read_day(caller, reader)
    journal = _read_journal(caller, reader)
    condition_id = reader.whole("paymentConditionId") or None
    condition = books.chart.condition(condition_id) if condition_id else None
    if condition_id and condition is None:
        reader.find("paymentConditionId", Said.UNKNOWN_VALUE, condition_id)
    description = (reader.text("description") or "").strip()
    due = reader.day("paymentDueDate")
    for name in ("bookyear", "bookperiod", "status"):
        reader.whole(name)
    reader.text("invoiceNumber")
    lines = [
        _read_line(caller, FieldReader(each, findings, f"lines[{place}]."), place + 1, day)
        for place, each in enumerate(_read_lines(caller, reader, body.get("lines")))
    ]
    if findings or debtor is None or day is None:
        raise RestError(400, Said.INVALID, findings)
    order = Order(
        number="",
        date=day,
        description=description,
        payment_code=condition.description if condition else "",
        debtor=debtor.details,
        lines=tuple(line for line, _, _ in lines),
    )
    return PostedInvoice(
        order=order,
        debtor=debtor,
        journal=journal,
        vat_codes=tuple(code for _, code, _ in lines),
        accounts=tuple(account for _, _, account in lines),
        payment_condition=condition_id,
        due=due,
    )


def _read_debtor(caller: Caller, reader: FieldReader) -> Debtor | None:
    debtors = caller.administration.books.debtors
    number = reader.text("debtorCustomerNumber")
    if not number and caller.guesses.debtor_field == "either":
        debtor_id = reader.whole("debtorId")
        found = debtors.get(debtor_id) if debtor_id else None
        number = found.number if found else number
    if not number:
        reader.demand("debtorCustomerNumber")
        return None
    debtor = debtors.by_number.get(number)
    if debtor is None:
        reader.find("debtorCustomerNumber", Said.UNKNOWN_DEBTOR, number)
    elif debtor.is_blocked:
        reader.find("debtorCustomerNumber", Said.BLOCKED_DEBTOR, number)
    return debtor


def _read_day(caller: Caller, reader: FieldReader) -> date | None:
    day = reader.day("date") if reader.demand("date") else None
    locked = caller.administration.locked_until
    if day and locked and day <= locked:
        reader.find("date", Said.PERIOD_LOCKED, f"{locked:%d-%m-%Y}")
    return day


def _read_journal(caller: Caller, reader: FieldReader) -> str:
    journal_id = reader.text("journalId") if reader.demand("journalId") else None
    if journal_id is None:
        return ""
    journal = caller.administration.books.chart.journal(journal_id)
    if journal is None:
        reader.find("journalId", Said.UNKNOWN_VALUE, journal_id)
        return ""
    if journal.type != SALES:
        reader.find("journalId", Said.NOT_SALES_JOURNAL, journal_id)
    return journal.description


def _read_lines(caller: Caller, reader: FieldReader, given: object) -> Sequence[Mapping[str, Any]]:
    if given is None:
        reader.find("lines", Said.REQUIRED)
        return ()
    found = given.get("_data") if isinstance(given, Mapping) else None
    if isinstance(given, list) and caller.guesses.lines_form == "either":
        found = given
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        reader.find("lines", Said.NOT_LINES)
        return ()
    if not found:
        reader.find("lines", Said.NO_LINES)
    return found


def _read_line(
    caller: Caller, reader: FieldReader, number: int, day: date | None
) -> tuple[Line, str, int | None]:
    amount = reader.amount("amount") if reader.demand("amount") else None
    vat = reader.amount("vatAmount")
    code = _read_code(caller, reader, day)
    account = _read_account(caller, reader)
    for name in ("costCenterId", "costUnitId"):
        reader.whole(name)
    rate = code.rate if code else Decimal(0)
    excl, vat = _divide(caller, amount or Decimal("0.00"), vat, rate)
    line = Line(
        number=number,
        article_code="",
        description=(reader.text("description") or "").strip(),
        quantity=Decimal(1),
        unit_excl=None,
        unit_incl=None,
        rate=rate,
        excl=excl,
        vat=vat,
        incl=excl + vat,
        vat_kind=code.kind_of_line if code else "",
        vat_country=code.country_of_line if code else "",
    )
    return line, code.id if code else "", account


def _divide(
    caller: Caller, amount: Decimal, vat: Decimal | None, rate: Decimal
) -> tuple[Decimal, Decimal]:
    """The amount without VAT, and the VAT: that which is given, else that of the rate."""
    if caller.guesses.line_amounts == "incl":
        vat = cents(amount * rate / (100 + rate)) if vat is None else vat
        return amount - vat, vat
    return amount, cents(amount * rate / 100) if vat is None else vat


def _read_code(caller: Caller, reader: FieldReader, day: date | None) -> VatCode | None:
    code_id = reader.text("vatCode") if reader.demand("vatCode") else None
    if code_id is None:
        return None
    code = caller.administration.books.codes.get(code_id)
    if code is None:
        reader.find("vatCode", Said.UNKNOWN_VALUE, code_id)
    elif not code.is_sales:
        reader.find("vatCode", Said.PURCHASE_CODE, code_id)
    elif day and not code.is_valid(day):
        reader.find("vatCode", Said.CODE_NOT_VALID, code_id, f"{day:%d-%m-%Y}")
    return code


def _read_account(caller: Caller, reader: FieldReader) -> int | None:
    number = reader.whole("ledgerAccountId") if reader.demand("ledgerAccountId") else None
    if number is None:
        return None
    account = caller.administration.books.chart.accounts.get(number)
    if account is None:
        reader.find("ledgerAccountId", Said.UNKNOWN_VALUE, number)
    elif account.is_disabled:
        reader.find("ledgerAccountId", Said.DISABLED_ACCOUNT, number)
    elif account.type != RESULT or not FIRST_REVENUE <= number <= LAST_REVENUE:
        reader.find("ledgerAccountId", Said.NO_REVENUE, number)
    return number
