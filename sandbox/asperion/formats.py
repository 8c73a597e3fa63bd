"""How numbers, dates and times are written on the pages: the Dutch way."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from sandbox.asperion.vat_classes import cents

_AMSTERDAM = ZoneInfo("Europe/Amsterdam")


def money(amount: Decimal) -> str:
    """Write euros: € 1.043,45 and € -12,10."""
    return f"€ {_dutch(f'{cents(amount):,.2f}')}"


def plain_amount(value: Decimal) -> str:
    """Write an amount as a form shows it: 1043,45."""
    return f"{value:.2f}".replace(".", ",")


def number(value: Decimal) -> str:
    """Write a quantity or rate without needless zeros: 2, 1,5, 21."""
    plain = f"{value:f}"
    return _dutch(plain.rstrip("0").rstrip(".") if "." in plain else plain)


def unit_price(value: Decimal | None) -> str:
    """Write a price a piece in two to four decimals; a dash if the file gives none."""
    if value is None:
        return "–"
    whole, _, decimals = f"{value:,.4f}".partition(".")
    decimals = decimals[:2] + decimals[2:].rstrip("0")
    return f"€ {_dutch(f'{whole}.{decimals}')}"


def day(value: date) -> str:
    """Write a date as dd-mm-yyyy."""
    return f"{value:%d-%m-%Y}"


def period(value: date) -> str:
    """Write a bookkeeping period as mm-yyyy."""
    return f"{value:%m-%Y}"


def moment(value: datetime) -> str:
    """Write a time as dd-mm-yyyy hh:mm, in the Netherlands."""
    return f"{value.astimezone(_AMSTERDAM):%d-%m-%Y %H:%M}"


def count(amount: int, one: str, many: str) -> str:
    """Write a number with its noun: 1 factuur, 3 facturen."""
    return f"{_dutch(f'{amount:,}')} {one if amount == 1 else many}"


def size(length: int) -> str:
    """Write a file's length in kilobytes, at least one."""
    return f"{_dutch(f'{max(1, round(length / 1024)):,}')} kB"


def _dutch(text: str) -> str:
    return text.translate(str.maketrans(",.", ".,"))


FILTERS = {
    "money": money,
    "number": number,
    "plain_amount": plain_amount,
    "unit_price": unit_price,
    "day": day,
    "period": period,
    "moment": moment,
    "count_of": count,
    "size": size,
}
"""Template filters by name."""
