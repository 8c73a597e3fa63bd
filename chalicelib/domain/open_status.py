"""The statuses of SEOshop's documents: lists that it may add to."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


class OpenStatus(StrEnum):
    """A closed list of known statuses, open at the edge.

    A status that SEOshop adds later becomes a value named ``UNKNOWN`` that equals no member and
    keeps its own text, because fingerprints cover that text.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        unknown = str.__new__(cls, value)
        unknown._name_, unknown._value_ = "UNKNOWN", value
        return unknown

    def __reduce_ex__(self, protocol: object) -> tuple[type[Self], tuple[str]]:
        """Copied by its text: Python 3.11.2 would look for a member named ``UNKNOWN``."""
        return type(self), (self._value_,)
