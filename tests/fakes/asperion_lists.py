"""What an administration in Asperion offers by itself here, and choices that fit it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from chalicelib.domain.administrations import (
    AdministrationLists,
    Daybook,
    LedgerAccount,
    PaymentCondition,
    VatCode,
)
from chalicelib.domain.connection import ApiChoices, ChosenCode
from chalicelib.domain.invoices import VatKind
from chalicelib.domain.policy import VatClass

SALES = "VRK"
KIND = "WEB"
CONDITION = 14
HIGH_SALES, LOW_SALES, ZERO_SALES, FOREIGN_SALES = 8000, 8010, 8020, 8030
_ABROAD = {
    "AT": (20, 10, 13),
    "BE": (21, 6, 12),
    "DE": (19, 7),
    "DK": (25,),
    "ES": (21, 10, 4),
    "FI": (24, 14, 10),
    "FR": (20, 10, "5.5"),
    "GR": (24, 13, 6),
    "HU": (27, 18, 5),
    "IE": (23, "13.5", 9),
    "IT": (22, 10, 5, 4),
    "LU": (17, 14, 8),
    "PL": (23, 8, 5),
    "PT": (23, 13, 6),
    "SE": (25, 12, 6),
}
"""Rates of the One Stop Shop (per cent) that it has codes for."""


def _rate(percentage: int | str) -> Decimal:
    return Decimal(percentage) / 100


def _list_abroad() -> list[tuple[str, Decimal, str]]:
    """Country, rate and code of each rate abroad."""
    return [
        (country, _rate(each), f"OSS-{country}-{each}")
        for country, rates in _ABROAD.items()
        for each in rates
    ]


VAT_CODES = (
    VatCode(id="H", description="BTW hoog 21%", rate=_rate(21), country="NL", is_default=True),
    VatCode(id="L", description="BTW laag 9%", rate=_rate(9), country="NL"),
    VatCode(id="N", description="Geen BTW", rate=_rate(0), country="NL"),
    VatCode(id="VL", description="BTW verlegd", rate=_rate(0), country="NL"),
    VatCode(id="IC", description="Levering binnen de EU", rate=_rate(0)),
    VatCode(id="EX", description="Levering buiten de EU", rate=_rate(0)),
    VatCode(id="KOR", description="Kleineondernemersregeling", rate=_rate(0), country="NL"),
    VatCode(
        id="H19",
        description="BTW hoog 19%",
        rate=_rate(19),
        country="NL",
        valid_until=date(2012, 9, 30),
    ),
    VatCode(
        id="L6",
        description="BTW laag 6%",
        rate=_rate(6),
        country="NL",
        valid_until=date(2018, 12, 31),
    ),
    VatCode(
        id="IH", description="Inkoop hoog 21%", rate=_rate(21), country="NL", is_for_sales=False
    ),
    *(
        VatCode(id=code, description=f"OSS {country}", rate=rate, country=country)
        for country, rate, code in _list_abroad()
    ),
)

LISTS = AdministrationLists(
    vat_codes=VAT_CODES,
    daybooks=(
        Daybook(id=SALES, description="Verkoopboek", type="Sales"),
        Daybook(id="INK", description="Inkoopboek", type="Purchase"),
        Daybook(id="BNK", description="Bank", type="Bank"),
    ),
    ledger_accounts=(
        LedgerAccount(id=HIGH_SALES, description="Omzet hoog", type=2, vat_code="H"),
        LedgerAccount(id=LOW_SALES, description="Omzet laag", type=2, vat_code="L"),
        LedgerAccount(id=ZERO_SALES, description="Omzet zonder BTW", type=2, vat_code="N"),
        LedgerAccount(id=FOREIGN_SALES, description="Omzet buitenland", type=2),
        LedgerAccount(id=8099, description="Omzet tot 2020", type=2, is_disabled=True),
    ),
    payment_conditions=(
        PaymentCondition(id=CONDITION, description="14 dagen"),
        PaymentCondition(id=0, description="Direct betaald"),
    ),
    debtor_kinds=(KIND,),
)


def _choose(kind: VatKind, percentage: int, code: str) -> ChosenCode:
    return ChosenCode(kind=kind, country="NL", rate=_rate(percentage), code=code)


CHOICES = ApiChoices(
    journal_id=SALES,
    debtor_kind=KIND,
    payment_condition_id=CONDITION,
    vat_codes=(
        _choose(VatKind.DOMESTIC, 21, "H"),
        _choose(VatKind.DOMESTIC, 9, "L"),
        _choose(VatKind.DOMESTIC, 0, "N"),
        _choose(VatKind.DOMESTIC, 19, "H19"),
        _choose(VatKind.DOMESTIC, 6, "L6"),
        _choose(VatKind.REVERSE_CHARGE, 0, "VL"),
        _choose(VatKind.INTRA_COMMUNITY, 0, "IC"),
        _choose(VatKind.EXPORT, 0, "EX"),
        _choose(VatKind.SMALL_BUSINESS, 0, "KOR"),
        *(
            ChosenCode(kind=VatKind.OSS, country=country, rate=rate, code=code)
            for country, rate, code in _list_abroad()
        ),
    ),
    ledger_accounts={
        VatClass.HIGH: HIGH_SALES,
        VatClass.LOW: LOW_SALES,
        VatClass.NONE: ZERO_SALES,
    },
)
"""What a merchant of `LISTS` confirms."""
