"""Order numbers as people remember them: without the zeros, in lower case, a part of them.

SEOshop numbers orders with a prefix that the shop chose and a count that is padded with zeros
(``ORD00412``); both may have changed in the course of a shop's life.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from chalicelib.lazy_dataclass import dataclass

_PARTS = r"(?s)(?P<prefix>.*?)(?P<digits>[0-9]+)"
_SAID_BEFORE = (
    r"(?i)^(?:(?:bestelling|bestelnummer|order|factuur|factuurnummer|invoice|nummer|number|nr|no)\b"
    r"[\s.:#]*|#\s*)+"
)


@dataclass(frozen=True, slots=True)
class NumberShape:
    """How a shop writes its numbers: what goes before, and to how many digits the count is padded
    (0: not at all).
    """

    prefix: str
    width: int

    def write(self, digits: str) -> str:
        """A count in this shape: ``ORD00412`` for ``412``."""
        return f"{self.prefix}{digits.lstrip('0').zfill(self.width) if self.width else digits}"


def clean_number(text: str) -> str:
    """What somebody typed, without a word for "order" before it and without blanks around it."""
    return re.sub(_SAID_BEFORE, "", " ".join(text.split())).strip()


def learn_shapes(numbers: Iterable[str]) -> list[NumberShape]:
    """The shapes of a shop's numbers, the most frequent first."""
    counts: Counter[str] = Counter()
    widths: dict[str, int] = {}
    for number in numbers:
        if parts := re.fullmatch(_PARTS, number):
            prefix, digits = parts["prefix"], parts["digits"]
            counts[prefix] += 1
            if digits.startswith("0"):
                widths[prefix] = max(widths.get(prefix, 0), len(digits))
    return [NumberShape(prefix, widths.get(prefix, 0)) for prefix, _ in counts.most_common()]


def complete_number(typed: str, shapes: Iterable[NumberShape]) -> str:
    """The number that somebody most likely means: of the shape whose prefix he typed, or without
    one of the most frequent; what was typed where none fits.
    """
    parts = re.fullmatch(_PARTS, typed)
    if parts is None:
        return typed
    prefix = parts["prefix"].rstrip(" -").casefold()
    for shape in shapes:
        if prefix in ("", shape.prefix.rstrip(" -").casefold()):
            return shape.write(parts["digits"])
    return typed.upper()


def is_same_number(number: str, typed: str) -> bool:
    """Whether somebody typed this very number, in whatever case."""
    return number.casefold() == typed.casefold()


def is_same_count(number: str, typed: str) -> bool:
    """Whether somebody typed the count of this number, with or without zeros before it."""
    parts = re.fullmatch(_PARTS, number)
    is_count = typed.isascii() and typed.isdigit()
    return parts is not None and is_count and parts["digits"].lstrip("0") == typed.lstrip("0")


def has_part(number: str, typed: str) -> bool:
    """Whether what somebody typed is a part of this number, in whatever case."""
    return typed.casefold() in number.casefold()
