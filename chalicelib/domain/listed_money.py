"""What the shop lists as due, in money, by what the ledger says of each document.

Amounts include VAT: the list tells no rates, and what is not compared is not kept.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
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


def divide_listed(
    documents: Sequence[ListedDocument], files: Mapping[str, FileEntry], currency: str
) -> ListedMoney:
    """Divide what the shop lists. Where all documents of one of the `files` are among those placed,
    its cover sheet tells what they were booked for: an account of its own.
    """
    groups = defaultdict(list)
    for document in documents:
        groups[document.group].append(document)
    by_file = defaultdict(list)
    for document in groups[ListedGroup.PLACED]:
        by_file[document.file].append(document)
    covered = {
        name: _total_of_file(files[name], currency)
        for name, inside in by_file.items()
        if name in files and {document.key for document in inside} == {*files[name].keys}
    }
    placed = [
        covered.get(name) or _add_up(document.booked for document in inside)
        for name, inside in by_file.items()
    ]
    uneven = [
        name
        for name, booked in covered.items()
        if booked is not None and booked.incl != total(one.listed for one in by_file[name])
    ]
    sums = {group: _add_up(one.listed for one in groups[group]) for group in ListedGroup}
    return ListedMoney(
        currency=currency,
        listed=_add_up(document.listed for document in documents),
        placed=_merge(placed),
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


def _add_up(amounts: Iterable[Decimal]) -> ListedTotal:
    return _merge(ListedTotal(documents=1, incl=amount) for amount in amounts)


def _merge(totals: Iterable[ListedTotal]) -> ListedTotal:
    parts = list(totals)
    return ListedTotal(
        documents=sum(part.documents for part in parts), incl=total(part.incl for part in parts)
    )
