"""Languages of the pages: Dutch unless a shop speaks another language, then English.

Source texts are English; the Dutch ones are the gettext domain ``pages``. Without a compiled
catalogue the English texts show.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

from chalicelib.domain.days import AMSTERDAM, local_day

DUTCH, ENGLISH = "nl", "en"
DOMAIN = "pages"

Translations = gettext.NullTranslations


def language_of(code: str | None) -> str:
    """The language of the pages for a language code as SEOshop and browsers give it (``nl-BE``,
    ``de``); nothing at all means Dutch.
    """
    primary = (code or DUTCH).strip().lower().replace("_", "-").partition("-")[0]
    return DUTCH if primary in ("", DUTCH) else ENGLISH


@cache
def translations(language: str, directory: Path) -> Translations:
    """The catalogue of a language below `directory`; English without one."""
    return gettext.translation(DOMAIN, directory, [language], fallback=True)


def mark(text: str) -> str:
    """Mark a text for translation that is translated where it is shown."""
    return text


_MONTHS = (
    mark("January"),
    mark("February"),
    mark("March"),
    mark("April"),
    mark("May"),
    mark("June"),
    mark("July"),
    mark("August"),
    mark("September"),
    mark("October"),
    mark("November"),
    mark("December"),
)
_WEEKDAYS = (
    mark("Monday"),
    mark("Tuesday"),
    mark("Wednesday"),
    mark("Thursday"),
    mark("Friday"),
    mark("Saturday"),
    mark("Sunday"),
)


class Dates:
    """Writes days and moments as people in Amsterdam read them."""

    def __init__(self, gettext_: Callable[[str], str], now: datetime) -> None:
        self._ = gettext_
        self._today = local_day(now)

    def day(self, day: date) -> str:
        """``23 november 2026``."""
        return f"{day.day} {self._(_MONTHS[day.month - 1])} {day.year}"

    def weekday(self, day: date) -> str:
        """``maandag 23 november``, the year only when it is not this one."""
        text = f"{self._(_WEEKDAYS[day.weekday()])} {day.day} {self._(_MONTHS[day.month - 1])}"
        return text if day.year == self._today.year else f"{text} {day.year}"

    def moment(self, moment: datetime) -> str:
        """``vandaag 14:05``, ``gisteren 02:15``, ``12 november, 02:15``; the year if not this."""
        local = moment.astimezone(AMSTERDAM)
        clock = f"{local:%H:%M}"
        distance = (self._today - local.date()).days
        if distance == 0:
            return " ".join((self._(mark("today")), clock))
        if distance == 1:
            return " ".join((self._(mark("yesterday")), clock))
        year = f" {local.year}" if local.year != self._today.year else ""
        return f"{local.day} {self._(_MONTHS[local.month - 1])}{year}, {clock}"

    def clock(self, moment: datetime) -> str:
        """``02:15``."""
        return f"{moment.astimezone(AMSTERDAM):%H:%M}"

    def iso(self, moment: datetime) -> str:
        """For ``<time datetime>``: UTC to the second."""
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
