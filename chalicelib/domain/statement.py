"""The statement of a day, kept as a bank keeps one: what was open, what came, what went, what is
left. In documents, taken from their biographies alone, whatever runs the day had; and in money, by
the cover sheets of its files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import field
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar, NamedTuple

from chalicelib.domain.biography import states_around
from chalicelib.domain.cover_sheet import CoverSheet
from chalicelib.domain.days import local_day
from chalicelib.domain.discrepancies import Discrepancy
from chalicelib.domain.events import Event, OrderStep
from chalicelib.domain.ledger import DocumentKind, Entry, EntryState
from chalicelib.domain.listed_money import ListedMoney
from chalicelib.domain.policy import Source
from chalicelib.lazy_dataclass import dataclass


def statement_name(day: date) -> str:
    """Under which name a day's statement is kept: ``day-2026-11-23``."""
    return f"day-{day.isoformat()}"


class Verdict(StrEnum):
    """What a day's statement proves. Stored: a value never changes."""

    RIGHT = "right"
    WRONG = "wrong"
    RUNNING = "running"  # a run goes on, or the shop's list could not be compared yet


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopCheck:
    """The independent look at what the shop lists as due since `since`, at the time `at`.

    `due` documents are listed, `missing` of them are not in the ledger, `differing` are booked for
    another total without a report to anybody; `missing_numbers` and `differing_numbers` are the
    first of either. `is_whole`: all of the list was seen. `money` is what the list adds up to; None
    when it was not compared, or the merchant wants no totals kept.
    """

    since: datetime
    at: datetime
    due: int = 0
    missing: int = 0
    missing_numbers: tuple[str, ...] = ()
    differing: int = 0
    differing_numbers: tuple[str, ...] = ()
    is_whole: bool = False
    money: ListedMoney | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalMark:
    """Where a closed statement stands in the journal: the `number` and the `hash` of its entry, and
    the numbers of those that correct it.
    """

    number: int
    hash: str
    corrections: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DayStatement:
    """One day's statement, in documents. `opened` + `due` + `corrections` = `placed` + `dropped` +
    `waiting` + `held`.

    `placed` is by file in `files`. `unfinished` names the files whose outcome was not known when
    the statement was drawn up, at `at`. `previous_left` is what the statement of the day before
    left open; None when there is none. `left_numbers` are the documents left, when they are few
    enough to name.

    `cover` is what the day's files add up to, credit notes taken off; None when the totals of one
    were not kept. `discrepancies` are why it is `WRONG`; statements of early versions have none.

    `unfiled` are the keys of the account's documents that none of `files` holds, `more_unfiled` how
    many more there are than it names. None in statements of versions before 1.4.0.

    `sha256` is that of each of `files` by name, as their records have it; None in statements of
    versions before 1.5.0. One that `is_closed` stands: only its totals may be erased, a file that
    surfaced later be added to `unfinished`, and its place in the journal be set (`mark`; None until
    it is there).
    """

    NAME: ClassVar[str] = ""

    day: date
    at: datetime
    opened: int = 0
    due: int = 0
    corrections: int = 0
    placed: int = 0
    files: Mapping[str, int] = field(default_factory=dict)
    dropped: int = 0
    waiting: int = 0
    held: int = 0
    unfinished: tuple[str, ...] = ()
    previous_left: int | None = None
    left_numbers: tuple[str, ...] = ()
    check: ShopCheck | None = None
    cover: CoverSheet | None = None
    discrepancies: tuple[Discrepancy, ...] = ()
    unfiled: tuple[str, ...] | None = None
    more_unfiled: int = 0
    verdict: Verdict = Verdict.RUNNING
    sha256: Mapping[str, str] | None = None
    is_closed: bool = False
    mark: JournalMark | None = None

    @property
    def is_final(self) -> bool:
        """Whether it was drawn up when the day was over."""
        return local_day(self.at) > self.day

    def count(self, figure: Figure) -> int:
        """How many documents stand under a figure."""
        counted: int = getattr(self, figure.value)
        return counted

    @property
    def left(self) -> int:
        """How many documents stay open after the day."""
        return self.waiting + self.held

    @property
    def difference(self) -> int:
        """What came minus what went and what is left; 0 when the statement closes."""
        came = self.opened + self.due + self.corrections
        return came - self.placed - self.dropped - self.left


