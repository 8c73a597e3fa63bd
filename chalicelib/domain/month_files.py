"""Which files have documents dated in a month: a small record beside a shop for each month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date, datetime
from typing import ClassVar

from chalicelib.domain.bounds import MOST_MONTH_FILES
from chalicelib.domain.file_names import read_day_digits, read_sequence, read_way, write_name
from chalicelib.domain.ways import Way
from chalicelib.lazy_dataclass import dataclass

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
    """The files and deliveries by API with documents that have an invoice date in a month, all of
    them: by the days on which they were made (``20260323``) the `numbers` of the names of files,
    and of those of `deliveries`. Each is put down before it is fixed, so that some never got
    content.

    `at` is when the last one was put down. `is_full`: there was no room for another.
    """

    NAME: ClassVar[str] = ""

    at: datetime
    numbers: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    is_full: bool = False
    deliveries: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    def list_names(self, shop_id: int) -> list[str]:
        """The names of all of them, oldest first."""
        ways = ((Way.FILE, self.numbers), (Way.API, self.deliveries))
        return sorted(
            write_name(day, shop_id, number, way)
            for way, by_day in ways
            for day, numbers in by_day.items()
            for number in numbers
        )

    def add(self, name: str, at: datetime) -> MonthFiles:
        """The record with one more file or delivery; itself when it has that already."""
        is_file = read_way(name) is Way.FILE
        by_day = self.numbers if is_file else self.deliveries
        day, number = read_day_digits(name), read_sequence(name)
        known = by_day.get(day, ())
        if number in known:
            return self
        if self._count() >= MOST_MONTH_FILES:
            return replace(self, at=at, is_full=True)
        added = {**by_day, day: tuple(sorted((*known, number)))}
        if is_file:
            return replace(self, at=at, numbers=added)
        return replace(self, at=at, deliveries=added)

    def _count(self) -> int:
        return sum(map(len, (*self.numbers.values(), *self.deliveries.values())))
