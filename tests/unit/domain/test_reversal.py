"""A booked order taken back whole: order and reversal come to 0.00 under every rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.axml import load_profile, render, verify
from chalicelib.domain.causes import DropCause
from chalicelib.domain.fingerprint import Prints, fingerprint
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue, Terms, Verdict, judge
from chalicelib.domain.orders import Order, OrderStatus, PaymentStatus
from chalicelib.domain.policy import DateBasis, VatClass
from chalicelib.domain.reversal import judge_reversal, mirror_invoice
from sandbox.asperion.axml_reader import read_orders
from sandbox.asperion.vat_classes import totals_per_rate
from tests.books.sales import nearly_closing
from tests.books.strategies import orders
from tests.chance import thorough
from tests.fakes.documents_of_shop import (
    BELGIUM,
    GERMANY,
    Facts,
    charge,
    invoice,
    order,
    order_line,
    terms,
)

KEY = b"k" * 32
TODAY = date(2026, 11, 24)
PROFILE = load_profile(Path(__file__).parents[3] / "templates/axml/reconstructed-1.4")
BOUGHT = (
    order_line("14.95", quantity=3),
    order_line("21.80", "0.09"),
    order_line("9.99", discount="1.11"),
)


def sold(**changes: Any) -> Order:
    return order(*BOUGHT, shipment=charge("4.95"), invoices=(invoice("INV00398"),), **changes)


def booked(one: Order, said: Terms | None = None) -> Invoice:
    verdict = judge(one, said or terms())
    assert isinstance(verdict, Invoice), verdict
    return verdict


def prints_of(invoice: Invoice) -> Prints:
    return Prints(key=KEY, summary="", source="", content=fingerprint(invoice, KEY))


def taken_back(one: Order, *, before: Order | None = None, said: Terms | None = None) -> Verdict:
    """The reversal of an order that was booked as `before` (as it is now, but paid)."""
    as_paid = before or replace(
        one, status=OrderStatus.COMPLETED, payment_status=PaymentStatus.PAID
    )
    return judge_reversal(
        one,
        said or terms(),
        booked=prints_of(booked(as_paid, said)),
        day=TODAY,
    )


@pytest.mark.parametrize(
    "changes", [{"status": "cancelled"}, {"payment_status": "not_paid"}], ids=str
)
def test_an_order_cancelled_or_unpaid_after_booking_is_mirrored(changes: Facts) -> None:
    verdict = taken_back(sold(**changes))

    assert isinstance(verdict, Invoice)
    original = booked(sold())
    assert verdict.incl == -original.incl == Decimal("-80.48")
    assert verdict.description == "Correctie bestelling ORD00412 factuur INV00398"
    assert (verdict.credits, verdict.invoice_number) == ("ORD00412", None)
    assert (verdict.debtor, verdict.payment_code) == (original.debtor, original.payment_code)
    assert all(one.quantity < 0 and one.unit_incl > 0 for one in verdict.lines)


def test_a_reversal_is_of_today_whatever_dates_the_invoices() -> None:
    verdict = taken_back(sold(status="cancelled"))
    by_payment = judge_reversal(
        sold(status="cancelled"),
        terms(date_basis=DateBasis.PAYMENT),
        booked=prints_of(booked(sold())),
        day=TODAY,
    )

    assert isinstance(verdict, Invoice)
    assert verdict.day == TODAY
    assert by_payment == verdict


@pytest.mark.parametrize(
    "edited",
    [
        sold(status="cancelled", email="other@example.nl"),
        order(order_line("14.95"), status="cancelled"),
        order(order_line("80.48", "0.09"), status="cancelled"),
    ],
    ids=["customer", "amount", "rate"],
)
def test_an_order_that_is_no_longer_what_was_booked_is_held(edited: Order) -> None:
    assert taken_back(edited, before=sold()) == Hold(HoldReason.REVERSAL_DIFFERS)


TO_BELGIUM = {"billing": BELGIUM, "shipping": BELGIUM}
BE_21 = ("BE", Decimal("0.21"))
OSS: Facts = {"one_stop_shop": True, "foreign_rates": {BE_21: VatClass.HIGH}}
ADVICE = {"service_articles": frozenset({"MOK"})}
TO_GERMANY = {"billing": GERMANY, "shipping": GERMANY, "company_vat_number": "DE136695976"}
AT_HOME = {"company_vat_number": "NL004495445B01"}


@pytest.mark.parametrize(
    ("one", "then", "now"),
    [
        (order(**TO_BELGIUM), {}, OSS),
        (order(**TO_BELGIUM), OSS, {}),
        (order(**TO_BELGIUM), OSS, OSS | {"foreign_rates": {BE_21: VatClass.NONE}}),
        (order(order_line("50.00", "0")), {}, {"small_business_scheme": True}),
        (order(order_line("50.00", "0"), **TO_GERMANY), {}, ADVICE),
    ],
    ids=["oss on", "oss off", "rate mapped otherwise", "kor on", "now a service"],
)
def test_an_order_that_would_be_booked_under_another_vat_is_held(
    one: Order, then: Facts, now: Facts
) -> None:
    gone = replace(one, status=OrderStatus.CANCELLED)
    prints = prints_of(booked(one, terms(**then)))

    verdict = judge_reversal(gone, terms(**now), booked=prints, day=TODAY)

    assert verdict == Hold(HoldReason.REVERSAL_DIFFERS)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (order(**TO_BELGIUM), replace(order(**TO_BELGIUM), is_pickup=True)),
        (
            order(order_line("50.00", "0"), invoices=(invoice(is_vat_shifted=True),), **AT_HOME),
            order(order_line("50.00", "0"), invoices=(invoice(),), **AT_HOME),
        ),
    ],
    ids=["collected", "not shifted"],
)
def test_an_order_that_moved_to_another_vat_with_the_same_rate_is_held(
    before: Order, after: Order
) -> None:
    said = terms(**OSS)
    prints = prints_of(booked(before, said))

    verdict = judge_reversal(
        replace(after, status=OrderStatus.CANCELLED), said, booked=prints, day=TODAY
    )

    assert verdict == Hold(HoldReason.REVERSAL_DIFFERS)


@pytest.mark.parametrize(
    ("one", "now"),
    [
        (order(**TO_BELGIUM), OSS | {"oss_since": date(2026, 3, 15)}),
        (order(order_line("50.00", "0")), {"small_business_scheme": True, "kor_since": TODAY}),
        (
            order(order_line("50.00", "0")),
            {"small_business_scheme": True, "kor_until": date(2026, 3, 13)},
        ),
    ],
    ids=["oss", "kor", "kor that ended"],
)
def test_a_scheme_that_did_not_count_on_the_day_of_the_order_changes_nothing(
    one: Order, now: Facts
) -> None:
    prints = prints_of(booked(one))

    verdict = judge_reversal(
        replace(one, status=OrderStatus.CANCELLED), terms(**now), booked=prints, day=TODAY
    )

    assert isinstance(verdict, Invoice)
    assert [one.treatment for one in verdict.lines] == [one.treatment for one in booked(one).lines]


@pytest.mark.parametrize("prints", [None, Prints(key=KEY, summary="", source="", content="")])
def test_an_order_of_which_nobody_knows_what_was_booked_is_held(prints: Prints | None) -> None:
    verdict = judge_reversal(sold(status="cancelled"), terms(), booked=prints, day=TODAY)

    assert verdict == Hold(HoldReason.REVERSAL_DIFFERS)


def test_an_order_that_stands_again_is_not_taken_back() -> None:
    assert taken_back(sold()) == NotDue(DropCause.DUE_AGAIN)
    assert taken_back(sold(status="on_hold")) == NotDue(DropCause.ON_HOLD)


def test_an_order_paid_in_part_is_not_taken_back_whole() -> None:
    assert taken_back(sold(payment_status="partially_paid")) == NotDue(DropCause.PARTLY_PAID)
    cancelled = sold(payment_status="partially_paid", status="cancelled")
    assert isinstance(taken_back(cancelled), Invoice)


def test_the_invoice_that_was_cancelled_with_the_order_is_still_named() -> None:
    gone = invoice("INV00398", status="cancelled")
    verdict = taken_back(replace(sold(status="cancelled"), invoices=(gone,)), before=sold())

    assert isinstance(verdict, Invoice)
    assert verdict.description == "Correctie bestelling ORD00412 factuur INV00398"


def test_what_keeps_an_order_from_being_booked_keeps_it_from_being_taken_back() -> None:
    verdict = taken_back(sold(status="cancelled", email=""), before=sold())

    assert verdict == Hold(HoldReason.EMAIL_MISSING)


def test_of_a_deduction_the_piece_is_turned_and_not_the_number() -> None:
    whole = order(order_line("24.20", quantity=2))
    rounded = replace(whole, price_incl=whole.price_incl - Decimal("0.01"))

    rounding = mirror_invoice(booked(rounded), day=TODAY).lines[-1]

    assert (rounding.quantity, rounding.unit_incl, rounding.incl) == (
        Decimal(1),
        Decimal("0.01"),
        Decimal("0.01"),
    )


@thorough
@given(st.one_of(orders(), nearly_closing(6)))
def test_an_order_and_its_reversal_are_nothing_under_every_rate(bought: Order) -> None:
    """Read by an Asperion that shares no code with the connector."""
    verdict = judge(bought, terms())
    if not isinstance(verdict, Invoice):
        return
    pair = [verdict, mirror_invoice(verdict, day=TODAY)]

    content = render(PROFILE, pair)
    verify(PROFILE, content, pair)

    read = read_orders(content)
    assert len(read) == 2
    for total in totals_per_rate([one for each in read for one in each.lines]):
        assert total.excl == total.vat == total.incl == 0
    for one in pair[1].lines:
        assert one.excl + one.vat == one.incl
        assert abs(one.quantity * one.unit_incl - one.incl) <= Decimal("0.005")
