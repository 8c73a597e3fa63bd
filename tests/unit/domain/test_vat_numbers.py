"""How long a customer's VAT number is kept, and what proves it for which month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.sealed import Sealed
from chalicelib.domain.vat import may_be_asked
from chalicelib.domain.vat_answers import VALID_FOR, VatAnswer, VatVerdict
from chalicelib.domain.vat_numbers import (
    MOST_MONTHS,
    MOST_UNPROVEN,
    VatNumber,
    find_end,
    note_answer,
    note_sales,
)

NOW = datetime(2026, 3, 15, 1, 15, tzinfo=UTC)
VALID = VatAnswer(verdict=VatVerdict.VALID, at=NOW, consultation="WAPI1")
LATER = VatAnswer(verdict=VatVerdict.INVALID, at=NOW + timedelta(days=40))
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)
FRESH = VatNumber(
    mark="k.1",
    country="BE",
    sealed_number=Sealed(mark="k.1", content="sealed"),
    kept_until=date(2027, 3, 31),
)


@pytest.mark.parametrize(
    ("last", "end"),
    [
        (date(2026, 1, 1), date(2027, 3, 31)),
        (date(2026, 3, 31), date(2027, 3, 31)),
        (date(2026, 4, 1), date(2027, 6, 30)),
        (date(2026, 12, 31), date(2027, 12, 31)),
        (date(2027, 11, 30), date(2028, 12, 31)),
    ],
)
def test_a_number_is_kept_until_a_year_after_the_quarter(last: date, end: date) -> None:
    assert find_end(last) == end


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_a_number_is_kept_for_a_year_at_least_and_fifteen_months_at_most(last: date) -> None:
    kept = find_end(last) - last
    assert timedelta(days=365) <= kept <= timedelta(days=366 + 92)


def test_a_month_keeps_the_proof_that_it_has() -> None:
    record = note_sales(FRESH, [FEBRUARY], VALID, ())
    again = replace(VALID, at=NOW + timedelta(days=9))
    record = note_sales(record, [FEBRUARY, MARCH], again, ())
    assert record.find_answer(FEBRUARY) == VALID
    assert record.find_answer(MARCH) == again
    assert record.find_answer(JANUARY) is None
    assert record.last == again


def test_a_later_valid_answer_does_not_prove_a_sale_whose_number_was_not_in_use() -> None:
    record = note_answer(note_sales(FRESH, [MARCH], None, ["order-1"]), LATER, ["order-1"])
    valid = replace(VALID, at=LATER.at + timedelta(days=3))
    record = note_sales(record, [MARCH], valid, ())
    assert record.find_answer(MARCH) == LATER
    assert record.last == valid


def test_of_a_proven_month_a_sale_may_turn_out_not_to_be() -> None:
    record = note_sales(FRESH, [FEBRUARY, MARCH], VALID, ())
    record = note_sales(record, [MARCH], None, ["order-2"])
    assert record.find_answer(MARCH) == VALID
    record = note_answer(record, LATER, ["order-2"], [MARCH])
    assert record.find_answer(FEBRUARY) == VALID
    assert record.find_answer(MARCH) == LATER


def test_what_was_booked_without_an_answer_is_proven_by_a_later_one() -> None:
    record = note_sales(FRESH, [FEBRUARY], VALID, ())
    record = note_sales(record, [MARCH], None, ["order-1", "order-2"])
    assert record.is_unproven
    assert record.unproven == ("order-1", "order-2")
    proven = note_answer(record, LATER, ["order-1"])
    assert proven.find_answer(FEBRUARY) == VALID
    assert proven.find_answer(MARCH) == LATER
    assert not proven.is_unproven
    assert proven.unproven == ("order-2",), "of which nobody was told yet"


def test_a_record_does_not_grow_without_end() -> None:
    record = FRESH
    for n in range(60):
        month = date(2020 + n // 12, n % 12 + 1, 1)
        record = note_sales(record, [month], None, [f"order-{n}-{k}" for k in range(10)])
    assert len(record.months) == MOST_MONTHS
    assert record.months[-1].month == date(2024, 12, 1)
    assert len(record.unproven) == MOST_UNPROVEN


def test_a_valid_answer_counts_for_a_week_and_an_invalid_one_not_at_all() -> None:
    assert VALID.counts_at(NOW + VALID_FOR - timedelta(seconds=1))
    assert not VALID.counts_at(NOW + VALID_FOR)
    assert not LATER.counts_at(LATER.at)


@pytest.mark.parametrize(
    ("number", "is_known"),
    [
        ("BE0403019261", True),
        ("EL094259216", True),
        ("XI366303068", True),
        ("HR33392005961", True),
        ("GB980780684", False),
    ],
)
def test_whose_numbers_are_in_the_register(number: str, is_known: bool) -> None:
    assert may_be_asked(number, NOW) is is_known
