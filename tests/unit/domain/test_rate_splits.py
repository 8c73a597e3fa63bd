"""Shipping and payment cost at several rates: a line a rate, or held."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chalicelib.domain.holds import HoldReason
from chalicelib.domain.orders import Order
from chalicelib.domain.policy import VatClass
from tests.fakes.documents_of_shop import charge, order, order_line, tax
from tests.unit.domain.verdicts import book, hold

D = Decimal


def test_shipping_at_several_rates_becomes_a_line_a_rate() -> None:
    mixed = charge(
        "6.00", price_excl=D("5.20"), tax_rates=(tax("0.21", "0.5702"), tax("0.09", "0.2236"))
    )
    verdict = book(order(order_line("24.20"), shipment=mixed))
    high, low = verdict.lines[1:]
    assert (high.description, low.description) == (
        "Verzendkosten PostNL (21% btw)",
        "Verzendkosten PostNL (9% btw)",
    )
    assert (high.excl, high.vat) == (D("2.72"), D("0.57"))
    assert (low.excl, low.vat) == (D("2.48"), D("0.23"))
    assert high.incl + low.incl == D("6.00")
    assert [one.treatment.vat_class for one in verdict.totals] == [VatClass.HIGH, VatClass.LOW]


def test_a_rate_of_the_shipping_may_be_listed_twice() -> None:
    taxes = (tax("0.21", "0.3000"), tax("0.09", "0.2236"), tax("0.21", "0.2702"))
    mixed = charge("6.00", price_excl=D("5.20"), tax_rates=taxes)
    high, low = book(order(order_line("24.20"), shipment=mixed)).lines[1:]
    assert (high.excl, high.vat) == (D("2.72"), D("0.57"))
    assert (low.excl, low.vat) == (D("2.48"), D("0.23"))


def test_the_part_of_shipping_without_vat_is_what_is_left() -> None:
    mixed = charge("5.00", price_excl=D("4.50"), tax_rates=(tax("0.21", "0.5000"), tax("0", "0")))
    high, none = book(order(order_line("24.20"), shipment=mixed)).lines[1:]
    assert (high.excl, high.vat, high.incl) == (D("2.38"), D("0.50"), D("2.88"))
    assert (none.excl, none.vat, none.incl) == (D("2.12"), D("0.00"), D("2.12"))


def test_a_rate_that_is_listed_but_has_no_part_makes_no_line() -> None:
    listed = charge("1.21", tax_rates=(tax("0.21", "0.2100"), tax("0.09", "0")))
    assert len(book(order(order_line("24.20"), shipment=listed)).lines) == 2


def test_a_split_over_rates_that_does_not_add_up_is_held() -> None:
    wrong = charge(
        "6.00", price_excl=D("5.18"), tax_rates=(tax("0.21", "0.57"), tax("0.09", "0.50"))
    )
    found = hold(order(order_line("24.20"), shipment=wrong))
    assert found.reason is HoldReason.VAT_DIFFERS
    assert dict(found.figures) == {
        "line_excl": "5.18",
        "implied_excl": "8.27",
        "line_vat": "0.82",
        "listed_vat": "1.07",
    }


def parcel(excl: str, incl: str, *taxes: tuple[str, str]) -> Order:
    mixed = charge(incl, price_excl=D(excl), tax_rates=tuple(tax(*one) for one in taxes))
    return order(order_line("24.20"), order_line("10.90", "0.09"), shipment=mixed)


@pytest.mark.parametrize(
    ("excl", "incl", "taxes", "parts"),
    [
        ("5.60", "6.50", (("0.21", "0.70"), ("0.09", "0.20")), ("3.35", "2.25")),
        ("-5.60", "-6.50", (("0.21", "-0.70"), ("0.09", "-0.20")), ("-3.35", "-2.25")),
        ("5.63", "6.53", (("0.21", "0.70"), ("0.09", "0.20")), ("3.36", "2.27")),
        ("5.60", "6.50", (("0.21", "0.3"), ("0.21", "0.4"), ("0.09", "0.2")), ("3.35", "2.25")),
        ("5.65", "6.55", (("0.21", "0.35"), ("0.21", "0.35"), ("0.09", "0.2")), ("3.38", "2.27")),
        ("3.32", "4.02", (("0.21", "0.70"), ("0", "0")), ("3.32",)),
        ("1.05", "1.17", (("0.21", "0.1155"), ("0", "0")), ("0.55", "0.50")),
    ],
)
def test_vat_in_whole_cents_leaves_open_what_it_was_charged_on(
    excl: str, incl: str, taxes: tuple[tuple[str, str], ...], parts: tuple[str, ...]
) -> None:
    split = book(parcel(excl, incl, *taxes)).lines[2:]
    assert [one.excl for one in split] == [D(part) for part in parts]
    assert sum(one.vat for one in split) == D(incl) - D(excl)


@pytest.mark.parametrize(
    ("excl", "incl", "taxes"),
    [
        ("5.46", "6.36", (("0.21", "0.70"), ("0.09", "0.20"))),  # 9.6 cents away, 8 are open
        ("5.60", "6.50", (("0.21", "0.7001"), ("0.09", "0.2001"))),  # nothing is open
        ("4.50", "9.50", (("0.21", "5.00"), ("0", "0"))),  # what is left is below zero
    ],
)
def test_what_is_open_explains_no_more_than_half_a_cent_a_rate(
    excl: str, incl: str, taxes: tuple[tuple[str, str], tuple[str, str]]
) -> None:
    found = hold(parcel(excl, incl, *taxes))
    assert (found.reason, found.detail) == (HoldReason.VAT_DIFFERS, "21%")
    assert found.figures["line_excl"] != found.figures["implied_excl"]


def test_of_two_parts_that_are_as_close_the_higher_rate_gives_way() -> None:
    high, low = book(parcel("1.00", "1.15", ("0.09", "0.0450"), ("0.21", "0.1050"))).lines[2:]
    assert (high.vat, low.vat) == (D("0.10"), D("0.05"))


def test_a_cent_left_over_never_lands_where_there_is_no_vat() -> None:
    sold = parcel("3.36", "3.86", ("0.21", "0.4951"), ("0", "0"))
    assert [(one.treatment.rate, one.vat) for one in book(sold).lines[2:]] == [
        (D("0.21"), D("0.50")),
        (D("0"), D("0.00")),
    ]


def test_amounts_per_rate_add_up_rates_listed_twice() -> None:
    twice = order_line("24.20", tax_rates=(tax("0.21", "2.1"), tax("0.21", "2.1")))
    assert len(book(order(twice)).lines) == 1
