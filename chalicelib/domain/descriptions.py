"""The merchant's pattern for the description of an invoice: ``Bestelling {bestelling}[ factuur
{factuur}]``.

A field in braces stands for what it is called; a part in brackets falls away when a field in it is
empty. All else stands there as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from itertools import product

from chalicelib.domain import bounds

STANDARD = "Bestelling {bestelling}[ factuur {factuur}]"
"""The manual's figure 5 promises it."""

LONGEST = 100  # characters of a pattern

_PIECES = r"\{(?P<field>[^{}\[\]]*)\}|(?P<bracket>[\[\]])|(?P<text>[^{}\[\]]+)|(?P<stray>.)"
_BLANKS = " {2,}"
_LONGEST_READ = 250  # characters of a description
_LATE_NOTE = r"(?: \(datum [0-9-]{10}, periode afgesloten\))?"
_ORDER, _OTHER = "\ue000", "\ue001"
"""Written in the place of a field's value; no pattern has characters for private use."""


class Field(StrEnum):
    """What a pattern may name. Stored within patterns: a value never changes."""

    ORDER = "bestelling"
    INVOICE = "factuur"
    REFERENCE = "kenmerk"  # the payment provider's number of the payment


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
    for piece in re.finditer(_PIECES, pattern):
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
    for piece in re.finditer(_PIECES, pattern):
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
    return re.sub(_BLANKS, " ", "".join(whole)).strip()


def list_order_numbers(description: str, pattern: str) -> list[str]:
    """What the order's number can be in a description that this pattern made, also of a document
    that came too late for its period; first as if no field were empty. Empty for any other text.
    """
    found = (each.fullmatch(description[:_LONGEST_READ]) for each in _list_expressions(pattern))
    return [match["order"] for match in found if match]


@lru_cache(maxsize=16)
def _list_expressions(pattern: str) -> tuple[re.Pattern[str], ...]:
    """An expression for each description that a pattern writes as other fields are empty or not."""
    written = (
        write_description(
            pattern, {Field.ORDER: _ORDER, Field.INVOICE: invoice, Field.REFERENCE: reference}
        )
        for invoice, reference in product((_OTHER, ""), repeat=2)
    )
    escaped = (
        re.escape(one).replace(_ORDER, r"(?P<order>\S{1,40})").replace(_OTHER, r"\S{1,40}")
        for one in dict.fromkeys(written)
    )
    return tuple(re.compile(one + _LATE_NOTE) for one in escaped)
