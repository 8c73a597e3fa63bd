"""What becomes of an order: figure 5 of the manual, and the ordinary days around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from chalicelib.domain.causes import DropCause
from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import Invoice
from chalicelib.domain.judgement import NotDue, judge
from chalicelib.domain.policy import DateBasis, ZeroOrders
from tests.fakes.documents_of_shop import Facts, charge, invoice, order, order_line, terms

FIGURE_5 = [
    ("ORD000038", None, "2014-12-21", [("675.02", "0.21"), ("149.78", "0.06")], "699.17", "824.80"),
    (
        "ORD000033",
        "INV000037",
        "2014-11-17",
        [("35.05", "0.21"), ("2.95", "0.06")],
        "31.75",
        "38.00",
    ),
    (
        "ORD000032",
        "INV000038",
        "2014-11-16",
        [("65.60", "0.21"), ("2.90", "0.06")],
        "56.95",
        "68.50",
    ),
    ("ORD000030", "INV000021", "2014-11-11", [("32.08", "0")], "32.08", "32.08"),
    (
        "ORD000029",
        "INV000020",
        "2014-10-10",
        [("23.95", "0.21"), ("10.12", "0.06")],
        "29.34",
        "34.07",
    ),
    (
        "ORD000002",
        "INV000002",
        "2014-07-03",
        [("14.50", "0.21"), ("14.50", "0.21")],
        "23.96",
        "29.00",
    ),
    ("ORD000001", "INV000001", "2014-06-16", [("17.00", "0.21")], "14.05", "17.00"),
]


def test_figure_5_of_the_manual_is_booked_to_the_cent() -> None:
    booked = []
    for number, bill, day, lines, excl, incl in FIGURE_5:
        made = datetime.fromisoformat(f"{day}T12:00:00+01:00")
        sold = order(
            *(order_line(price, rate) for price, rate in lines),
            number=number,
            created_at=made,
            invoices=(invoice(bill),) if bill else (),
        )
        verdict = judge(sold, terms())
        assert isinstance(verdict, Invoice), verdict
        assert (verdict.excl, verdict.incl) == (Decimal(excl), Decimal(incl))
        assert verdict.day == date.fromisoformat(day)
        booked.append(verdict)
    assert booked[0].description == "Bestelling ORD000038"
    assert booked[1].description == "Bestelling ORD000033 factuur INV000037"
    assert sum(one.excl for one in booked) == Decimal("887.30")
    assert sum(one.incl for one in booked) == Decimal("1043.45")


def test_shipping_and_payment_cost_are_lines_of_their_own() -> None:
    verdict = judge(
        order(order_line("24.20"), shipment=charge("4.95"), payment=charge("0.50")), terms()
    )
    assert isinstance(verdict, Invoice)
    assert [one.kind.value for one in verdict.lines] == ["product", "shipping", "payment-fee"]
    assert verdict.incl == Decimal("29.65")


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"payment_status": "not_paid"}, "not_paid"),
        ({"status": "cancelled"}, "cancelled"),
        ({"status": "on_hold"}, "on_hold"),
        ({"status": "offer"}, "offer"),
    ],
)
def test_what_is_not_due_is_left_alone(changes: Facts, cause: str) -> None:
    assert judge(order(**changes), terms()) == NotDue(DropCause(cause))


def test_an_order_of_nothing_is_booked_or_skipped_as_the_merchant_chose() -> None:
    free = order(order_line("10.00", discount="10.00"))
    assert isinstance(judge(free, terms()), Invoice)
    assert judge(free, terms(zero_orders=ZeroOrders.SKIP)) == NotDue(DropCause.ZERO_VALUE)
    undated = terms(zero_orders=ZeroOrders.SKIP, date_basis=DateBasis.PAYMENT)
    assert judge(free, undated) == NotDue(DropCause.ZERO_VALUE)
    assert isinstance(judge(order(), terms(zero_orders=ZeroOrders.SKIP)), Invoice)


def test_the_payment_date_is_used_when_the_merchant_wants_it_and_held_when_unknown() -> None:
    paid = datetime.fromisoformat("2026-03-14T23:30:00+00:00")
    by_payment = terms(date_basis=DateBasis.PAYMENT, paid_at=paid)
    verdict = judge(order(), by_payment)
    assert isinstance(verdict, Invoice)
    assert verdict.day == date(2026, 3, 15)
    assert judge(order(), terms(date_basis=DateBasis.PAYMENT)) == Hold(
        HoldReason.PAYMENT_DATE_UNKNOWN
    )


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1E+40", "-1E+40"])
@pytest.mark.parametrize("where", ["order", "line"])
def test_numbers_that_nobody_can_calculate_with_hold_this_order_only(
    number: str, where: str
) -> None:
    odd = Decimal(number)
    sold = {
        "order": order(price_incl=odd),
        "line": order(order_line("24.20", price_incl=odd), price_incl=Decimal("24.20")),
    }[where]
    assert judge(sold, terms()) == Hold(HoldReason.UNREADABLE)


@pytest.mark.parametrize("number", ["Infinity", "1E+40"])
def test_nor_do_unit_prices_and_quantities_of_that_kind(number: str) -> None:
    odd = Decimal(number)
    for sold in (
        replace(order_line("24.20"), quantity=odd),
        order_line("24.20", base_price_incl=odd),
    ):
        assert judge(order(sold), terms()) == Hold(HoldReason.UNREADABLE)
