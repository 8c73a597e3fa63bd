"""The import files with documents of a period: those that count for its VAT return, and by their
names those that cannot be counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from enum import StrEnum

from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.file_returns import DeclaredDay, FileReturns
from chalicelib.domain.periods import Period
from chalicelib.lazy_dataclass import dataclass


class Uncounted(StrEnum):
    """Why a file cannot be counted."""

    UNSURE = "unsure"  # it may or may not be in Asperion
    DOUBLE = "double"  # it is there twice until a person has deleted one
    PARTLY = "partly"  # that was done, and nobody knows what the rest comes to
    UNDATED = "undated"  # the days or the totals of its documents were not kept
    OTHER_CURRENCY = "other currency"  # it has no sum with the others


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedFile:
    """A delivered file that counts as a whole, with what it adds up to."""

    name: str
    cover: CoverSheet
    returns: FileReturns

    def list_days(self, period: Period) -> list[DeclaredDay]:
        """Its days in a period."""
        return [each for each in self.returns.days if each.day in period]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodFiles:
    """The files of a `period`, of a shop whose books are in `currency` (ISO 4217), oldest first.
    All that are `counted` are in that currency; `uncounted` has the names of the others by kind,
    and no kind without files. `is_cut`: the period has more files than could be noted.
    """

    period: Period
    currency: str
    counted: tuple[CountedFile, ...] = ()
    uncounted: Mapping[Uncounted, tuple[str, ...]] = field(default_factory=dict)
    is_cut: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every file that may have documents in the period is counted."""
        return not (self.uncounted or self.is_cut)
