"""How a period is called."""

from __future__ import annotations

from datetime import date

from chalicelib.domain.periods import Period, PeriodKind, find_period, quarter_of
from chalicelib.web.texts.localisation import (
    LocalDates,
    Msgids,
    Translations,
    list_msgids,
    msgid,
)

_QUARTERS = list_msgids(
    "1st quarter of %(year)s",
    "2nd quarter of %(year)s",
    "3rd quarter of %(year)s",
    "4th quarter of %(year)s",
)
NOT_A_PERIOD = msgid("This is no period. Choose one from the list, or give a first and a last day.")
NO_FIRST_DAY = msgid("Give the first day, such as 01-07-2026.")
NO_LAST_DAY = msgid("Give the last day, such as 30-09-2026.")
LAST_BEFORE_FIRST = msgid("The last day is before the first.")
TOO_LONG = msgid("Choose at most a year at once.")
KINDS: Msgids[PeriodKind] = {
    PeriodKind.QUARTER: "Quarters",
    PeriodKind.MONTH: "Months",
    PeriodKind.YEAR: "Years",
}


def write_period(period: Period, text: Translations, dates: LocalDates) -> str:
    """``3e kwartaal 2026``, ``maart 2026``, ``2026`` or ``5 januari 2026 – 3 februari 2026``."""
    year = period.first.year
    match period.kind:
        case PeriodKind.YEAR:
            return str(year)
        case PeriodKind.QUARTER:
            return text.gettext(_QUARTERS[quarter_of(period.first) - 1]) % {"year": year}
        case PeriodKind.MONTH:
            return dates.format_month(period.first)
        case _ if period.first == period.last:
            return dates.format_day(period.first)
        case _:
            return f"{dates.format_day(period.first)} – {dates.format_day(period.last)}"


def write_quarter(first: date, text: Translations, dates: LocalDates) -> str:
    """The quarter that begins on this day, as `write_period` has it."""
    return write_period(find_period(PeriodKind.QUARTER, first), text, dates)
