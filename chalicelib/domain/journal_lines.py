"""Reads a line of a journal as it was downloaded. `docs/journal.md` has the form."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any, NoReturn

from chalicelib.domain.journal import FORM, EntryKind, hash_text, write_canonically
from chalicelib.lazy_dataclass import dataclass

HASH_LENGTH = 64
_HEX = frozenset("0123456789abcdef")
_HASHED = {
    *("form", "shop", "number", "kind", "corrects", "day", "follows", "previous"),
    *("statement", "totals_hash"),
}


class JournalFault(StrEnum):
    """What is wrong with the first line that does not fit."""

    UNREADABLE = "unreadable"  # no line of a journal
    FORM = "form"  # of a form that is not known
    SHOP = "shop"  # of another shop than the lines before
    CHANGED = "changed"  # its hash is of another content
    TOTALS = "totals"  # its totals are not those that were hashed
    NUMBER = "number"  # it does not have the next number
    LINK = "link"  # it follows another line than the one before
    ORDER = "order"  # its day cannot come here


class FaultyLine(Exception):
    """A line that does not fit; `day` is its own, where that could be read."""

    def __init__(self, fault: JournalFault, day: date | None = None) -> None:
        super().__init__(fault)
        self.fault = fault
        self.day = day


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalLine:
    """What a line says of itself; it is what its hashes say. `corrects`, `follows` and `previous`
    are None where it has none, `is_erased` says that its totals were erased.
    """

    shop: int
    number: int
    corrects: int | None
    day: date
    follows: date | None
    previous: str | None
    hash: str
    is_erased: bool


def read_line(text: str) -> JournalLine:
    """Read a line. Raises `FaultyLine`, also for one that is not what its hashes say."""
    parts = _read_parts(text)
    line = JournalLine(
        shop=_read_number(parts["shop"]),
        number=_read_number(parts["number"]),
        corrects=None if parts["corrects"] is None else _read_number(parts["corrects"]),
        day=_read_day(parts["day"]),
        follows=None if parts["follows"] is None else _read_day(parts["follows"]),
        previous=None if parts["previous"] is None else _read_hash(parts["previous"]),
        hash=_read_hash(parts["hash"]),
        is_erased=parts["totals_hash"] is not None and "totals" not in parts,
    )
    kind = EntryKind.STATEMENT if line.corrects is None else EntryKind.CORRECTION
    if parts["kind"] != kind.value or type(parts["statement"]) is not dict:
        raise FaultyLine(JournalFault.UNREADABLE)
    if _hash({name: parts[name] for name in _HASHED}) != line.hash:
        raise FaultyLine(JournalFault.CHANGED, line.day)
    if "totals" in parts and _hash(parts["totals"]) != parts["totals_hash"]:
        raise FaultyLine(JournalFault.TOTALS, line.day)
    return line


def read_noted(text: str) -> str:
    """A hash as somebody noted it, with blanks in it or in capitals. Raises `ValueError`."""
    noted = "".join(text.split()).lower()
    if not _is_hash(noted):
        raise ValueError("not a hash of 64 hex characters")
    return noted


def _read_parts(text: str) -> Mapping[str, Any]:
    """The parts of a line, all there. A name that comes twice is refused, and a number that is not
    whole: another reader might take another value.
    """
    try:
        parts = json.loads(
            text, object_pairs_hook=_read_pairs, parse_float=_refuse, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        raise FaultyLine(JournalFault.UNREADABLE) from None
    if type(parts) is not dict:
        raise FaultyLine(JournalFault.UNREADABLE)
    if _read_number(parts.get("form")) != FORM:
        raise FaultyLine(JournalFault.FORM)
    has_totals = type(parts.get("totals", {})) is dict
    if parts.keys() - {"totals"} != {*_HASHED, "hash"} or not has_totals:
        raise FaultyLine(JournalFault.UNREADABLE)
    if parts["totals_hash"] is not None:
        _read_hash(parts["totals_hash"])
    return parts


def _read_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name comes twice")
    return read


def _refuse(_: str) -> NoReturn:
    raise ValueError("a journal has whole numbers only")


def _read_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value <= 0:
        raise FaultyLine(JournalFault.UNREADABLE)
    return value


def _read_day(value: object) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        raise FaultyLine(JournalFault.UNREADABLE) from None
    if day.isoformat() != value:
        raise FaultyLine(JournalFault.UNREADABLE)
    return day


def _read_hash(value: object) -> str:
    if not isinstance(value, str) or not _is_hash(value):
        raise FaultyLine(JournalFault.UNREADABLE)
    return value


def _is_hash(text: str) -> bool:
    return len(text) == HASH_LENGTH and _HEX.issuperset(text)


def _hash(form: object) -> str:
    try:
        return hash_text(write_canonically(form))
    except UnicodeEncodeError:  # half of a character
        raise FaultyLine(JournalFault.UNREADABLE) from None
