"""What the shop lists as due, in money, by what the ledger says of each document.

Amounts include VAT: the list tells no rates, and what is not compared is not kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import field
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from chalicelib.domain.ledger import FileEntry
from chalicelib.domain.money import ZERO, total
from chalicelib.lazy_dataclass import dataclass


class ListedGroup(StrEnum):
    """Where a listed document is; each is a field of `ListedMoney`."""

    PLACED = "placed"
    CHANGED = "changed"  # placed, and changed in the shop since, which was or will be reported
    HELD = "held"
    DROPPED = "dropped"
    WAITING = "waiting"


class ListedDocument(NamedTuple):
    """A document that the shop lists for the amount `listed`; a credit note's is negative.

    `group` is None for one that is not in the ledger, or booked for another total without a report.
    A placed one is in `file`, as `booked`.
    """

    key: str
    listed: Decimal
    group: ListedGroup | None
    booked: Decimal
    file: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedTotal:
    """What so many documents add up to."""

    documents: int = 0
    incl: Decimal = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedMoney:
    """What the shop lists as due, in one `currency`, and what became of it. Credit notes are
    negative.

    `placed` is what the files say of these documents, the others what the list says. `uneven_files`
    are those that add up to another total than the list.
    """

    currency: str
    listed: ListedTotal
    placed: ListedTotal
    changed: ListedTotal
    held: ListedTotal
    dropped: ListedTotal
    waiting: ListedTotal
    uneven_files: tuple[str, ...] = ()

    @property
    def difference(self) -> Decimal:
        """What is listed, including VAT, minus what became of it; 0.00 when nothing is amiss."""
        parts = (self.placed, self.changed, self.held, self.dropped, self.waiting)
        return self.listed.incl - total(part.incl for part in parts)


@dataclass(slots=True)
class _Sum:
    """Documents as they come, and what they add up to."""

    documents: int = 0
    listed: Decimal = ZERO
    booked: Decimal = ZERO
    keys: list[str] = field(default_factory=list)

    def add(self, document: ListedDocument) -> None:
        self.documents += 1
        self.listed += document.listed
        self.booked += document.booked

    def total_listed(self) -> ListedTotal:
        return ListedTotal(documents=self.documents, incl=self.listed)

    def total_booked(self) -> ListedTotal:
        return ListedTotal(documents=self.documents, incl=self.booked)


class DividedList:
    """Divides what the shop lists, one document after another: of most only sums are kept, of a
    placed one its key as well.
    """

    def __init__(self) -> None:
        self._all = _Sum()
        self._groups = {group: _Sum() for group in ListedGroup}
        self._files: dict[str, _Sum] = {}

    def add(self, document: ListedDocument) -> None:
        """Add a document to where it is."""
        self._all.add(document)
        if document.group is ListedGroup.PLACED:
            of_file = self._files.setdefault(document.file, _Sum())
            of_file.add(document)
            of_file.keys.append(document.key)
        elif document.group is not None:
            self._groups[document.group].add(document)

    def add_up(self, files: Iterable[FileEntry], currency: str) -> ListedMoney:
        """What all of them add up to. Where all documents of one of the placed `files` are among
        those placed, its cover sheet tells what they were booked for: an account of its own.
        """
        placed = {name: inside.total_booked() for name, inside in self._files.items()}
        uneven = list[str]()
        for file in files:
            inside, booked = self._files.get(file.name), _total_of_file(file, currency)
            if inside is None or booked is None or {*inside.keys} != {*file.keys}:
                continue
            placed[file.name] = booked
            if booked.incl != inside.listed:
                uneven.append(file.name)
        sums = {group: inside.total_listed() for group, inside in self._groups.items()}
        return ListedMoney(
            currency=currency,
            listed=self._all.total_listed(),
            placed=_merge(placed.values()),
            changed=sums[ListedGroup.CHANGED],
            held=sums[ListedGroup.HELD],
            dropped=sums[ListedGroup.DROPPED],
            waiting=sums[ListedGroup.WAITING],
            uneven_files=tuple(sorted(uneven)),
        )


def _total_of_file(file: FileEntry, currency: str) -> ListedTotal | None:
    cover = file.cover
    if cover is None or cover.currency != currency:
        return None
    return ListedTotal(documents=cover.documents, incl=cover.incl)


def _merge(totals: Collection[ListedTotal]) -> ListedTotal:
    return ListedTotal(
        documents=sum(part.documents for part in totals),
        incl=total(part.incl for part in totals),
    )
