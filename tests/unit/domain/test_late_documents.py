"""A document that comes after the period of its day was closed: the first open day, or held."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.axml import find_unwritable
from chalicelib.domain.fingerprint import Prints, fingerprint
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import Terms, Verdict, judge, judge_invoice
from chalicelib.domain.late_documents import is_freed
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import DateBasis, LateOrders, ZeroOrders
from chalicelib.domain.print_keys import derive_key
from chalicelib.domain.restoring import judge_order_then, judge_reversal_then
from chalicelib.domain.reversal import judge_reversal
from tests.fakes.documents_of_shop import (
    BELGIUM,
    MADE,
    invoice,
    item,
    order,
    order_line,
    terms,
)
from tests.unit.usecases.stage import PROFILE

KEY = derive_key("a secret", 184520)
MARCH = date(2026, 3, 31)
APRIL = date(2026, 4, 1)


def closed(until: date | None = MARCH, paid_at: Any = None, **policy: Any) -> Terms:
    return replace(terms(paid_at=paid_at, **policy), locked_until=until)


def booked(verdict: Verdict) -> Invoice:
    assert isinstance(verdict, Invoice), verdict
    return verdict


def made(moment: str, **facts: Any) -> Order:
    return order(created_at=datetime.fromisoformat(moment), **facts)


def test_it_is_booked_on_the_first_open_day_and_says_so() -> None:
    late = booked(judge(order(invoices=(invoice(),)), closed()))
    assert late.day == APRIL
    assert late.late_since == date(2026, 3, 14)
    assert late.description == (
        "Bestelling ORD00412 factuur INV00398 (datum 14-03-2026, periode afgesloten)"
    )
    assert find_unwritable(PROFILE, late) is None


def test_what_is_dated_after_the_closed_day_is_booked_as_ever() -> None:
    sold = made("2026-04-01T00:00:00+02:00")
    assert judge(sold, closed()) == judge(sold, closed(until=None))


@pytest.mark.parametrize(
    ("moment", "until", "day"),
    [
        # The last moment of a closed day, and the first after it, by the clock of Amsterdam.
        ("2026-03-31T21:59:59+00:00", MARCH, APRIL),
        ("2026-03-31T22:00:00+00:00", MARCH, APRIL),
        ("2026-03-31T22:00:00+00:00", date(2026, 3, 30), date(2026, 4, 1)),
        # 31 December, 23:30 UTC, is in the new year.
        ("2025-12-31T23:30:00+00:00", date(2025, 12, 31), date(2026, 1, 1)),
        ("2025-12-31T22:30:00+00:00", date(2025, 12, 31), date(2026, 1, 1)),
        # In the nights in which the clock is changed.
        ("2026-03-28T23:30:00+00:00", date(2026, 3, 28), date(2026, 3, 29)),
        ("2026-10-24T22:30:00+00:00", date(2026, 10, 24), date(2026, 10, 25)),
    ],
)
def test_days_are_those_of_amsterdam(moment: str, until: date, day: date) -> None:
    assert booked(judge(made(moment), closed(until))).day == day


def test_only_what_is_late_says_so() -> None:
    assert booked(judge(made("2025-12-31T23:30:00+00:00"), closed(date(2025, 12, 31)))) == booked(
        judge(made("2025-12-31T23:30:00+00:00"), closed(None))
    )
    assert booked(
        judge(made("2025-12-31T22:30:00+00:00"), closed(date(2025, 12, 31)))
    ).description.endswith("(datum 31-12-2025, periode afgesloten)")


def test_vat_rates_stay_those_of_its_own_day() -> None:
    """The low rate was 6 per cent until 2018."""
    sold = made("2018-12-31T12:00:00+01:00")
    sold = replace(sold, lines=(order_line("10.60", "0.06"),))
    sold = replace(sold, price_excl=Decimal("10.00"), price_incl=Decimal("10.60"))
    late = booked(judge(sold, closed(date(2018, 12, 31))))
    assert late.day == date(2019, 1, 1)
    assert (late.rates_of, late.lines[0].treatment.rate) == (date(2018, 12, 31), Decimal("0.06"))


def test_nothing_counts_as_changed_by_a_closed_period() -> None:
    sold = order(invoices=(invoice(),))
    assert fingerprint(booked(judge(sold, closed())), KEY) == fingerprint(
        booked(judge(sold, closed(None))), KEY
    )


@pytest.mark.parametrize("basis", DateBasis)
def test_the_day_that_was_chosen_as_invoice_date_decides(basis: DateBasis) -> None:
    """Ordered in a closed period; invoiced and paid after it."""
    after = datetime.fromisoformat("2026-04-02T09:00:00+02:00")
    sold = order(invoices=(invoice(created_at=after),), paid_at=after)
    verdict = booked(judge(sold, closed(paid_at=after, date_basis=basis)))
    assert verdict.day == (APRIL if basis is DateBasis.ORDER else date(2026, 4, 2))
    assert (verdict.late_since is not None) == (basis is DateBasis.ORDER)


def test_it_is_held_if_the_merchant_wants_that() -> None:
    assert judge(order(), closed(late_orders=LateOrders.HOLD)) == Hold(
        HoldReason.PERIOD_LOCKED, "2026-03-31"
    )


def test_what_is_not_late_is_not_held() -> None:
    booked(judge(made("2026-04-01T00:00:00+02:00"), closed(late_orders=LateOrders.HOLD)))


def test_another_obstacle_comes_first() -> None:
    """What is held as late is right in everything else: opening the period books it."""
    verdict = judge(order(email=""), closed(late_orders=LateOrders.HOLD))
    assert isinstance(verdict, Hold)
    assert verdict.reason is HoldReason.EMAIL_MISSING


def test_what_is_left_out_is_not_held() -> None:
    free = order(order_line("0.00"))
    terms = closed(late_orders=LateOrders.HOLD, zero_orders=ZeroOrders.SKIP)
    assert not isinstance(judge(free, terms), Hold)


# ---- SEOshop's invoices, credit notes, reversals ------------------------------------------------

NOTE = invoice("INV00399", id=332000499, is_credit_note=True, original_id=332000498)


def credit(terms_now: Terms) -> Verdict:
    sold = order(invoices=(invoice(), NOTE))
    return judge_invoice(NOTE, (item("24.20"),), sold, terms_now)


def test_a_late_credit_note_is_booked_on_the_first_open_day_too() -> None:
    late = booked(credit(closed()))
    assert (late.day, late.incl) == (APRIL, Decimal("-24.20"))
    assert late.description == (
        "Bestelling ORD00412 creditfactuur INV00399 op factuur INV00398"
        " (datum 14-03-2026, periode afgesloten)"
    )


def test_a_credit_note_after_the_closed_period_is_not_late_though_its_invoice_was() -> None:
    after = replace(NOTE, created_at=datetime.fromisoformat("2026-04-20T12:00:00+02:00"))
    sold = order(invoices=(invoice(), after))
    verdict = booked(judge_invoice(after, (item("24.20"),), sold, closed()))
    assert (verdict.day, verdict.late_since) == (date(2026, 4, 20), None)


def test_late_invoices_and_credit_notes_are_held_alike() -> None:
    held = closed(late_orders=LateOrders.HOLD)
    own = judge_invoice(invoice(), (item("24.20"),), order(invoices=(invoice(),)), held)
    assert own == credit(held) == Hold(HoldReason.PERIOD_LOCKED, "2026-03-31")


def take_back(day: date, terms_now: Terms) -> Verdict:
    """The reversal of an order of 14 March that was booked while the books were open."""
    sold = order(invoices=(invoice(),))
    content = fingerprint(booked(judge(sold, closed(None))), KEY)
    prints = Prints(key=KEY, summary="", source="", content=content)
    return judge_reversal(
        replace(sold, payment_status=type(sold.payment_status)("not_paid")),
        terms_now,
        booked=prints,
        day=day,
    )


@pytest.mark.parametrize("late_orders", LateOrders)
def test_a_sale_of_a_closed_period_is_taken_back_on_the_day_of_its_reversal(
    late_orders: LateOrders,
) -> None:
    reversal = booked(take_back(date(2026, 4, 20), closed(late_orders=late_orders)))
    assert reversal.day == date(2026, 4, 20)
    assert reversal.description == "Correctie bestelling ORD00412 factuur INV00398"
    assert reversal.late_since is None


def test_a_reversal_that_was_taken_up_before_its_day_was_closed_is_late() -> None:
    reversal = booked(take_back(MARCH, closed()))
    assert reversal.day == APRIL
    assert reversal.description.endswith("(datum 31-03-2026, periode afgesloten)")
    assert take_back(MARCH, closed(late_orders=LateOrders.HOLD)) == Hold(
        HoldReason.PERIOD_LOCKED, "2026-03-31"
    )


@pytest.mark.parametrize("late_orders", LateOrders)
def test_what_was_booked_late_comes_out_so_again_whatever_is_chosen_by_now(
    late_orders: LateOrders,
) -> None:
    before, since = closed(), closed(late_orders=late_orders)
    sold = order()
    assert judge_order_then(sold, since, made_at=MADE, booked=None) == judge(sold, before)
    again = judge_reversal_then(sold, since, made_at=MADE, day=MARCH)
    assert booked(again).day == APRIL


def test_a_sale_abroad_keeps_its_destination() -> None:
    sold = order(billing=BELGIUM, shipping=BELGIUM)
    late, usual = (booked(judge(sold, closed(until))) for until in (MARCH, None))
    assert late.lines == usual.lines
    assert late.lines[0].place.distance_to == "BE"


@pytest.mark.parametrize(
    ("until", "late_orders", "free"),
    [
        (MARCH, LateOrders.HOLD, False),
        (MARCH, LateOrders.NEXT, True),
        (None, LateOrders.HOLD, True),
        (date(2026, 2, 28), LateOrders.HOLD, True),
        (date(2026, 4, 30), LateOrders.HOLD, True),  # and is held again, with that day
    ],
)
def test_a_late_document_is_judged_again_when_that_may_help(
    until: date | None, late_orders: LateOrders, *, free: bool
) -> None:
    assert is_freed("2026-03-31", locked_until=until, late_orders=late_orders) is free
