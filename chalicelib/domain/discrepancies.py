"""What is wrong with a day's statement: of each kind, how often, and which documents or files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import StrEnum

from chalicelib.lazy_dataclass import dataclass

MOST_NAMED = 20
"""How many documents or files a discrepancy names."""


class DiscrepancyKind(StrEnum):
    """Why a day is not right. Stored: a value never changes."""

    SIDES = "sides"
    """The two sides of the account differ: documents are where their biographies do not lead."""

    OPENING = "opening"
    """The day opened with other documents than the day before left open."""

    FILES = "files"
    """A finished file holds other documents than the ledger says were placed with it."""

    MISSING = "missing"
    """The shop lists documents as due that the ledger does not know."""

    DIFFERING = "differing"
    """Documents are booked for another total than the shop lists, without a report to anybody."""

    MONEY = "money"
    """Files add up to another total than the shop lists for the documents in them."""

    DOUBLES = "doubles"
    """Files arrived after they were given up, and orders of theirs are in Asperion twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """One kind, `count` documents or files of it, and the first of their `names`: numbers of
    documents, for `FILES`, `MONEY` and `DOUBLES` names of files. No names when they are not known.
    """

    kind: DiscrepancyKind
    count: int
    names: tuple[str, ...] = ()


def name_some(names: Iterable[str]) -> tuple[str, ...]:
    """The first `MOST_NAMED` of these, in the order of their numbers."""
    return tuple(sorted(names, key=lambda name: (len(name), name))[:MOST_NAMED])


def list_discrepancies(
    found: Iterable[tuple[DiscrepancyKind, int, Iterable[str]]],
) -> tuple[Discrepancy, ...]:
    """Those of the findings (kind, how many, all their names) that found anything."""
    return tuple(
        Discrepancy(kind=kind, count=count, names=name_some(names))
        for kind, count, names in found
        if count
    )


def compare_names(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """What stands in one list and not in the other; a name may stand there several times."""
    first, second = Counter(one), Counter(other)
    return [*(first - second).elements(), *(second - first).elements()]
