"""A comparison of two policies as the template `_comparison.html` shows it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal
from chalicelib.domain.holds import Hold
from chalicelib.domain.invoices import Invoice, VatTreatment
from chalicelib.domain.judgement import Verdict, pick_invoices
from chalicelib.domain.money import total
from chalicelib.domain.totals import sum_by_treatment
from chalicelib.domain.verdict_changes import Difference
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.judging.page_reading import Extent, Stop
from chalicelib.usecases.judging.trying_out import Compared, Comparison
from chalicelib.web.pages.call import Call
from chalicelib.web.pages.invoice_view import name_payment
from chalicelib.web.texts.biography_texts import DROP_CAUSES
from chalicelib.web.texts.hold_texts import find_hold_text
from chalicelib.web.texts.localisation import Msgids
from chalicelib.web.texts.state_labels import Label
from chalicelib.web.texts.try_out_texts import (
    BOOKED,
    CLASSES,
    DIFFERENCES,
    HELD,
    IN_CLASS,
    LEFT_OUT,
    STOPS,
    UNBILLED,
    find_label,
)


class Change(NamedTuple):
    """What differs (its English source), and how it is before and after."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedView:
    """A sale that would be booked otherwise; `address` is that of its own page here."""

    number: str
    address: str
    label: Label
    changes: tuple[Change, ...]


class TreatmentRow(NamedTuple):
    """What all sales add up to under one treatment, before and after, with the class of Asperion's
    that it is booked in.
    """

    treatment: VatTreatment
    vat_class: str
    before: TreatmentTotal
    after: TreatmentTotal


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """What `_comparison.html` shows: which of `read` sales differ, what all add up to, and in which
    words (English sources) it says what stopped the reading.
    """

    read: int
    sales: tuple[ComparedView, ...]
    rows: tuple[TreatmentRow, ...]
    before: CoverSheet
    after: CoverSheet
    extent: Extent
    stops: Msgids[Stop]


def show_comparison(call: Call, comparison: Comparison) -> ComparisonView:
    """The comparison in the language of the pages."""
    nothing = CoverSheet(currency=call.shop.currency)
    before, after = comparison.before or nothing, comparison.after or nothing
    return ComparisonView(
        read=comparison.extent.read,
        sales=tuple(_show_sale(call, sale) for sale in comparison.changed),
        rows=tuple(_pair_totals(call, before, after)),
        before=before,
        after=after,
        extent=comparison.extent,
        stops=STOPS,
    )


def _show_sale(call: Call, sale: Compared) -> ComparedView:
    number = sale.hint.number
    return ComparedView(
        number=number,
        address=call.build_url("orders", number, *([] if sale.entry else ["invoice"])),
        label=find_label(sale.entry),
        changes=tuple(
            Change(
                what=DIFFERENCES[difference],
                before=_describe(call, difference, sale.before),
                after=_describe(call, difference, sale.after),
            )
            for difference in sale.differences
        ),
    )


def _describe(call: Call, difference: Difference, verdicts: Sequence[Verdict]) -> str:
    """One side of a difference in words."""
    invoices = pick_invoices(verdicts)
    describe = _DESCRIBED.get(difference)
    return describe(call, invoices) if describe else _describe_fate(call, verdicts, invoices)


def _describe_fate(call: Call, verdicts: Sequence[Verdict], invoices: Sequence[Invoice]) -> str:
    """What becomes of a sale."""
    say = call.templates.say
    if not verdicts:
        return say(UNBILLED)
    held = [verdict for verdict in verdicts if isinstance(verdict, Hold)]
    if held:
        return say(HELD, what=say(find_hold_text(held[0].reason, detail=held[0].detail).what))
    if invoices:
        return say(BOOKED, amount=_write_amount(call, invoices))
    left_out = [verdict.cause for verdict in verdicts if not isinstance(verdict, Invoice | Hold)]
    return say(LEFT_OUT, cause=say(DROP_CAUSES[left_out[0]]))


def _write_amount(call: Call, invoices: Sequence[Invoice]) -> str:
    amount = total(invoice.incl for invoice in invoices)
    return call.templates.write_money(amount, call.shop.currency)


def _write_days(call: Call, invoices: Sequence[Invoice]) -> str:
    days = sorted({invoice.day for invoice in invoices})
    return ", ".join(map(call.templates.dates.format_day, days))


def _write_payments(call: Call, invoices: Sequence[Invoice]) -> str:
    codes = dict.fromkeys(invoice.payment_code for invoice in invoices)
    return ", ".join(name_payment(call, code) for code in codes)


def _write_treatments(call: Call, invoices: Sequence[Invoice]) -> str:
    templates, currency = call.templates, call.shop.currency
    lines = [line for invoice in invoices for line in invoice.lines]
    parts = [
        templates.say(
            IN_CLASS,
            treatment=templates.write_treatment(each.treatment, call.shop.country),
            vat_class=templates.say(CLASSES[each.treatment.vat_class]),
            excl=templates.write_money(each.excl, currency),
            vat=templates.write_money(each.vat, currency),
        )
        for each in sum_by_treatment(lines)
    ]
    return "; ".join(parts)


_DESCRIBED: dict[Difference, Callable[[Call, Sequence[Invoice]], str]] = {
    Difference.DOCUMENTS: lambda _, invoices: str(len(invoices)),
    Difference.DAY: _write_days,
    Difference.VAT: _write_treatments,
    Difference.AMOUNT: _write_amount,
    Difference.PAYMENT: _write_payments,
}


def _pair_totals(call: Call, before: CoverSheet, after: CoverSheet) -> list[TreatmentRow]:
    """The totals of both sides by treatment, the highest rate first."""
    old = {each.treatment: each for each in before.totals}
    new = {each.treatment: each for each in after.totals}
    treatments = sorted(
        {**old, **new}, key=lambda one: (-one.rate, one.country, one.kind, one.vat_class)
    )
    return [
        TreatmentRow(
            treatment=treatment,
            vat_class=call.templates.say(CLASSES[treatment.vat_class]),
            before=old.get(treatment, TreatmentTotal(treatment=treatment)),
            after=new.get(treatment, TreatmentTotal(treatment=treatment)),
        )
        for treatment in treatments
    ]
