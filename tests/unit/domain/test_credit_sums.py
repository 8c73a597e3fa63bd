"""Credit items are multiplied first and rounded after, whatever their prices stand for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.holds import Hold, HoldReason
from chalicelib.domain.invoices import LineKind
from chalicelib.domain.judgement import judge_invoice
from chalicelib.domain.orders import InvoiceItem
from tests.fakes.documents_of_shop import invoice, item, order, order_line
from tests.unit.domain.credited import all_invoices, credit, sold
from tests.unit.domain.verdicts import book, booked

D = Decimal


def priced(excl: str, incl: str, quantity: str = "1", rate: str = "0.21") -> InvoiceItem:
    """An item with this price, whose unit price is the same."""
    return replace(
        item(incl, rate),
        quantity=D(quantity),
        price_excl=D(excl),
        price_incl=D(incl),
        base_price_excl=D(excl),
        base_price_incl=D(incl),
    )


@pytest.mark.parametrize("sign", ["1", "-1"])
@pytest.mark.parametrize(
    ("items", "document", "amounts"),
    [
        ([priced("12.3554", "14.95", "2")], ("24.71", "29.90"), ["24.71"]),
        ([priced("12.3554", "14.95", "2.5")], ("30.89", "37.38"), ["30.89"]),
        ([priced("0.8223", "0.995", "7")], ("5.76", "6.97"), ["5.76"]),
        ([priced("24.7108", "29.90")], ("24.71", "29.90"), ["24.71"]),
        (
            [priced("12.3554", "14.95"), priced("12.3554", "14.95")],  # 12.36 each are 24.72
            ("24.71", "29.90"),
            ["12.35", "12.36"],
        ),
        (
            [priced("12.3554", "14.95", "2"), priced("20.00", "21.80", "3", "0.09")],
            ("84.71", "95.30"),
            ["24.71", "60.00"],
        ),
    ],
)
def test_prices_of_a_piece_are_multiplied_before_they_are_rounded(
    items: list[InvoiceItem], document: tuple[str, str], amounts: list[str], sign: str
) -> None:
    signed = [
        replace(one, price_excl=D(sign) * one.price_excl, price_incl=D(sign) * one.price_incl)
        for one in items
    ]
    verdict = booked(judge_invoice(credit(*document), signed, sold(), all_invoices()))
    assert (verdict.excl, verdict.incl) == (-D(document[0]), -D(document[1]))
    assert [one.excl for one in verdict.lines] == [-D(amount) for amount in amounts]


def test_an_item_that_is_a_line_total_may_stand_beside_one_that_is_the_price_of_a_piece() -> None:
    total = item("14.95", quantity=2)  # 24.71 and 29.90 together
    piece = priced("20.00", "21.80", "3", "0.09")
    verdict = booked(
        judge_invoice(credit("84.71", "95.30"), [total, piece], sold(), all_invoices())
    )
    assert [(one.quantity, one.incl) for one in verdict.lines] == [
        (D(-2), D("-29.90")),
        (D(-3), D("-65.40")),
    ]


def test_a_document_rounded_on_the_whole_gets_its_rounding_line() -> None:
    """Half of 24.71, three times: 12.355 is 12.36 on each line and 37.07 in all."""
    items = [priced("12.36", "14.95"), priced("12.36", "14.95"), priced("12.36", "14.95")]
    verdict = booked(judge_invoice(credit("37.07", "44.85"), items, sold(), all_invoices()))
    assert [one.kind for one in verdict.lines][-1] is LineKind.ROUNDING
    assert (verdict.lines[-1].excl, verdict.lines[-1].vat) == (D("0.01"), D("-0.01"))


def test_prices_of_a_piece_may_be_a_rounding_away_from_the_document() -> None:
    items = [priced("12.3554", "14.95", "2"), priced("20.00", "21.80", "3", "0.09")]
    verdict = booked(judge_invoice(credit("84.70", "95.30"), items, sold(), all_invoices()))
    assert [one.quantity for one in verdict.lines] == [D(-2), D(-3), D(1)]
    assert verdict.lines[-1].kind is LineKind.ROUNDING


@pytest.mark.parametrize("document", [("24.72", "29.95"), ("24.75", "29.90"), ("12.36", "29.90")])
def test_what_no_reading_of_the_items_gives_is_held(document: tuple[str, str]) -> None:
    items = [priced("12.3554", "14.95", "2")]
    verdict = judge_invoice(credit(*document), items, sold(), all_invoices())
    assert isinstance(verdict, Hold)
    assert verdict.reason is HoldReason.TOTALS_DIFFER


@pytest.mark.parametrize("off", ["0.00", "0.01", "0.02"])
def test_lines_of_the_order_are_line_totals_whatever_the_total_was_rounded_to(off: str) -> None:
    """Two at 0.01 with 0.01 off are 0.01. Read as the price of a piece they would be 0.02, which
    is what an order says that is a cent off.
    """
    line = order_line("0.01", "0.09", quantity=2, discount="0.01")
    total = D("10.01") + D(off)
    whole = order(order_line("10.00", "0"), line, price_excl=total, price_incl=total)
    same = replace(item("0.01", "0.09", quantity=2), price_excl=D("0.01"), price_incl=D("0.01"))
    items = [item("10.00", "0"), replace(same, discount_excl=D("0.01"), discount_incl=D("0.01"))]
    bill = invoice(price_excl=total, price_incl=total)
    verdict = judge_invoice(
        credit(str(total), str(total)), items, replace(whole, invoices=(bill,)), all_invoices()
    )
    amounts = [line.incl for line in booked(verdict).lines]
    assert amounts == [-line.incl for line in book(whole).lines]
    assert amounts[:2] == [D("-10.00"), D("-0.01")]


def test_order_lines_in_finer_amounts_add_up_to_the_orders_total_too() -> None:
    fine = replace(order_line("14.95"), price_excl=D("12.3554"))
    verdict = book(order(fine, fine, price_excl=D("24.71")))
    assert [one.excl for one in verdict.lines] == [D("12.35"), D("12.36")]
    assert verdict.excl == D("24.71")
