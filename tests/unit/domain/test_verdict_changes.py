"""In what a sale would be booked otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue, Verdict, judge
from chalicelib.domain.policy import VatClass
from chalicelib.domain.verdict_changes import Difference, list_differences
from tests.fakes.documents_of_shop import order, terms


def make_invoice() -> Invoice:
    verdict = judge(order(), terms())
    assert isinstance(verdict, Invoice)
    return verdict


BOOKED = make_invoice()
HELD = Hold(HoldReason.CURRENCY, "USD")
OUT = NotDue(DropCause.NOT_PAID)
(TOTAL,) = BOOKED.totals
LOW = replace(TOTAL, treatment=replace(TOTAL.treatment, vat_class=VatClass.LOW))
LESS = replace(TOTAL, excl=Decimal("10.00"), vat=Decimal("2.10"), incl=Decimal("12.10"))


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ([BOOKED], [BOOKED], []),
        ([HELD], [HELD], []),
        ([OUT], [NotDue(DropCause.CANCELLED)], []),
        ([], [OUT], []),
        ([OUT], [BOOKED], [Difference.TAKEN_IN]),
        ([], [BOOKED], [Difference.TAKEN_IN]),
        ([HELD], [BOOKED], [Difference.FREED]),
        ([BOOKED], [HELD], [Difference.HELD]),
        ([OUT], [HELD], [Difference.HELD]),
        ([BOOKED], [OUT], [Difference.LEFT_OUT]),
        ([HELD], [OUT], [Difference.LEFT_OUT]),
        ([HELD], [Hold(HoldReason.EMAIL_MISSING)], [Difference.OTHER_HOLD]),
        ([HELD], [Hold(HoldReason.CURRENCY, "GBP")], [Difference.OTHER_HOLD]),
        (
            [BOOKED, BOOKED],
            [BOOKED, HELD],
            [Difference.HELD, Difference.DOCUMENTS, Difference.VAT, Difference.AMOUNT],
        ),
        ([BOOKED, HELD], [BOOKED], [Difference.FREED]),
        ([BOOKED], [replace(BOOKED, day=BOOKED.day + timedelta(1))], [Difference.DAY]),
        ([BOOKED], [replace(BOOKED, payment_code="IDEAL")], [Difference.PAYMENT]),
        ([BOOKED], [replace(BOOKED, totals=(LOW,))], [Difference.VAT]),
        (
            [BOOKED],
            [replace(BOOKED, totals=(LESS,), incl=LESS.incl)],
            [Difference.VAT, Difference.AMOUNT],
        ),
        (
            [BOOKED],
            [replace(BOOKED, totals=(LESS,), incl=LESS.incl)] * 2,
            [Difference.DOCUMENTS],
        ),
    ],
)
def test_what_differs_between_two_ways_of_booking(
    before: list[Verdict], after: list[Verdict], differs: list[Difference]
) -> None:
    assert list(list_differences(before, after)) == differs
