"""What a question to a merchant consists of."""

from __future__ import annotations

from enum import StrEnum

from chalicelib.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    """One radio button: what follows from it, and an example in figures."""

    value: StrEnum
    label: str
    help: str
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question that is answered with yes or no; `name` is the policy's field. `said` is what it
    is called where a change of it is told; by default its title.
    """

    name: str
    title: str
    help: str = ""
    said: str = ""
    example: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Question):
    """A question with a few answers of its own."""

    options: tuple[Option, ...]

    def parse(self, value: str) -> StrEnum:
        """The answer of that value. Raises ValueError."""
        return type(self.options[0].value)(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme(Question):
    """A question that may count for a while only: names of the fields of its first and last day."""

    since: str
    until: str
