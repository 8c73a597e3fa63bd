"""The merchant's pattern for the description of an invoice, as a form has it, with examples."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from chalicelib.domain.descriptions import (
    STANDARD,
    Field,
    PatternFault,
    find_fault,
    write_description,
)
from chalicelib.web.http.http_messages import Form
from chalicelib.web.texts.localisation import Msgids, msgid

NAME = "description_pattern"

_FAULTS: Msgids[PatternFault] = {
    PatternFault.LENGTH: "The description has to be one line of at most 100 characters.",
    PatternFault.CHARACTERS: "The description has to be one line of visible characters.",
    PatternFault.ORDER: (
        "The description must contain {bestelling}, and not between square brackets: by the order "
        "number everybody finds the invoice again."
    ),
    PatternFault.FIELD: "Between braces only {bestelling}, {factuur} and {kenmerk} can stand.",
    PatternFault.TWICE: "Each of {bestelling}, {factuur} and {kenmerk} can stand there once.",
    PatternFault.BRACKETS: (
        "The brackets or braces do not belong together. A part between square brackets cannot "
        "stand within another."
    ),
    PatternFault.EMPTY_PART: "Between square brackets there has to be a field between braces.",
}
_EXAMPLES = (
    (
        msgid("An order with an invoice"),
        {Field.ORDER: "ORD000033", Field.INVOICE: "INV000037", Field.REFERENCE: "tr_7UhSN1zuXS"},
    ),
    (
        msgid("An order without an invoice"),
        {Field.ORDER: "ORD000038", Field.REFERENCE: "tr_4Kd9ALsQ2m"},
    ),
    (
        msgid("An order without a number of the payment provider"),
        {Field.ORDER: "ORD000041", Field.INVOICE: "INV000045"},
    ),
)


def read_pattern(form: Form, problems: dict[str, str]) -> str:
    """The pattern that was posted; without any text the standard one. With a fault, a problem is
    noted.
    """
    pattern = form.get(NAME) or STANDARD
    fault = find_fault(pattern)
    if fault is None:
        return pattern
    problems[NAME] = _FAULTS[fault]
    return STANDARD


def list_examples(values: Mapping[str, str]) -> Sequence[tuple[str, str]]:
    """What the pattern that is filled in makes of a few orders; nothing of one with a fault."""
    pattern = values.get(NAME, "").strip() or STANDARD
    if find_fault(pattern) is not None:
        return ()
    return [(title, write_description(pattern, each)) for title, each in _EXAMPLES]
