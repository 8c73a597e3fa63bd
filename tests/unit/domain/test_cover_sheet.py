"""A cover sheet adds up what is booked, per VAT treatment, and what cannot be added has no sum."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.cover_sheet import CoverSheet, TreatmentTotal, add_up, make_cover_sheet
from chalicelib.domain.invoices import Invoice, VatKind, VatTreatment
from chalicelib.domain.judgement import judge
from chalicelib.domain.policy import VatClass
from tests.fakes.documents_of_shop import charge, order, order_line, terms

D = Decimal
HIGH = VatTreatment(rate=D("0.21"), vat_class=VatClass.HIGH, kind=VatKind.DOMESTIC, country="NL")
LOW = replace(HIGH, rate=D("0.09"), vat_class=VatClass.LOW)
OSS = replace(HIGH, kind=VatKind.OSS, country="BE")


def total(treatment: VatTreatment, documents: int, excl: str, vat: str) -> TreatmentTotal:
    return TreatmentTotal(treatment=treatment, documents=documents, excl=D(excl), vat=D(vat))


def sheet(*totals: TreatmentTotal, documents: int = 1, currency: str = "EUR") -> CoverSheet:
    return CoverSheet(currency=currency, documents=documents, totals=totals)


def booked(*lines: Any, **facts: Any) -> Invoice:
    verdict = judge(order(*lines, **facts), terms())
    assert isinstance(verdict, Invoice)
    return verdict


def test_an_order_at_two_rates_counts_at_both_and_once_in_all() -> None:
    mixed = booked(order_line("24.20"), order_line("10.90", "0.09"), shipment=charge("6.05"))
    cover = make_cover_sheet([mixed, booked(order_line("12.10"))])
    assert cover == sheet(
        total(HIGH, 2, "35.00", "7.35"), total(LOW, 1, "10.00", "0.90"), documents=2
    )
    assert (cover.excl, cover.vat, cover.incl) == (D("45.00"), D("8.25"), D("53.25"))


def test_a_credit_note_is_a_document_and_is_taken_off() -> None:
    sold, credited = total(HIGH, 1, "20.00", "4.20"), total(HIGH, 1, "-5.00", "-1.05")
    assert add_up([sheet(sold), sheet(credited)], "EUR") == sheet(
        total(HIGH, 2, "15.00", "3.15"), documents=2
    )


def test_the_same_rate_of_another_country_is_another_treatment() -> None:
    found = add_up(
        [sheet(total(HIGH, 1, "1.00", "0.21")), sheet(total(OSS, 1, "2.00", "0.42"))], "EUR"
    )
    assert found is not None
    assert [(one.treatment, one.incl) for one in found.totals] == [
        (OSS, D("2.42")),
        (HIGH, D("1.21")),
    ]


def test_of_nothing_the_sum_is_nothing() -> None:
    nothing = add_up([], "EUR")
    assert nothing == CoverSheet(currency="EUR")
    assert nothing.incl == D("0.00")


@pytest.mark.parametrize(
    "parts", [[None], [sheet(), None], [sheet(), sheet(currency="SEK")], [sheet(currency="SEK")]]
)
def test_what_was_not_kept_or_is_in_another_currency_has_no_sum(
    parts: list[CoverSheet | None],
) -> None:
    assert add_up(parts, "EUR") is None


amounts = st.decimals(-10_000, 10_000, places=2)
totals = st.builds(
    TreatmentTotal,
    documents=st.integers(1, 250),
    excl=amounts,
    vat=amounts,
    treatment=st.sampled_from([HIGH, LOW, OSS]),
)
sheets = st.lists(
    st.lists(totals, max_size=3, unique_by=lambda one: one.treatment).map(lambda each: sheet(*each))
)


@given(sheets, sheets)
def test_however_files_are_added_up_the_sum_is_the_same(
    one: list[CoverSheet], other: list[CoverSheet]
) -> None:
    at_once = add_up([*one, *other], "EUR")
    assert at_once == add_up([add_up(one, "EUR"), add_up(other, "EUR")], "EUR")
    assert at_once is not None
    assert at_once.incl == sum((part.incl for part in (*one, *other)), D(0))
    assert at_once.documents == len(one) + len(other)
