"""A booked order taken back whole: order and reversal come to 0.00 under every rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.axml import load_profile, render, verify
from chalicelib.domain.fingerprint import fingerprint
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue, judge
from chalicelib.domain.policy import DateBasis
from chalicelib.domain.reversal import judge_reversal, mirrored
from sandbox.asperion.axml import read_orders
from sandbox.asperion.vat import totals_per_rate
from tests.books.strategies import nearly_closing, orders
from tests.books.test_truth import thorough
from tests.unit.domain.build import charge, invoice, line, order, terms

KEY = b"k" * 32
TODAY = date(2026, 11, 24)
PROFILE = load_profile(Path(__file__).parents[3] / "templates/axml/reconstructed-1.4")
BOUGHT = (line("14.95", quantity=3), line("21.80", "0.09"), line("9.99", discount="1.11"))


def sold(**changes):
    return order(*BOUGHT, shipment=charge("4.95"), invoices=(invoice("INV00398"),), **changes)


def booked(one, said=None) -> Invoice:
    verdict = judge(one, said or terms())
    assert isinstance(verdict, Invoice), verdict
    return verdict


def taken_back(one, *, before=None, said=None):
    """The reversal of an order that was booked as `before` (as it is now, but paid)."""
    as_paid = before or replace(one, status="completed", payment_status="paid")
    return judge_reversal(
        one,
        said or terms(),
        booked=fingerprint(booked(as_paid, said), KEY),
        key=KEY,
        day=TODAY,
    )


@pytest.mark.parametrize(
    "changes", [{"status": "cancelled"}, {"payment_status": "not_paid"}], ids=str
)
def test_an_order_cancelled_or_unpaid_after_booking_is_mirrored(changes):
    verdict = taken_back(sold(**changes))

    assert isinstance(verdict, Invoice)
    original = booked(sold())
    assert verdict.incl == -original.incl == Decimal("-80.48")
    assert verdict.description == "Correctie bestelling ORD00412 factuur INV00398"
    assert (verdict.credits, verdict.invoice_number) == ("ORD00412", None)
    assert (verdict.debtor, verdict.payment_code) == (original.debtor, original.payment_code)
    assert all(one.quantity < 0 and one.unit_incl > 0 for one in verdict.lines)


def test_a_reversal_is_of_today_whatever_dates_the_invoices():
    verdict = taken_back(sold(status="cancelled"))
    by_payment = judge_reversal(
        sold(status="cancelled"),
        terms(date_basis=DateBasis.PAYMENT),
        booked=fingerprint(booked(sold()), KEY),
        key=KEY,
        day=TODAY,
    )

    assert isinstance(verdict, Invoice)
    assert verdict.day == TODAY
    assert by_payment == verdict


@pytest.mark.parametrize(
    "edited",
    [
        sold(status="cancelled", email="other@example.nl"),
        order(line("14.95"), status="cancelled"),
        order(line("80.48", "0.09"), status="cancelled"),
    ],
    ids=["customer", "amount", "rate"],
)
def test_an_order_that_is_no_longer_what_was_booked_is_held(edited):
    assert taken_back(edited, before=sold()) == Hold(HoldReason.REVERSAL_DIFFERS)


@pytest.mark.parametrize("print_", [None, ""])
def test_an_order_of_which_nobody_knows_what_was_booked_is_held(print_):
    verdict = judge_reversal(sold(status="cancelled"), terms(), booked=print_, key=KEY, day=TODAY)

    assert verdict == Hold(HoldReason.REVERSAL_DIFFERS)


def test_an_order_that_stands_again_is_not_taken_back():
    assert taken_back(sold()) == NotDue("due_again")
    assert taken_back(sold(status="on_hold")) == NotDue("on_hold")


def test_an_order_paid_in_part_is_not_taken_back_whole():
    assert taken_back(sold(payment_status="partially_paid")) == NotDue("partly_paid")
    cancelled = sold(payment_status="partially_paid", status="cancelled")
    assert isinstance(taken_back(cancelled), Invoice)


def test_the_invoice_that_was_cancelled_with_the_order_is_still_named():
    gone = replace(invoice("INV00398"), status="cancelled")
    verdict = taken_back(replace(sold(status="cancelled"), invoices=(gone,)), before=sold())

    assert isinstance(verdict, Invoice)
    assert verdict.description == "Correctie bestelling ORD00412 factuur INV00398"


def test_what_keeps_an_order_from_being_booked_keeps_it_from_being_taken_back():
    verdict = taken_back(sold(status="cancelled", email=""), before=sold())

    assert verdict == Hold(HoldReason.EMAIL_MISSING)


def test_of_a_deduction_the_piece_is_turned_and_not_the_number():
    whole = order(line("24.20", quantity=2))
    rounded = replace(whole, price_incl=whole.price_incl - Decimal("0.02"))

    rounding = mirrored(booked(rounded), day=TODAY).lines[-1]

    assert (rounding.quantity, rounding.unit_incl, rounding.incl) == (
        Decimal(1),
        Decimal("0.02"),
        Decimal("0.02"),
    )


@thorough
@given(st.one_of(orders(), nearly_closing(6)))
def test_an_order_and_its_reversal_are_nothing_under_every_rate(bought):
    """Read by an Asperion that shares no code with the connector."""
    verdict = judge(bought, terms())
    if not isinstance(verdict, Invoice):
        return
    pair = [verdict, mirrored(verdict, day=TODAY)]

    content = render(PROFILE, pair)
    verify(PROFILE, content, pair)

    read = read_orders(content)
    assert len(read) == 2
    for total in totals_per_rate([one for each in read for one in each.lines]):
        assert (total.excl, total.vat, total.incl) == (0, 0, 0)
    for one in pair[1].lines:
        assert one.excl + one.vat == one.incl
        assert abs(one.quantity * one.unit_incl - one.incl) <= Decimal("0.005")
