"""The merchant's pattern for the description of an invoice: ``Bestelling {bestelling}[ factuur
{factuur}]``.

A field in braces stands for what it is called; a part in brackets falls away when a field in it is
empty. All else stands there as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from chalicelib.domain import bounds

STANDARD = "Bestelling {bestelling}[ factuur {factuur}]"
"""The manual's figure 5 promises it."""

LONGEST = 100  # characters of a pattern

_PIECES = re.compile(
    r"\{(?P<field>[^{}\[\]]*)\}|(?P<bracket>[\[\]])|(?P<text>[^{}\[\]]+)|(?P<stray>.)"
)
_BLANKS = re.compile(" {2,}")
_LONGEST_READ = 250  # characters of a description
_LATE_NOTE = r"(?: \(datum [0-9-]{10}, periode afgesloten\))?"


class Field(StrEnum):
    """What a pattern may name. Stored within patterns: a value never changes."""

    ORDER = "bestelling"
    INVOICE = "factuur"
    REFERENCE = "kenmerk"  # the payment provider's number of the payment


_EXPRESSIONS = {
    Field.ORDER: r"(?P<order>\S{1,40})",
    Field.INVOICE: r"\S{0,40}",
    Field.REFERENCE: r"\S{0,40}",
}
"""How the values of the fields are found again."""


class PatternFault(StrEnum):
    """Why a text is no pattern."""

    LENGTH = "length"  # empty, or longer than `LONGEST`
    CHARACTERS = "characters"  # not one line of visible characters
    ORDER = "order"  # the order's number is missing, or may fall away
    FIELD = "field"  # a field that is not there
    TWICE = "twice"  # a field that stands there twice
    BRACKETS = "brackets"  # braces or brackets that do not belong together, or are within others
    EMPTY_PART = "empty part"  # brackets without a field, of which nobody knows when they fall away


Values = Mapping[Field, str]


def find_fault(pattern: str) -> PatternFault | None:
    """What is wrong with a pattern, or None."""
    if not 0 < len(pattern) <= LONGEST:
        return PatternFault.LENGTH
    if not bounds.is_line(pattern, LONGEST) or pattern != pattern.strip():
        return PatternFault.CHARACTERS
    return _find_in_pieces(pattern)


def _find_in_pieces(pattern: str) -> PatternFault | None:
    fields, in_part = list[tuple[str, bool]](), None
    for piece in _PIECES.finditer(pattern):
        if piece["stray"] or (piece["bracket"] and (piece[0] == "[") != (in_part is None)):
            return PatternFault.BRACKETS
        if piece["bracket"]:
            if piece[0] == "]" and in_part == len(fields):
                return PatternFault.EMPTY_PART
            in_part = len(fields) if piece[0] == "[" else None
        elif piece["field"] is not None:
            fields.append((piece["field"], in_part is not None))
    return PatternFault.BRACKETS if in_part is not None else _find_in_fields(fields)


def _find_in_fields(fields: Sequence[tuple[str, bool]]) -> PatternFault | None:
    """What is wrong with a pattern's fields, each with whether it stands in a part."""
    if not all(name in {each.value for each in Field} for name, _ in fields):
        return PatternFault.FIELD
    if len({name for name, _ in fields}) < len(fields):
        return PatternFault.TWICE
    return None if (Field.ORDER.value, False) in fields else PatternFault.ORDER


def write_description(pattern: str, values: Values) -> str:
    """The description that a pattern without a fault makes of these values; what is not among them
    is empty. Blanks that an empty field leaves are closed up.
    """
    whole, part, is_full = list[str](), None, True
    for piece in _PIECES.finditer(pattern):
        text = piece["text"] or ""
        if piece["field"] is not None:
            text = values.get(Field(piece["field"]), "")
            is_full = is_full and bool(text)
        if piece[0] == "[":
            part, is_full = list[str](), True
        elif piece[0] == "]" and part is not None:
            whole += part if is_full else []
            part = None
        else:
            (whole if part is None else part).append(text)
    return _BLANKS.sub(" ", "".join(whole)).strip()


def find_order_number(description: str, pattern: str) -> str:
    """The order's number in a description that this pattern made, also of a document that came too
    late for its period; empty for any other text.
    """
    expression = ""
    for piece in _PIECES.finditer(pattern):
        if piece["field"] is not None:
            expression += _EXPRESSIONS[Field(piece["field"])]
        elif piece["bracket"]:
            expression += "(?:" if piece[0] == "[" else ")?"
        else:
            expression += re.escape(piece[0])
    found = re.fullmatch(f"{expression}{_LATE_NOTE}", description[:_LONGEST_READ])
    return found["order"] if found else ""
