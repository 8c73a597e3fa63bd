"""The journal of a shop: the closed statements of its days in a row, each with the hash of the one
before, so that none can be changed, left out or moved without the hashes after it changing too.

What is hashed of an entry is stored as the very text that was hashed: what later versions add to a
statement changes no hash. `docs/journal.md` has the form.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

from chalicelib.domain.discrepancies import DiscrepancyKind
from chalicelib.domain.journal_forms import Form, form_statement, form_totals
from chalicelib.domain.statement import DayStatement
from chalicelib.lazy_dataclass import dataclass

FORM = 1
"""The version of the form, which is part of what is hashed. Another form gets another number."""

JOURNAL = "journal-"

_OF_THE_BOOKS = frozenset(
    {
        DiscrepancyKind.SIDES,
        DiscrepancyKind.OPENING,
        DiscrepancyKind.FILES,
        DiscrepancyKind.DOUBLES,
    }
)
"""What may be wrong with a day by the ledger alone, whatever the shop lists."""


class EntryKind(StrEnum):
    """What an entry is. Stored, and hashed: a value never changes."""

    STATEMENT = "statement"
    CORRECTION = "correction"  # the whole statement of a day that is in the journal already, anew


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalEntry:
    """One entry. `text` is what was hashed, in canonical form, `hash` its SHA-256 in hex. `totals`
    is what the text has the hash of alone, likewise; None when there are none, or when they were
    erased. `day` is the statement's, `last_day` that of the last statement up to this entry, `at`
    when the statement was drawn up.
    """

    NAME: ClassVar[str] = ""

    number: int
    day: date
    last_day: date
    at: datetime
    text: str
    hash: str
    totals: str | None = None

    @property
    def kind(self) -> EntryKind:
        """What it is."""
        return EntryKind(self.read()["kind"])

    @property
    def name(self) -> str:
        """Under which name it is stored; see `name_entry`."""
        return name_entry(self.number)

    def read(self) -> Form:
        """What the text says."""
        form: Form = json.loads(self.text)
        return form

    def write_line(self) -> str:
        """The entry as a line of the download: what was hashed, with its hash and its totals."""
        line = {**self.read(), "hash": self.hash}
        if self.totals is not None:
            line["totals"] = json.loads(self.totals)
        return write_canonically(line)


def name_entry(number: int) -> str:
    """``journal-00000012``: names in the order of their numbers."""
    return f"{JOURNAL}{number:08d}"


def write_canonically(form: object) -> str:
    """The one way of writing a form: JSON with sorted keys, nothing between the parts, and every
    character as itself. A form has texts, whole numbers, yes and no, and nothing; no fractions.
    """
    return json.dumps(form, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def hash_text(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hex characters."""
    return hashlib.sha256(text.encode()).hexdigest()


def make_entry(
    shop_id: int,
    previous: JournalEntry | None,
    statement: DayStatement,
    *,
    salt: str,
    corrects: int | None = None,
) -> JournalEntry:
    """The entry that follows `previous` (None: the first). `corrects` is the number of the entry of
    the same day that it takes the place of. `salt` is random: it is hashed with the totals, and
    erased with them, or else whoever tries all amounts would find what was erased.
    """
    totals = form_totals(statement, salt)
    written = None if totals is None else write_canonically(totals)
    number = 1 if previous is None else previous.number + 1
    kind = EntryKind.STATEMENT if corrects is None else EntryKind.CORRECTION
    text = write_canonically(
        {
            "form": FORM,
            "shop": shop_id,
            "number": number,
            "kind": kind.value,
            "corrects": corrects,
            "day": statement.day.isoformat(),
            "follows": None if previous is None else previous.day.isoformat(),
            "previous": None if previous is None else previous.hash,
            "statement": form_statement(statement),
            "totals_hash": None if written is None else hash_text(written),
        }
    )
    last_day = statement.day if previous is None else max(previous.last_day, statement.day)
    return JournalEntry(
        number=number,
        day=statement.day,
        last_day=last_day,
        at=statement.at,
        text=text,
        hash=hash_text(text),
        totals=written,
    )


def differs(entry: JournalEntry, statement: DayStatement) -> bool:
    """Whether an entry says something else of its day than a statement that was drawn up later:
    figures, files, or what is wrong by the ledger alone.
    """
    return _pick_figures(entry.read()["statement"]) != _pick_figures(form_statement(statement))


def _pick_figures(form: Form) -> Form:
    """What a day comes to, whenever it is drawn up. Which of the documents that came are
    corrections goes by what the shop exports now.
    """
    figures = ("opened", "placed", "dropped", "waiting", "held", "files")
    return {
        **{name: form[name] for name in figures},
        "came": form["due"] + form["corrections"],
        "wrong": {
            each["kind"]: each["count"]
            for each in form["discrepancies"]
            if each["kind"] in _OF_THE_BOOKS
        },
    }
