"""The one-stop-shop return: sales, and apart from them what takes back earlier quarters."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.money import total
from chalicelib.domain.oss_return import list_oss_countries
from chalicelib.domain.period_files import PeriodFiles
from chalicelib.domain.periods import read_period
from chalicelib.domain.return_places import ReturnBox, Supply
from chalicelib.domain.vat_sheet import OssCorrection, SheetRow, VatSheet

CENTS = st.decimals(-(10**6), 10**6, places=2)
COUNTRIES = st.sampled_from(["AT", "DE"])
RATES = st.sampled_from([Decimal("0.19"), Decimal("0.07")])
ROWS = st.lists(
    st.builds(
        SheetRow,
        box=st.sampled_from([ReturnBox.OSS, ReturnBox.GENERAL]),
        supply=st.sampled_from(Supply),
        rate=RATES,
        country=COUNTRIES,
        excl=CENTS,
        vat=CENTS,
    ),
    max_size=8,
    unique_by=lambda row: (row.box, row.supply, row.rate, row.country),
)


@st.composite
def sheets(draw: st.DrawFn) -> VatSheet:
    """Sheets whose corrections of earlier quarters are a part of their rows."""
    rows = draw(ROWS)
    corrections = [
        OssCorrection(
            country=row.country,
            quarter=quarter,
            supply=row.supply,
            rate=row.rate,
            excl=draw(CENTS),
            vat=draw(CENTS),
        )
        for row in rows
        if row.box is ReturnBox.OSS
        for quarter in draw(st.sets(st.sampled_from([date(2026, 1, 1), date(2026, 4, 1)])))
    ]
    return VatSheet(
        files=PeriodFiles(period=read_period("2026-Q3"), currency="EUR"),
        rows=tuple(rows),
        oss_corrections=tuple(corrections),
    )


@given(sheets())
def test_the_countries_come_to_the_box_and_corrections_stand_once(sheet: VatSheet) -> None:
    countries = list_oss_countries(sheet)
    box = sheet.list_box(ReturnBox.OSS)
    assert total(country.excl for country in countries) == total(row.excl for row in box)
    assert total(country.vat for country in countries) == total(row.vat for row in box)
    apart = total(each.vat for country in countries for each in country.corrections)
    assert apart == total(each.vat for each in sheet.oss_corrections)
    for country in countries:
        quarters = [each.quarter for each in country.corrections]
        assert quarters == sorted(set(quarters))
