"""Which files have documents dated in a month: a small record beside a shop for each month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from chalicelib.domain.bounds import MOST_MONTH_FILES
from chalicelib.domain.file_names import read_day_digits, read_sequence, write_name

MONTHS = "month-"


def month_name(day: date) -> str:
    """Under which name the files of a day's month are kept: ``month-2026-03``."""
    return f"{MONTHS}{day:%Y-%m}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedFiles:
    """The `first` file, by name, of a version that keeps on which days its documents are booked
    (1.5.0 and later): of those before it nobody knows.
    """

    NAME: ClassVar[str] = "dated-files"

    first: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthFiles:
    """The files with documents that have an invoice date in a month, all of them: by the days on
    which they were made (``20260323``) the numbers of their names. A file is put down before it is
    fixed, so that some never got content.

    `at` is when the last one was put down. `is_full`: there was no room for another.
    """

    NAME: ClassVar[str] = ""

    at: datetime
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    is_full: bool = False

    def list_names(self, shop_id: int) -> list[str]:
        """The files' names, oldest first."""
        return [
            write_name(day, shop_id, number)
            for day in sorted(self.numbers)
            for number in self.numbers[day]
        ]

    def add(self, name: str, at: datetime) -> MonthFiles:
        """The record with one more file; itself when it has that already."""
        day, number = read_day_digits(name), read_sequence(name)
        known = self.numbers.get(day, ())
        if number in known:
            return self
        if sum(map(len, self.numbers.values())) >= MOST_MONTH_FILES:
            return MonthFiles(at=at, numbers=self.numbers, is_full=True)
        numbers = {**self.numbers, day: tuple(sorted((*known, number)))}
        return MonthFiles(at=at, numbers=numbers, is_full=self.is_full)
