"""Money to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.money import ZERO, apportion, is_near, round_cents, round_unit_price, total


@pytest.mark.parametrize(
    ("exact", "rounded"),
    [
        ("20.125", "20.13"),
        ("20.1249", "20.12"),
        ("20.135", "20.14"),
        ("-20.125", "-20.13"),
        ("2", "2.00"),
        ("0.004", "0.00"),
    ],
)
def test_a_third_decimal_of_five_goes_up(exact: str, rounded: str) -> None:
    assert str(round_cents(Decimal(exact))) == rounded


def test_nothing_is_ever_minus_nothing() -> None:
    assert str(round_cents(Decimal("-0.001"))) == "0.00"
    assert str(round_unit_price(Decimal("-0.00001"))) == "0.0000"


@pytest.mark.parametrize(
    ("exact", "rounded"), [("12.35535", "12.3554"), ("-0.00005", "-0.0001"), ("9", "9.0000")]
)
def test_unit_prices_have_four_decimals(exact: str, rounded: str) -> None:
    assert str(round_unit_price(Decimal(exact))) == rounded


def test_a_total_has_two_decimals_even_of_nothing() -> None:
    assert str(total([])) == "0.00"
    assert total([Decimal("0.10"), Decimal("0.20")]) == Decimal("0.30")


def test_near_counts_the_margin_itself_in() -> None:
    assert is_near(Decimal("1.00"), Decimal("1.01"), Decimal("0.01"))
    assert is_near(Decimal("1.01"), Decimal("1.00"), Decimal("0.01"))
    assert not is_near(Decimal("1.00"), Decimal("1.011"), Decimal("0.01"))


def test_parts_that_need_no_rounding_stay_as_they_are() -> None:
    assert apportion([Decimal("1.50"), Decimal("2.50")], Decimal("4.00")) == [
        Decimal("1.50"),
        Decimal("2.50"),
    ]


def test_what_rounding_leaves_over_goes_to_the_part_that_lost_most() -> None:
    parts = [Decimal("3.334"), Decimal("3.333"), Decimal("3.333")]
    assert apportion(parts, Decimal("10.00")) == [
        Decimal("3.34"),
        Decimal("3.33"),
        Decimal("3.33"),
    ]


def test_what_rounding_added_too_much_comes_from_the_part_that_gained_most() -> None:
    parts = [Decimal("0.335"), Decimal("0.336"), Decimal("0.337")]
    assert apportion(parts, Decimal("1.00")) == [
        Decimal("0.33"),
        Decimal("0.33"),
        Decimal("0.34"),
    ]


def test_several_cents_left_over_are_spread_one_by_one() -> None:
    parts = [Decimal("0.014"), Decimal("0.014"), Decimal("0.013")]
    assert apportion(parts, Decimal("0.05")) == [
        Decimal("0.02"),
        Decimal("0.02"),
        Decimal("0.01"),
    ]
    assert apportion(parts, Decimal("0.02")) == [
        Decimal("0.01"),
        Decimal("0.01"),
        Decimal("0.00"),
    ]


def test_parts_of_something_else_are_refused() -> None:
    with pytest.raises(ValueError, match=r"^the parts do not add up to the whole$"):
        apportion([Decimal("1.00")], Decimal("1.02"))
    assert apportion([Decimal("1.00")], Decimal("1.01")) == [Decimal("1.01")]


def test_no_parts_make_nothing() -> None:
    assert apportion([], Decimal("0.00")) == []


@given(
    st.lists(
        st.decimals("-999", "999", places=4, allow_nan=False, allow_infinity=False),
        min_size=1,
        max_size=6,
    )
)
def test_parts_always_add_up_to_the_whole_and_move_less_than_two_cents(
    parts: list[Decimal],
) -> None:
    whole = round_cents(sum(parts, ZERO))
    rounded = apportion(parts, whole)
    assert sum(rounded) == whole
    for part, result in zip(parts, rounded, strict=True):
        assert abs(part - result) < Decimal("0.02")
