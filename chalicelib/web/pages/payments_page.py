"""Payment control: what was booked in a period by payment method and day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from chalicelib.domain.money import total
from chalicelib.domain.payment_control import DayOfPayments, MethodTotal, total_days, total_methods
from chalicelib.domain.vat_sheet import PaymentSheet
from chalicelib.usecases.operating.vat_return import read_payments, read_sheet
from chalicelib.web.http.csv_files import Cell
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.http.visits import is_asked_for
from chalicelib.web.pages.asked_period import AskedPeriod, find_asked_period
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.downloads import send_rows
from chalicelib.web.pages.subject_page import list_methods
from chalicelib.web.pages.written_amounts import Writing
from chalicelib.web.texts.localisation import list_msgids, msgid

_HEADINGS = list_msgids(
    *("Day", "Payment method", "Key in SEOshop", "In Asperion", "Invoices", "With VAT"), "Currency"
)
_NO_METHOD = msgid("Without a payment method")
_NO_CODE = msgid("Left to Asperion")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What the page shows: `difference` is how much the payments come to more than the VAT sheet of
    the period.
    """

    sheet: PaymentSheet
    difference: Decimal

    @property
    def methods(self) -> list[MethodTotal]:
        return total_methods(self.sheet.payments)

    @property
    def days(self) -> list[DayOfPayments]:
        return total_days(self.sheet.payments)

    @property
    def documents(self) -> int:
        return sum(each.documents for each in self.sheet.payments)

    @property
    def incl(self) -> Decimal:
        return total(each.incl for each in self.sheet.payments)


def render_payments(call: Call) -> Response:
    """``GET /vat/payments``: totals of a period (see `find_asked_period`) by payment
    method and by day.
    """
    asked = find_asked_period(call)
    look = _look_at_payments(call, asked)
    return call.render(
        "vat_payments.html",
        status=asked.status,
        asked=asked,
        look=look,
        name_method=_name_methods(call),
        name_code=_name_codes(call),
        write=Writing(call.templates, look.sheet.currency),
    )


def send_payments(call: Call) -> Response:
    """``GET /vat/payments.csv``: a line for each day and method; sums are left to the
    spreadsheet. A period that is none leads back to the page.
    """
    asked = find_asked_period(call)
    if asked.problems:
        return redirect(call.build_url("vat", "payments"))
    sheet = read_payments(call.workspace, asked.period)
    name_method, name_code = _name_methods(call), _name_codes(call)
    rows: list[list[Cell]] = [
        [
            each.day,
            name_method(each.method),
            each.method,
            name_code(each.code),
            each.documents,
            each.incl,
            sheet.currency,
        ]
        for each in sheet.payments
    ]
    headings: list[Cell] = [*map(call.templates.say, _HEADINGS)]
    named = call.templates.say(msgid("payments"))
    return send_rows(call, [headings, *rows], f"{named}-{asked.file_part}")


def _look_at_payments(call: Call, asked: AskedPeriod) -> _Look:
    payments = read_payments(call.workspace, asked.period)
    sheet = read_sheet(call.workspace, asked.period)
    incl = total(each.incl for each in payments.payments)
    return _Look(sheet=payments, difference=incl - sheet.excl - sheet.vat)


def _name_methods(call: Call) -> Callable[[str], str]:
    """What a method is called in the shop, by its key; the key itself where that is not known."""
    methods = list_methods(call)[0] if is_asked_for(call.request) else []
    titles: Mapping[str, str] = {each.key: " ".join(each.title.split()) for each in methods}
    nameless = call.templates.say(_NO_METHOD)
    return lambda key: titles.get(key) or key or nameless


def _name_codes(call: Call) -> Callable[[str], str]:
    """What a payment code is called in Asperion."""
    labels = {each.code: each.label for each in call.connector.profile().payments}
    left = call.templates.say(_NO_CODE)
    return lambda code: labels.get(code, code) if code else left
