"""Languages of the pages: Dutch unless a shop speaks another language, then English.

Source texts are English; the Dutch ones are the gettext domain ``pages``. Without a compiled
catalogue the English texts show. `tools.catalogues` says which strings are collected as sources.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TypeVar

from chalicelib.domain.days import AMSTERDAM, local_day
from chalicelib.domain.money import EURO

DUTCH, ENGLISH = "nl", "en"
DOMAIN = "pages"

Translations = gettext.NullTranslations
Key = TypeVar("Key")
Msgids = Mapping[Key, str]
"""A source for each key, as `msgid`."""


def choose_language(code: str | None) -> str:
    """The language of the pages for a language code as SEOshop and browsers give it (``nl-BE``,
    ``de``); Dutch without a code.
    """
    primary = (code or DUTCH).strip().lower().replace("_", "-").partition("-")[0]
    return DUTCH if primary in ("", DUTCH) else ENGLISH


def choose_point(language: str) -> str:
    """What stands between euros and cents in a language of the pages."""
    return "," if language == DUTCH else "."


@cache
def load_translations(language: str, directory: Path) -> Translations:
    """The catalogue of a language below `directory`; English without one."""
    return gettext.translation(DOMAIN, directory, [language], fallback=True)


def msgid(text: str) -> str:
    """The source of a text that is translated where it is shown."""
    return text


def list_msgids(*texts: str) -> tuple[str, ...]:
    """Several sources, as `msgid`."""
    return texts


_MONTHS = list_msgids(
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = list_msgids(
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)


class LocalDates:
    """Writes days and moments as people in Amsterdam read them."""

    def __init__(self, translate: Callable[[str], str], now: datetime) -> None:
        self._ = translate
        self._today = local_day(now)

    def format_day(self, day: date) -> str:
        """``23 november 2026``."""
        return f"{self._format_short_day(day)} {day.year}"

    def format_month(self, day: date) -> str:
        """``november 2026``."""
        return f"{self._(_MONTHS[day.month - 1])} {day.year}"

    def format_weekday(self, day: date) -> str:
        """``maandag 23 november``, the year only when it is not this one."""
        return f"{self._(_WEEKDAYS[day.weekday()])} {self.format_brief_day(day)}"

    def format_brief_day(self, day: date) -> str:
        """``23 november``, the year only when it is not this one."""
        text = self._format_short_day(day)
        return text if day.year == self._today.year else f"{text} {day.year}"

    def format_moment(self, moment: datetime) -> str:
        """``vandaag 14:05``, ``gisteren 02:15``, ``12 november, 02:15``; the year if not this."""
        day = moment.astimezone(AMSTERDAM).date()
        clock = self.format_clock(moment)
        distance = (self._today - day).days
        if distance in (0, 1):
            text = self._(msgid("yesterday") if distance else msgid("today"))
            return f"{text} {clock}"
        year = f" {day.year}" if day.year != self._today.year else ""
        return f"{self._format_short_day(day)}{year}, {clock}"

    def format_full_moment(self, moment: datetime) -> str:
        """``12 november 2026, 02:15``: for what is printed, and read on another day."""
        day = moment.astimezone(AMSTERDAM).date()
        return f"{self.format_day(day)}, {self.format_clock(moment)}"

    def format_clock(self, moment: datetime) -> str:
        """``02:15``."""
        return f"{moment.astimezone(AMSTERDAM):%H:%M}"

    def format_iso(self, moment: datetime) -> str:
        """For ``<time datetime>``: UTC to the second."""
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    def _format_short_day(self, day: date) -> str:
        return f"{day.day} {self._(_MONTHS[day.month - 1])}"


def format_money(amount: str, currency: str, language: str) -> str:
    """An amount (two decimals, a dot) as people write it: ``€ 1.234,50``, in English
    ``€ 1,234.50``; the sign stands with the figures.
    """
    digits, _, decimals = amount.removeprefix("-").partition(".")
    sign = "-" if amount.startswith("-") else ""
    point = choose_point(language)
    separator = "." if point == "," else ","
    grouped = f"{int(digits):,}".replace(",", separator)
    symbol = "€" if currency == EURO else currency
    return f"{symbol}\N{NO-BREAK SPACE}{sign}{grouped}{point}{decimals}"


def format_number(number: Decimal, language: str) -> str:
    """A quantity as people write it, without needless zeros: ``2,5``."""
    text = f"{number.normalize():f}"
    return text.replace(".", ",") if language == DUTCH else text


def format_unit_price(price: Decimal, currency: str, language: str) -> str:
    """A price of up to four decimals, with two at the least: ``€ 12,3554``."""
    whole, _, decimals = f"{price:.4f}".partition(".")
    return format_money(f"{whole}.{decimals[:2]}{decimals[2:].rstrip('0')}", currency, language)
