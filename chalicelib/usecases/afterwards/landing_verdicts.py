"""Where each delivered invoice is, by what was read of Asperion. A list may lag behind, and a whole
list may be somebody else's: an invoice counts as deleted only when a look at its id finds nothing,
or a second night's list; and of several, when none at all is shown, not in the first night.

A document may have been booked before. Where that was taken back by a credit, both invoices stand
rightly; where a person let it stand, or another one appeared, the sale is there twice.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from chalicelib.domain.causes import LateChange
from chalicelib.domain.code_totals import add_up_codes
from chalicelib.domain.concepts import ShownInvoice
from chalicelib.domain.landed import ANOTHER_NIGHT, MOST_NAMED, LandedPart
from chalicelib.domain.landing import Landing, compare
from chalicelib.domain.ledger import Entry
from chalicelib.lazy_dataclass import dataclass
from chalicelib.usecases.afterwards.shown_invoices import ShownInvoices

FEW = 3
"""So many deleted invoices are believed at once, when nothing else is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundInvoice:
    """What was found of a document: `is_doubtful` while it is not certain that it is gone. `others`
    are invoices of the same sale that no document of now has.
    """

    entry: Entry
    landing: Landing
    shown: ShownInvoice | None = None
    others: tuple[ShownInvoice, ...] = ()
    is_twice: bool = False
    is_doubtful: bool = False

    @property
    def change(self) -> LateChange | None:
        """What is to be reported of it."""
        if self.landing is Landing.GONE:
            return LateChange.DELETED_THERE
        if self.is_twice:
            return LateChange.TWICE_THERE
        return LateChange.CHANGED_THERE if self.landing is Landing.CHANGED else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found, and the keys of what is missing, with since when."""

    found: tuple[FoundInvoice, ...]
    missing: Mapping[str, datetime]


def judge_landings(
    wanted: Mapping[date, Mapping[str, Entry]],
    shown: ShownInvoices,
    *,
    keys: Sequence[bytes],
    missing: Mapping[str, datetime],
    now: datetime,
    count_credits: Callable[[Entry], int] = lambda _: 0,
) -> Judged:
    """Judge the documents whose invoice dates were read. `missing` are those that were missing
    before, and since when; `count_credits` tells how often a document was taken back by a credit.
    """
    entries = {key: each for day in sorted(shown.read) for key, each in wanted.get(day, {}).items()}
    every = {key: each for day in wanted.values() for key, each in day.items()}
    known = {each.asperion_id for each in every.values() if each.asperion_id is not None}
    judged = [_judge(each, shown, keys, known, count_credits) for each in entries.values()]
    gone = [each for each in judged if each.landing is Landing.GONE]
    is_empty = len(gone) > FEW and len(gone) == len(judged)
    still = {
        each.entry.key: missing.get(each.entry.key, now)
        for each in gone
        if is_empty or each.entry.key in shown.unlooked
    }
    is_doubtful = {key for key, since in still.items() if now - since < ANOTHER_NIGHT}
    unread = {key: missing[key] for key in missing.keys() & (every.keys() - entries.keys())}
    return Judged(
        found=tuple(_doubt(each, is_doubtful) for each in judged), missing={**unread, **still}
    )


def make_part(
    found: Iterable[FoundInvoice], *, moved: int, at: datetime, keeps_totals: bool
) -> LandedPart:
    """What is kept of a delivery's documents with one invoice date."""
    certain = list(found)
    there = {
        shown.id: shown
        for each in certain
        for shown in ((each.shown, *each.others) if each.shown is not None else ())
    }
    landings = [each.landing for each in certain]
    return LandedPart(
        at=at,
        delivered=len(certain) + moved,
        landed=landings.count(Landing.LANDED) + landings.count(Landing.DEFINITIVE),
        definitive=landings.count(Landing.DEFINITIVE),
        uncompared=landings.count(Landing.UNCOMPARED),
        moved=moved,
        gone=_name(each for each in certain if _is_gone(each) and not each.is_doubtful),
        changed=_name(each for each in certain if each.landing is Landing.CHANGED),
        twice=_name(each for each in certain if each.is_twice),
        doubtful=_name(each for each in certain if each.is_doubtful),
        codes=add_up_codes(each.codes for each in there.values()) if keeps_totals else None,
    )


def _judge(
    entry: Entry,
    shown: ShownInvoices,
    keys: Sequence[bytes],
    known: Collection[int],
    count_credits: Callable[[Entry], int],
) -> FoundInvoice:
    if entry.asperion_id is None:  # a person said that it is there
        return FoundInvoice(entry=entry, landing=Landing.UNCOMPARED)
    invoice = shown.find(entry.asperion_id)
    others = () if invoice is None else shown.list_others(invoice, known)
    return FoundInvoice(
        entry=entry,
        landing=compare(entry.delivered_print, invoice, keys),
        shown=invoice,
        others=others,
        is_twice=bool(others) and len(others) > count_credits(entry),
    )


def _doubt(found: FoundInvoice, keys: Collection[str]) -> FoundInvoice:
    if found.entry.key not in keys:
        return found
    return FoundInvoice(entry=found.entry, landing=found.landing, is_doubtful=True)


def _is_gone(found: FoundInvoice) -> bool:
    return found.landing is Landing.GONE


def _name(found: Iterable[FoundInvoice]) -> tuple[str, ...]:
    return tuple(each.entry.number for each in found)[:MOST_NAMED]
