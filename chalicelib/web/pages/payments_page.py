"""Payment control: what was booked in a period by payment method and day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from chalicelib.domain.adding_sheet import add_up_payments, add_up_sheet
from chalicelib.domain.file_returns import PaymentTotal
from chalicelib.domain.money import total
from chalicelib.domain.payment_control import DayOfPayments, MethodTotal, total_days, total_methods
from chalicelib.domain.period_files import PeriodFiles
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.operating.vat_return import read_period_files
from chalicelib.web.http.csv_files import Cell
from chalicelib.web.http.http_messages import Response, redirect
from chalicelib.web.http.visits import is_asked_for
from chalicelib.web.pages.asked_period import find_asked_period
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
    """What the page shows: the payments of the `files` of a period."""

    files: PeriodFiles
    payments: Sequence[PaymentTotal]

    @property
    def methods(self) -> list[MethodTotal]:
        return total_methods(self.payments)

    @property
    def days(self) -> list[DayOfPayments]:
        return total_days(self.payments)

    @property
    def documents(self) -> int:
        return sum(each.documents for each in self.payments)

    @property
    def incl(self) -> Decimal:
        return total(each.incl for each in self.payments)

    @property
    def difference(self) -> Decimal:
        """What the payments come to more than the VAT sheet of the same files."""
        sheet = add_up_sheet(self.files)
        return self.incl - sheet.excl - sheet.vat


def render_payments(call: Call) -> Response:
    """``GET /vat/payments``: totals of a period (see `find_asked_period`) by payment
    method and by day.
    """
    asked = find_asked_period(call)
    files = read_period_files(call.workspace, asked.period)
    return call.render(
        "vat_payments.html",
        status=asked.status,
        asked=asked,
        look=_Look(files=files, payments=add_up_payments(files)),
        name_method=_name_methods(call),
        name_code=_name_codes(call),
        write=Writing(call.templates, files.currency),
    )


def send_payments(call: Call) -> Response:
    """``GET /vat/payments.csv``: a line for each day and method; sums are left to the
    spreadsheet. A period that is none leads back to the page.
    """
    asked = find_asked_period(call)
    if asked.problems:
        return redirect(call.build_url("vat", "payments"))
    files = read_period_files(call.workspace, asked.period)
    name_method, name_code = _name_methods(call), _name_codes(call)
    rows: list[list[Cell]] = [
        [
            each.day,
            name_method(each.method),
            each.method,
            name_code(each.code),
            each.documents,
            each.incl,
            files.currency,
        ]
        for each in add_up_payments(files)
    ]
    headings: list[Cell] = [*map(call.templates.say, _HEADINGS)]
    named = call.templates.say(msgid("payments"))
    return send_rows(call, [headings, *rows], f"{named}-{asked.file_part}")


def _name_methods(call: Call) -> Callable[[str], str]:
    """What a method is called in the shop, by its key; the key itself where that is not known."""
    methods = list_methods(call)[0] if is_asked_for(call.request) else []
    titles: Mapping[str, str] = {each.key: " ".join(each.title.split()) for each in methods}
    nameless = call.templates.say(_NO_METHOD)
    return lambda key: titles.get(key) or key or nameless


def _name_codes(call: Call) -> Callable[[str], str]:
    """What a payment code is called in Asperion."""
    labels = {each.code: each.label for each in call.workspace.profile.payments}
    left = call.templates.say(_NO_CODE)
    return lambda code: labels.get(code, code) if code else left