class Figure(StrEnum):
    """The figures of a statement; each is a list of documents."""

    OPENED = "opened"
    DUE = "due"
    CORRECTIONS = "corrections"
    PLACED = "placed"
    DROPPED = "dropped"
    WAITING = "waiting"
    HELD = "held"


CAME = frozenset({Figure.OPENED, Figure.DUE, Figure.CORRECTIONS})
"""The figures of what there was to do; the others are what became of it."""


class Document(NamedTuple):
    """A document under a figure: what its link needs, and no more; there may be thousands."""

    key: str
    number: str
    kind: DocumentKind

    @property
    def place(self) -> tuple[int, str]:
        """By which documents are listed: the order of their numbers."""
        return len(self.number), self.number


@dataclass(slots=True)
class DayAccount:
    """The documents behind each figure of a day (Europe/Amsterdam), once every document that was
    open in it is added. One that comes or goes twice stands there twice.

    Of a day that `is_over` the account is the same at any later moment; of today what is left is
    read from the documents' states. `source` is what the shop exports. With `until` the account is
    that of this moment, whatever happened since. `placed_by_file` are the keys by the file that the
    document went into.
    """

    day: date
    source: Source
    is_over: bool
    until: datetime | None = None
    figures: dict[Figure, list[Document]] = field(
        default_factory=lambda: {figure: [] for figure in Figure}
    )
    placed_by_file: dict[str, list[str]] = field(default_factory=dict)

    def count(self, figure: Figure) -> int:
        """How many documents stand under a figure."""
        return len(self.figures[figure])

    def list_numbers(self, figure: Figure) -> list[str]:
        """The numbers of the documents under a figure."""
        return [document.number for document in self.figures[figure]]

    def list_unbalanced(self) -> list[str]:
        """The numbers of documents that came more often than they went or are left, or less."""
        balance: Counter[Document] = Counter()
        for figure, documents in self.figures.items():
            for document in documents:
                balance[document] += 1 if figure in CAME else -1
        return [document.number for document, sum_ in balance.items() if sum_]

    def add(self, entry: Entry) -> None:
        """Enter what the day did to a document, as its biography tells it."""
        document = Document(entry.key, entry.number, entry.kind)
        at_start = at_end = None
        day = date.min  # clocks differ, but a biography never goes back
        for before, event, after in states_around(entry.history):
            if self.until is not None and event.at > self.until:
                break
            day = max(day, local_day(event.at))
            at_start = after if day < self.day else at_start
            at_end = after if day <= self.day else at_end
            if day == self.day:
                self._add_event(document, event, before, after)
        if not self.is_over and self.until is None:
            at_end = entry.state
        if at_start is not None and at_start.is_open:
            self.figures[Figure.OPENED].append(document)
        if at_end is not None and at_end.is_open:
            is_held = at_end is EntryState.HELD
            self.figures[Figure.HELD if is_held else Figure.WAITING].append(document)

    def _add_event(
        self, document: Document, event: Event, before: EntryState | None, after: EntryState
    ) -> None:
        was_open = before is not None and before.is_open
        if after.is_open and not was_open:
            is_correction = event.step is OrderStep.SEND_AGAIN or self._corrects(document.kind)
            figure = Figure.CORRECTIONS if is_correction else Figure.DUE
            self.figures[figure].append(document)
        elif was_open and after is EntryState.PLACED:
            self.figures[Figure.PLACED].append(document)
            self.placed_by_file.setdefault(event.file or "", []).append(document.key)
        elif was_open and after is EntryState.DROPPED:
            self.figures[Figure.DROPPED].append(document)

    def _corrects(self, kind: DocumentKind) -> bool:
        """Whether a document puts right what is in the books: a reversal, or a credit note that a
        shop which books paid orders takes along.
        """
        is_note = kind is DocumentKind.INVOICE and self.source is Source.ORDERS
        return is_note or kind is DocumentKind.REVERSAL
