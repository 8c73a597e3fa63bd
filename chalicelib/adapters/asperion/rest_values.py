"""Single values of Asperion's REST API, as the connector has them."""

from __future__ import annotations

import unicodedata
from contextlib import suppress
from datetime import MAXYEAR, MINYEAR, date, datetime
from decimal import Decimal

from chalicelib.domain.days import local_day

LONGEST_TEXT = 500
_CENT = Decimal("0.01")


class Unusable(ValueError):
    """An object is not what was promised; the message names a field, and no value."""


def check_id(number: int, *, least: int = 1) -> int:
    """An id of a real object: 0 is that of none where Asperion counts them itself. Raises
    `Unusable`.
    """
    if not least <= number < 2**63:
        raise Unusable("id")
    return number


def check_code(text: str) -> str:
    """A code that an object is named by. Raises `Unusable`."""
    code = text.strip()
    if not code or len(code) > LONGEST_TEXT or not code.isprintable():
        raise Unusable("id")
    return code


def read_day(text: str | None) -> date | None:
    """The day of a date as RFC 3339 has it, in the Netherlands; of one without a time or a zone, or
    of the last year there is, as it is written. None for none, and for the first year, in which
    .NET puts what was never set. Raises `Unusable`.
    """
    if not text:
        return None
    with suppress(ValueError):  # which quotes the value
        moment = datetime.fromisoformat(text.strip())
        is_plain = moment.tzinfo is None or moment.year in (MINYEAR, MAXYEAR)
        day = moment.date() if is_plain else local_day(moment)
        return None if day.year == MINYEAR else day
    raise Unusable("date")


def read_amount(number: Decimal) -> Decimal:
    """An amount with two decimals; beyond six decimals they are a binary fraction's noise. One that
    has parts of cents keeps them, so that it equals none of ours. Raises `Unusable`.
    """
    if not number.is_finite() or number.adjusted() > 12:
        raise Unusable("amount")
    exact = round(number, 6)
    cents = exact.quantize(_CENT)
    return cents + 0 if cents == exact else exact


def tidy(text: str | None) -> str:
    """A text of one line of visible characters, cut where it is over 500."""
    line = "".join(sign if sign.isprintable() else " " for sign in text or "")
    return line.strip()[:LONGEST_TEXT]


def plain(text: str) -> str:
    """A text as descriptions are compared: composed, and with single blanks between words."""
    return " ".join(unicodedata.normalize("NFC", text).split())


def tidy_any(value: object) -> str:
    """A code that is a text or a number; empty for anything else."""
    is_text = isinstance(value, str | int) and not isinstance(value, bool)
    return tidy(str(value)) if is_text else ""


def read_rate(percentage: Decimal) -> Decimal:
    """A fraction of a percentage, with two decimals at least. Raises `Unusable`."""
    if not percentage.is_finite() or not 0 <= percentage <= 100:
        raise Unusable("percentage")
    rate = round(percentage, 6) / 100
    return rate.quantize(_CENT) if rate == rate.quantize(_CENT) else rate.normalize()
