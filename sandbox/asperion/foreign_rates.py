"""VAT rates of the other member states, as an administration has codes for their consumers.

Source: the tables of the European Commission (Taxes in Europe Database), as far as sales since
July 2021 need them. Rates are in per cent.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

EVER = date(2021, 7, 1)
"""The first day of the Union's one-stop shop for goods."""

_CONSTANT = {
    "AT": "20 13 10",
    "BE": "21 12 6",
    "BG": "20 9",
    "CY": "19 9 5",
    "DE": "19 7",
    "DK": "25",
    "ES": "21 10 4",
    "FR": "20 10 5.5 2.1",
    "GR": "24 13 6",
    "HR": "25 13 5",
    "HU": "27 18 5",
    "IE": "23 13.5 9",
    "IT": "22 10 5 4",
    "LT": "21 9 5",
    "LV": "21 12 5",
    "MT": "18 7 5",
    "PL": "23 8 5",
    "PT": "23 13 6",
    "SE": "25 12 6",
    "SI": "22 9.5 5",
}
_CHANGING = (
    ("CZ", "21", EVER, None),
    ("CZ", "15", EVER, date(2023, 12, 31)),
    ("CZ", "12", date(2024, 1, 1), None),
    ("EE", "20", EVER, date(2023, 12, 31)),
    ("EE", "22", date(2024, 1, 1), date(2025, 6, 30)),
    ("EE", "24", date(2025, 7, 1), None),
    ("EE", "9", EVER, None),
    ("FI", "24", EVER, date(2024, 8, 31)),
    ("FI", "25.5", date(2024, 9, 1), None),
    ("FI", "14", EVER, None),
    ("FI", "10", EVER, None),
    ("LU", "17", EVER, date(2022, 12, 31)),
    ("LU", "16", date(2023, 1, 1), date(2023, 12, 31)),
    ("LU", "17", date(2024, 1, 1), None),
    ("LU", "8", EVER, None),
    ("LU", "3", EVER, None),
    ("RO", "19", EVER, date(2025, 7, 31)),
    ("RO", "21", date(2025, 8, 1), None),
    ("RO", "9", EVER, date(2025, 7, 31)),
    ("RO", "11", date(2025, 8, 1), None),
    ("SK", "20", EVER, date(2024, 12, 31)),
    ("SK", "23", date(2025, 1, 1), None),
    ("SK", "10", EVER, date(2024, 12, 31)),
    ("SK", "19", date(2025, 1, 1), None),
    ("SK", "5", date(2025, 1, 1), None),
)


def list_foreign_rates() -> Iterator[tuple[str, Decimal, date, date | None]]:
    """Country, rate, first day, and last day (None while it holds), by country."""
    for country, rates in _CONSTANT.items():
        for rate in rates.split():
            yield country, Decimal(rate), EVER, None
    for country, rate, first, last in _CHANGING:
        yield country, Decimal(rate), first, last
