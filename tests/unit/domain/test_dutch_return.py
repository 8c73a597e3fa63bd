"""The boxes of the Dutch return, and the whole euros that one fills in."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.dutch_return import (
    ELSEWHERE,
    IN_RETURN,
    add_up_filled_in,
    add_up_vat,
    find_line,
    list_form_lines,
    round_in_favour,
)
from chalicelib.domain.money import total
from chalicelib.domain.period_files import PeriodFiles
from chalicelib.domain.periods import read_period
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.domain.vat_sheet import SheetRow, VatSheet

CENTS = st.decimals(-(10**6), 10**6, places=2)
ROWS = st.builds(
    SheetRow,
    box=st.sampled_from(ReturnBox),
    supply=st.sampled_from(Supply),
    rate=st.sampled_from([Decimal("0.21"), Decimal("0.09"), Decimal(0)]),
    country=st.sampled_from(["NL", "DE"]),
    documents=st.integers(0, 9),
    excl=CENTS,
    vat=CENTS,
    corrections_excl=CENTS,
    corrections_vat=CENTS,
)


def make_sheet(*rows: SheetRow) -> VatSheet:
    return VatSheet(files=PeriodFiles(period=read_period("2026-Q3"), currency="EUR"), rows=rows)


@pytest.mark.parametrize(
    ("amount", "filled_in"),
    [("0.99", "0"), ("1.00", "1"), ("-0.01", "-1"), ("-1.00", "-1"), ("-0.00", "0")],
)
def test_an_amount_that_is_owed_is_rounded_down(amount: str, filled_in: str) -> None:
    rounded = round_in_favour(Decimal(amount))
    assert str(rounded) == filled_in


@given(CENTS)
def test_rounding_costs_nobody_more_than_is_owed_nor_as_much_as_a_euro(amount: Decimal) -> None:
    assert 0 <= amount - round_in_favour(amount) < 1


@given(st.lists(ROWS, max_size=8))
def test_every_row_is_in_one_box_or_beside_them_all(rows: list[SheetRow]) -> None:
    sheet = make_sheet(*rows)
    lines = [*list_form_lines(sheet), *(find_line(sheet, box) for box in ELSEWHERE)]
    assert total(line.excl for line in lines) == sheet.excl
    assert total(line.vat for line in lines) == sheet.vat
    for line in lines:
        assert total(line.part(supply).excl for supply in Supply) == line.excl
        assert total(part.vat for _, part in line.rates) == line.vat


def test_every_box_is_in_the_return_or_beside_it() -> None:
    assert sorted((*IN_RETURN, *ELSEWHERE)) == sorted(ReturnBox)


def test_only_the_boxes_that_ask_for_vat_are_owed() -> None:
    general = SheetRow(
        box=ReturnBox.GENERAL,
        supply=Supply.GOODS,
        rate=Decimal("0.21"),
        country="NL",
        excl=Decimal("9.99"),
        vat=Decimal("2.10"),
    )
    lines = list_form_lines(make_sheet(general, replace(general, box=ReturnBox.OSS)))
    assert add_up_vat(lines) == Decimal("2.10")
    assert add_up_filled_in(lines) == 2
