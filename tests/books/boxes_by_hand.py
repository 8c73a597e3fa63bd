"""Where a line of a drawn order lands in the VAT returns, told by hand: by what was ordered, where
it went and whose number the customer has. It shares no rule with the connector.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction

HIGH_BEFORE_2012, LOW_BEFORE_2019 = Fraction(19, 100), Fraction(6, 100)
HIGH, LOW = Fraction(21, 100), Fraction(9, 100)


def box_at_home(rate: Fraction, ordered: date) -> str:
    """The box of a sale within the Netherlands."""
    if rate == 0:
        return "1e"
    high = HIGH_BEFORE_2012 if ordered < date(2012, 10, 1) else HIGH
    low = LOW_BEFORE_2019 if ordered < date(2019, 1, 1) else LOW
    if rate == high:
        return "1a"
    if rate == low:
        return "1b"
    return "1c"


def box_abroad(why: str, number: str, *, is_service: bool) -> tuple[str, str]:
    """The box, and goods or services, of a line without VAT that went abroad for this reason."""
    supply = "services" if is_service else "goods"
    if is_service and number and not number.startswith(("NL", "XI", "GB")):
        return "3b", supply
    if is_service:
        return "outside", supply
    if why == "export":
        return "3a", supply
    return "3b", supply
