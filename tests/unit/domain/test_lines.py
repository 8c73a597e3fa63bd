"""Lines: copied from the shop, multiplied out, and checked against their rate."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.invoices import LineKind, VatKind
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import GiftCardPayments, VatClass
from tests.fakes.documents_of_shop import charge, order, order_line, tax
from tests.unit.domain.verdicts import book, hold

D = Decimal


def test_an_ordinary_line_keeps_the_shops_quantity_and_unit_price() -> None:
    (one,) = book(order(order_line("14.95", quantity=2))).lines
    assert (one.index, one.kind, one.article_code) == (1, LineKind.PRODUCT, "MOK")
    assert (one.quantity, one.unit_excl, one.unit_incl) == (D(2), D("12.3554"), D("14.95"))
    assert (one.excl, one.vat, one.incl) == (D("24.71"), D("5.19"), D("29.90"))
    assert one.description == "Keramische mok"


def test_a_discount_is_folded_into_the_unit_price() -> None:
    (one,) = book(order(order_line("14.95", quantity=2, discount="2.99"))).lines
    assert (one.quantity, one.unit_incl, one.unit_excl) == (D(2), D("13.4550"), D("11.1200"))
    assert (one.excl, one.incl) == (D("22.24"), D("26.91"))


def test_a_folded_price_that_cannot_be_written_becomes_one_piece_at_the_line_total() -> None:
    many = order_line("1.99", quantity=999, discount="0.02")
    (one,) = book(order(many)).lines
    assert (one.quantity, one.unit_incl, one.unit_excl) == (D(1), many.price_incl, many.price_excl)
    assert one.description == "999 × Keramische mok"


def test_a_unit_price_that_does_not_close_gives_way_to_the_line_total() -> None:
    wrong = order_line(
        "14.95", quantity=2, base_price_incl=D("15.45"), base_price_excl=D("12.7686")
    )
    (one,) = book(order(wrong)).lines
    assert (one.quantity, one.unit_incl, one.incl) == (D(1), D("29.90"), D("29.90"))
    assert one.description == "2 × Keramische mok"
    only_excl = order_line("14.95", quantity=2, base_price_excl=D("12.7686"))
    assert book(order(only_excl)).lines[0].quantity == 1


@pytest.mark.parametrize(
    ("incl", "unit", "quantity"),
    [("0.00", "0.00", 1), ("0.50", "0.50", 1), ("-0.50", "0.50", -1), ("-24.20", "24.20", -1)],
)
def test_the_one_piece_is_counted_back_only_below_zero(incl: str, unit: str, quantity: int) -> None:
    wrong = order_line(incl, base_price_incl=D("15.45"))
    one = book(order(wrong, order_line("100.00"))).lines[0]
    assert (one.quantity, one.unit_incl, one.incl) == (D(quantity), D(unit), D(incl))
    assert one.unit_excl == one.excl * quantity


def test_a_single_piece_that_does_not_close_needs_no_quantity_in_its_name() -> None:
    wrong = order_line("14.95", base_price_incl=D("15.45"))
    assert book(order(wrong)).lines[0].description == "Keramische mok"


@pytest.mark.parametrize(
    ("title", "variant", "code", "shown"),
    [
        ("Mok", "Blauw", "M", "Mok - Blauw"),
        ("Mok", "Default", "M", "Mok"),
        (" Mok ", " default ", "M", "Mok"),
        ("", "", "MOK-1", "MOK-1"),
        ("", "Blauw", "", "Artikel - Blauw"),
    ],
)
def test_a_line_is_called_by_its_title_and_variant(
    title: str, variant: str, code: str, shown: str
) -> None:
    sold = order(order_line("10.00", title=title, variant=variant, article_code=code))
    assert book(sold).lines[0].description == shown


def test_where_nothing_was_paid_no_payment_method_is_asked_for() -> None:
    free = order(order_line("10.00", discount="10.00"), payment_id="")
    assert book(free, default_payment=None).payment_code is None


def test_a_free_article_is_a_line_of_nothing() -> None:
    verdict = book(order(order_line("10.00", discount="10.00"), order_line("24.20")))
    assert [one.incl for one in verdict.lines] == [D("0.00"), D("24.20")]
    assert verdict.lines[0].treatment.vat_class is VatClass.NONE


def test_a_free_article_with_a_rate_nobody_knows_holds_nothing_up() -> None:
    assert book(order(order_line("0.00", "0.33"), order_line("24.20"))).incl == D("24.20")


def test_a_shop_that_sells_excluding_vat_keeps_its_excluding_totals() -> None:
    sold = order_line(
        "0", quantity=3, base_price_excl=D("9.99"), base_price_incl=D("12.0879"),
        price_excl=D("29.97"), price_incl=D("36.26"), tax_rates=(tax("0.21", "6.2937"),),
    )  # fmt: skip
    (one,) = book(order(sold)).lines
    assert (one.quantity, one.unit_excl, one.unit_incl) == (D(3), D("9.99"), D("12.0879"))
    assert (one.excl, one.vat, one.incl) == (D("29.97"), D("6.29"), D("36.26"))


def test_shipping_and_payment_cost_say_what_they_are() -> None:
    verdict = book(order(shipment=charge("4.95", title="PostNL "), payment=charge("0.5", title="")))
    names = [(one.kind, one.description) for one in verdict.lines[1:]]
    assert {one.article_code for one in verdict.lines[1:]} == {""}
    assert names == [
        (LineKind.SHIPPING, "Verzendkosten PostNL"),
        (LineKind.PAYMENT_FEE, "Betaalkosten"),
    ]


def test_a_cost_of_a_single_cent_is_a_line() -> None:
    cent = charge("0.01", price_excl=D("0.00"))
    assert len(book(order(order_line("24.20"), payment=cent)).lines) == 2


def test_a_line_of_no_pieces_is_no_trouble() -> None:
    off = order_line("10.00", quantity=0, discount="1.21")
    (first, _) = book(order(off, order_line("24.20"))).lines
    assert (first.quantity, first.unit_incl, first.incl) == (D(-1), D("1.21"), D("-1.21"))
    assert first.description == "0 × Keramische mok"


def test_vat_that_does_not_fit_its_rate_is_held_with_the_numbers() -> None:
    wrong = order_line("49.95", price_excl=D("40.00"), tax_rates=(tax("0.21", "9.95"),))
    found = hold(order(wrong))
    assert (found.reason, found.detail) == (HoldReason.VAT_DIFFERS, "21%")
    assert dict(found.figures) == {
        "line_excl": "40.00",
        "line_incl": "49.95",
        "line_vat": "9.95",
        "expected_vat": "8.40",
    }


def test_a_listed_vat_amount_at_a_single_rate_is_not_needed() -> None:
    odd = order_line("24.20", tax_rates=(tax("0.21", "5.0820"),))
    assert book(order(odd)).vat == D("4.20")


def test_the_listed_rate_is_the_one_that_counts() -> None:
    odd = order_line("24.20", tax_rates=(tax("0.09", "1.98"),))
    found = hold(order(odd))
    assert (found.reason, found.detail) == (HoldReason.VAT_DIFFERS, "9%")


def test_vat_may_be_a_cent_off_and_no_more() -> None:
    def sold(incl: str) -> Order:
        return order(order_line("24.20", tax_rates=(), price_incl=D(incl)))

    assert book(sold("24.21")).vat == D("4.21")
    assert book(sold("24.19")).vat == D("4.19")
    assert hold(sold("24.22")).reason is HoldReason.VAT_DIFFERS
    assert hold(sold("24.18")).reason is HoldReason.VAT_DIFFERS


@pytest.mark.parametrize("incl", ["10.01", "9.99"])
def test_of_nothing_not_even_a_cent_may_be_vat(incl: str) -> None:
    found = hold(order(order_line("10.00", "0", tax_rates=(), price_incl=D(incl))))
    assert (found.reason, found.detail) == (HoldReason.VAT_DIFFERS, "0%")
    assert found.figures["expected_vat"] == "0.00"


def test_a_sold_gift_card_is_no_turnover_yet() -> None:
    card = order_line("25.00", "0", article_code="BON")
    verdict = book(order(card, order_line("24.20")), gift_card_articles=frozenset({"BON"}))
    assert verdict.lines[0].kind is LineKind.GIFT_CARD
    assert verdict.lines[0].treatment.vat_class is VatClass.NONE
    assert verdict.lines[0].treatment.kind is VatKind.DOMESTIC


def test_a_gift_card_with_vat_is_held() -> None:
    card = order_line("25.00", article_code="BON")
    found = hold(order(card), gift_card_articles=frozenset({"BON"}))
    assert (found.reason, found.detail) == (HoldReason.GIFT_CARD_WITH_VAT, "21%")


def test_an_order_paid_with_a_gift_card_waits_until_the_merchant_has_chosen() -> None:
    spent = order(has_gift_card_payment=True)
    assert hold(spent).reason is HoldReason.GIFT_CARD_PAYMENT
    assert book(spent, gift_card_payments=GiftCardPayments.BOOK).incl == D("24.20")
