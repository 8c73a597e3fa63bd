"""Days as people type them in Dutch and English: ``2026-11-03``, ``3-11``, ``3 nov``, ``today``.

Day before month, as in the Netherlands. Without a year it is the last such day.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

_DAYS_AGO = {"vandaag": 0, "today": 0, "gisteren": 1, "yesterday": 1, "eergisteren": 2}
_WEEKDAYS = (
    *("maandag monday", "dinsdag tuesday", "woensdag wednesday", "donderdag thursday"),
    *("vrijdag friday", "zaterdag saturday", "zondag sunday"),
)
_MONTHS = (
    *("januari january", "februari february", "maart march mrt", "april", "mei may"),
    *("juni june", "juli july", "augustus august", "september", "oktober october"),
    *("november", "december"),
)
_ISO = r"(?a)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
_FIGURES = r"(?a)(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})(?:[-/.](?P<year>\d{4}|\d{2}))?"
_WORDS = (
    r"(?a)(?:[a-z]+ )?(?P<day>\d{1,2})[ -](?P<month>[a-z]{3,9})\.?(?:[ -](?P<year>\d{4}|\d{2}))?"
)
_ENGLISH = r"(?a)(?P<month>[a-z]{3,9})\.? (?P<day>\d{1,2})(?:,? (?P<year>\d{4}))?"


def parse_day(text: str, today: date) -> date | None:
    """The day that a text says, or None where it says none that exists."""
    said = " ".join(text.casefold().split())
    if said in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[said])
    for place, names in enumerate(_WEEKDAYS):
        if said in names.split():
            return today - timedelta(days=(today.weekday() - place) % 7 or 7)
    for pattern in (_ISO, _FIGURES, _WORDS, _ENGLISH):
        if found := re.fullmatch(pattern, said):
            day = _find_day(found["year"] or "", found["month"], int(found["day"]), today)
            if day is not None:
                return day
    return None


def _find_day(year: str, month: str, day: int, today: date) -> date | None:
    number = int(month) if month.isdigit() else _find_month(month)
    with suppress(ValueError):
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), number, day)
    for candidate in range(today.year, today.year - 5, -1):  # 29 February comes every fourth year
        with suppress(ValueError):
            if not year and (found := date(candidate, number, day)) <= today:
                return found
    return None


def _find_month(word: str) -> int:
    """The month of a name, or of what it begins with; 0 for none."""
    for number, names in enumerate(_MONTHS, start=1):
        if any(name.startswith(word) for name in names.split()):
            return number
    return 0
