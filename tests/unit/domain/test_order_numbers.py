"""Order numbers as people remember them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.order_numbers import (
    NumberShape,
    clean_number,
    complete_number,
    has_part,
    is_same_count,
    is_same_number,
    learn_shapes,
)

SHOP = ["ORD00412", "ORD00413", "ORD00414", "INV00007"]


@pytest.mark.parametrize(
    ("typed", "cleaned"),
    [
        ("  ORD00412 ", "ORD00412"),
        ("bestelling 412", "412"),
        ("Order: ord00412", "ord00412"),
        ("#412", "412"),
        ("factuur nr. INV7", "INV7"),
        ("ordner 5", "ordner 5"),
        ("ORDER-7", "-7"),
        ("nr", ""),
        ("", ""),
    ],
)
def test_words_for_an_order_are_no_part_of_its_number(typed: str, cleaned: str) -> None:
    assert clean_number(typed) == cleaned


def test_a_shops_shapes_are_learned_the_most_frequent_first() -> None:
    assert learn_shapes(SHOP) == [NumberShape("ORD", 5), NumberShape("INV", 5)]


def test_numbers_without_zeros_before_them_are_not_padded() -> None:
    assert learn_shapes(["1042", "1043"]) == [NumberShape("", 0)]
    assert learn_shapes(["2026-1042"]) == [NumberShape("2026-", 0)]
    assert learn_shapes(["geen"]) == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("412", "ORD00412"),
        ("00412", "ORD00412"),
        ("0412", "ORD00412"),
        ("ord412", "ORD00412"),
        ("ORD 412", "ORD00412"),
        ("ord00412", "ORD00412"),
        ("inv7", "INV00007"),
        ("1234567", "ORD1234567"),
        ("kas7", "KAS7"),
        ("ord", "ord"),
        ("0", "ORD00000"),
    ],
)
def test_what_is_typed_is_completed_to_the_number_that_is_meant(typed: str, meant: str) -> None:
    assert complete_number(typed, learn_shapes(SHOP)) == meant


def test_without_any_shape_it_stays_as_it_is() -> None:
    assert complete_number("ord412", []) == "ORD412"


@given(st.integers(0, 10**7), st.integers(1, 8))
def test_a_count_finds_its_own_number_however_it_is_padded(count: int, width: int) -> None:
    number = f"ORD{count:0{width}}"
    shapes = learn_shapes(["ORD" + "0" * width, number])

    for typed in (str(count), f"{count:09}", number, number.lower()):
        assert complete_number(typed, shapes) in (number, f"ORD{str(count).zfill(width)}")
    assert is_same_count(number, str(count))
    assert has_part(number, str(count))


@given(st.text(max_size=60))
def test_whatever_is_typed_is_cleaned_and_completed(text: str) -> None:
    complete_number(clean_number(text), learn_shapes([text, *SHOP]))


def test_case_makes_no_difference_and_a_count_is_a_whole_one() -> None:
    assert is_same_number("ORD00412", "ord00412")
    assert not is_same_number("ORD00412", "412")
    assert is_same_count("ORD00412", "0412")
    assert not is_same_count("ORD00412", "12")
    assert not is_same_count("ORD00412", "٤١٢")
    assert has_part("ORD00412", "d004")
