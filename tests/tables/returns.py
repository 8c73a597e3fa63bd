"""What a file adds up to for the VAT returns, with a value in every field."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chalicelib.domain.file_returns import (
    DeclaredDay,
    DeclaredTotal,
    EuSupply,
    FileReturns,
    PaymentTotal,
)
from chalicelib.domain.return_places import ReturnBox, ReturnPlace, Supply

_TO_GERMANY = ReturnPlace(box=ReturnBox.GENERAL, distance_to="DE")
_SALES = DeclaredTotal(
    place=_TO_GERMANY,
    rate=Decimal("0.21"),
    country="NL",
    documents=249,
    excl=Decimal("12345678.90"),
    vat=Decimal("2592592.57"),
)
_OSS = DeclaredTotal(
    place=ReturnPlace(box=ReturnBox.OSS, supply=Supply.SERVICES),
    rate=Decimal("0.255"),
    country="FI",
    documents=1,
    excl=Decimal("-0.01"),
    vat=Decimal("0.00"),
)
RETURNS = FileReturns(
    currency="EUR",
    days=(
        DeclaredDay(day=date(2026, 1, 23), documents=249, totals=(_SALES,)),
        DeclaredDay(day=date(2026, 1, 24), corrects=date(2025, 12, 1), documents=1, totals=(_OSS,)),
    ),
    again=(DeclaredDay(day=date(2026, 1, 2), documents=1, totals=(_SALES,)),),
    changed_again={date(2026, 1, 3): 2},
    payments=(
        PaymentTotal(
            day=date(2026, 1, 23),
            method="mollie_ideal",
            code="IDEAL",
            documents=250,
            incl=Decimal("14938271.46"),
        ),
    ),
    eu_supplies=(
        EuSupply(
            month=date(2026, 1, 1),
            number="9f86d081884c7d65",
            country="EL",
            supply=Supply.GOODS,
            documents=3,
            excl=Decimal("36.30"),
        ),
    ),
)
